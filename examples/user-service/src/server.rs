//! The listener: TLS on every connection, and no connection that holds up another.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use dynamo_runtime::error::BoxError;
use dynamo_runtime::prelude::*;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tracing::{debug, warn};

use crate::config::{Certificate, Config, Store};
use crate::routes;
use crate::tls::Identity;
use crate::user::User;

/// How long clients may take, and how many may come.
#[derive(Clone, Copy, Debug)]
struct Limits {
    /// From the connection to the end of the TLS handshake.
    handshake: Duration,
    /// From the end of one response to the end of the next request's head.
    head: Duration,
    /// In bytes: of a request's head.
    head_size: usize,
    /// From the shutdown to the end of the last response.
    shutdown: Duration,
    /// At a time; the next waits.
    connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(5),
            head: Duration::from_secs(15),
            head_size: 32 * 1024,
            shutdown: Duration::from_secs(10),
            connections: 1024,
        }
    }
}

/// A service that listens, and answers once it is run.
pub struct Server {
    listener: TcpListener,
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
    /// The store cannot be opened as configured, the certificate cannot be used, or the address is
    /// taken.
    pub async fn bind(config: &Config) -> Result<Self, StartError> {
        let client = open(&config.store).await.map_err(StartError::at("the store"))?;
        Self::bind_with(client, &config.certificate, config.listen).await
    }

    /// Listens, with a store that is open.
    ///
    /// # Errors
    /// The certificate cannot be used, or the address is taken.
    pub async fn bind_with(
        client: SecureClient,
        certificate: &Certificate,
        address: SocketAddr,
    ) -> Result<Self, StartError> {
        let identity = match certificate {
            Certificate::ForThisRun => Identity::for_this_run(),
            Certificate::Files { chain, key } => Identity::from_files(chain, key),
        }
        .map_err(StartError::at("the certificate"))?;
        Self::listen(address, identity, routes::router(client))
            .await
            .map_err(StartError::at("the address"))
    }

    async fn listen(
        address: SocketAddr,
        identity: Identity,
        router: Router,
    ) -> Result<Self, BoxError> {
        let listener = TcpListener::bind(address).await?;
        Ok(Self {
            address: listener.local_addr()?,
            listener,
            acceptor: TlsAcceptor::from(identity.config),
            ca_pem: identity.ca_pem,
            router,
            limits: Limits::default(),
        })
    }

    /// The address that the service listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The authority's certificate, if it was made for this run.
    pub fn ca_pem(&self) -> Option<&str> {
        self.ca_pem.as_deref()
    }

    /// Answers until `shutdown` is ready, and then ends what has begun.
    pub async fn run(self, shutdown: impl Future<Output = ()>) {
        let mut shutdown = pin!(shutdown);
        let connections = GracefulShutdown::new();
        let permits = Arc::new(Semaphore::new(self.limits.connections));
        loop {
            let accepted = async {
                let permit =
                    Arc::clone(&permits).acquire_owned().await.map_err(io::Error::other)?;
                let (stream, _) = self.listener.accept().await?;
                Ok::<_, io::Error>((stream, permit))
            };
            tokio::select! {
                () = &mut shutdown => break,
                accepted = accepted => match accepted {
                    Ok((stream, permit)) => {
                        let connection = self.connection(stream, connections.watcher());
                        tokio::spawn(async move {
                            connection.await;
                            drop(permit);
                        });
                    }
                    Err(error) => {
                        // Out of file descriptors, most likely: trying at once would spin.
                        warn!(%error, "no connection could be accepted");
                        sleep(Duration::from_millis(100)).await;
                    }
                },
            }
        }
        drop(self.listener);
        if timeout(self.limits.shutdown, connections.shutdown()).await.is_err() {
            warn!("connections were cut off by the shutdown");
        }
    }

    /// One connection, from its handshake to its end.
    fn connection(
        &self,
        stream: TcpStream,
        watcher: Watcher,
    ) -> impl Future<Output = ()> + Send + 'static {
        let acceptor = self.acceptor.clone();
        let router = self.router.clone();
        let limits = self.limits;
        async move {
            let _ = stream.set_nodelay(true);
            let stream = match timeout(limits.handshake, acceptor.accept(stream)).await {
                Ok(Ok(stream)) => stream,
                Ok(Err(error)) => return debug!(%error, "a handshake failed"),
                Err(_) => return debug!("a handshake took too long"),
            };
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.head)
                .max_buf_size(limits.head_size)
                .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router));
            if let Err(error) = watcher.watch(connection).await {
                debug!(%error, "a connection failed");
            }
        }
    }
}

async fn open(store: &Store) -> Result<SecureClient, BoxError> {
    match store {
        Store::Embedded => Ok(SecureClient::local().table::<User>().build().await?),
        Store::Aws { region, table } => {
            let mut builder =
                SecureClient::builder().region(*region).credentials(Credentials::environment());
            if let Some(table) = table {
                builder = builder.table::<User>(table.clone());
            }
            Ok(builder.build().await?)
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

#[cfg(test)]
mod tests {
    use std::future::pending;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    async fn start(limits: Limits) -> SocketAddr {
        let address = "127.0.0.1:0".parse().unwrap();
        let router = Router::new().route("/", get(async || "ok"));
        let server =
            Server::listen(address, Identity::for_this_run().unwrap(), router).await.unwrap();
        let server = Server { limits, ..server };
        let address = server.address();
        tokio::spawn(server.run(pending()));
        address
    }

    /// What the server sends until it closes the connection.
    async fn last_words(mut client: TcpStream) -> Vec<u8> {
        let mut words = Vec::new();
        let read = timeout(Duration::from_secs(10), client.read_to_end(&mut words)).await;
        let _ = read.expect("the connection was not closed");
        words
    }

    #[tokio::test]
    async fn a_client_that_says_nothing_is_let_go() {
        let limits = Limits { handshake: Duration::from_millis(50), ..Limits::default() };
        let address = start(limits).await;
        assert_eq!(last_words(TcpStream::connect(address).await.unwrap()).await, b"");
    }

    #[tokio::test]
    async fn plaintext_gets_no_answer() {
        let address = start(Limits::default()).await;
        let mut client = TcpStream::connect(address).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
        let words = last_words(client).await;
        assert!(!words.starts_with(b"HTTP"), "{}", String::from_utf8_lossy(&words));
    }
}
