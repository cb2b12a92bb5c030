//! H. Who gives the client its keys: what redirects them, who stands in their place, and what is no file of a token.

use dynamo_runtime::client::{AccountId, IdentityCenter, Proxy, RoleSession, SecureClientBuilder};
use dynamo_runtime::prelude::*;

use super::ambient::MUST_NOT_BE_WRITTEN;
use super::certificates::ESTABLISHED;
use crate::account::{self, STS};
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Row, Section};
use crate::server::{answering, configuration, proxy};

type Builder = SecureClientBuilder<Region, Credentials>;

const ATTACKER: &str = "http://localhost:{attacker}";
/// Who dials it meets the attacker just so.
const SECURE_ATTACKER: &str = "https://localhost:{attacker}";
const PORTAL: &str = "portal.sso.eu-west-1.amazonaws.com";
const ROLE: &str = "arn:aws:iam::123456789012:role/r";

pub fn rows() -> Vec<Row> {
    let mut rows = vec![
        with_role(in_place_of(STS, "asked by a web identity", Credentials::web_identity)),
        in_place_of(STS, "asked with keys", role),
        with_session(in_place_of(PORTAL, "asked by a session", identity_center)),
    ];
    for (variable, value) in [
        ("AWS_ENDPOINT_URL_STS", ATTACKER),
        ("AWS_ENDPOINT_URL_STS", SECURE_ATTACKER),
        ("AWS_ENDPOINT_URL", ATTACKER),
        ("SMITHY_CLIENT_SDK_CUSTOM_PARTITION", "{folder}/there-is-no-such-file"),
    ] {
        let how = value.split(':').next().filter(|_| value.contains("attacker"));
        let how = how.map(|scheme| format!(" by {scheme}")).unwrap_or_default();
        for (with, source) in [
            ("a web identity", Credentials::web_identity as fn() -> Credentials),
            ("a profile's role", || Credentials::profile("role")),
        ] {
            let name = format!("`{variable}`{how}, waived, with {with}");
            let row = refused_at(STS, name, source, move |it| it.waive_ambient(variable));
            rows.push(with_profile(with_role(row), "").with_variable(variable, value));
        }
    }
    let name = "`AWS_ENDPOINT_URL_SSO` by https, waived, with IAM Identity Center";
    let variable = "AWS_ENDPOINT_URL_SSO";
    let row = refused_at(PORTAL, name, identity_center, move |it| it.waive_ambient(variable));
    rows.push(with_session(row).with_variable(variable, SECURE_ATTACKER));

    let name = "`endpoint_url` of a profile with a role, waived";
    let source = || Credentials::profile("role");
    let row = refused_at(STS, name, source, |it| it.waive_ambient("endpoint_url"));
    rows.push(with_profile(row, "endpoint_url = http://localhost:{attacker}\n"));

    rows.extend(unbuilt());
    rows.extend(addresses());
    rows.extend(files());
    rows.extend(held());
    rows.extend(renewals());
    rows
}

fn role() -> Credentials {
    Credentials::assume_role(RoleSession::new(ROLE, "attacked"), account::credentials())
}

fn identity_center() -> Credentials {
    let cache = std::env::var("CACHE").unwrap();
    let session = IdentityCenter::session("our-sso", Region::EU_WEST_1, cache);
    Credentials::identity_center(session, AccountId::new("123456789012").unwrap(), "role")
}

fn in_place_of(host: &'static str, how: &str, source: fn() -> Credentials) -> Row {
    refused_at(host, format!("a server in the place of {host}, {how}"), source, |builder| builder)
}

/// Whoever has this name is asked for by way of a proxy, which leads to a server that would be glad of a token.
fn refused_at(
    host: &'static str,
    name: impl Into<String>,
    source: fn() -> Credentials,
    change: impl Fn(Builder) -> Builder + Copy + Send + Sync + 'static,
) -> Row {
    let says = "no root that is trusted has signed its chain".to_owned();
    let expected = Expected::GiverRefused(says);
    Row::new(Section::Credentials, name, expected, move |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf(host), &root));
        let (port, tally) = answering(config, super::responses::success(b"{}")).await;
        let (number, asked, _) = proxy(ESTABLISHED, Some(port)).await;
        let builder = account::client_with(source(), port, trust(&root))
            .proxy(Proxy::connect("localhost", number).unwrap());
        let seen = call.send(change(builder), &tally).await;
        let expected = format!("CONNECT {host}:443 HTTP/1.1\r\nhost: {host}:443\r\n\r\n");
        assert_eq!(*asked.lock().unwrap(), [expected]);
        seen
    })
}

fn with_role(row: Row) -> Row {
    row.with_file("token", "the-session-token")
        .with_variable("AWS_WEB_IDENTITY_TOKEN_FILE", "{folder}/token")
        .with_variable("AWS_ROLE_ARN", ROLE)
}

/// A session in the cache, whose file is named by `sha1("our-sso")`.
fn with_session(row: Row) -> Row {
    let session = r#"{"accessToken":"the-session-token","expiresAt":"2126-01-01T00:00:00Z"}"#;
    row.with_file("76019a2e8c7e135dacc00a809fe68c90e7292d2a.json", session)
        .with_variable("CACHE", "{folder}")
}

fn with_profile(row: Row, more: &str) -> Row {
    let text = format!(
        "[profile role]\nrole_arn = {ROLE}\nsource_profile = keys\n{more}\
         [profile keys]\naws_access_key_id = A\naws_secret_access_key = s\n"
    );
    row.with_file("config", &text).with_variable("AWS_CONFIG_FILE", "{folder}/config")
}

/// What is wrong before anybody is asked.
fn unbuilt() -> Vec<Row> {
    let of = |name: &str, says: &str, source: fn() -> Credentials| {
        let expected = Expected::Unbuilt(says.to_owned());
        Row::new(Section::Credentials, name, expected, move |call| async move {
            let root = root();
            let config = configuration(Identity::new(&leaf("localhost"), &root));
            let (port, tally) = answering(config, super::responses::success(b"{}")).await;
            let builder = account::client_with(source(), port, trust(&root));
            let seen = call.send(builder, &tally).await;
            let written = std::env::var_os(MUST_NOT_BE_WRITTEN).map(std::path::PathBuf::from);
            assert!(!written.is_some_and(|path| path.exists()), "a file was written");
            seen
        })
    };
    let text = "[default]\ncredential_process = /usr/bin/touch {folder}/ran\n";
    let name = "`credential_process` of a profile that the code names";
    let process = of(name, "credential_process", || Credentials::profile("default"))
        .with_file("config", text)
        .with_variable("AWS_CONFIG_FILE", "{folder}/config")
        .with_variable(MUST_NOT_BE_WRITTEN, "{folder}/ran");
    let tag = || {
        let session = RoleSession::new(ROLE, "attacked").tag("tenant", "t&Tags.member.2.Key=admin");
        Credentials::assume_role(session, account::credentials())
    };
    let no_arn = || {
        let session = RoleSession::new("the-role-of-the-team-of-orders", "attacked");
        Credentials::assume_role(session, account::credentials())
    };
    vec![
        process,
        of("a session tag with parameters of its own", "`tenant`", tag),
        of("a name of a role with parameters of its own", "is no name of a role", || {
            named("role&account_id=666666666666")
        }),
        of("a name of a role of 65 letters", "is no name of a role", || named(&"r".repeat(65))),
        of("an empty name of a role", "is no name of a role", || named("")),
        of("a role that is no ARN", "a role that is no ARN", no_arn),
        of("keys with the line's end of a mounted file", "white space at its end", || {
            Credentials::fixed("AKIDEXAMPLE", "the-secret-access-key\n", None)
        }),
    ]
}

/// Keys of the role of this name.
fn named(role: &str) -> Credentials {
    let session = IdentityCenter::session("our-sso", Region::EU_WEST_1, "/");
    let account = AccountId::new("123456789012").unwrap();
    Credentials::identity_center(session, account, role)
}

/// What is no address of a role's keys.
fn addresses() -> Vec<Row> {
    let variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    let of = |value: &str, says: &str| {
        let says = says.to_owned();
        let expected = Expected::NoCredentials { says, refusals: 1 };
        let name = format!("`{variable}` as `{value}`").replace(":{attacker}", ":..");
        without_network(name, expected, Credentials::ecs).with_variable(variable, value)
    };
    vec![
        of("http://127.0.0.1:{attacker}/keys", "link-local"),
        of("http://localhost:{attacker}/keys", "link-local"),
        of("https://localhost:{attacker}/keys", "its scheme is not the one"),
        of("http://169.254.170.23:{attacker}/keys", "its authority is not the one"),
        without_network(
            "an address of a role's keys that is none",
            Expected::NoCredentials { says: "cannot be asked".to_owned(), refusals: 0 },
            Credentials::ecs,
        )
        .with_variable(variable, "http://169.254.170.2/a b"),
        without_network(
            "a provider that gives a header of its own",
            Expected::NoCredentials { says: "gave has".to_owned(), refusals: 0 },
            || Credentials::provider(account::keys("the-session-token\r\nx-a: b")),
        ),
    ]
}

/// What is no file of a token.
fn files() -> Vec<Row> {
    let of = |name: &str, says: &str, source: fn() -> Credentials| {
        let says = says.to_owned();
        without_network(name, Expected::NoCredentials { says, refusals: 0 }, source)
    };
    let uri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    let token = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    let long = "x".repeat((64 << 10) + 1);
    vec![
        with_role(of(
            "a device as the file of a web identity's token",
            "is no regular file",
            Credentials::web_identity,
        ))
        .with_variable("AWS_WEB_IDENTITY_TOKEN_FILE", "/dev/zero"),
        with_role(of(
            "a file of a web identity's token that is too long",
            "is larger than such a file is",
            Credentials::web_identity,
        ))
        .with_file("token", &long),
        of("a device as the file of a container's token", "is no regular file", Credentials::ecs)
            .with_variable(uri, "/x")
            .with_variable(token, "/dev/zero"),
        of("a container's token with headers of its own", "has no token", Credentials::ecs)
            .with_file("token", "a\r\nx-forwarded-for: b")
            .with_variable(uri, "/x")
            .with_variable(token, "{folder}/token"),
    ]
}

fn without_network(
    name: impl Into<String>,
    expected: Expected,
    source: fn() -> Credentials,
) -> Row {
    Row::new(Section::Credentials, name, expected, move |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf("localhost"), &root));
        let (port, tally) = answering(config, super::responses::success(b"{}")).await;
        call.send(account::client_with(source(), port, trust(&root)), &tally).await
    })
}

fn held() -> Vec<Row> {
    let held = |name, file: &str, test| {
        let file = match file {
            "credentials" => "dynamo-runtime/src/client/tests/credentials.rs",
            "files" => "dynamo-runtime/src/client/tests/credentials/files.rs",
            "limits" => "dynamo-runtime/src/client/tests/credentials/limits.rs",
            "secrets" => "dynamo-runtime/src/client/tests/credentials/secrets.rs",
            "strangers" => "dynamo-runtime/src/client/tests/credentials/strangers.rs",
            "secret" => "dynamo-runtime/src/client/secret.rs",
            other => panic!("{other}"),
        };
        Row::held_by(Section::Credentials, name, file, test)
    };
    vec![
        held(
            "a pipe as the file of a token",
            "files",
            "what_is_no_file_of_a_token_is_told_at_once_and_nobody_is_asked",
        ),
        held(
            "keys and tokens at the finest level of a log",
            "secrets",
            "no_level_of_any_crate_shows_what_a_source_gives_or_is_given",
        ),
        held(
            "text of a container's endpoint in an error",
            "strangers",
            "a_container_is_told_by_its_status_and_a_documented_code",
        ),
        held(
            "text of STS in an error",
            "strangers",
            "sts_is_told_by_its_status_and_a_documented_code",
        ),
        held(
            "text of IAM Identity Center in an error",
            "strangers",
            "identity_center_is_told_by_its_status_and_a_documented_code",
        ),
        held(
            "text of an instance's metadata in an error, or as a path",
            "strangers",
            "an_instance_is_told_by_a_documented_code_and_the_name_of_its_role_is_not",
        ),
        held("an answer with keys without an end", "limits", "an_answer_without_an_end_is_cut"),
        held(
            "a session that has expired",
            "credentials",
            "a_session_that_has_expired_or_is_none_is_told_without_asking",
        ),
        held(
            "a session's token that is left in memory",
            "secret",
            "a_header_is_its_owner_and_no_copy_and_ends_it",
        ),
        held(
            "an environment that redirects a pod's identity",
            "credentials",
            "a_pod_is_asked_by_its_identity_whatever_the_environment_says",
        ),
        held(
            "a server in the place of STS or IAM Identity Center, and a token",
            "credentials",
            "no_token_is_shown_to_a_server_that_amazon_has_not_certified",
        ),
        held(
            "keys of a console login that have expired",
            "credentials",
            "a_console_login_gives_its_keys_until_they_expire",
        ),
    ]
}

/// A source that fails, and keys that do.
fn renewals() -> Vec<Row> {
    let file = "dynamo-runtime/src/client/credentials/cache/tests.rs";
    let held = |name, test| Row::held_by(Section::Credentials, name, file, test);
    vec![
        held(
            "a source that is down while its keys are good",
            "good_keys_are_used_while_the_source_is_down_and_until_they_expire",
        ),
        held(
            "a source that is down while its keys are good for seconds",
            "keys_with_seconds_left_are_used_while_the_source_is_down",
        ),
        held("a source that hangs", "a_source_that_hangs_gives_what_it_has_in_hand"),
        held(
            "a source that fails again and again",
            "a_failing_source_is_asked_with_growing_pauses",
        ),
        held("a burst of calls without keys", "calls_that_begin_together_ask_once"),
        held(
            "keys that are stamped in the future, and that the service refuses",
            "keys_that_the_service_refuses_are_dropped_whatever_is_written_on_them",
        ),
        held("a source that gives refused keys again", "refused_keys_are_not_taken_again_at_once"),
        held(
            "keys that have expired when they are given",
            "what_has_expired_when_it_is_given_is_left_to_the_service_and_renewed_with_pauses",
        ),
        held("a clock that went back", "keys_expire_also_where_the_clock_stands_still"),
        held(
            "a machine that slept while its keys expired",
            "keys_expire_also_where_only_the_clock_went_on",
        ),
        held(
            "a burst of calls while keys are renewed",
            "a_source_is_asked_once_for_one_renewal_and_not_within_its_pause",
        ),
    ]
}
