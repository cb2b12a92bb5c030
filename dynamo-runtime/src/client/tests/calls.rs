use std::time::Duration;

use super::server::{Act, Server, ServerIdentity, failure, raw, response, success};
use super::*;
use crate::client::CallErrorKind;
use crate::client::flight::Flight;
use crate::client::integrity::IntegrityError;

const BODY: &[u8] = br#"{"Item":{"email":{"S":"someone@example.com"}}}"#;

async fn server(script: Vec<Act>) -> Server {
    Server::start(ServerIdentity::good(), script).await
}

/// Runs a script against a fresh client, and gives what came of it and how many requests were read.
async fn run(replay: Replay, script: Vec<Act>) -> (Result<RawResponse, CallError>, usize) {
    let server = server(script).await;
    let outcome = send(&client(&server), replay).await;
    let requests = server.requests().len();
    (outcome, requests)
}

fn is_integrity(error: &CallError, fault: IntegrityError) -> bool {
    matches!(error.kind, CallErrorKind::Integrity(found) if found == fault)
}

#[tokio::test]
async fn a_success_gives_the_bytes_and_who_answered() {
    let server = server(vec![Act::Answer(success(BODY))]).await;
    let response = send(&client(&server), Replay::Harmful).await.unwrap();
    assert_eq!(response.body, BODY);
    assert_eq!(response.request_id.as_deref(), Some("REQUEST1"));
    assert_eq!(response.attempts, 1);
    let peer = response.peer.unwrap();
    assert_eq!(peer.tls_version(), "TLSv1_3");
    assert_eq!(peer.cipher_suite(), "TLS13_AES_256_GCM_SHA384");
    assert_eq!(peer.key_exchange_group(), "X25519MLKEM768");
    assert_eq!(peer.certificate_sha256(), &server.identity.certificate_sha256());
    assert_eq!(peer.remote_address().port(), server.port);
    assert_eq!(peer.public_key_sha256(), &server.identity.public_key_sha256);
    assert_eq!(peer.root_public_key_sha256(), &server.identity.root_sha256);
}

#[tokio::test]
async fn the_request_is_signed_whole_and_for_the_host() {
    let server = server(vec![]).await;
    send(&client(&server), Replay::Harmful).await.unwrap();
    let request = &server.requests()[0];
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "{\"the\":\"body\"}");
    assert!(head.starts_with("POST / HTTP/1.1\r\n"), "{head}");
    let has = |line: &str| head.lines().any(|found| found == line);
    assert!(has(&format!("host: 127.0.0.1:{}", server.port)), "{head}");
    assert!(has("x-amz-target: DynamoDB_20120810.PutItem"), "{head}");
    assert!(has("content-type: application/x-amz-json-1.0"), "{head}");
    assert!(has("amz-sdk-request: attempt=1; max=3"), "{head}");
    assert!(has("x-amz-security-token: the-token"), "{head}");
    let authorization = head.lines().find(|line| line.starts_with("authorization: ")).unwrap();
    assert!(
        authorization.contains("AKIDEXAMPLE/")
            && authorization.contains("/us-east-1/dynamodb/aws4_request")
    );
    let signed = "SignedHeaders=content-length;content-type;host;x-amz-date;x-amz-security-token;x-amz-target";
    assert!(authorization.contains(signed), "{authorization}");
    assert!(head.contains("amz-sdk-invocation-id: ") && head.contains("api/dynamodb"), "{head}");
    assert!(!request.contains(SECRET));
}

#[tokio::test]
async fn connections_are_used_again_and_a_closed_one_costs_no_attempt() {
    let server = server(vec![
        Act::Answer(success(BODY)),
        Act::AnswerAndClose(success(BODY)),
        Act::Answer(success(BODY)),
    ])
    .await;
    let client = client(&server);
    for _ in 0..2 {
        assert_eq!(send(&client, Replay::Guarded).await.unwrap().attempts, 1);
    }
    assert_eq!(server.handshakes(), 1);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let response = send(&client, Replay::Guarded).await.unwrap();
    assert_eq!((response.attempts, server.handshakes()), (1, 2));
}

#[tokio::test]
async fn a_rejection_is_definite() {
    for replay in [Replay::Harmless, Replay::Harmful] {
        let script = vec![Act::Answer(failure(400, "ConditionalCheckFailedException"))];
        let (outcome, requests) = run(replay, script).await;
        let error = outcome.err().unwrap();
        let CallErrorKind::Service { code, message, status, body, .. } = &error.kind else {
            panic!("{error}")
        };
        assert_eq!(
            (code.as_str(), message.as_deref()),
            ("ConditionalCheckFailedException", Some("because"))
        );
        assert_eq!(*status, 400);
        let told = "DynamoDB answered ConditionalCheckFailedException (status 400)";
        assert!(error.to_string().starts_with(told), "{error}");
        assert!(body.starts_with(b"{\"__type\""));
        assert_eq!(error.request_id.as_deref(), Some("REQUEST1"));
        assert!(!error.outcome_unknown && !error.maybe_applied_before);
        assert_eq!((error.attempts, requests), (1, 1));
    }
}

#[tokio::test]
async fn throttling_is_retried_whatever_the_replay() {
    for replay in [Replay::Harmless, Replay::Harmful] {
        let script =
            vec![Act::Answer(failure(400, "ThrottlingException")), Act::Answer(success(BODY))];
        let (outcome, _) = run(replay, script).await;
        let response = outcome.unwrap();
        assert_eq!(response.attempts, 2);
    }
}

/// Each leaves it open whether the request was carried out.
fn losses() -> Vec<(&'static str, Act)> {
    let crc = |number: &str| response(200, &[("x-amz-crc32", number)], BODY);
    let html = b"<html>welcome to the airport</html>";
    let html_crc = crc32fast::hash(html).to_string();
    let length = html.len().to_string();
    let portal = [
        ("content-type", "text/html"),
        ("content-length", length.as_str()),
        ("x-amz-crc32", &html_crc),
    ];
    let mut cut = success(BODY);
    cut.truncate(cut.len() - 5);
    vec![
        ("500", Act::Answer(failure(500, "InternalServerError"))),
        ("503 HTML", Act::Answer(raw(503, &portal[..2], html))),
        ("wrong CRC", Act::Answer(crc("1"))),
        ("CRC no number", Act::Answer(crc("one"))),
        ("missing CRC", Act::Answer(response(200, &[], BODY))),
        ("empty 200", Act::Answer(response(200, &[("x-amz-crc32", "0")], b""))),
        ("HTML 200", Act::Answer(raw(200, &portal, html))),
        ("cut body", Act::AnswerAndClose(cut)),
        ("no length", Act::AnswerAndClose(raw(200, &[("x-amz-crc32", "1")], BODY))),
        ("two lengths", Act::AnswerAndClose(response(200, &[("content-length", "5")], BODY))),
        (
            "length and chunks",
            Act::AnswerAndClose(response(200, &[("transfer-encoding", "chunked")], b"0\r\n\r\n")),
        ),
        ("no HTTP", Act::AnswerAndClose(b"SSH-2.0-OpenSSH_9.6\r\n".to_vec())),
        ("closed before it is read", Act::CloseUnread),
        ("closed after it is read", Act::CloseRead),
        ("no answer", Act::Stall),
    ]
}

#[tokio::test]
async fn a_lost_response_is_retried_where_that_is_harmless() {
    for (name, loss) in losses() {
        let (outcome, _) = run(Replay::Harmless, vec![loss, Act::Answer(success(BODY))]).await;
        let response = outcome.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(response.attempts, 2, "{name}");
    }
}

#[tokio::test]
async fn a_lost_response_ends_a_write_that_could_do_harm_twice() {
    for (name, loss) in losses() {
        let server = server(vec![loss, Act::Answer(success(BODY))]).await;
        let error = send(&client(&server), Replay::Harmful)
            .await
            .err()
            .unwrap_or_else(|| panic!("{name}: retried"));
        assert_eq!(error.attempts, 1, "{name}");
        assert!(error.outcome_unknown && !error.maybe_applied_before, "{name}");
        assert!(server.requests().len() <= 1, "{name}");
    }
}

#[tokio::test]
async fn a_rejection_after_a_loss_says_that_the_first_may_have_been_applied() {
    let script = vec![Act::CloseRead, Act::Answer(failure(400, "ConditionalCheckFailedException"))];
    let (outcome, _) = run(Replay::Harmless, script).await;
    let error = outcome.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Service { .. }));
    assert!(error.maybe_applied_before && error.outcome_unknown);
    assert_eq!(error.attempts, 2);
}

#[tokio::test]
async fn attempts_end_and_the_last_fault_is_told() {
    let bad = || Act::Answer(response(200, &[("x-amz-crc32", "1")], BODY));
    let (outcome, requests) = run(Replay::Harmless, vec![bad(), bad(), bad()]).await;
    let error = outcome.err().unwrap();
    assert!(is_integrity(&error, IntegrityError::CrcMismatch), "{error:?}");
    assert_eq!((error.attempts, requests), (3, 3));
    assert!(error.outcome_unknown);
}

#[tokio::test]
async fn chunks_and_interim_responses_are_fine() {
    let crc = crc32fast::hash(BODY).to_string();
    let mut chunks = format!("{:x}\r\n", BODY.len()).into_bytes();
    chunks.extend_from_slice(BODY);
    chunks.extend_from_slice(b"\r\n0\r\n\r\n");
    let json = ("content-type", "application/x-amz-json-1.0");
    let chunked =
        raw(200, &[json, ("transfer-encoding", "chunked"), ("x-amz-crc32", &crc)], &chunks);
    let mut hinted = raw(103, &[("link", "</x>")], b"");
    hinted.extend(success(BODY));
    for answer in [chunked, hinted] {
        let (outcome, _) = run(Replay::Harmful, vec![Act::Answer(answer)]).await;
        assert_eq!(outcome.unwrap().body, BODY);
    }
}

#[tokio::test]
async fn a_second_response_is_never_taken_for_the_next_calls() {
    let mut two = success(BODY);
    two.extend(success(b"{\"forged\":1}"));
    let server = server(vec![Act::Answer(two), Act::Answer(success(BODY))]).await;
    let client = client(&server);
    for _ in 0..2 {
        assert_eq!(send(&client, Replay::Guarded).await.unwrap().body, BODY);
    }
    assert_eq!(server.handshakes(), 2, "the connection was used again");
}

#[tokio::test]
async fn an_engine_without_crc_needs_the_named_relaxation() {
    let plain = || vec![Act::Answer(response(200, &[], BODY))];
    let strict = server(plain()).await;
    let error = send(&client(&strict), Replay::Harmful).await.err().unwrap();
    assert!(is_integrity(&error, IntegrityError::CrcMissing), "{error:?}");
    let lax = server(plain()).await;
    let trust = Trust::private_ca(&lax.identity.ca_pem).unwrap().without_crc();
    let client = builder(&lax).trust(trust).build_in(&Fake::default()).unwrap();
    assert_eq!(send(&client, Replay::Harmful).await.unwrap().body, BODY);
}

#[tokio::test]
async fn the_deadline_covers_the_whole_call() {
    let server = server(vec![Act::Answer(success(BODY)), Act::Stall]).await;
    let client = client(&server);
    send(&client, Replay::Harmful).await.unwrap();
    let deadline = Some(Duration::from_millis(300));
    let outcome = client.call(Call { deadline, ..call(Replay::Harmful) }).await;
    let error = outcome.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Deadline(_)), "{error:?}");
    assert_eq!(error.attempts, 1);
    assert!(error.outcome_unknown);
}

#[tokio::test]
async fn each_time_limit_is_the_builders() {
    const LIMIT: Duration = Duration::from_millis(300);
    let far = Duration::from_mins(1);
    let far = Timeouts::default().connect(far).response(far).deadline(far);
    let error = async |server: &Server, timeouts: Timeouts| {
        let client =
            builder(server).timeouts(timeouts).retries(1).build_in(&Fake::default()).unwrap();
        send(&client, Replay::Harmful).await.err().unwrap()
    };
    let stalling = server(vec![Act::Stall, Act::Stall]).await;
    let response = error(&stalling, far.response(LIMIT)).await;
    assert!(matches!(response.kind, CallErrorKind::Timeout(_)), "{response:?}");
    let deadline = error(&stalling, far.deadline(LIMIT)).await;
    assert!(matches!(deadline.kind, CallErrorKind::Deadline(LIMIT)), "{deadline:?}");
    assert!(response.peer.is_some() && deadline.peer.is_some());
    // It takes connections and says nothing.
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut server = server(vec![]).await;
    server.port = silent.local_addr().unwrap().port();
    let connect = error(&server, far.connect(LIMIT)).await;
    assert!(matches!(&connect.kind, CallErrorKind::Connect(text) if text.contains("300ms")));
    assert!(!connect.outcome_unknown && connect.peer.is_none());
}

#[tokio::test]
async fn who_answered_an_attempt_is_not_taken_for_who_answers_the_next() {
    let server = server(vec![]).await;
    let peer = send(&client(&server), Replay::Harmful).await.unwrap().peer.unwrap();
    let flight = Flight::new(Api::PutItem, Replay::Harmless, Bytes::new());
    flight.begin_attempt();
    flight.connected(peer);
    assert!(flight.peer().is_some());
    flight.begin_attempt();
    assert!(flight.peer().is_none());
}

#[tokio::test]
async fn a_server_that_is_not_there_was_sent_nothing() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut absent = server(vec![]).await;
    absent.port = listener.local_addr().unwrap().port();
    drop(listener);
    let error = send(&client(&absent), Replay::Harmful).await.err().unwrap();
    assert!(matches!(error.kind, CallErrorKind::Connect(_)), "{error:?}");
    assert_eq!(error.attempts, 3);
    assert!(!error.outcome_unknown && !error.maybe_applied_before);
}

#[tokio::test]
async fn missing_credentials_send_nothing() {
    #[derive(Debug)]
    struct Absent;
    impl aws_credential_types::provider::ProvideCredentials for Absent {
        fn provide_credentials<'a>(
            &'a self,
        ) -> aws_credential_types::provider::future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            let error =
                aws_credential_types::provider::error::CredentialsError::not_loaded("none here");
            aws_credential_types::provider::future::ProvideCredentials::ready(Err(error))
        }
    }
    let server = server(vec![]).await;
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::provider(Absent))
        .endpoint(Endpoint::compatible("127.0.0.1", server.port).unwrap())
        .trust(Trust::private_ca(&server.identity.ca_pem).unwrap())
        .build_in(&Fake::default())
        .unwrap();
    let error = send(&client, Replay::Harmful).await.err().unwrap();
    assert!(
        matches!(&error.kind, CallErrorKind::Credentials(text) if text == "the provider has none"),
        "{error:?}"
    );
    assert_eq!((error.attempts, server.connections()), (0, 0));
}

#[tokio::test]
async fn no_debug_shows_an_item() {
    let body =
        br#"{"__type":"X","message":"the value hunter2 is wrong","Item":{"p":{"S":"hunter2"}}}"#;
    let crc = crc32fast::hash(body).to_string();
    let (outcome, _) =
        run(Replay::Harmful, vec![Act::Answer(response(400, &[("x-amz-crc32", &crc)], body))])
            .await;
    let error = outcome.err().unwrap();
    assert!(!format!("{error:?} {error}").contains("hunter2"));
}
