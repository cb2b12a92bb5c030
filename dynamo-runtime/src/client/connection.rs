//! One TLS connection with HTTP/1.1 on it, and those that wait for the next request.

mod dial;
mod link;
mod lookup;
mod pool;
mod socket;
mod turn;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls_pki_types::ServerName;
use tokio::runtime::{self, Handle};
use tokio_rustls::client::TlsStream;

use self::link::Idle;
use self::socket::{OverSocket, Unawaited};
use super::audit::Auditor;
use super::causes::tls_cause;
use super::endpoint::{Authority, Host};
use super::error::BuildError;
use super::integrity::IntegrityError;
use super::peer::PeerInfo;
use super::profile::fault::Fault;
use super::proxy::Proxy;
use super::tls::Tls;
use super::transport::TransportError;
use super::verifier::Witness;

pub(super) use self::link::{Link, Sender, is_unasked};
pub(super) use self::lookup::Resolver;
#[cfg(test)]
pub(super) use self::lookup::tests::Silent;
pub(super) use self::pool::{DEFAULT_MAX, Pool, PoolPlace, SILENCE};
pub(super) use self::socket::{Socket, Sockets};
pub(super) use self::turn::Outgoing;

/// A verified connection, which belongs to the runtime that it was opened on: no other one tells it of its events.
pub(super) struct Connection {
    pub(super) link: Link<TlsStream<Socket>>,
    pub(super) peer: Arc<PeerInfo>,
    unawaited: Unawaited,
    runtime: Option<runtime::Id>,
}

impl Connection {
    /// Whether it can carry a request: it is open, and nothing has come that was not asked for.
    ///
    /// # Errors
    /// The server spoke although it was not asked.
    pub(super) async fn can_be_used(&mut self) -> Result<bool, TransportError> {
        self.unawaited.begin();
        let found = self.can_be_kept().await;
        self.unawaited.end();
        found
    }

    /// Whether it can carry another request, as far as its runtime knows.
    ///
    /// # Errors
    /// The server spoke although it was not asked.
    pub(super) async fn can_be_kept(&mut self) -> Result<bool, TransportError> {
        match self.link.look().await {
            Ok(found) => Ok(found == Idle::Open),
            Err(_) => Err(TransportError::Integrity(IntegrityError::Unasked)),
        }
    }
}

/// The runtime of the current task.
fn current_runtime() -> Option<runtime::Id> {
    Handle::try_current().ok().map(|runtime| runtime.id())
}

/// The way to one authority.
pub(super) struct Route {
    pub(super) authority: Authority,
    server_name: ServerName<'static>,
    tls: Tls,
    proxy: Option<Proxy>,
    limit: Duration,
    resolver: Arc<Resolver>,
    pub(super) sockets: Sockets,
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
        Ok(Self {
            authority,
            server_name,
            tls,
            proxy,
            limit,
            resolver: Resolver::system(),
            sockets: Sockets::default(),
            auditor,
        })
    }

    /// The way to another authority, by the same proxy and resolver and with the same limit; with the same trust where
    /// none is given.
    pub(super) fn beside(
        &self,
        authority: Authority,
        tls: Option<&Tls>,
    ) -> Result<Self, BuildError> {
        let tls = tls.unwrap_or(&self.tls).beside(authority.clone());
        let route =
            Self::new(authority, tls, self.proxy.clone(), self.limit, self.auditor.clone())?;
        Ok(Self { resolver: self.resolver.clone(), sockets: self.sockets.clone(), ..route })
    }

    /// The same way by another resolver.
    #[cfg(any(test, feature = "local"))]
    pub(super) fn resolved_by(mut self, resolver: Arc<Resolver>) -> Self {
        self.resolver = resolver;
        self
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
        let tcp = dial::dial(first, &self.resolver).await.map_err(refused)?;
        tcp.set_nodelay(true).map_err(refused)?;
        let remote = tcp.peer_addr().map_err(refused)?;
        let mut socket = Socket::new(tcp, &self.sockets);
        if let Some(proxy) = &self.proxy {
            proxy.tunnel(&mut socket, &self.authority).await.map_err(|error| {
                self.auditor.connection_refused(&self.authority, &error, None);
                TransportError::Proxy(error)
            })?;
        }
        let (connector, witness) = self.tls.for_connection();
        let tls = connector.connect(self.server_name.clone(), socket).await;
        let tls = tls.map_err(|error| self.handshake_failed(&error, &witness))?;
        let peer = witness.seen().and_then(|seen| PeerInfo::of(tls.get_ref().1, seen, remote));
        let Some(peer) = peer else {
            return Err(TransportError::Handshake("its handshake cannot be described".to_owned()));
        };
        let unawaited = tls.unawaited();
        let link = Link::new(tls).await;
        let link = link.map_err(|error| TransportError::Connect(error.to_string()))?;
        self.auditor.connection_opened(&self.authority, &peer);
        Ok(Connection { link, peer: Arc::new(peer), unawaited, runtime: current_runtime() })
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
