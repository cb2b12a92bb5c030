//! One TLS connection with HTTP/1.1 on it, and those that wait for the next request.

use std::collections::VecDeque;
use std::error::Error;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::audit::Auditor;
use super::endpoint::{Authority, Host};
use super::error::BuildError;
use super::peer::PeerInfo;
use super::proxy::Proxy;
use super::tls::Tls;
use super::transport::TransportError;
use super::verifier::{Fault, Witness};

pub(super) struct Connection {
    pub(super) sender: SendRequest<Full<Bytes>>,
    pub(super) peer: Arc<PeerInfo>,
}

/// The way to one authority.
pub(super) struct Route {
    pub(super) authority: Authority,
    server_name: ServerName<'static>,
    tls: Tls,
    proxy: Option<Proxy>,
    limit: Duration,
    pub(super) auditor: Auditor,
}

impl Route {
    pub(super) fn new(
        authority: Authority,
        tls: Tls,
        proxy: Option<Proxy>,
        limit: Duration,
        auditor: Auditor,
    ) -> Result<Self, BuildError> {
        let server_name = match &authority.host {
            Host::Address(address) => ServerName::from(*address),
            Host::Name(name) => ServerName::try_from(name.clone())
                .map_err(|_| BuildError::invalid("host", name, "TLS has no such server name"))?,
        };
        Ok(Self { authority, server_name, tls, proxy, limit, auditor })
    }

    /// Opens a connection; no byte of any request is sent on the way.
    pub(super) async fn open(&self) -> Result<Connection, TransportError> {
        match tokio::time::timeout(self.limit, self.connect()).await {
            Ok(connection) => connection,
            Err(_) => Err(TransportError::ConnectTimeout(self.limit)),
        }
    }

    async fn connect(&self) -> Result<Connection, TransportError> {
        let refused = |error: io::Error| TransportError::Connect(error.to_string());
        let first = self.proxy.as_ref().map_or(&self.authority, Proxy::authority);
        let mut tcp = match &first.host {
            Host::Address(address) => TcpStream::connect((*address, first.port)).await,
            Host::Name(name) => TcpStream::connect((name.as_str(), first.port)).await,
        }
        .map_err(refused)?;
        tcp.set_nodelay(true).map_err(refused)?;
        let remote = tcp.peer_addr().map_err(refused)?;
        if let Some(proxy) = &self.proxy {
            proxy.tunnel(&mut tcp, &self.authority).await.map_err(|error| {
                self.auditor.connection_refused(&self.authority, &error, None);
                TransportError::Proxy(error)
            })?;
        }
        let (connector, witness) = self.tls.for_connection();
        let tls = connector.connect(self.server_name.clone(), tcp).await;
        let tls = tls.map_err(|error| self.handshake_failed(&error, &witness))?;
        let Some(peer) = PeerInfo::of(tls.get_ref().1, &witness, remote) else {
            return Err(TransportError::Handshake("its handshake cannot be described".to_owned()));
        };
        let handshake = http1::handshake(TokioIo::new(tls)).await;
        let (sender, driver) =
            handshake.map_err(|error| TransportError::Connect(error.to_string()))?;
        // Its end is seen by the sender; the error says nothing that the exchange does not.
        tokio::spawn(async move { drop(driver.await) });
        self.auditor.connection_opened(&self.authority, &peer);
        Ok(Connection { sender, peer: Arc::new(peer) })
    }

    /// Whatever rustls itself complains of is a refusal, which another attempt does not heal.
    fn handshake_failed(&self, error: &io::Error, witness: &Witness) -> TransportError {
        match tls_cause(error) {
            Some(rustls::Error::AlertReceived(_)) if witness.is_certificate_requested() => {
                self.certificate_demanded()
            }
            Some(cause) => {
                // The verifier has told of a certificate's fault by itself, and in its own words.
                if let Some(fault) = Fault::of(cause) {
                    return TransportError::Handshake(fault.to_string());
                }
                self.auditor.connection_refused(&self.authority, cause, None);
                TransportError::Handshake(cause.to_string())
            }
            None => TransportError::Connect(error.to_string()),
        }
    }

    /// The server has ended a handshake for which the client has no certificate: in TLS 1.3 after the client has
    /// finished it, so that the end of a fresh connection tells. Another attempt does not heal that.
    pub(super) fn certificate_demanded(&self) -> TransportError {
        const REASON: &str = "it demands a certificate of the client, which has none";
        self.auditor.connection_refused(&self.authority, &REASON, None);
        TransportError::Handshake(REASON.to_owned())
    }
}

/// How long a connection may wait for its next request: less than the service waits.
const IDLE_LIMIT: Duration = Duration::from_secs(20);

/// Open connections that carry no request, in the order in which they came.
#[derive(Default)]
pub(super) struct Pool {
    idle: Mutex<VecDeque<(Instant, Connection)>>,
}

impl Pool {
    /// The connection that was used last, if it is still open.
    pub(super) fn take(&self) -> Option<Connection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        while let Some((since, connection)) = idle.pop_back() {
            if since.elapsed() >= IDLE_LIMIT {
                // The others have waited longer.
                idle.clear();
            } else if !connection.sender.is_closed() {
                return Some(connection);
            }
        }
        None
    }

    pub(super) fn put(&self, connection: Connection) {
        if !connection.sender.is_closed() {
            let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
            // Calls one by one never reach those that a burst has left below.
            while idle.front().is_some_and(|(since, _)| since.elapsed() >= IDLE_LIMIT) {
                idle.pop_front();
            }
            idle.push_back((Instant::now(), connection));
        }
    }
}

/// An error with its causes, since hyper tells the interesting part in the cause.
pub(super) fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// What rustls complains of, if that is the cause.
pub(super) fn tls_cause<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // The source of an I/O error is that of its cause.
        next = match error.downcast_ref::<io::Error>() {
            Some(error) => error.get_ref().map(|cause| cause as &(dyn Error + 'static)),
            None => error.source(),
        };
    }
    None
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Outer(io::Error);

    impl fmt::Display for Outer {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("the outer")
        }
    }

    impl Error for Outer {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn an_error_is_told_with_what_caused_it() {
        let error = Outer(io::Error::other("the inner"));
        assert_eq!(with_causes(&error), "the outer: the inner");
    }
}
