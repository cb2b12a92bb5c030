//! No secret of any source is told at any level, by any crate.

use super::super::events::{listen, told};
use super::servers::plain;
use super::*;

/// Planted in every source, as a secret, a session's token, or what is shown for them.
const PLANTED: [&str; 9] = [
    "planted-secret",
    "planted-token",
    "planted-web-identity",
    "planted-authorization",
    "planted-sso-token",
    "the-metadata-session",
    "the-callers-secret",
    "the-callers-token",
    "planted-external-id",
];

/// All that is told while keys are asked for and a call is made with them.
async fn told_of(source: Credentials, ways: &Ways, environment: &Fake) -> String {
    listen();
    let provider = source.over(ways, environment, Region::US_EAST_1).unwrap();
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::provider(provider))
        .endpoint(Endpoint::compatible("127.0.0.1", server.port).unwrap())
        .trust(Trust::private_ca(&server.identity.ca_pem).unwrap())
        .build_in(&Fake::default())
        .unwrap();
    send(&client, Replay::Harmful).await.unwrap();
    let request = server.requests()[0].clone();
    assert!(request.contains("\r\nx-amz-security-token: planted-token\r\n"), "{request}");
    told()
}

fn assert_hidden(source: &str, log: &str) {
    assert!(log.contains("it was answered"), "{source}: the finest level is off");
    for planted in PLANTED {
        let line = log.lines().find(|line| line.contains(planted));
        assert_eq!(line, None, "{source}");
    }
}

#[tokio::test]
async fn no_level_of_any_crate_shows_what_a_source_gives_or_is_given() {
    let keys = || keys_in_json("planted-secret", "planted-token");
    let token = File::new("planted-web", "planted-web-identity");
    let authorization = File::new("planted-auth", "planted-authorization");

    let (instance, _) = plain(move |line| Some(of_instance(line, &keys()))).await;
    let log = told_of(Credentials::ec2(), &to(instance), &Fake::default()).await;
    assert_hidden("an instance", &log);

    let (container, asked) = plain(move |_| Some(keys())).await;
    let environment = Fake::new([
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "planted-authorization"),
    ]);
    assert_hidden("a task", &told_of(Credentials::ecs(), &to(container), &environment).await);
    let pod = Credentials::eks_with_token(authorization.path());
    assert_hidden("a pod", &told_of(pod, &to(container), &Fake::default()).await);
    assert!(asked.lock().unwrap().iter().all(|head| head.contains("planted-authorization")));

    let environment =
        Fake::new([("AWS_ROLE_ARN", ROLE), ("AWS_WEB_IDENTITY_TOKEN_FILE", token.path())]);
    let answer = of_sts("AssumeRoleWithWebIdentity", "planted-secret", "planted-token");
    let sts = Server::start(ServerIdentity::of(STS), vec![answer]).await;
    let (ways, _) = to_service(&sts).await;
    let log = told_of(Credentials::web_identity(), &ways, &environment).await;
    assert!(sts.requests()[0].contains("planted-web-identity"));
    assert_hidden("a web identity", &log);

    let answer = of_sts("AssumeRole", "planted-secret", "planted-token");
    let sts = Server::start(ServerIdentity::of(STS), vec![answer]).await;
    let (ways, _) = to_service(&sts).await;
    let session = RoleSession::new(ROLE, "name").external_id("planted-external-id");
    let role = Credentials::assume_role(session, keys_with_a_token());
    let log = told_of(role, &ways, &Fake::default()).await;
    assert!(sts.requests()[0].contains("the-callers-token"));
    assert_hidden("a role", &log);

    let session = SESSION.replace("the-sso-token", "planted-sso-token");
    let session = File::in_folder("planted-sso", SESSION_FILE, &session);
    let answer = of_portal("planted-secret", "planted-token");
    let portal = Server::start(ServerIdentity::of(PORTAL), vec![answer]).await;
    let (ways, _) = to_service(&portal).await;
    let log = told_of(of_identity_center(session.folder()), &ways, &Fake::default()).await;
    assert!(portal.requests()[0].contains("planted-sso-token"));
    assert_hidden("IAM Identity Center", &log);

    let session = LOGIN_SESSION.replace(r#":"s""#, r#":"planted-secret""#);
    let session = session.replace(r#":"t""#, r#":"planted-token""#);
    let session = File::in_folder("planted-login", LOGIN_FILE, &session);
    let login = Credentials::console_login(LOGIN, session.folder());
    assert_hidden("a console login", &told_of(login, &ways, &Fake::default()).await);

    let text = "[a]\naws_access_key_id = A\naws_secret_access_key = planted-secret\naws_session_token = planted-token\n";
    let files = Fake::new([("AWS_SHARED_CREDENTIALS_FILE", "/c")]).with_file("/c", text);
    assert_hidden("a profile", &told_of(Credentials::profile("a"), &ways, &files).await);
}
