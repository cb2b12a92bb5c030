//! A TLS server that answers with canned bytes, and counts what reaches it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, IsCa, KeyPair,
    KeyUsagePurpose, PublicKeyData,
};
use rustls::{HandshakeKind, ServerConfig};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::sha256::sha256;

/// What the server does with one request.
pub(super) enum Act {
    Answer(Vec<u8>),
    /// Answers after this time with the body that was sent.
    Echo(Duration),
    /// Answers and closes the connection.
    AnswerAndClose(Vec<u8>),
    /// Answers, and sends more bytes when it is told to, before it reads on.
    AnswerThen(Vec<u8>, Arc<Told>),
    /// Closes the connection before the request is read.
    CloseUnread,
    /// Closes the connection after the request is read.
    CloseRead,
    /// Reads the request and says nothing.
    Stall,
}

/// Bytes that nobody asked for, when they are sent, and whether they were.
pub(super) struct Told {
    pub(super) bytes: Vec<u8>,
    pub(super) now: Notify,
    pub(super) is_done: AtomicBool,
}

impl Told {
    pub(super) fn of(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes, now: Notify::new(), is_done: AtomicBool::new(false) })
    }
}

pub(super) struct Server {
    pub(super) port: u16,
    pub(super) identity: ServerIdentity,
    state: Arc<State>,
}

#[derive(Default)]
struct State {
    script: Mutex<VecDeque<Act>>,
    requests: Mutex<Vec<String>>,
    connections: AtomicU32,
    handshakes: AtomicU32,
    open: AtomicU32,
    resumptions: AtomicU32,
}

impl Server {
    pub(super) async fn start(identity: ServerIdentity, script: Vec<Act>) -> Self {
        let acceptor = identity.acceptor();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State { script: Mutex::new(script.into()), ..State::default() });
        let shared = state.clone();
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                // What is sent without being asked for must not wait for the client's acknowledgement.
                tcp.set_nodelay(true).unwrap();
                let (acceptor, state) = (acceptor.clone(), shared.clone());
                tokio::spawn(async move {
                    state.connections.fetch_add(1, Ordering::SeqCst);
                    if let Ok(tls) = acceptor.accept(tcp).await {
                        state.handshakes.fetch_add(1, Ordering::SeqCst);
                        state.open.fetch_add(1, Ordering::SeqCst);
                        if tls.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed) {
                            state.resumptions.fetch_add(1, Ordering::SeqCst);
                        }
                        serve(tls, &state).await;
                        state.open.fetch_sub(1, Ordering::SeqCst);
                    }
                });
            }
        });
        Self { port, identity, state }
    }

    /// The connections that were begun.
    pub(super) fn connections(&self) -> u32 {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// The handshakes that the client finished.
    pub(super) fn handshakes(&self) -> u32 {
        self.state.handshakes.load(Ordering::SeqCst)
    }

    /// The handshakes that went on with an earlier session, and so showed no certificate.
    pub(super) fn resumptions(&self) -> u32 {
        self.state.resumptions.load(Ordering::SeqCst)
    }

    /// The connections that are open.
    pub(super) fn open(&self) -> u32 {
        self.state.open.load(Ordering::SeqCst)
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.state.requests.lock().unwrap().clone()
    }
}

async fn serve(mut tls: TlsStream<TcpStream>, state: &State) {
    loop {
        let front_closes = matches!(state.script.lock().unwrap().front(), Some(Act::CloseUnread));
        if front_closes {
            state.script.lock().unwrap().pop_front();
            return;
        }
        let Some(request) = read_request(&mut tls).await else {
            return;
        };
        state.requests.lock().unwrap().push(request.clone());
        let act = state.script.lock().unwrap().pop_front();
        match act {
            Some(Act::Answer(bytes)) => tls.write_all(&bytes).await.unwrap(),
            Some(Act::Echo(after)) => {
                tokio::time::sleep(after).await;
                let (_, body) = request.split_once("\r\n\r\n").unwrap();
                if tls.write_all(&success(body.as_bytes())).await.is_err() {
                    return;
                }
            }
            Some(Act::AnswerAndClose(bytes)) => {
                let _ = tls.write_all(&bytes).await;
                let _ = tls.shutdown().await;
                return;
            }
            Some(Act::AnswerThen(bytes, told)) => {
                tls.write_all(&bytes).await.unwrap();
                tls.flush().await.unwrap();
                told.now.notified().await;
                // An error is a client that has left.
                let _ = tls.write_all(&told.bytes).await;
                let _ = tls.flush().await;
                told.is_done.store(true, Ordering::SeqCst);
            }
            Some(Act::Stall) => tokio::time::sleep(Duration::from_mins(1)).await,
            Some(Act::CloseRead | Act::CloseUnread) => return,
            None => tls.write_all(&success(b"{}")).await.unwrap(),
        }
        let _ = tls.flush().await;
    }
}

async fn read_request(tls: &mut TlsStream<TcpStream>) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.unwrap_or("0").parse().unwrap() {
                return Some(text);
            }
        }
        let mut buffer = [0; 4096];
        match tls.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(read) => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

/// A response as DynamoDB sends it.
pub(super) fn success(body: &[u8]) -> Vec<u8> {
    response(200, &[("x-amz-crc32", &crc32fast::hash(body).to_string())], body)
}

/// An error as DynamoDB sends it.
pub(super) fn failure(status: u16, code: &str) -> Vec<u8> {
    failure_with(status, code, "")
}

/// An error with more members, each with a comma before it.
pub(super) fn failure_with(status: u16, code: &str, members: &str) -> Vec<u8> {
    let body = format!(
        r#"{{"__type":"com.amazonaws.dynamodb.v20120810#{code}","message":"because"{members}}}"#
    );
    let crc = crc32fast::hash(body.as_bytes()).to_string();
    response(status, &[("x-amz-crc32", &crc)], body.as_bytes())
}

/// A request that is throttled for these reasons.
pub(super) fn throttled(reasons: &[&str]) -> Vec<u8> {
    let reasons: Vec<_> =
        reasons.iter().map(|reason| format!(r#"{{"reason":"{reason}"}}"#)).collect();
    let reasons = format!(r#","throttlingReasons":[{}]"#, reasons.join(","));
    failure_with(400, "ThrottlingException", &reasons)
}

/// A response with DynamoDB's content type, a length and a request id.
pub(super) fn response(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut all =
        vec![("content-type", "application/x-amz-json-1.0"), ("x-amzn-requestid", "REQUEST1")];
    let length = body.len().to_string();
    all.push(("content-length", &length));
    all.extend_from_slice(headers);
    raw(status, &all, body)
}

pub(super) fn raw(status: u16, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {status} Whatever\r\n");
    for (name, value) in headers.iter().copied() {
        text.extend([name, ": ", value, "\r\n"]);
    }
    text.push_str("\r\n");
    let mut bytes = text.into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// Who the server says it is, and the authority that signed that.
pub(super) struct ServerIdentity {
    pub(super) ca_pem: String,
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) public_key_sha256: [u8; 32],
    pub(super) root_sha256: [u8; 32],
    pub(super) versions: &'static [&'static rustls::SupportedProtocolVersion],
    pub(super) key: PrivateKeyDer<'static>,
}

impl ServerIdentity {
    pub(super) fn good() -> Self {
        Self::of("127.0.0.1")
    }

    pub(super) fn of(name: &str) -> Self {
        let mut ca = CertificateParams::default();
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let ca = CertifiedIssuer::self_signed(ca, KeyPair::generate().unwrap()).unwrap();
        let mut leaf = CertificateParams::new([name.to_owned()]).unwrap();
        leaf.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        leaf.use_authority_key_identifier_extension = true;
        let key = KeyPair::generate().unwrap();
        let certificate = leaf.signed_by(&key, &ca).unwrap();
        Self {
            ca_pem: ca.pem(),
            chain: vec![certificate.der().clone()],
            public_key_sha256: sha256(&key.subject_public_key_info()),
            root_sha256: sha256(&ca.key().subject_public_key_info()),
            versions: rustls::ALL_VERSIONS,
            key: PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
        }
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(self.versions)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.clone(), self.key.clone_key())
            .unwrap();
        TlsAcceptor::from(Arc::new(config))
    }

    pub(super) fn certificate_sha256(&self) -> [u8; 32] {
        sha256(&self.chain[0])
    }
}
