//! A server behind TLS on loopback, and an HTTPS client for the SDK.
//!
//! The SDK's own HTTPS client is `hyper-util`'s with `hyper-rustls`, which `deny.toml` keeps out with the roots that
//! it takes from the environment. This is the same client of `hyper-util`, over a connector of `rustls` in its place.

use std::fmt;
use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::rt::{Read, ReadBufCursor, Write};
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer, ServerName};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::client::TlsStream;
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::sdk::Canned;

/// A server that gives one response to every request of an operation.
pub struct Server {
    port: u16,
    ca_pem: String,
}

/// The response to a request, by its target.
type Answer = Arc<dyn Fn(&str) -> Response<Bytes> + Send + Sync>;

impl Server {
    /// Starts one that gives the same response to all.
    pub fn start(canned: &Canned) -> Self {
        let canned = canned.clone();
        Self::answering(move |_| canned.response())
    }

    /// Starts it on a thread of its own, which lives as long as the process.
    pub fn answering(answer: impl Fn(&str) -> Response<Bytes> + Send + Sync + 'static) -> Self {
        let authority = rcgen::KeyPair::generate().expect("a key");
        let mut parameters = rcgen::CertificateParams::default();
        parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        parameters.key_usages.push(rcgen::KeyUsagePurpose::KeyCertSign);
        parameters.distinguished_name.push(rcgen::DnType::CommonName, "benches");
        let ca = parameters.self_signed(&authority).expect("an authority");
        let issuer = rcgen::Issuer::new(parameters, authority);
        let key = rcgen::KeyPair::generate().expect("a key");
        let mut leaf = rcgen::CertificateParams::new(["localhost".to_owned()]).expect("a name");
        leaf.extended_key_usages.push(rcgen::ExtendedKeyUsagePurpose::ServerAuth);
        leaf.use_authority_key_identifier_extension = true;
        let leaf = leaf.signed_by(&key, &issuer).expect("a certificate");
        let mut config = rustls::ServerConfig::builder_with_provider(default_provider().into())
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![leaf.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )
            .expect("a certificate and its key");
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        listener.set_nonblocking(true).expect("a port");
        let port = listener.local_addr().expect("a port").port();
        let answer = Arc::new(answer);
        std::thread::spawn(move || serve(listener, TlsAcceptor::from(Arc::new(config)), answer));
        Self { port, ca_pem: ca.pem() }
    }

    /// Where it listens on loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The root to trust.
    pub fn ca_pem(&self) -> &str {
        &self.ca_pem
    }

    /// As the SDK takes it.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }
}

fn serve(listener: std::net::TcpListener, acceptor: TlsAcceptor, answer: Answer) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async move {
        let listener = TcpListener::from_std(listener).expect("a port");
        loop {
            let Ok((tcp, _)) = listener.accept().await else { continue };
            let (acceptor, answer) = (acceptor.clone(), answer.clone());
            tokio::spawn(async move {
                tcp.set_nodelay(true).expect("an option of the socket");
                let Ok(tls) = acceptor.accept(tcp).await else { return };
                let service = service_fn(|request: Request<hyper::body::Incoming>| async {
                    let (head, body) = request.into_parts();
                    body.collect().await?;
                    let target = head.headers.get("x-amz-target");
                    let target = target.and_then(|target| target.to_str().ok()).unwrap_or_default();
                    Ok::<_, hyper::Error>(answer(target).map(Full::new))
                });
                // A client that goes away is no fault of the server's.
                let connection = hyper::server::conn::http1::Builder::new();
                drop(connection.serve_connection(TokioIo::new(tls), service).await);
            });
        }
    });
}

/// The SDK's HTTP client over TLS, with this root.
pub fn https(ca_pem: &str) -> SharedHttpClient {
    let client = Client::builder(TokioExecutor::new()).build(Tls(tls(ca_pem)));
    let connector = SharedHttpConnector::new(Https(client));
    http_client_fn(move |_, _| connector.clone())
}

fn tls(ca_pem: &str) -> TlsConnector {
    let mut roots = rustls::RootCertStore::empty();
    let root = CertificateDer::from_pem_slice(ca_pem.as_bytes()).expect("a certificate");
    roots.add(root).expect("a root");
    let mut config = rustls::ClientConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    TlsConnector::from(Arc::new(config))
}

/// Connections of hyper over rustls, with nothing around them.
#[derive(Clone)]
pub struct Bare {
    tls: TlsConnector,
    port: u16,
    idle: Arc<Mutex<Vec<SendRequest<Full<Bytes>>>>>,
}

impl Bare {
    /// To this server, none of them open yet.
    pub fn new(server: &Server) -> Self {
        Self { tls: tls(server.ca_pem()), port: server.port(), idle: Arc::default() }
    }

    /// Sends a request as it is, and gives the body of the response.
    pub async fn exchange(&self, request: Request<Full<Bytes>>) -> Bytes {
        let idle = self.idle.lock().expect("no panic").pop();
        let mut sender = match idle {
            Some(sender) => sender,
            None => self.connect().await,
        };
        let response = sender.send_request(request).await.expect("a response");
        let body = response.into_body().collect().await.expect("a body").to_bytes();
        self.idle.lock().expect("no panic").push(sender);
        body
    }

    async fn connect(&self) -> SendRequest<Full<Bytes>> {
        let tcp = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).await.expect("a connection");
        tcp.set_nodelay(true).expect("an option of the socket");
        let name = ServerName::try_from("localhost").expect("a name");
        let tls = TokioIo::new(self.tls.connect(name, tcp).await.expect("a handshake"));
        let (sender, connection) = handshake(tls).await.expect("a connection");
        tokio::spawn(connection);
        sender
    }
}

#[derive(Clone)]
struct Https(Client<Tls, SdkBody>);

impl fmt::Debug for Https {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Https").finish_non_exhaustive()
    }
}

impl HttpConnector for Https {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let client = self.0.clone();
        HttpConnectorFuture::new(async move {
            let fault = |error| ConnectorError::other(error, None);
            let request = request.try_into_http1x().map_err(|error| fault(error.into()))?;
            let response = client.request(request).await.map_err(|error| fault(error.into()))?;
            let response: Response<SdkBody> = response.map(SdkBody::from_body_1_x);
            HttpResponse::try_from(response).map_err(|error| fault(error.into()))
        })
    }
}

/// What `hyper-rustls` does: TCP, then TLS.
#[derive(Clone)]
struct Tls(TlsConnector);

impl tower_service::Service<Uri> for Tls {
    type Response = Secured;
    type Error = std::io::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Secured, std::io::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let tls = self.0.clone();
        Box::pin(async move {
            let port = uri.port_u16().unwrap_or(443);
            let tcp = TcpStream::connect(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
            tcp.set_nodelay(true)?;
            let name = ServerName::try_from("localhost").expect("a name");
            Ok(Secured(TokioIo::new(tls.connect(name, tcp).await?)))
        })
    }
}

struct Secured(TokioIo<TlsStream<TcpStream>>);

impl Connection for Secured {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}

impl Read for Secured {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_read(context, buffer)
    }
}

impl Write for Secured {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.get_mut().0).poll_write(context, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_shutdown(context)
    }
}
