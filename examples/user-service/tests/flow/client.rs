//! A client that trusts the service's authority and nothing else.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::header::{AUTHORIZATION, HOST};
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{ALL_VERSIONS, ClientConfig, RootCertStore, SupportedProtocolVersion};

#[derive(Clone)]
pub(crate) struct Client {
    address: SocketAddr,
    config: Arc<ClientConfig>,
    token: Option<String>,
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("the body is not JSON")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The code of a problem, once all that a problem must have was found in it.
    pub(crate) fn problem(&self) -> String {
        let problem = self.json();
        let code = problem["code"].as_str().unwrap().to_owned();
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(problem["status"], self.status.as_u16());
        assert_eq!(problem["type"], format!("urn:user-service:problem:{code}"));
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert_eq!(problem["correlation_id"], self.header("x-correlation-id"));
        assert_eq!(self.header("x-correlation-id").len(), 36);
        code
    }
}

impl Client {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    pub(crate) fn without_token(&self) -> Self {
        Self { token: None, ..self.clone() }
    }

    pub(crate) fn trusting_nobody(address: SocketAddr) -> Self {
        Self::with(RootCertStore::empty(), address, ALL_VERSIONS)
    }

    pub(crate) fn trusting(ca_pem: &str, address: SocketAddr) -> Self {
        Self::trusting_over(ALL_VERSIONS, ca_pem, address)
    }

    pub(crate) fn trusting_over(
        versions: &[&'static SupportedProtocolVersion],
        ca_pem: &str,
        address: SocketAddr,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
        Self::with(roots, address, versions)
    }

    pub(crate) fn with(
        roots: RootCertStore,
        address: SocketAddr,
        versions: &[&'static SupportedProtocolVersion],
    ) -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(versions)
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { address, config: Arc::new(config), token: None }
    }

    pub(crate) async fn connect(&self) -> io::Result<TlsStream<TcpStream>> {
        self.connect_for(&[]).await
    }

    async fn connect_for(&self, protocols: &[&[u8]]) -> io::Result<TlsStream<TcpStream>> {
        let mut config = (*self.config).clone();
        config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
        let stream = TcpStream::connect(self.address).await?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    /// By HTTP/2.
    pub(crate) async fn send_http2(&self, request: Request<Full<Bytes>>) -> hyper::Result<Answer> {
        let stream = self.connect_for(&[b"h2"]).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
        let (mut sender, connection) =
            http2::handshake(TokioExecutor::new(), TokioIo::new(stream)).await?;
        let connection = tokio::spawn(connection);
        let answer = read(sender.send_request(request).await?).await;
        connection.abort();
        Ok(answer)
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Answer {
        let stream = self.connect().await.unwrap();
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
        let connection = tokio::spawn(connection);
        let answer = read(sender.send_request(request).await.unwrap()).await;
        connection.abort();
        answer
    }

    /// A request with these headers, and the token.
    pub(crate) async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(HOST, "localhost");
        if let Some(token) = &self.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        let request =
            headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        self.send(request.body(Full::from(body.to_owned())).unwrap()).await
    }

    /// A request with JSON, and with `If-Match` if an `ETag` is given.
    pub(crate) async fn json(&self, method: Method, path: &str, etag: &str, body: &str) -> Answer {
        let content_type = match method {
            Method::PATCH => "application/merge-patch+json",
            _ => "application/json",
        };
        let headers = [("content-type", content_type), ("if-match", etag)];
        let headers = if etag.is_empty() { &headers[..1] } else { &headers };
        self.request(method, path, headers, body).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.bare(Method::GET, path, "").await
    }

    /// A request without a body.
    pub(crate) async fn bare(&self, method: Method, path: &str, etag: &str) -> Answer {
        let headers = [("if-match", etag)];
        let headers = if etag.is_empty() { &[] } else { &headers[..] };
        self.request(method, path, headers, "").await
    }
}

async fn read(response: Response<Incoming>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        text: String::from_utf8(body.to_vec()).unwrap(),
    }
}
