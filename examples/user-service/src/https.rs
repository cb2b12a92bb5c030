//! Requests of this service's own, by https, to a server that a named authority vouches for or whose key
//! is pinned: an identity provider's key set, a collector.

mod trust;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::HOST;
use axum::http::uri::Scheme;
use axum::http::{HeaderValue, Request, Response, Uri};
use dynamo_runtime::error::BoxError;
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::version::{TLS12, TLS13};

pub use self::trust::Pin;
use self::trust::{Trust, private_roots, public_roots};

/// For the whole of a request.
const DEADLINE: Duration = Duration::from_secs(5);

/// An https URL, and what its server is trusted by. No environment is read, no redirect followed.
#[derive(Clone)]
pub struct HttpsUrl {
    host: String,
    port: u16,
    path: String,
    tls: Arc<ClientConfig>,
}

impl HttpsUrl {
    /// An https URL, the authorities that its server is trusted by, in PEM, and the keys of which one
    /// must be in the server's chain. Without authorities of their own the public ones are trusted, but
    /// none without a pin: any of them could name another server.
    ///
    /// # Errors
    /// It is no such URL, there is no certificate in the text, or neither authority nor pin.
    pub fn new(url: &str, roots_pem: Option<&str>, pins: Vec<Pin>) -> Result<Self, BoxError> {
        let uri = Uri::from_str(url)?;
        let authority = uri.authority().ok_or("the URL names no host")?;
        if uri.scheme() != Some(&Scheme::HTTPS) || authority.as_str().contains('@') {
            return Err("the URL must be https://host/path".into());
        }
        let roots = match roots_pem {
            Some(pem) => private_roots(pem)?,
            None if pins.is_empty() => return Err("it needs an authority or a pin".into()),
            None => public_roots(),
        };
        let provider = Arc::new(aws_lc_rs::default_provider());
        let trust = Trust::new(roots, pins, &provider)?;
        let tls = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&TLS13, &TLS12])?
            // The verifier asks for more than rustls's own, which it has inside.
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(trust))
            .with_no_client_auth();
        Ok(Self {
            host: authority.host().to_owned(),
            port: authority.port_u16().unwrap_or(443),
            path: uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
            tls: Arc::new(tls),
        })
    }

    /// Its path, and its query if it has one.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Sends a request there, for the path that the request names, and reads a response of at most so
    /// many bytes.
    pub(crate) async fn send(
        &self,
        request: Request<Full<Bytes>>,
        max_length: usize,
    ) -> Result<Response<Bytes>, BoxError> {
        let sent = self.send_now(request, max_length);
        timeout(DEADLINE, sent).await.map_err(|_| "there was no response in time")?
    }

    async fn send_now(
        &self,
        mut request: Request<Full<Bytes>>,
        max_length: usize,
    ) -> Result<Response<Bytes>, BoxError> {
        let host = self.host.trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((host, self.port)).await?;
        let name = ServerName::try_from(host.to_owned())?;
        let stream = TlsConnector::from(Arc::clone(&self.tls)).connect(name, stream).await?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
        let authority = HeaderValue::try_from(format!("{}:{}", self.host, self.port))?;
        request.headers_mut().insert(HOST, authority);
        let read = async {
            let (head, body) = sender.send_request(request).await?.into_parts();
            let body = Limited::new(body, max_length).collect().await?.to_bytes();
            Ok::<_, BoxError>(Response::from_parts(head, body))
        };
        tokio::pin!(read);
        tokio::select! {
            read = &mut read => read,
            // The connection may end with the last byte.
            ended = connection => {
                ended?;
                read.await
            }
        }
    }
}

impl fmt::Debug for HttpsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpsUrl").field("host", &self.host).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_with_a_named_authority_or_a_pin_is_taken() {
        let key = rcgen::KeyPair::generate().unwrap();
        let root = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let pem = root.self_signed(&key).unwrap().pem();
        let new = |url: &str| HttpsUrl::new(url, Some(&pem), Vec::new());
        let url = new("https://id.example:8443/keys?x=1").unwrap();
        assert_eq!((&*url.host, url.port, &*url.path), ("id.example", 8443, "/keys?x=1"));
        for bad in ["http://id.example/keys", "id.example", "/keys", "https://a@id.example/", ""] {
            assert!(new(bad).is_err(), "{bad}");
        }
        let with = |roots, pins| HttpsUrl::new("https://id.example/keys", roots, pins);
        for roots in ["", "no certificate"] {
            assert!(with(Some(roots), vec![Pin::of(b"key")]).is_err());
        }
        assert!(with(None, vec![Pin::of(b"key")]).is_ok());
        assert!(with(None, Vec::new()).is_err());
    }
}
