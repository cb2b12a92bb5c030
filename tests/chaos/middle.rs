//! Who stands between the client and the engine: it ends TLS, and lets requests and responses through as the dice have it.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use dynamo_runtime::testing::LocalEngine;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose,
};
use rustls::crypto::aws_lc_rs::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore, ServerConfig};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use tokio_rustls::{TlsAcceptor, TlsConnector, client};

use crate::faults::{Fault, Faults, Wire};

/// How long a connection is held at most: one that is stalled is not held for ever.
const LONGEST: Duration = Duration::from_secs(20);

pub struct Middle {
    pub port: u16,
    pub ca_pem: String,
    late: Late,
}

/// Requests that are carried out later than they came: each holds a permit until it is.
#[derive(Clone)]
struct Late(Arc<Semaphore>);

/// The most that are late at once.
const MOST_LATE: u32 = 1 << 20;

impl Late {
    fn new() -> Self {
        Self(Arc::new(Semaphore::new(MOST_LATE as usize)))
    }

    fn spawn(&self, request: impl Future<Output = ()> + Send + 'static) {
        let permit = self.0.clone().try_acquire_owned().expect("too many requests are late");
        tokio::spawn(async move {
            request.await;
            drop(permit);
        });
    }

    async fn are_over(&self) {
        let _all = self.0.acquire_many(MOST_LATE).await;
    }
}

/// What a connection of the client is served by.
#[derive(Clone)]
struct Serving {
    trusted: TlsAcceptor,
    untrusted: TlsAcceptor,
    engine: Engine,
    faults: Arc<Faults>,
    late: Late,
}

impl Middle {
    pub async fn start(engine: &LocalEngine, faults: Arc<Faults>) -> Self {
        let (ca_pem, trusted) = identity();
        let (_, untrusted) = identity();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let late = Late::new();
        let engine = Engine::new(engine);
        let serving = Serving { trusted, untrusted, engine, faults, late: late.clone() };
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                let _ = tcp.set_nodelay(true);
                let serving = serving.clone();
                tokio::spawn(async move {
                    let faults = serving.faults.clone();
                    if timeout(LONGEST, serving.serve(tcp)).await.is_err() {
                        faults.met_wire("held too long");
                    }
                });
            }
        });
        Self { port, ca_pem, late }
    }

    pub async fn late_requests_are_over(&self) {
        self.late.are_over().await;
    }
}

/// An authority, and a server of `localhost` by its word.
fn identity() -> (String, TlsAcceptor) {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "chaos");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let mut leaf = CertificateParams::new(["localhost".to_owned()]).unwrap();
    leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate().unwrap();
    let leaf = leaf.signed_by(&key, &authority).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![leaf.der().clone()],
            PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        )
        .unwrap();
    (authority.pem(), TlsAcceptor::from(Arc::new(config)))
}

/// The way to the engine.
#[derive(Clone)]
struct Engine {
    port: u16,
    tls: TlsConnector,
}

type Upstream = client::TlsStream<TcpStream>;

impl Engine {
    fn new(engine: &LocalEngine) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(engine.ca_pem().as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        Self { port: engine.port(), tls: TlsConnector::from(Arc::new(config)) }
    }

    async fn connect(&self) -> io::Result<Upstream> {
        let tcp = TcpStream::connect(("127.0.0.1", self.port)).await?;
        tcp.set_nodelay(true)?;
        self.tls.connect(ServerName::try_from("localhost").unwrap(), tcp).await
    }
}

/// Carries a request out, and gives its response.
async fn carry_out(upstream: &mut Upstream, request: &[u8]) -> io::Result<Message> {
    upstream.write_all(request).await?;
    upstream.flush().await?;
    Message::read(upstream).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// A request or a response, as it stands on the wire.
struct Message {
    bytes: Vec<u8>,
    /// Where the head ends.
    head: usize,
}

impl Message {
    async fn read(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Self>> {
        let (mut bytes, mut head, mut length) = (Vec::new(), 0, 0);
        loop {
            if head == 0
                && let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n")
            {
                head = end + 4;
                let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
                let stated = text.lines().find_map(|line| line.strip_prefix("content-length: "));
                length = stated.and_then(|it| it.trim().parse().ok()).unwrap_or(0);
            }
            if head > 0 && bytes.len() >= head + length {
                return Ok(Some(Self { bytes, head }));
            }
            if from.read_buf(&mut bytes).await? == 0 {
                return Ok(None);
            }
        }
    }

    /// The writer whose request it is, by the first of its names in the body.
    fn writer(&self) -> Option<usize> {
        let body = String::from_utf8_lossy(&self.bytes[self.head..]).into_owned();
        let (_, name) = body.split_once(r#"{"S":"w"#)?;
        name.split_once('-')?.0.parse().ok()
    }
}

fn answer(status: u16, headers: &str, kind: &str, body: &str) -> Vec<u8> {
    let crc = crc32fast::hash(body.as_bytes());
    format!(
        "HTTP/1.1 {status} Chaos\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         x-amz-crc32: {crc}\r\nx-amzn-requestid: CHAOS\r\n{headers}\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn error(status: u16, code: &str, headers: &str) -> Vec<u8> {
    let body =
        format!(r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"chaos"}}"#);
    answer(status, headers, "application/x-amz-json-1.0", &body)
}

/// A success that nobody asked for, with an item that nobody wrote.
fn planted() -> Vec<u8> {
    let item =
        r#"{"owner":{"S":"planted"},"number":{"N":"0"},"value":{"S":"planted"},"count":{"N":"0"}}"#;
    let body = format!(r#"{{"Item":{item},"Attributes":{item},"Items":[{item}]}}"#);
    answer(200, "", "application/x-amz-json-1.0", &body)
}

impl Serving {
    async fn serve(self, tcp: TcpStream) {
        let wire = self.faults.of_connection();
        let mut tcp = Faulty { tcp, wire, sent: 0, faults: self.faults.clone() };
        let acceptor = match wire {
            Wire::Closed => return self.faults.note("closed at once"),
            Wire::Plaintext => {
                self.faults.note("plaintext");
                let _ = tcp.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
                return;
            }
            Wire::Untrusted => {
                self.faults.note("of another authority");
                &self.untrusted
            }
            Wire::Sound | Wire::Flipped(_) | Wire::Cut(_) | Wire::Stalled(_) => &self.trusted,
        };
        let Ok(mut tls) = acceptor.accept(tcp).await else { return };
        let mut upstream = self.engine.connect().await.expect("the engine is there");
        while let Ok(Some(request)) = Message::read(&mut tls).await {
            let fault = self.faults.of_request(request.writer());
            if self.exchange(&mut tls, &mut upstream, request, fault).await.is_err() {
                return;
            }
        }
    }

    /// One request; an error ends the connection.
    async fn exchange(
        &self,
        tls: &mut (impl AsyncRead + AsyncWrite + Unpin),
        upstream: &mut Upstream,
        request: Message,
        fault: Option<Fault>,
    ) -> io::Result<()> {
        let closed = || io::Error::from(io::ErrorKind::ConnectionReset);
        let is_applied = match fault {
            Some(Fault::Drop | Fault::Late | Fault::Throttle { .. } | Fault::Expired) => false,
            Some(
                Fault::Html { is_applied }
                | Fault::Failure { is_applied }
                | Fault::Silence { is_applied },
            ) => is_applied,
            _ => true,
        };
        let mut response = Vec::new();
        let mut head = 0;
        if is_applied {
            let message = carry_out(upstream, &request.bytes).await.expect("the engine answers");
            (response, head) = (message.bytes, message.head);
        }
        match fault {
            None => {}
            Some(Fault::Delay) => {
                tokio::time::sleep(self.faults.roll(|dice| dice.milliseconds(1, 300))).await;
            }
            Some(Fault::Drop | Fault::Lose) => return Err(closed()),
            Some(Fault::Late) => {
                let (engine, pause) =
                    (self.engine.clone(), self.faults.roll(|dice| dice.milliseconds(1, 800)));
                self.late.spawn(async move {
                    tokio::time::sleep(pause).await;
                    let mut upstream = engine.connect().await.expect("the engine is there");
                    carry_out(&mut upstream, &request.bytes).await.expect("the engine answers");
                });
                return Err(closed());
            }
            Some(Fault::Truncate) => {
                let end = self.faults.roll(|dice| dice.below(response.len()));
                tls.write_all(&response[..end]).await?;
                tls.flush().await?;
                return Err(closed());
            }
            Some(Fault::Corrupt) => {
                let at = head + self.faults.roll(|dice| dice.below(response.len() - head));
                response[at] ^= 1;
            }
            Some(Fault::WithoutCrc) => {
                let text = String::from_utf8_lossy(&response[..head]).into_owned();
                let kept = text.split("\r\n").filter(|line| !line.starts_with("x-amz-crc32"));
                let kept = kept.collect::<Vec<_>>().join("\r\n").into_bytes();
                response = [kept, response.split_off(head)].concat();
            }
            Some(Fault::Html { .. }) => {
                response = answer(502, "", "text/html", "<html>somebody else</html>");
            }
            Some(Fault::Failure { .. }) => response = error(500, "InternalServerError", ""),
            Some(Fault::Throttle { asks_for_hours }) => {
                let asks = if asks_for_hours { "x-amz-retry-after: 7200000\r\n" } else { "" };
                response = error(400, "ThrottlingException", asks);
            }
            Some(Fault::Expired) => response = error(400, "ExpiredTokenException", ""),
            Some(Fault::Planted) => response.extend(planted()),
            Some(Fault::Garbage) => response = [b"planted\r\n".to_vec(), response].concat(),
            Some(Fault::Silence { .. }) => {
                // Until the client gives up.
                let mut rest = Vec::new();
                let _ = tls.read_to_end(&mut rest).await;
                return Err(closed());
            }
            Some(Fault::Drip) => {
                for piece in response.chunks(response.len().div_ceil(10)) {
                    tls.write_all(piece).await?;
                    tls.flush().await?;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                return Ok(());
            }
        }
        tls.write_all(&response).await?;
        tls.flush().await
    }
}

/// The socket below TLS.
struct Faulty {
    tcp: TcpStream,
    wire: Wire,
    /// Bytes that went to the client.
    sent: usize,
    faults: Arc<Faults>,
}

impl AsyncRead for Faulty {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.wire {
            // Its task ends by the limit of the connection.
            Wire::Stalled(at) if self.sent >= at => Poll::Pending,
            _ => Pin::new(&mut self.tcp).poll_read(context, buffer),
        }
    }
}

impl AsyncWrite for Faulty {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = self.sent;
        let left = |at: usize| at.checked_sub(sent).filter(|left| *left < bytes.len());
        let (bytes, flipped) = match self.wire {
            Wire::Flipped(at) => match left(at) {
                Some(0) => (vec![bytes[0] ^ 1], true),
                Some(left) => (bytes[..left].to_vec(), false),
                None => (bytes.to_vec(), false),
            },
            Wire::Cut(at) if sent >= at => {
                self.faults.met_wire("cut");
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            Wire::Stalled(at) if sent >= at => {
                self.faults.met_wire("stalled");
                return Poll::Pending;
            }
            Wire::Cut(at) | Wire::Stalled(at) => {
                (bytes[..left(at).unwrap_or(bytes.len())].to_vec(), false)
            }
            _ => (bytes.to_vec(), false),
        };
        let written = Pin::new(&mut self.tcp).poll_write(context, &bytes);
        if let Poll::Ready(Ok(written)) = written {
            self.sent += written;
            if flipped && written > 0 {
                self.faults.met_wire("a bit flipped");
            }
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}
