//! The SDK's own client, as a program has it, but for its way to the server: the crate's features link no HTTP client.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, future};
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Region, StalledStreamProtectionConfig};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime::client::retries::RetryPartition;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::retry::{ErrorKind, RetryConfig, RetrySpec};
use aws_types::SdkConfig;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::super::SECRET;
use super::super::server::Server;
use super::pauses::Pauses;
use super::rows::{Operation, Outcome, Row};
use super::{ATTEMPTS, Seen, server};

/// With the SDK's retries of the version that `AWS_NEW_RETRIES_2026` enables, and what it makes of them for DynamoDB.
fn config() -> Builder {
    let retries = RetryConfig::standard().with_retry_spec(RetrySpec::v2_1());
    let shared = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .retry_config(retries)
        .build();
    Builder::from(&shared)
}

pub(super) fn retries() -> RetryConfig {
    config().build().retry_config().unwrap().clone()
}

/// The SDK's client for that server, and the attempts that it makes.
pub(super) fn client(
    server: &Server,
    pauses: &Pauses,
    credentials: impl ProvideCredentials + 'static,
    response_limit: Duration,
) -> (Client, Arc<AtomicU32>) {
    let attempts = Arc::new(AtomicU32::new(0));
    let connector = Connector::new(server, response_limit, attempts.clone());
    let connector = SharedHttpConnector::new(connector);
    // By default all clients of the process share a quota.
    let quota = RetryPartition::new(format!("port-{}", server.port));
    let config = config()
        .retry_config(retries().with_max_attempts(ATTEMPTS))
        .retry_partition(quota)
        .credentials_provider(credentials)
        .endpoint_url(format!("https://127.0.0.1:{}", server.port))
        .http_client(http_client_fn(move |_, _| connector.clone()))
        .sleep_impl(pauses.clone())
        // It sleeps while it watches, and that is no pause.
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
    (Client::from_conf(config.build()), attempts)
}

pub(super) fn keys() -> Credentials {
    Credentials::new("AKIDEXAMPLE", SECRET, None, None, "test")
}

/// Keys with which, in both clients, the same random numbers begin.
#[derive(Debug)]
pub(super) struct Seed {
    pub(super) seed: u64,
    /// How many numbers are drawn at once: the SDK's cache draws one for each keys that it is given.
    pub(super) drawn: u32,
}

impl ProvideCredentials for Seed {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        fastrand::seed(self.seed);
        for _ in 0..self.drawn {
            fastrand::f64();
        }
        future::ProvideCredentials::ready(Ok(keys()))
    }
}

pub(super) async fn run(row: &Row, operation: Operation, seed: u64) -> Seen {
    let (server, _unused) = server(row).await;
    let pauses = Pauses::default();
    let (client, attempts) =
        client(&server, &pauses, Seed { seed, drawn: 0 }, row.response_limit());
    let outcome = call(&client, operation).await;
    let attempts = attempts.load(Ordering::SeqCst);
    Seen { attempts, pauses: pauses.taken(), outcome, is_unknown: false }
}

pub(super) async fn call(client: &Client, operation: Operation) -> Outcome {
    let key = AttributeValue::S("key".to_owned());
    match operation {
        Operation::Read => {
            outcome(client.get_item().table_name("table").key("id", key).send().await)
        }
        Operation::Write => {
            outcome(client.put_item().table_name("table").item("id", key).send().await)
        }
    }
}

fn outcome<O, E: ProvideErrorMetadata>(result: Result<O, SdkError<E, HttpResponse>>) -> Outcome {
    match result {
        Ok(_) => Outcome::Success,
        Err(SdkError::ServiceError(error)) => {
            Outcome::Service(error.err().code().unwrap_or_default().to_owned())
        }
        Err(SdkError::DispatchFailure(error)) if error.is_timeout() => Outcome::Timeout,
        Err(SdkError::DispatchFailure(error)) if error.is_io() || error.as_other().is_some() => {
            Outcome::Connection
        }
        Err(SdkError::ResponseError(_)) => Outcome::Response,
        Err(SdkError::TimeoutError(_)) => Outcome::Timeout,
        Err(_) => Outcome::Unsent,
    }
}

/// A connection for each request, whose errors are of the kinds that the SDK's own connector gives them.
#[derive(Debug)]
struct Connector {
    tls: Arc<ClientConfig>,
    port: u16,
    limit: Duration,
    attempts: Arc<AtomicU32>,
}

impl Connector {
    fn new(server: &Server, limit: Duration, attempts: Arc<AtomicU32>) -> Self {
        let mut roots = RootCertStore::empty();
        let pem = server.identity.ca_pem.as_bytes();
        roots.add(CertificateDer::from_pem_slice(pem).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { tls: Arc::new(tls), port: server.port, limit, attempts }
    }
}

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        self.attempts.fetch_add(1, Ordering::SeqCst);
        let exchange = exchange(self.tls.clone(), self.port, request);
        let exchange = tokio::time::timeout(self.limit, exchange);
        HttpConnectorFuture::new(async move {
            exchange.await.unwrap_or_else(|error| Err(ConnectorError::timeout(error.into())))
        })
    }
}

async fn exchange(
    tls: Arc<ClientConfig>,
    port: u16,
    request: HttpRequest,
) -> Result<HttpResponse, ConnectorError> {
    let tcp = TcpStream::connect(("127.0.0.1", port)).await;
    let tcp = tcp.map_err(|error| ConnectorError::io(error.into()))?;
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let tls = TlsConnector::from(tls).connect(name, tcp).await;
    let tls = tls.map_err(|error| ConnectorError::io(error.into()))?;
    let (mut sender, driver) = http1::handshake(TokioIo::new(tls)).await.map_err(told)?;
    tokio::spawn(async move { drop(driver.await) });
    let (mut head, body) = request.try_into_http1x().unwrap().into_parts();
    let host = format!("127.0.0.1:{port}");
    head.headers.insert("host", host.try_into().unwrap());
    head.uri = http::Uri::from_static("/");
    let body = body.collect().await.unwrap().to_bytes();
    let request = http::Request::from_parts(head, Full::new(body));
    let response = sender.send_request(request).await.map_err(told)?;
    let response = response.map(SdkBody::from_body_1_x);
    HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
}

fn told(error: hyper::Error) -> ConnectorError {
    let is_io = |error: &hyper::Error| {
        let mut next = error.source();
        while let Some(cause) = next {
            if cause.is::<std::io::Error>() {
                return true;
            }
            next = cause.source();
        }
        false
    };
    if error.is_user() {
        ConnectorError::user(error.into())
    } else if error.is_closed() || error.is_canceled() || is_io(&error) {
        ConnectorError::io(error.into())
    } else if error.is_incomplete_message() {
        ConnectorError::other(error.into(), Some(ErrorKind::TransientError))
    } else {
        ConnectorError::other(error.into(), None)
    }
}
