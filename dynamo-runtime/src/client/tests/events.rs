//! What is told about calls, and what is not.

use std::cell::RefCell;
use std::io::{self, Write};
use std::sync::{Arc, Once};
use std::time::SystemTime;

use tracing_subscriber::fmt::format::FmtSpan;

use super::server::{Act, Server, ServerIdentity, failure, raw, response, success, throttled};
use super::*;
use crate::client::{
    AttestedSearch, Audit, AuditEvent, AuditLog, CertificateProfile, CertificateRule, Proxy,
    SearchEndpoint, TlsFloor,
};

thread_local! {
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes to the log of the test whose thread it is on, if that test keeps one.
struct ThisTest;

impl Write for ThisTest {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LOG.with_borrow_mut(|log| {
            if let Some(log) = log {
                log.extend_from_slice(bytes);
            }
        });
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Everything that every crate tells, at the finest level, while a client is built and used once.
async fn everything_told(server: &Server, trust: Trust, replay: Replay) -> String {
    listen();
    let client = builder(server).trust(trust).build_in(&Fake::default()).unwrap();
    let _ = send(&client, replay).await;
    told()
}

pub(super) fn listen() {
    // One subscriber for the process: with one for each test, what another test's thread registers can be lost.
    static SUBSCRIBED: Once = Once::new();
    SUBSCRIBED.call_once(|| {
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_span_events(FmtSpan::CLOSE)
            .with_ansi(false)
            .with_writer(|| ThisTest)
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
    });
    LOG.set(Some(Vec::new()));
}

pub(super) fn told() -> String {
    String::from_utf8(LOG.take().unwrap()).unwrap()
}

fn audited<'l>(log: &'l str, event: &str) -> Vec<&'l str> {
    let event = format!("event=\"{event}\"");
    log.lines().filter(|line| line.contains("dynamo::audit") && line.contains(&event)).collect()
}

#[tokio::test]
async fn no_level_of_any_crate_shows_a_body_or_a_secret() {
    let item = br#"{"Item":{"email":{"S":"someone@example.com"}}}"#;
    let rejected = br#"{"__type":"a#ConditionalCheckFailedException","Item":{"p":{"S":"hunter2"}},"message":"m"}"#;
    for answer in [success(item), failure(400, "ValidationException"), response(400, &[], rejected)]
    {
        let server = Server::start(ServerIdentity::good(), vec![Act::Answer(answer)]).await;
        let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
        let log = everything_told(&server, trust, Replay::Harmful).await;
        assert!(log.contains("it was answered"), "the finest level is off");
        for hidden in [
            SECRET,
            "the-token",
            "Signature=",
            "someone@example.com",
            "hunter2",
            r#"{\"the\":"#,
            r#"{"the":"#,
        ] {
            let shown = log.lines().find(|line| line.contains(hidden));
            assert_eq!(shown, None, "{hidden} is shown");
        }
    }
}

#[tokio::test]
async fn a_connection_is_audited_with_its_peer_and_a_refusal_once() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let right = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let log = everything_told(&server, right, Replay::Harmful).await;
    assert_eq!(audited(&log, "build_attested").len(), 1);
    let opened = audited(&log, "connection_opened");
    assert_eq!(opened.len(), 1);
    assert!(opened[0].contains("X25519MLKEM768") && opened[0].contains("TLSv1_3"), "{}", opened[0]);

    let hash = server.identity.certificate_sha256();
    let presented = hash
        .iter()
        .fold("certificate_sha256=".to_owned(), |text, byte| format!("{text}{byte:02x}"));
    assert!(opened[0].contains(&presented), "{}", opened[0]);

    let wrong = Trust::private_ca(ServerIdentity::good().ca_pem).unwrap();
    let log = everything_told(&server, wrong, Replay::Harmless).await;
    let refused = audited(&log, "connection_refused");
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(
        refused[0].contains("a signature of its chain is wrong") && refused[0].contains(&presented),
        "{}",
        refused[0]
    );
}

#[tokio::test]
async fn what_is_ignored_or_waived_is_audited_by_name() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    listen();
    let seen =
        [("https_proxy", "http://u:hidden@x"), ("SSL_CERT_FILE", "x"), ("AWS_ENDPOINT_URL", "x")];
    let builder = builder(&server).waive_ambient("AWS_ENDPOINT_URL");
    builder.build_in(&Fake::new(seen)).unwrap();
    let log = told();
    assert_eq!(audited(&log, "ambient_seen").len(), 3, "{log}");
    for (name, _) in seen {
        assert!(log.contains(&format!("name=\"{name}\"")), "{name}");
    }
    assert!(!log.contains("hidden"));
}

#[tokio::test]
async fn trust_that_expires_is_audited_by_its_kind() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    listen();
    let tomorrow = SystemTime::now() + Duration::from_hours(24);
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let trust = trust.pin_spki_until([7; 32], tomorrow);
    builder(&server).trust(trust).build_in(&Fake::default()).unwrap();
    let log = told();
    let [line] = audited(&log, "trust_expiring")[..] else {
        panic!("{log}");
    };
    assert!(line.contains("WARN") && line.contains("item=\"pin\""), "{line}");
    assert!(line.contains(&format!("sha256={}", "07".repeat(32))), "{line}");
}

#[tokio::test]
async fn a_rejected_response_is_audited() {
    let bad = response(200, &[("x-amz-crc32", "1")], b"{}");
    let server = Server::start(ServerIdentity::good(), vec![Act::Answer(bad)]).await;
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let log = everything_told(&server, trust, Replay::Harmful).await;
    assert_eq!(audited(&log, "response_rejected").len(), 1);
}

#[tokio::test]
async fn a_connection_that_just_ends_is_no_response_and_none_is_audited() {
    let server = Server::start(ServerIdentity::good(), vec![Act::CloseRead]).await;
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let log = everything_told(&server, trust, Replay::Harmful).await;
    assert_eq!(audited(&log, "connection_opened").len(), 1);
    assert_eq!(audited(&log, "response_rejected").len(), 0);
}

#[tokio::test]
async fn the_span_has_opentelemetrys_names() {
    let server = Server::start(
        ServerIdentity::good(),
        vec![Act::Answer(failure(400, "ValidationException"))],
    )
    .await;
    let trust = Trust::private_ca(&server.identity.ca_pem).unwrap();
    let log = everything_told(&server, trust, Replay::Harmful).await;
    let closed =
        log.lines().find(|line| line.contains("DynamoDB.PutItem") && line.contains("error.type"));
    let closed = closed.unwrap_or_else(|| panic!("no span in {log}"));
    for field in [
        "db.system.name=\"aws.dynamodb\"",
        "db.operation.name=\"PutItem\"",
        "db.collection.name=\"table\"",
        "network.peer.address=127.0.0.1",
        "rpc.system=\"aws-api\"",
        "server.address=\"127.0.0.1\"",
        "aws.request_id=\"REQUEST1\"",
        "http.response.status_code=400",
        "error.type=\"ValidationException\"",
    ] {
        assert!(closed.contains(field), "{field} is missing in {closed}");
    }
}

/// The line that closes the span of one call.
async fn span(script: Vec<Act>) -> String {
    let server = Server::start(ServerIdentity::good(), script).await;
    let client = builder(&server).return_capacity().build_in(&Fake::default()).unwrap();
    listen();
    let _ = send(&client, Replay::Harmless).await;
    let log = told();
    let closed = |line: &&str| line.contains("DynamoDB.PutItem") && line.contains("time.busy");
    log.lines().rfind(closed).unwrap_or_else(|| panic!("no span in {log}")).to_owned()
}

#[tokio::test]
async fn the_span_tells_of_attempts_status_and_capacity() {
    let body = br#"{"ConsumedCapacity":{"TableName":"table","CapacityUnits":1.5}}"#;
    let once = span(vec![Act::Answer(success(body))]).await;
    assert!(once.contains("http.response.status_code=200"), "{once}");
    assert!(once.contains("aws.dynamodb.consumed_capacity=1.5"), "{once}");
    assert!(!once.contains("http.request.resend_count"), "{once}");
    let twice = span(vec![Act::Answer(failure(500, "InternalServerError"))]).await;
    assert!(twice.contains("http.request.resend_count=1"), "{twice}");
}

#[tokio::test]
async fn the_span_tells_what_was_exceeded_in_documented_words_only() {
    let reasons =
        ["TableReadAccountLimitExceeded", "hunter2", "IndexReadKeyRangeThroughputExceeded"];
    let span = span((0..3).map(|_| Act::Answer(throttled(&reasons))).collect()).await;
    let expected = "aws.dynamodb.throttling_reasons=\"TableReadAccountLimitExceeded, IndexReadKeyRangeThroughputExceeded\"";
    assert!(span.contains(expected), "{span}");
    assert!(!span.contains("hunter2"), "{span}");
}

#[tokio::test]
async fn the_span_names_the_class_of_each_error() {
    let html = || raw(503, &[("content-type", "text/html"), ("content-length", "1")], b"x");
    let bare = || raw(500, &[("content-type", "text/html"), ("content-length", "1")], b"x");
    let damaged = || response(200, &[("x-amz-crc32", "1")], b"{}");
    let coded = || failure(500, "InternalServerError");
    let uncoded = || response(400, &[], b"{}");
    for (answer, class) in [
        (&html as &dyn Fn() -> Vec<u8>, "ServerError"),
        (&bare, "ServerError"),
        (&damaged, "integrity"),
        (&coded, "InternalServerError"),
        (&uncoded, "_OTHER"),
    ] {
        let span = span((0..3).map(|_| Act::Answer(answer())).collect()).await;
        assert!(span.contains(&format!("error.type=\"{class}\"")), "{class}: {span}");
    }
    let broken = span((0..3).map(|_| Act::CloseRead).collect()).await;
    assert!(broken.contains("error.type=\"broken\""), "{broken}");
}

#[tokio::test]
async fn a_built_client_is_attested_as_it_was_built() {
    let authority =
        rcgen::CertifiedIssuer::self_signed(authority(), rcgen::KeyPair::generate().unwrap());
    let authority = authority.unwrap();
    let list = rcgen::CertificateRevocationListParams {
        this_update: rcgen::date_time_ymd(2020, 1, 1),
        next_update: rcgen::date_time_ymd(4000, 1, 1),
        crl_number: rcgen::SerialNumber::from(1),
        issuing_distribution_point: None,
        revoked_certs: Vec::new(),
        key_identifier_method: rcgen::KeyIdMethod::Sha256,
    };
    let list = list.signed_by(&authority).unwrap().pem().unwrap();
    let trust = Trust::private_ca(authority.pem()).unwrap();
    let profile = CertificateProfile::standard().tolerating(CertificateRule::SerialNumber);
    let log = AuditLog::default();
    SecureClient::builder()
        .region(Region::EU_WEST_1)
        .credentials(Credentials::fixed("A", "s", None))
        .endpoint(Endpoint::compatible("db.internal", 8043).unwrap())
        .trust(
            trust
                .profile(profile)
                .pin_spki([7; 32])
                .pin_spki([8; 32])
                .revoked_by(list)
                .unwrap()
                .without_crc(),
        )
        .search_endpoint(SearchEndpoint::at(Endpoint::standard()).trust(Trust::amazon()))
        .tls_floor(TlsFloor::Tls13)
        .proxy(Proxy::connect("proxy.internal", 3128).unwrap())
        .audit(log.clone())
        .build_in(&Fake::default())
        .unwrap();
    let attested = AuditEvent::BuildAttested {
        region: Region::EU_WEST_1,
        partition: "aws",
        authority: "db.internal:8043".to_owned(),
        roots: "private_ca",
        pins: 2,
        is_crc_required: false,
        revocation_lists: 1,
        tolerated_rules: vec![CertificateRule::SerialNumber],
        tls_floor: TlsFloor::Tls13,
        proxy: Some("proxy.internal:3128".to_owned()),
        search: Some(AttestedSearch {
            authority: "search-dynamodb.eu-west-1.amazonaws.com".to_owned(),
            roots: "amazon",
            pins: 0,
            is_crc_required: true,
            revocation_lists: 0,
            tolerated_rules: vec![],
        }),
    };
    assert_eq!(log.events(), [attested]);
}

fn authority() -> rcgen::CertificateParams {
    let mut authority = rcgen::CertificateParams::default();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority.key_usages =
        vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    authority
}

#[tokio::test]
async fn a_dangerous_operation_is_told_with_the_tables_physical_name_to_any_kind_of_sink() {
    let server = Server::start(ServerIdentity::good(), vec![]).await;
    let told = |sink: Box<dyn Audit>, log: &AuditLog| {
        let client = builder(&server)
            .audit(sink)
            .physical_table("users", crate::TableName::new("prod-users").unwrap())
            .build_in(&Fake::default())
            .unwrap();
        client.audit_danger("User", "scan", "users");
        log.take().pop()
    };
    let log = AuditLog::default();
    let expected = AuditEvent::DangerousOperation {
        entity: "User",
        operation: "scan",
        table: "prod-users".to_owned(),
    };
    let shared: Arc<dyn Audit> = Arc::new(log.clone());
    assert_eq!(told(Box::new(log.clone()), &log), Some(expected.clone()));
    assert_eq!(told(Box::new(shared), &log), Some(expected));
}
