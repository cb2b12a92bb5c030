//! A client of these tests' own: hyper, rustls and the SDK's signer, and nothing of this crate.

use std::error::Error;
use std::sync::Arc;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use bytes::Bytes;
use http::header::HeaderName;
use http::{HeaderMap, HeaderValue, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, ServerName};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::testing::LocalEngine;

pub(super) type Failure = Box<dyn Error + Send + Sync>;

pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Answer {
    pub(super) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(super) fn error_code(&self) -> String {
        let code = self.json()["__type"].as_str().unwrap_or("none").to_owned();
        code.rsplit('#').next().unwrap().to_owned()
    }

    /// The one value of a header.
    pub(super) fn only(&self, name: &str) -> &str {
        let values: Vec<_> = self.headers.get_all(name).iter().collect();
        assert_eq!(values.len(), 1, "{name}: {values:?}");
        values[0].to_str().unwrap()
    }

    pub(super) fn crc_is_right(&self) -> bool {
        self.only("x-amz-crc32") == crc32fast::hash(&self.body).to_string()
    }
}

#[derive(Clone)]
pub(super) struct Client {
    tls: TlsConnector,
    host: String,
    port: u16,
    credentials: Credentials,
}

impl Client {
    pub(super) fn of(engine: &LocalEngine) -> Self {
        Self::with(engine, engine.access_key_id(), engine.secret_access_key())
    }

    pub(super) fn with(engine: &LocalEngine, key_id: &str, secret: &str) -> Self {
        Self {
            tls: trusting(&[engine.ca_pem()]),
            host: engine.host().to_owned(),
            port: engine.port(),
            credentials: Credentials::new(key_id, secret, None, None, "test"),
        }
    }

    pub(super) async fn connect(&self) -> Result<SendRequest<Full<Bytes>>, Failure> {
        let stream = handshake(&self.tls, &self.host, self.port).await?;
        let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(sender)
    }

    /// Sends one signed operation over a connection of its own.
    pub(super) async fn call(&self, operation: &str, body: &str) -> Result<Answer, Failure> {
        self.send(self.signed(operation, body, SystemTime::now())).await
    }

    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        exchange(&mut self.connect().await?, request).await
    }

    pub(super) fn signed(
        &self,
        operation: &str,
        body: impl AsRef<[u8]>,
        time: SystemTime,
    ) -> Request<Full<Bytes>> {
        let body = body.as_ref();
        let mut request = Request::post("/")
            .header("host", format!("{}:{}", self.host, self.port))
            .header("content-type", "application/x-amz-json-1.0")
            .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
            .body(Full::from(body.to_vec()))
            .unwrap();

        let identity = self.credentials.clone().into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region("eu-west-1")
            .name("dynamodb")
            .time(time)
            .settings(SigningSettings::default())
            .build()
            .unwrap()
            .into();
        let signable = SignableRequest::new(
            "POST",
            format!("https://{}:{}/", self.host, self.port),
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())),
            SignableBody::Bytes(body),
        )
        .unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        for (name, value) in instructions.headers() {
            request
                .headers_mut()
                .insert(HeaderName::try_from(name).unwrap(), HeaderValue::try_from(value).unwrap());
        }
        request
    }
}

pub(super) async fn exchange(
    connection: &mut SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
) -> Result<Answer, Failure> {
    connection.ready().await?;
    let (head, body) = connection.send_request(request).await?.into_parts();
    Ok(Answer {
        status: head.status,
        headers: head.headers,
        body: body.collect().await?.to_bytes(),
    })
}

pub(super) fn trusting(ca_pems: &[&str]) -> TlsConnector {
    let mut roots = RootCertStore::empty();
    for pem in ca_pems {
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Arc::new(config).into()
}

pub(super) async fn handshake(
    tls: &TlsConnector,
    host: &str,
    port: u16,
) -> Result<tokio_rustls::client::TlsStream<TcpStream>, Failure> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let name = ServerName::try_from(host.to_owned())?;
    Ok(tls.connect(name, stream).await?)
}
