//! A. What the environment and the profiles would do to another client.

use std::path::PathBuf;

use dynamo_runtime::client::SecureClientBuilder;
use dynamo_runtime::prelude::*;

use crate::account::{self, Call};
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Outcome, Row, Section, Seen};
use crate::server::{answering, configuration};

type Builder = SecureClientBuilder<Region, Credentials>;

pub fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (name, value) in REFUSED {
        for spelled in [(*name).to_owned(), name.to_lowercase()] {
            rows.push(refused(format!("`{spelled}`"), &spelled).with_variable(&spelled, value));
        }
        rows.push(waived(format!("`{name}`, waived by name"), name).with_variable(name, value));
    }
    rows.push(
        refused("a profile file without an end", "AWS_CONFIG_FILE")
            .with_variable("AWS_CONFIG_FILE", "/dev/zero"),
    );
    rows.extend(profiles());
    for (name, value) in IGNORED {
        rows.push(ignored(format!("`{name}`"), name).with_variable(name, value));
    }
    rows.extend(trusted());
    rows.extend(regions());
    rows.push(other_accounts_table());
    rows
}

const ATTACKER: &str = "http://localhost:{attacker}";
/// Who dials it meets the attacker just so.
const SECURE_ATTACKER: &str = "https://localhost:{attacker}";

const REFUSED: &[(&str, &str)] = &[
    ("AWS_ENDPOINT_URL", ATTACKER),
    ("AWS_ENDPOINT_URL_DYNAMODB", SECURE_ATTACKER),
    ("AWS_ENDPOINT_URL_DYNAMODB_STREAMS", ATTACKER),
    ("AWS_ENDPOINT_URL_STS", ATTACKER),
    ("AWS_ENDPOINT_URL_SSO", ATTACKER),
    ("AWS_ENDPOINT_URL_SSO_OIDC", ATTACKER),
    ("AWS_ENDPOINT_URL_SIGNIN", ATTACKER),
    ("SMITHY_CLIENT_SDK_CUSTOM_PARTITION", "{folder}/there-is-no-such-file"),
    ("LOG_SENSITIVE_BODIES", "true"),
    ("LOG_SIGNABLE_BODY", "true"),
];

const IGNORED: &[(&str, &str)] = &[
    ("HTTPS_PROXY", ATTACKER),
    ("https_proxy", ATTACKER),
    ("HTTP_PROXY", ATTACKER),
    ("http_proxy", ATTACKER),
    ("ALL_PROXY", ATTACKER),
    ("all_proxy", ATTACKER),
    ("NO_PROXY", "localhost"),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT", ATTACKER),
    ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", ATTACKER),
    ("AWS_USE_FIPS_ENDPOINT", "true"),
    ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
    ("AWS_ACCOUNT_ID", "666666666666"),
    ("AWS_ACCOUNT_ID_ENDPOINT_MODE", "required"),
    ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
    ("AWS_STS_REGIONAL_ENDPOINTS", "legacy"),
    ("AWS_AUTH_SCHEME_PREFERENCE", "noAuth"),
    ("AWS_SIGV4A_SIGNING_REGION_SET", "*"),
    ("AWS_DISABLE_CLOCK_SKEW_CORRECTION", "false"),
    ("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required"),
    ("AWS_RESPONSE_CHECKSUM_VALIDATION", "when_required"),
    ("AWS_ENDPOINT_URL_S3", ATTACKER),
    ("AWS_BEARER_TOKEN_DYNAMODB", "a-token"),
];

fn refused(name: impl Into<String>, variable: &str) -> Row {
    local(name, expected(variable, "refused"), |builder| builder)
}

fn ignored(name: impl Into<String>, variable: &str) -> Row {
    local(name, expected(variable, "ignored"), |builder| builder)
}

fn waived(name: impl Into<String>, variable: &'static str) -> Row {
    local(name, expected(variable, "waived"), |builder| builder.waive_ambient(variable))
}

fn expected(name: &str, outcome: &'static str) -> Expected {
    Expected::Ambient { name: name.to_owned(), outcome }
}

/// A client of a sound server of this machine is built and used.
fn local(
    name: impl Into<String>,
    expected: Expected,
    change: impl Fn(Builder) -> Builder + Copy + Send + Sync + 'static,
) -> Row {
    with(name, expected, account::credentials, change)
}

fn with(
    name: impl Into<String>,
    expected: Expected,
    credentials: impl Fn() -> Credentials + Copy + Send + Sync + 'static,
    change: impl Fn(Builder) -> Builder + Copy + Send + Sync + 'static,
) -> Row {
    Row::new(Section::Ambient, name, expected, move |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf("localhost"), &root));
        let (port, tally) = answering(config, super::responses::success(b"{}")).await;
        let builder = account::client_with(credentials(), port, trust(&root));
        let seen = call.send(change(builder), &tally).await;
        let written = std::env::var_os(MUST_NOT_BE_WRITTEN).map(PathBuf::from);
        assert!(!written.is_some_and(|path| path.exists()), "a file was written");
        seen
    })
}

/// Names a file that no row may leave behind.
pub(super) const MUST_NOT_BE_WRITTEN: &str = "MUST_NOT_BE_WRITTEN";

fn profiles() -> Vec<Row> {
    let redirect = "endpoint_url = http://localhost:{attacker}\n";
    let default = format!("[default]\nregion = us-east-1\n{redirect}");
    let other = format!("[default]\nregion = us-east-1\n[profile other]\n{redirect}");
    let services = format!("[default]\nservices = s\n[services s]\ndynamodb =\n  {redirect}");
    let nested = format!("[default]\ndynamodb =\n  {redirect}");
    let in_file = |name: &str, key: &str, variable: &str, text: &str| {
        refused(name, key).with_file("file", text).with_variable(variable, "{folder}/file")
    };
    let by_code = with(
        "`endpoint_url` of a profile that the code names",
        expected("endpoint_url", "refused"),
        || Credentials::profile("other"),
        |builder| builder,
    );
    let by_variable = refused("`endpoint_url` of the profile in `AWS_PROFILE`", "endpoint_url");
    let by_waiver = local(
        "`endpoint_url` of a profile, waived by name",
        expected("endpoint_url", "waived"),
        |builder| builder.waive_ambient("endpoint_url"),
    );
    let mut rows = vec![
        in_file("`endpoint_url` of a profile", "endpoint_url", "AWS_CONFIG_FILE", &default),
        in_file(
            "`endpoint_url` in the credentials file",
            "endpoint_url",
            "AWS_SHARED_CREDENTIALS_FILE",
            &default,
        ),
        in_file("`services` of a profile", "services", "AWS_CONFIG_FILE", &services),
        in_file("a nested `endpoint_url`", "endpoint_url", "AWS_CONFIG_FILE", &nested),
        in_config(by_code, &other),
        in_config(by_variable, &other).with_variable("AWS_PROFILE", "other"),
        in_config(by_waiver, &default),
    ];
    for key in ["use_fips_endpoint", "use_dualstack_endpoint", "ca_bundle"] {
        let row = ignored(format!("`{key}` of a profile"), key);
        rows.push(in_config(row, &format!("[default]\n{key} = true\n")));
    }
    let text = "[default]\ncredential_process = /usr/bin/touch {folder}/ran\n";
    let row = ignored(
        "`credential_process` of a profile that the code does not name",
        "credential_process",
    );
    rows.push(in_config(row, text).with_variable(MUST_NOT_BE_WRITTEN, "{folder}/ran"));
    rows
}

fn in_config(row: Row, text: &str) -> Row {
    row.with_file("file", text).with_variable("AWS_CONFIG_FILE", "{folder}/file")
}

/// The attacker's root is where other clients look for roots.
fn trusted() -> Vec<Row> {
    let mut rows = Vec::new();
    for (variable, value) in [
        ("SSL_CERT_FILE", "{folder}/roots.pem"),
        ("SSL_CERT_DIR", "{folder}"),
        ("AWS_CA_BUNDLE", "{folder}/roots.pem"),
    ] {
        rows.push(ignored(format!("`{variable}`"), variable).with_variable(variable, value));
        let name = format!("a certificate by a root in `{variable}`");
        let expected = Expected::Refused("a signature of its chain is wrong".to_owned());
        let row = Row::new(Section::Ambient, name, expected, |call| async move {
            let rogue = root();
            std::fs::write(std::env::var_os("ROOTS").unwrap(), rogue.pem()).unwrap();
            let config = configuration(Identity::new(&leaf("localhost"), &rogue));
            let (port, tally) = answering(config, super::responses::success(b"{}")).await;
            call.send(account::client(port, trust(&root())), &tally).await
        });
        rows.push(row.with_variable(variable, value).with_variable("ROOTS", "{folder}/roots.pem"));
    }
    let keys = "{folder}/keys";
    let row = ignored("`SSLKEYLOGFILE`", "SSLKEYLOGFILE").with_variable("SSLKEYLOGFILE", keys);
    rows.push(row.with_variable(MUST_NOT_BE_WRITTEN, keys));
    rows
}

/// What `AWS_REGION` may not say, since a host would be made from it.
fn regions() -> Vec<Row> {
    let names = [
        "local",
        "s3",
        "",
        "evil.execute-api.us-east-1",
        "us-east-1.evil.example",
        "us-east-1\n",
        "us-e\u{430}st-1",
        "us-east-1/",
        "user@us-east-1",
        "us-evil-1",
    ];
    let row = |name: &str| {
        let expected = Expected::Unbuilt("is no AWS region".to_owned());
        let row = Row::new(Section::Ambient, format!("the region {name:?}"), expected, |_| async {
            let outcome = match Region::from_env() {
                Ok(_) => Outcome::Succeeded(None),
                Err(error) => Outcome::Unbuilt(error),
            };
            Seen::without_server(outcome)
        });
        row.with_variable("AWS_REGION", name)
    };
    names.map(row).into()
}

fn other_accounts_table() -> Row {
    let arn = "arn:aws:dynamodb:us-east-1:666666666666:table/users";
    let expected = Expected::Unbuilt("is no table name".to_owned());
    Row::new(
        Section::Ambient,
        "the ARN of another account's table",
        expected,
        move |_: Call| async move {
            let outcome = match TableName::new(arn) {
                Ok(_) => Outcome::Succeeded(None),
                Err(error) => Outcome::Unbuilt(error),
            };
            Seen::without_server(outcome)
        },
    )
}
