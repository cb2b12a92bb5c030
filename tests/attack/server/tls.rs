//! A TLS server that reads requests and answers each with the same bytes.

use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::{default_provider, sign::any_supported_type};
use rustls::server::WebPkiClientVerifier;
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{RootCertStore, ServerConfig, SupportedProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{Tally, listen};
use crate::identity::Identity;

/// TLS as rustls serves it, with all that it has.
pub fn configuration(identity: Identity) -> ServerConfig {
    configuration_with(default_provider(), rustls::ALL_VERSIONS, identity)
}

pub fn configuration_with(
    provider: CryptoProvider,
    versions: &[&'static SupportedProtocolVersion],
    identity: Identity,
) -> ServerConfig {
    // The resolver does not mind a key that is another certificate's.
    let key = any_supported_type(&identity.key).unwrap();
    let mut certified = CertifiedKey::new(identity.chain, key);
    certified.ocsp = identity.staple;
    ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(SingleCertAndKey::from(certified)))
}

/// A server that asks for a certificate of the client's, by one of these versions.
pub fn asking_for_certificate(
    versions: &[&'static SupportedProtocolVersion],
    identity: Identity,
    roots: RootCertStore,
    is_demanded: bool,
) -> ServerConfig {
    let provider = Arc::new(default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone());
    let verifier = if is_demanded { verifier } else { verifier.allow_unauthenticated() };
    ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(identity.chain, identity.key)
        .unwrap()
}

/// What a server says to each request.
#[derive(Clone)]
pub struct Answer {
    pub bytes: Vec<u8>,
    pub then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Then {
    Listens,
    Closes,
    /// The bytes come one by one, and never all of them within the client's time.
    Drips,
}

/// Answers every request so.
pub async fn answering(config: ServerConfig, answer: Answer) -> (u16, Arc<Tally>) {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let answer = Arc::new(answer);
    listen(move |tcp, tally| {
        let (acceptor, answer) = (acceptor.clone(), answer.clone());
        async move {
            if let Ok(tls) = acceptor.accept(tcp).await {
                serve(tls, &answer, &tally).await;
            }
        }
    })
    .await
}

async fn serve(mut tls: TlsStream<TcpStream>, answer: &Answer, tally: &Tally) {
    while read_request(&mut tls, tally).await.is_some() {
        tally.add_request();
        let is_sent = match answer.then {
            Then::Drips => drip(&mut tls, &answer.bytes).await,
            Then::Listens | Then::Closes => tls.write_all(&answer.bytes).await.is_ok(),
        };
        if !is_sent || tls.flush().await.is_err() {
            return;
        }
        if answer.then == Then::Closes {
            let _ = tls.shutdown().await;
            return;
        }
    }
}

async fn drip(tls: &mut TlsStream<TcpStream>, bytes: &[u8]) -> bool {
    let (head, body) =
        bytes.split_at(bytes.windows(4).position(|it| it == b"\r\n\r\n").unwrap() + 4);
    let mut is_open = tls.write_all(head).await.is_ok();
    for byte in body {
        is_open &= tls.write_all(&[*byte]).await.is_ok() && tls.flush().await.is_ok();
        if !is_open {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    true
}

/// Reads one request whole.
async fn read_request(tls: &mut TlsStream<TcpStream>, tally: &Tally) -> Option<()> {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length?.parse().ok()? {
                return Some(());
            }
        }
        let mut buffer = [0; 4096];
        let read = tls.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        tally.add_bytes(read);
        request.extend_from_slice(&buffer[..read]);
    }
}
