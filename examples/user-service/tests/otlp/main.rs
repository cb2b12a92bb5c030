//! What a collector is sent by the program itself, over TLS: a recorded one, which keeps each request.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../flow/client.rs"]
#[expect(dead_code, reason = "shared with the flow tests")]
mod client;

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::PrivatePkcs8KeyDer;
use user_service::edge::RunFiles;

use client::Client;

type Requests = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// A collector that takes whatever it is sent.
struct Collector {
    port: u16,
    ca_pem: String,
    /// The path and the body of each.
    requests: Requests,
}

impl Collector {
    async fn start() -> Self {
        let (root_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let mut root = CertificateParams::default();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let ca_pem = root.self_signed(&root_key).unwrap().pem();
        let leaf = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let leaf = leaf.signed_by(&key, &Issuer::new(root, root_key)).unwrap();
        let key = PrivatePkcs8KeyDer::from(key.serialize_der());
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![leaf.into()], key.into())
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let requests = Requests::default();
        let kept = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that does not trust the certificate ends here.
                let Ok(stream) = acceptor.accept(stream).await else { continue };
                let kept = Arc::clone(&kept);
                let keep = service_fn(move |request| keep(request, Arc::clone(&kept)));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), keep));
            }
        });
        Self { port, ca_pem, requests }
    }

    fn bodies(&self, path: &str) -> Vec<Vec<u8>> {
        let requests = self.requests.lock().unwrap();
        requests.iter().filter(|(to, _)| to == path).map(|(_, body)| body.clone()).collect()
    }
}

async fn keep(
    request: Request<Incoming>,
    kept: Requests,
) -> Result<Response<Full<Bytes>>, Infallible> {
    assert_eq!(request.headers()["content-type"], "application/x-protobuf");
    let path = request.uri().path().to_owned();
    let body = request.into_body().collect().await.unwrap().to_bytes().to_vec();
    kept.lock().unwrap().push((path, body));
    Ok(Response::default())
}

/// The program, with a collector at this URL.
fn program(url: &str, ca_pem: &str, files: &RunFiles) -> Child {
    let ca = files.path().join("collector.pem");
    fs::write(&ca, ca_pem).unwrap();
    Command::new(env!("CARGO_BIN_EXE_user-service"))
        .env("USER_SERVICE_PORT", "0")
        .env("OTLP_ENDPOINT", url)
        .env("OTLP_CA", ca)
        // What OpenTelemetry reads elsewhere has no say here.
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
        .env("OTEL_EXPORTER_OTLP_HEADERS", "authorization=planted")
        .env("OTEL_RESOURCE_ATTRIBUTES", "planted=planted")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Reads what the program prints until it listens: a client of it, with the token.
fn client_of(program: &mut Child) -> Client {
    let mut values = BTreeMap::new();
    for line in BufReader::new(program.stdout.take().unwrap()).lines() {
        let line = line.unwrap();
        for before in ["user-service listens on https://localhost:", "run: ", "Bearer "] {
            if let Some((_, value)) = line.split_once(before) {
                values.entry(before).or_insert_with(|| value.to_owned());
            }
        }
        if line.starts_with("its interface") {
            break;
        }
    }
    let port: u16 = values["user-service listens on https://localhost:"].parse().unwrap();
    let ca_pem = fs::read_to_string(&values["run: "]).unwrap();
    let token = values["Bearer "].split('\'').next().unwrap();
    Client::trusting(&ca_pem, ([127, 0, 0, 1], port).into()).with_token(token)
}

/// Asks the program to end, and gives what it wrote into its log.
async fn end(program: Child) -> String {
    let ended = tokio::task::spawn_blocking(move || {
        let asked = Command::new("kill").arg(program.id().to_string()).status().unwrap();
        assert!(asked.success());
        program.wait_with_output().unwrap()
    });
    let output = ended.await.unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{log}");
    log
}

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const PARENT: &str = "00f067aa0ba902b7";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn spans_and_metrics_arrive_over_tls_and_tell_no_secret() {
    let (collector, files) = (Collector::start().await, RunFiles::create().unwrap());
    let url = format!("https://localhost:{}/in/", collector.port);
    let mut program = program(&url, &collector.ca_pem, &files);
    let client = client_of(&mut program);
    let person = r#"{"email":"grace.secret@private.example","name":"Grace Unlogged","password":"hunter2hunter2"}"#;
    let created = client.json(Method::POST, "/users", "", person).await;
    assert_eq!(created.status, 201, "{created:?}");
    let path = created.header("location").to_owned();
    let parent = format!("00-{TRACE}-{PARENT}-00");
    let headers = [("traceparent", &*parent), ("cookie", "session=hunter2")];
    assert_eq!(client.request(Method::GET, &path, &headers, "").await.status, 200);
    let login = r#"{"email":"grace.secret@private.example","password":"hunter2hunter2"}"#;
    client.json(Method::POST, "/login", "", login).await;
    client.get("/users/p4th-secret?token=hunter2").await;
    let log = end(program).await;

    let spans: Vec<Span> = collector
        .bodies("/in/v1/traces")
        .iter()
        .flat_map(|body| ExportTraceServiceRequest::decode(&**body).unwrap().resource_spans)
        .flat_map(|spans| spans.scope_spans)
        .flat_map(|spans| spans.spans)
        .collect();
    let request = spans.iter().find(|span| hex(&span.parent_span_id) == PARENT).unwrap();
    assert_eq!((&*request.name, hex(&request.trace_id)), ("request", TRACE.to_owned()));
    let call = spans.iter().find(|span| span.parent_span_id == request.span_id).unwrap();
    assert!(call.name.starts_with("DynamoDB."), "{}", call.name);
    // A request whose caller has no trace is in one of its own, which the log names too.
    let own = spans.iter().find(|span| span.name == "request" && span.trace_id != request.trace_id);
    assert!(log.contains(&format!("trace_id=\"{}\"", hex(&own.unwrap().trace_id))), "{log}");

    let metrics: Vec<String> = collector
        .bodies("/in/v1/metrics")
        .iter()
        .flat_map(|body| ExportMetricsServiceRequest::decode(&**body).unwrap().resource_metrics)
        .flat_map(|metrics| metrics.scope_metrics)
        .flat_map(|metrics| metrics.metrics)
        .map(|metric| metric.name)
        .collect();
    for name in ["http_server_requests_total", "http_server_request_duration_seconds"] {
        assert!(metrics.iter().any(|metric| metric == name), "{metrics:?}");
    }
    assert!(metrics.iter().any(|metric| metric.contains("dynamo")), "{metrics:?}");

    let id = path.rsplit('/').next().unwrap();
    for (to, body) in &*collector.requests.lock().unwrap() {
        assert!(["/in/v1/traces", "/in/v1/metrics"].contains(&&**to), "{to}");
        let text = String::from_utf8_lossy(body);
        for secret in [
            "hunter2",
            "argon2",
            "grace.secret",
            "private.example",
            "Unlogged",
            "p4th",
            "planted",
            id,
        ] {
            assert!(!text.contains(secret), "{secret} was sent to {to}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_of_another_authority_is_sent_nothing() {
    let (collector, other) = (Collector::start().await, Collector::start().await);
    let files = RunFiles::create().unwrap();
    let url = format!("https://localhost:{}", collector.port);
    let mut program = program(&url, &other.ca_pem, &files);
    let client = client_of(&mut program);
    assert_eq!(client.get("/healthz").await.text, "ok");
    let log = end(program).await;
    assert!(log.contains("the collector did not take the last of it"), "{log}");
    assert!(collector.requests.lock().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_without_tls_is_refused() {
    let (collector, files) = (Collector::start().await, RunFiles::create().unwrap());
    let url = format!("http://localhost:{}", collector.port);
    let output = program(&url, &collector.ca_pem, &files).wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("OTLP_ENDPOINT: the URL must be https"),
        "{said}"
    );
}
