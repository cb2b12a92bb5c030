//! A TLS server that reads requests and answers each with the same bytes.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::default_provider;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use super::{Tally, listen};
use crate::identity::Identity;

/// TLS as rustls serves it, with every version that it has.
pub fn configuration(identity: Identity) -> ServerConfig {
    configuration_with(default_provider(), rustls::ALL_VERSIONS, identity)
}

fn configuration_with(
    provider: CryptoProvider,
    versions: &[&'static rustls::SupportedProtocolVersion],
    identity: Identity,
) -> ServerConfig {
    ServerConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(identity.chain, identity.key)
        .unwrap()
}

/// Answers every request with these bytes.
pub async fn answering(config: ServerConfig, answer: Vec<u8>) -> (u16, Arc<Tally>) {
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

async fn serve(mut tls: TlsStream<TcpStream>, answer: &[u8], tally: &Tally) {
    while read_request(&mut tls, tally).await.is_some() {
        tally.add_request();
        if tls.write_all(answer).await.is_err() || tls.flush().await.is_err() {
            return;
        }
    }
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
