//! The sources of credentials, against servers of loopback that stand in for STS, for IAM Identity Center and for the
//! link-local addresses.

mod files;
mod limits;
mod secrets;
mod servers;
mod strangers;

use std::error::Error;
use std::fmt::Write;

use aws_credential_types::Credentials as Keys;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{self, ProvideCredentials};

use self::servers::{
    File, PORTAL, ROLE, STS, answer_of, keys_in_json, of_instance, of_portal, of_sts, plain,
    proxy_to, to, to_service, told_to,
};
use super::server::{Server, ServerIdentity};
use super::*;
use crate::client::audit::Auditor;
use crate::client::credentials::ways::Ways;
use crate::client::{AccountId, AuditEvent, IdentityCenter, RoleSession};

async fn keys_of(source: Credentials, ways: &Ways, environment: &Fake) -> provider::Result {
    let provider = source.over(ways, environment, Region::US_EAST_1).unwrap();
    provider.provide_credentials().await
}

/// All that an error says, to users and to logs.
fn all_of(error: &CredentialsError) -> String {
    let mut text = format!("{error:?}");
    let mut next: Option<&dyn Error> = Some(error);
    while let Some(error) = next {
        let _ = write!(text, "\n{error}\n{error:?}");
        next = error.source();
    }
    text
}

fn assert_is(keys: &Keys, id: &str) {
    let found = (keys.access_key_id(), keys.secret_access_key(), keys.session_token());
    assert_eq!(found, (id, "s", Some("t")));
    assert!(keys.expiry().is_some());
}

#[tokio::test]
async fn a_role_is_taken_on_at_sts_of_the_region_with_the_token() {
    let answer = of_sts("AssumeRoleWithWebIdentity", "s", "t");
    let server = Server::start(ServerIdentity::of(STS), vec![answer]).await;
    let token = File::new("token", "the-token\n");
    let (ways, asked) = to_service(&server).await;
    let environment = [
        ("AWS_ROLE_ARN", ROLE),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path()),
        ("AWS_ROLE_SESSION_NAME", "the-session"),
    ];
    let keys = keys_of(Credentials::web_identity(), &ways, &Fake::new(environment)).await.unwrap();
    assert_is(&keys, "ASIASTS");
    let head = asked.lock().unwrap()[0].clone();
    assert!(head.starts_with(&format!("CONNECT {STS}:443 HTTP/1.1\r\n")), "{head}");
    let request = server.requests()[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("POST / HTTP/1.1\r\n"), "{head}");
    assert!(head.lines().any(|line| line == format!("host: {STS}")), "{head}");
    assert!(!head.contains("authorization"), "{head}");
    assert_eq!(
        body,
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15\
         &RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr\
         &RoleSessionName=the-session&WebIdentityToken=the-token"
    );
}

#[tokio::test]
async fn a_session_has_a_name_where_the_environment_gives_none() {
    let answer = of_sts("AssumeRoleWithWebIdentity", "s", "t");
    let server = Server::start(ServerIdentity::of(STS), vec![answer]).await;
    let token = File::new("token-unnamed", "the-token");
    let (ways, _) = to_service(&server).await;
    let environment =
        Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
    keys_of(Credentials::web_identity(), &ways, &environment).await.unwrap();
    let request = server.requests()[0].clone();
    assert!(request.contains("&RoleSessionName=web-identity-"), "{request}");
}

#[tokio::test]
async fn what_is_not_there_or_not_named_whole_is_no_credentials() {
    let server = Server::start(ServerIdentity::of(STS), vec![]).await;
    let (ways, _) = to_service(&server).await;
    for (source, environment) in [
        (Credentials::web_identity(), vec![]),
        (Credentials::web_identity(), vec![("AWS_ROLE_ARN", ROLE)]),
        (Credentials::web_identity(), vec![("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")]),
        (
            Credentials::web_identity(),
            vec![("AWS_ROLE_ARN", ""), ("AWS_WEB_IDENTITY_TOKEN_FILE", "/token")],
        ),
        (Credentials::ecs(), vec![]),
        (Credentials::ecs(), vec![("AWS_CONTAINER_CREDENTIALS_FULL_URI", "")]),
        (Credentials::ec2(), vec![("AWS_EC2_METADATA_DISABLED", "TRUE")]),
        (Credentials::profile("gone"), vec![]),
        (Credentials::assume_role(RoleSession::new(ROLE, "name"), Credentials::ecs()), vec![]),
    ] {
        let shown = format!("{source:?}");
        let error = keys_of(source, &ways, &Fake::of(&environment)).await.unwrap_err();
        assert!(matches!(error, CredentialsError::CredentialsNotLoaded(_)), "{shown}: {error:?}");
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn every_source_builds_without_sending() {
    let center = IdentityCenter::session("s", Region::EU_WEST_1, "/cache");
    for source in [
        Credentials::profile("dev"),
        Credentials::ecs(),
        Credentials::eks_pod_identity(),
        Credentials::ec2(),
        Credentials::web_identity(),
        Credentials::assume_role(RoleSession::new(ROLE, "name"), Credentials::ec2()),
        Credentials::identity_center(center, AccountId::new("123456789012").unwrap(), "role"),
        Credentials::console_login("arn", "/cache"),
    ] {
        let auditor = Auditor::default();
        source.into_provider(&Fake::default(), Region::EU_WEST_1, None, &auditor).unwrap();
    }
}

#[test]
fn a_service_of_a_partition_with_roots_of_its_own_is_refused_by_name() {
    let of = |source: Credentials| {
        source.into_provider(&Fake::default(), Region::CN_NORTH_1, None, &Auditor::default())
    };
    let center = |region| {
        let session = IdentityCenter::session("s", region, "/cache");
        Credentials::identity_center(session, AccountId::new("123456789012").unwrap(), "role")
    };
    let role = RoleSession::new(ROLE, "name");
    for source in [
        Credentials::web_identity(),
        Credentials::assume_role(role, Credentials::fixed("A", "s", None)),
        center(Region::CN_NORTH_1),
    ] {
        let error = of(source).unwrap_err();
        assert!(error.is_trust() && error.to_string().contains("`aws-cn`"), "{error}");
    }
    for source in [
        Credentials::fixed("A", "s", None),
        Credentials::ecs(),
        Credentials::eks_pod_identity(),
        Credentials::ec2(),
        // It has a region of its own.
        center(Region::EU_WEST_1),
    ] {
        of(source).unwrap();
    }
}

#[tokio::test]
async fn no_token_is_shown_to_a_server_that_amazon_has_not_certified() {
    let token = File::new("token-hidden", "the-token");
    let session = File::in_folder("hidden", SESSION_FILE, SESSION);
    let environment =
        Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
    for (host, source) in [
        (STS, Credentials::web_identity()),
        (STS, Credentials::assume_role(RoleSession::new(ROLE, "n1"), keys_with_a_token())),
        (PORTAL, of_identity_center(session.folder())),
    ] {
        let server = Server::start(ServerIdentity::of(host), vec![]).await;
        let (proxy, asked) = proxy_to(server.port).await;
        let ways = Ways::new(Some(&proxy), &Auditor::default());
        let error = keys_of(source, &ways, &environment).await.unwrap_err();
        let text = all_of(&error);
        assert!(text.contains("no root that is trusted has signed its chain"), "{text}");
        assert_eq!((server.connections(), server.handshakes()), (1, 0));
        let asked = asked.lock().unwrap();
        assert!(asked[0].starts_with(&format!("CONNECT {host}:443 ")), "{asked:?}");
        assert_eq!(asked.len(), 1, "{asked:?}");
    }
}

#[tokio::test]
async fn an_instance_is_asked_with_a_sessions_token() {
    let (link_local, asked) = plain(|line| Some(of_instance(line, &keys_in_json("s", "t")))).await;
    // None of them has a say in it.
    let environment = Fake::new([
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:9/"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6"),
        ("AWS_EC2_METADATA_DISABLED", "false"),
    ]);
    let keys = keys_of(Credentials::ec2(), &to(link_local), &environment).await.unwrap();
    assert_is(&keys, "ASIAHERE");
    let asked = asked.lock().unwrap();
    assert_eq!(asked.len(), 3, "{asked:?}");
    for head in &asked[..] {
        assert!(head.contains("\r\nhost: 169.254.169.254\r\n"), "{head}");
    }
    assert!(asked[0].contains("\r\nx-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"), "{asked:?}");
    for head in &asked[1..] {
        assert!(head.contains("\r\nx-aws-ec2-metadata-token: the-metadata-session\r\n"), "{head}");
    }
}

#[tokio::test]
async fn an_instance_without_a_role_leaves_it_to_another_source() {
    let (link_local, _) = plain(|line| {
        let is_token = line.starts_with("PUT ");
        Some(if is_token { of_instance(line, b"") } else { answer_of(404, &[], b"") })
    })
    .await;
    let error = keys_of(Credentials::ec2(), &to(link_local), &Fake::default()).await.unwrap_err();
    assert!(matches!(error, CredentialsError::CredentialsNotLoaded(_)), "{error:?}");
    let (link_local, _) = plain(|line| {
        let is_token = line.starts_with("PUT ");
        Some(if is_token { of_instance(line, b"") } else { answer_of(403, &[], b"") })
    })
    .await;
    let error = keys_of(Credentials::ec2(), &to(link_local), &Fake::default()).await.unwrap_err();
    assert!(matches!(error, CredentialsError::ProviderError(_)), "a refusal: {error:?}");
    let nobody = "127.0.0.1:9".parse().unwrap();
    let error = keys_of(Credentials::ec2(), &to(nobody), &Fake::default()).await.unwrap_err();
    assert!(matches!(error, CredentialsError::CredentialsNotLoaded(_)), "{error:?}");
}

/// Source: [IAM quotas](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html).
#[tokio::test]
async fn an_instances_role_may_have_each_character_that_a_role_has() {
    const ROLES: &str = "GET /latest/meta-data/iam/security-credentials/";
    let (link_local, _) = plain(|line| {
        Some(match line.strip_prefix(ROLES) {
            Some(" HTTP/1.1") => answer_of(200, &[], b"a+b=c,d.e@f-g_h"),
            Some("a+b=c,d.e@f-g_h HTTP/1.1") => keys_in_json("s", "t"),
            _ => of_instance(line, b""),
        })
    })
    .await;
    keys_of(Credentials::ec2(), &to(link_local), &Fake::default()).await.unwrap();
}

fn of_container(line: &str) -> Option<Vec<u8>> {
    (line == "GET /v2/credentials/x HTTP/1.1").then(|| keys_in_json("s", "t"))
}

#[tokio::test]
async fn a_container_is_asked_at_its_link_local_address() {
    let token = File::new("container-token", "the-container-token");
    for (environment, host, authorization) in [
        (
            vec![("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/x")],
            "169.254.170.2",
            None,
        ),
        (
            vec![
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://[fd00:ec2::23]/v2/credentials/x"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "given"),
            ],
            "[fd00:ec2::23]",
            Some("given"),
        ),
        (
            vec![
                ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v2/credentials/x"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "given"),
                ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.path()),
            ],
            "169.254.170.23",
            Some("the-container-token"),
        ),
    ] {
        let (link_local, asked) = plain(of_container).await;
        let keys = keys_of(Credentials::ecs(), &to(link_local), &Fake::of(&environment)).await;
        assert_is(&keys.unwrap(), "ASIAHERE");
        let head = asked.lock().unwrap()[0].clone();
        assert!(head.contains(&format!("\r\nhost: {host}\r\n")), "{head}");
        let found = head.lines().find_map(|line| line.strip_prefix("authorization: "));
        assert_eq!(found, authorization);
    }
}

#[tokio::test]
async fn what_is_no_address_of_a_role_is_stopped_before_a_connection() {
    let (link_local, asked) = plain(|_| Some(keys_in_json("s", "t"))).await;
    for uri in [
        "http://127.0.0.1/keys",
        "http://localhost/keys",
        "http://169.254.169.253/keys",
        "http://169.254.169.254/2009-04-04/meta-data",
        "http://169.254.170.23.evil.example/keys",
        "http://169.254.170.23@evil.example/keys",
        "http://evil.example/keys",
        "http://169.254.170.23:8080/keys",
        "https://169.254.170.23/keys",
        "https://evil.example/keys",
    ] {
        let (ways, log) = told_to(link_local);
        let environment = Fake::new([("AWS_CONTAINER_CREDENTIALS_FULL_URI", uri)]);
        let error = keys_of(Credentials::ecs(), &ways, &environment).await.unwrap_err();
        assert!(all_of(&error).contains("Request("), "{uri}: {error:?}");
        let events = log.take();
        assert!(matches!(events[..], [AuditEvent::RequestRefused { .. }]), "{uri}: {events:?}");
    }
    let relative = Fake::new([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@evil.example/keys")]);
    let error = keys_of(Credentials::ecs(), &to(link_local), &relative).await.unwrap_err();
    assert!(all_of(&error).contains("Request("), "{error:?}");
    assert!(asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_pod_is_asked_by_its_identity_whatever_the_environment_says() {
    let (link_local, asked) =
        plain(|line| (line == "GET /v1/credentials HTTP/1.1").then(|| keys_in_json("s", "t")))
            .await;
    let token = File::new("pod-token", "the-pod-token");
    let environment = Fake::new([
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.2/other"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "other"),
    ]);
    let source = Credentials::eks_with_token(token.path());
    assert_is(&keys_of(source, &to(link_local), &environment).await.unwrap(), "ASIAHERE");
    let head = asked.lock().unwrap()[0].clone();
    assert!(head.contains("\r\nhost: 169.254.170.23\r\n"), "{head}");
    assert!(head.contains("\r\nauthorization: the-pod-token\r\n"), "{head}");

    let token = "/var/run/secrets/pods.eks.amazonaws.com/serviceaccount/eks-pod-identity-token";
    let error =
        keys_of(Credentials::eks_pod_identity(), &to(link_local), &environment).await.unwrap_err();
    assert!(all_of(&error).contains(token), "{error:?}");
    assert_eq!(asked.lock().unwrap().len(), 1, "it is not asked without its token");
}

fn keys_with_a_token() -> Credentials {
    Credentials::fixed("AKIDCALLER", "the-callers-secret", Some("the-callers-token".to_owned()))
}

#[tokio::test]
async fn a_session_of_a_role_is_signed_by_its_source_and_has_all_that_it_was_given() {
    let server = Server::start(ServerIdentity::of(STS), vec![of_sts("AssumeRole", "s", "t")]).await;
    let (ways, _) = to_service(&server).await;
    let session = RoleSession::new(ROLE, "orders")
        .external_id("an:id")
        .tag("tenant", "t 1")
        .transitive_tag("team", "a")
        .duration(Duration::from_mins(15))
        .policy("{\"a\":1}");
    let source = Credentials::assume_role(session, keys_with_a_token());
    assert_is(&keys_of(source, &ways, &Fake::default()).await.unwrap(), "ASIASTS");
    let request = server.requests()[0].clone();
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(
        body,
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr\
         &RoleSessionName=orders&ExternalId=an%3Aid&DurationSeconds=900&Policy=%7B%22a%22%3A1%7D\
         &Tags.member.1.Key=tenant&Tags.member.1.Value=t%201\
         &Tags.member.2.Key=team&Tags.member.2.Value=a&TransitiveTagKeys.member.1=team"
    );
    assert!(head.contains("Credential=AKIDCALLER/"), "{head}");
    assert!(head.contains("/us-east-1/sts/aws4_request"), "{head}");
    assert!(
        head.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"),
        "{head}"
    );
    assert!(head.contains("\r\nx-amz-security-token: the-callers-token\r\n"), "{head}");
    assert!(head.contains("\r\nx-amz-date: "), "{head}");
}

#[tokio::test]
async fn a_role_of_a_profile_is_taken_on_at_the_standard_sts_of_the_region() {
    let text = format!(
        "[profile role]\nrole_arn = {ROLE}\nexternal_id = an:id\nsource_profile = keys\n\
         region = eu-west-1\nuse_fips_endpoint = true\nuse_dualstack_endpoint = true\n\
         [profile keys]\naws_access_key_id = A\naws_secret_access_key = s\n"
    );
    let environment = Fake::new([
        ("AWS_CONFIG_FILE", "/config"),
        ("AWS_USE_FIPS_ENDPOINT", "true"),
        ("AWS_USE_DUALSTACK_ENDPOINT", "true"),
        ("AWS_REGION", "eu-west-1"),
    ]);
    let environment = environment.with_file("/config", &text);
    let server = Server::start(ServerIdentity::of(STS), vec![of_sts("AssumeRole", "s", "t")]).await;
    let (ways, _) = to_service(&server).await;
    let keys = keys_of(Credentials::profile("role"), &ways, &environment).await.unwrap();
    assert_is(&keys, "ASIASTS");
    let request = server.requests()[0].clone();
    assert!(request.contains("Action=AssumeRole&"), "{request}");
    assert!(request.contains("&ExternalId=an%3Aid"), "{request}");
    assert!(request.contains("/us-east-1/sts/aws4_request"), "{request}");
}

/// `sha1("our-sso")`
const SESSION_FILE: &str = "76019a2e8c7e135dacc00a809fe68c90e7292d2a.json";
const SESSION: &str = r#"{"startUrl":"https://x.awsapps.com/start","region":"eu-west-1",
    "accessToken":"the-sso-token","expiresAt":"2126-01-01T00:00:00Z","clientSecret":"hidden"}"#;

fn of_identity_center(cache: &std::path::Path) -> Credentials {
    let session = IdentityCenter::session("our-sso", Region::EU_WEST_1, cache);
    let account = AccountId::new("123456789012").unwrap();
    Credentials::identity_center(session, account, "Read+Only")
}

#[tokio::test]
async fn identity_center_gives_the_keys_of_a_role_for_the_session_in_its_cache() {
    let server = Server::start(ServerIdentity::of(PORTAL), vec![of_portal("s", "t")]).await;
    let (ways, asked) = to_service(&server).await;
    let session = File::in_folder("sso", SESSION_FILE, SESSION);
    let keys = keys_of(of_identity_center(session.folder()), &ways, &Fake::default()).await;
    assert_is(&keys.unwrap(), "ASIASSO");
    assert!(asked.lock().unwrap()[0].starts_with(&format!("CONNECT {PORTAL}:443 ")));
    let request = server.requests()[0].clone();
    let line =
        "GET /federation/credentials?role_name=Read%2BOnly&account_id=123456789012 HTTP/1.1\r\n";
    assert!(request.starts_with(line), "{request}");
    assert!(request.contains("\r\nx-amz-sso_bearer_token: the-sso-token\r\n"), "{request}");
}

#[tokio::test]
async fn a_session_that_has_expired_or_is_none_is_told_without_asking() {
    let server = Server::start(ServerIdentity::of(PORTAL), vec![]).await;
    let (ways, _) = to_service(&server).await;
    for (folder, text, says) in [
        ("sso-old", SESSION.replace("2126", "2020"), "has expired"),
        (
            "sso-utc",
            SESSION.replace("2126-01-01T00:00:00Z", "2020-01-01T00:00:00UTC"),
            "has expired",
        ),
        ("sso-bad", SESSION.replace("accessToken", "x"), "is no session"),
        ("sso-not", "hunter2".to_owned(), "is no session"),
        ("sso-line", SESSION.replace("the-sso-token", "the\\nsso-token"), "no header has"),
    ] {
        let session = File::in_folder(folder, SESSION_FILE, &text);
        let source = of_identity_center(session.folder());
        let error = keys_of(source, &ways, &Fake::default()).await.unwrap_err();
        let text = all_of(&error);
        assert!(text.contains(says) && text.contains(session.path()), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert_eq!(server.connections(), 0);
}

const LOGIN: &str = "arn:aws:iam::0123456789012:user/Admin";
const LOGIN_FILE: &str = "36db1d138ff460920374e4c3d8e01f53f9f73537e89c88d639f68393df0e2726.json";
const LOGIN_SESSION: &str = r#"{"accessToken":{"accessKeyId":"ASIALOGIN","secretAccessKey":"s","sessionToken":"t",
    "accountId":"012345678901","expiresAt":"2126-01-01T00:00:00Z"},"tokenType":"aws_sigv4","refreshToken":"r",
    "idToken":"i","clientId":"c","dpopKey":"k"}"#;

#[tokio::test]
async fn a_console_login_gives_its_keys_until_they_expire() {
    let ways = Ways::new(None, &Auditor::default());
    let session = File::in_folder("login", LOGIN_FILE, LOGIN_SESSION);
    let source = || Credentials::console_login(LOGIN, session.folder());
    assert_is(&keys_of(source(), &ways, &Fake::default()).await.unwrap(), "ASIALOGIN");
    for (text, says) in [
        (LOGIN_SESSION.replace("2126", "2020"), "has expired"),
        (LOGIN_SESSION.replace("secretAccessKey", "x"), "is no session"),
        ("hunter2".to_owned(), "is no session"),
    ] {
        std::fs::write(session.path(), text).unwrap();
        let error = keys_of(source(), &ways, &Fake::default()).await.unwrap_err();
        let text = all_of(&error);
        assert!(text.contains(says) && !text.contains("hunter2"), "{text}");
    }
}
