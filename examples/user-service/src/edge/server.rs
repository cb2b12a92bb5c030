//! The listeners: one for TLS, and one behind which only a proxy may stand.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use dynamo_runtime::SecureClient;
use dynamo_runtime::error::BoxError;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::{info, warn};

use super::connection::{Connections, Draining};
use super::limits::Limits;
use super::tls::Identity;
use crate::config::{Certificate, Config};
use crate::service::{self, Clock, Service};

/// A service that listens, and answers once it is run.
pub struct Server {
    tls: TcpListener,
    plain: Option<TcpListener>,
    address: SocketAddr,
    acceptor: TlsAcceptor,
    ca_pem: Option<String>,
    router: Router,
    limits: Limits,
}

impl Server {
    /// Opens the store and listens.
    ///
    /// # Errors
    /// The store cannot be opened as configured, the certificate or the keys of tokens cannot be
    /// used, or an address is taken.
    pub async fn bind(config: &Config) -> Result<Self, StartError> {
        let client = service::open(&config.store).await.map_err(StartError::at("the store"))?;
        Self::bind_with(config, client, Clock::system()).await
    }

    /// Listens, with a store that is open and a clock.
    ///
    /// # Errors
    /// The certificate or the keys of tokens cannot be used, or an address is taken.
    pub async fn bind_with(
        config: &Config,
        client: SecureClient,
        clock: Clock,
    ) -> Result<Self, StartError> {
        let service = Service::start(config, client, clock).await;
        let service = service.map_err(StartError::at("the keys of tokens"))?;
        Self::serving(config, crate::routes::router(service, config)).await
    }

    /// Listens, for a router that is [`protected`](super::protect).
    ///
    /// # Errors
    /// The certificate cannot be used, or an address is taken.
    pub async fn serving(config: &Config, router: Router) -> Result<Self, StartError> {
        let identity = match &config.certificate {
            Certificate::ForThisRun => Identity::for_this_run(),
            Certificate::Files { chain, key } => Identity::from_files(chain, key),
        }
        .map_err(StartError::at("the certificate"))?;
        Self::listen(config, identity, router).await.map_err(StartError::at("the address"))
    }

    async fn listen(config: &Config, identity: Identity, router: Router) -> Result<Self, BoxError> {
        let tls = TcpListener::bind(config.listen).await?;
        let plain = match config.plain_listen {
            Some(address) => Some(TcpListener::bind(address).await?),
            None => None,
        };
        Ok(Self {
            address: tls.local_addr()?,
            tls,
            plain,
            acceptor: TlsAcceptor::from(identity.config),
            ca_pem: identity.ca_pem,
            router,
            limits: config.limits,
        })
    }

    /// The address that the service listens on with TLS.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The host and port by which a client on this machine reaches it.
    pub fn name(&self) -> String {
        match &self.ca_pem {
            // Its certificate is for that name.
            Some(_) => format!("localhost:{}", self.address.port()),
            None => self.address.to_string(),
        }
    }

    /// The address that it listens on for a proxy that has ended the TLS.
    pub fn plain_address(&self) -> Option<SocketAddr> {
        self.plain.as_ref().and_then(|plain| plain.local_addr().ok())
    }

    /// The authority's certificate, if it was made for this run.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Answers until `shutdown` is ready, for as long after it as balancers need to notice, and then
    /// ends what has begun.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let (draining, stop) = (Draining::default(), CancellationToken::new());
        let tracker = TaskTracker::new();
        let permits = Arc::new(Semaphore::new(self.limits.connections));
        let connections = |acceptor| Connections {
            acceptor,
            router: self.router.clone(),
            limits: self.limits,
            draining: draining.clone(),
            stop: stop.clone(),
        };
        let listen = |listener, acceptor| {
            accept(listener, connections(acceptor), Arc::clone(&permits), tracker.clone())
        };
        if let Some(address) = self.plain_address() {
            warn!(%address, "listens without TLS, for the configured proxies alone");
        }
        let plain = async {
            match &self.plain {
                Some(listener) => listen(listener, None).await,
                None => std::future::pending().await,
            }
        };
        let shutdown = async {
            shutdown.await;
            if !self.limits.drain.is_zero() {
                info!("is no longer ready, and still answers");
                draining.begin();
                sleep(self.limits.drain).await;
            }
        };
        tokio::select! {
            () = shutdown => {}
            () = listen(&self.tls, Some(self.acceptor.clone())) => {}
            () = plain => {}
        }
        drop((self.tls, self.plain));
        info!(connections = tracker.len(), "stops, and finishes what runs");
        stop.cancel();
        tracker.close();
        // A connection ends itself in that time; a second for it to do so.
        if timeout(self.limits.shutdown + Duration::from_secs(1), tracker.wait()).await.is_err() {
            warn!("connections were cut off by the shutdown");
        }
    }
}

/// Takes connections, as many at a time as there are permits.
async fn accept(
    listener: &TcpListener,
    connections: Connections,
    permits: Arc<Semaphore>,
    tracker: TaskTracker,
) {
    loop {
        let accepted = async {
            let permit = Arc::clone(&permits).acquire_owned().await.map_err(io::Error::other)?;
            let (stream, peer) = listener.accept().await?;
            Ok::<_, io::Error>((permit, stream, peer))
        };
        match accepted.await {
            Ok((permit, stream, peer)) => {
                let connection = connections.clone().serve(stream, peer);
                tracker.spawn(async move {
                    connection.await;
                    drop(permit);
                });
            }
            Err(error) => {
                // Out of file descriptors, most likely: trying at once would spin.
                warn!(%error, "no connection could be accepted");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Why the service could not start.
#[derive(Debug)]
pub struct StartError {
    part: &'static str,
    cause: BoxError,
}

impl StartError {
    fn at(part: &'static str) -> impl FnOnce(BoxError) -> Self {
        move |cause| Self { part, cause }
    }
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.part, self.cause)
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.source()
    }
}
