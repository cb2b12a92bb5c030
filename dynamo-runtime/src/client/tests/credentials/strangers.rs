//! No text of whoever answers is in an error, an event or a log.

use super::super::events::{listen, told};
use super::servers::{answer, answer_of, plain, sts_error};
use super::*;
use crate::client::AuditLog;
use crate::client::tests::server::Act;

const TEXT: &str = "hunter2";

/// What is said of a source's failure: in the provider's error, in that of a call, in the audit's event and in the log.
async fn said(source: Credentials, ways: &Ways, environment: &Fake) -> String {
    listen();
    let provider = source.over(ways, environment, Region::US_EAST_1).unwrap();
    let error = provider.provide_credentials().await.unwrap_err();
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let log = AuditLog::default();
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::provider(provider))
        .endpoint(Endpoint::compatible("127.0.0.1", server.port).unwrap())
        .trust(Trust::private_ca(&server.identity.ca_pem).unwrap())
        .audit(log.clone())
        .build_in(&Fake::default())
        .unwrap();
    let failed = send(&client, Replay::Harmful).await.err().unwrap();
    assert!(failed.to_string().starts_with("no credentials: "), "{failed}");
    let events = log.take();
    assert!(events.iter().any(|event| matches!(event, AuditEvent::CredentialsNotRenewed { .. })));
    assert_eq!(server.connections(), 0);
    format!("{}\n{failed}\n{failed:?}\n{events:?}\n{}", all_of(&error), told())
}

fn assert_says(said: &str, says: &str) {
    assert!(said.contains(says), "{says}: {said}");
    assert!(!said.contains(TEXT), "{said}");
}

#[tokio::test]
async fn a_container_is_told_by_its_status_and_a_documented_code() {
    let environment = Fake::new([("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x")]);
    for (status, headers, body, says) in [
        (
            403,
            vec![],
            r#"{"code":"AccessDenied","message":"hunter2"}"#,
            "AccessDenied (status 403)",
        ),
        (400, vec![], r#"{"code":"hunter2","message":"hunter2"}"#, "answered with status 400"),
        (
            404,
            vec![("x-amzn-errortype", "ResourceNotFoundException:hunter2")],
            "hunter2",
            "ResourceNotFoundException",
        ),
        (
            404,
            vec![("x-amzn-errortype", "hunter2"), ("hunter2", "hunter2")],
            "hunter2",
            "status 404",
        ),
        (200, vec![], "hunter2", "gave an answer that is no JSON"),
        (
            200,
            vec![],
            r#"{"AccessKeyId":"hunter2","SecretAccessKey":"hunter2"}"#,
            "gave an answer that",
        ),
        (
            200,
            vec![],
            r#"{"AccessKeyId":"hunter2 ","SecretAccessKey":"s","Token":"t","Expiration":"2126-01-01T00:00:00Z"}"#,
            "an access key id with a character",
        ),
        (302, vec![("location", "http://hunter2/")], "", "status 302"),
    ] {
        let answer = answer_of(status, &headers, body.as_bytes());
        let (link_local, _) = plain(move |_| Some(answer.clone())).await;
        assert_says(&said(Credentials::ecs(), &to(link_local), &environment).await, says);
    }
    let (link_local, _) = plain(|_| Some(b"hunter2\r\n\r\n".to_vec())).await;
    assert_says(
        &said(Credentials::ecs(), &to(link_local), &environment).await,
        "the connection broke",
    );
}

#[tokio::test]
async fn an_instance_is_told_by_a_documented_code_and_the_name_of_its_role_is_not() {
    for (code, says) in [
        ("AssumeRoleUnauthorizedAccess", "answered AssumeRoleUnauthorizedAccess"),
        (TEXT, "a code that is not documented"),
    ] {
        let body = format!(r#"{{"Code":"{code}","Message":"{TEXT}"}}"#);
        let body = answer(&[], body.as_bytes());
        let (link_local, _) = plain(move |line| Some(of_instance(line, &body))).await;
        assert_says(&said(Credentials::ec2(), &to(link_local), &Fake::default()).await, says);
    }
    for role in ["hunter2 x", "hunter2\r\nx: y", "../hunter2", "hunter2?x", ""] {
        let role = answer(&[], role.as_bytes());
        let (link_local, asked) = plain(move |line| {
            Some(match line {
                "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => role.clone(),
                _ => of_instance(line, b""),
            })
        })
        .await;
        let said = said(Credentials::ec2(), &to(link_local), &Fake::default()).await;
        assert_says(&said, "is no name of a role");
        assert!(asked.lock().unwrap().iter().all(|head| !head.contains(TEXT)));
    }
}

#[tokio::test]
async fn sts_is_told_by_its_status_and_a_documented_code() {
    let token = File::new("token-of-strangers", "the-token");
    let environment =
        Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
    let role = || Credentials::assume_role(RoleSession::new(ROLE, "n1"), keys_with_a_token());
    for source in [Credentials::web_identity as fn() -> Credentials, role] {
        for (act, says) in [
            (sts_error as fn(u16, &str, &str) -> Act, "answered AccessDenied (status 403)"),
            (|_, _, message| sts_error(400, message, message), "answered with status 400"),
            (|_, _, message| Act::Answer(answer(&[], message.as_bytes())), "is no XML"),
            (
                |_, _, message| Act::Answer(answer(&[("x-amzn-requestid", message)], b"<a></a>")),
                "is no XML",
            ),
        ] {
            let acts = (0..2).map(|_| act(403, "AccessDenied", TEXT)).collect();
            let server = Server::start(ServerIdentity::of(STS), acts).await;
            let (ways, _) = to_service(&server).await;
            assert_says(&said(source(), &ways, &environment).await, says);
        }
    }
}

#[tokio::test]
async fn identity_center_is_told_by_its_status_and_a_documented_code() {
    let session = File::in_folder("sso-strangers", SESSION_FILE, SESSION);
    for (status, error, body, says) in [
        (
            401,
            "UnauthorizedException:hunter2",
            r#"{"message":"hunter2","__type":"hunter2"}"#,
            "answered UnauthorizedException (status 401)",
        ),
        (
            404,
            TEXT,
            r#"{"message":"hunter2","__type":"com.amazonaws.sso#ResourceNotFoundException"}"#,
            "answered ResourceNotFoundException (status 404)",
        ),
        (400, TEXT, "hunter2", "answered with status 400"),
        (200, TEXT, r#"{"roleCredentials":{"accessKeyId":"hunter2"}}"#, "is no JSON with"),
    ] {
        let act =
            || Act::Answer(answer_of(status, &[("x-amzn-errortype", error)], body.as_bytes()));
        let server = Server::start(ServerIdentity::of(PORTAL), vec![act(), act()]).await;
        let (ways, _) = to_service(&server).await;
        let source = of_identity_center(session.folder());
        assert_says(&said(source, &ways, &Fake::default()).await, says);
    }
}

/// Such as a source of the SDK's, which repeats what it was answered.
#[tokio::test]
async fn a_provider_of_ones_own_is_told_by_its_kind() {
    #[derive(Debug)]
    struct Failing(fn(&'static str) -> CredentialsError);

    impl ProvideCredentials for Failing {
        fn provide_credentials<'a>(&'a self) -> provider::future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            provider::future::ProvideCredentials::ready(Err((self.0)(TEXT)))
        }
    }

    for (of, says) in [
        (
            CredentialsError::not_loaded as fn(&'static str) -> CredentialsError,
            "the provider has none",
        ),
        (CredentialsError::provider_error, "the provider failed"),
        (CredentialsError::invalid_configuration, "not configured"),
        (CredentialsError::unhandled, "gives no kind"),
    ] {
        listen();
        let server = Server::start(ServerIdentity::good(), vec![]).await;
        let log = AuditLog::default();
        let client = SecureClient::builder()
            .region(Region::US_EAST_1)
            .credentials(Credentials::provider(Failing(of)))
            .endpoint(Endpoint::compatible("127.0.0.1", server.port).unwrap())
            .trust(Trust::private_ca(&server.identity.ca_pem).unwrap())
            .audit(log.clone())
            .build_in(&Fake::default())
            .unwrap();
        let failed = send(&client, Replay::Harmful).await.err().unwrap();
        assert_says(&format!("{failed}\n{failed:?}\n{:?}\n{}", log.take(), told()), says);
    }
}
