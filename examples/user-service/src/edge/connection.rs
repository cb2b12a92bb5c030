//! One connection, from its handshake to its end.

mod running;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONNECTION, HeaderValue};
use axum::http::{Request, Version};
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower_service::Service;
use tracing::debug;

use self::running::{Heard, Running};
use super::limits::Limits;
use super::proxy::Arrival;
use super::tls::HTTP_2;

/// For what a client still sends after the last response.
const LINGER: Duration = Duration::from_secs(1);

/// Whether this instance is about to stop. Clones share it; each request has one with it.
#[derive(Clone, Default)]
pub(crate) struct Draining(CancellationToken);

impl Draining {
    pub(super) fn begin(&self) {
        self.0.cancel();
    }

    pub(crate) fn has_begun(&self) -> bool {
        self.0.is_cancelled()
    }
}

/// What every connection is served with.
#[derive(Clone)]
pub(super) struct Connections {
    /// None where a proxy has ended the TLS.
    pub(super) acceptor: Option<TlsAcceptor>,
    pub(super) router: Router,
    pub(super) limits: Limits,
    pub(super) draining: Draining,
    pub(super) stop: CancellationToken,
}

impl Connections {
    pub(super) async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = self.acceptor.clone() else {
            let arrival = Arrival { peer, is_tls: false };
            return self.speak(stream, arrival, false).await;
        };
        let handshake = timeout(self.limits.handshake, acceptor.accept(stream));
        let stream = tokio::select! {
            stream = handshake => stream,
            () = self.stop.cancelled() => return,
        };
        let stream = match stream {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return debug!(%error, "a handshake failed"),
            Err(_) => return debug!("a handshake took too long"),
        };
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(HTTP_2);
        self.speak(stream, Arrival { peer, is_tls: true }, is_http2).await;
    }

    async fn speak(
        self,
        mut stream: impl AsyncRead + AsyncWrite + Unpin + Send,
        arrival: Arrival,
        is_http2: bool,
    ) {
        let Self { router, limits, draining, stop, .. } = self;
        let running = Running::default();
        let watched = running.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            let one = watched.begin();
            request.extensions_mut().insert(arrival);
            request.extensions_mut().insert(draining.clone());
            // HTTP/2 has a frame for it, which ends the connection without a request lost.
            let is_last = draining.has_begun() && request.version() < Version::HTTP_2;
            let response = router.clone().call(request.map(Body::new));
            async move {
                let mut response = response.await.map_err(|never: Infallible| never)?;
                drop(one);
                if is_last {
                    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response)
            }
        });
        if is_http2 {
            let io = TokioIo::new(&mut stream);
            let connection = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .max_header_list_size(limits.head_size)
                .max_concurrent_streams(limits.streams)
                .serve_connection(io, service);
            let end = http2::Connection::graceful_shutdown;
            drive(pin!(connection), end, &running, limits, &stop).await;
        } else {
            // hyper's own timer of heads would run while a connection is idle, and end it without a word.
            let io = Heard { io: TokioIo::new(&mut stream), running: running.clone() };
            let connection = http1::Builder::new()
                .max_buf_size(usize::try_from(limits.head_size).unwrap_or(usize::MAX))
                .max_headers(limits.headers)
                .serve_connection(io, service);
            let end = http1::Connection::graceful_shutdown;
            drive(pin!(connection), end, &running, limits, &stop).await;
        }
        // What takes longer is cut off.
        let _ = timeout(LINGER, linger(&mut stream)).await;
    }
}

/// Until the client ends it, or the service stops, or its client takes too long; then for as long as its
/// last responses may take.
async fn drive<C: Future<Output = hyper::Result<()>>>(
    mut connection: Pin<&mut C>,
    end: impl FnOnce(Pin<&mut C>),
    running: &Running,
    limits: Limits,
    stop: &CancellationToken,
) {
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = stop.cancelled() => None,
        () = running.too_long(limits) => None,
    };
    let ended = if let Some(ended) = ended {
        Ok(ended)
    } else {
        end(connection.as_mut());
        timeout(limits.shutdown, connection).await
    };
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, "a connection failed"),
        Err(_) => debug!("a connection was cut off"),
    }
}

/// Says that nothing more comes, and reads what the client still sends. A socket that is closed with
/// bytes unread is reset, and then the client may never read the last response, which tells it why.
async fn linger(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    let mut unread = [0; 1024];
    stream.shutdown().await?;
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{DuplexStream, duplex};

    use super::*;

    /// The client's end of a connection without TLS.
    fn connect(limits: Limits) -> DuplexStream {
        let (client, server) = duplex(4096);
        let connections = Connections {
            acceptor: None,
            router: Router::new().route("/", get(async || "ok")),
            limits,
            draining: Draining::default(),
            stop: CancellationToken::new(),
        };
        let arrival = Arrival { peer: "127.0.0.1:1".parse().unwrap(), is_tls: true };
        tokio::spawn(connections.speak(server, arrival, false));
        client
    }

    /// How long it took until the service said that nothing more comes, and what came before.
    async fn closed_after(limits: Limits, words: &str) -> (Duration, String) {
        let mut client = connect(limits);
        let begun = tokio::time::Instant::now();
        client.write_all(words.as_bytes()).await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        (begun.elapsed(), answer)
    }

    #[tokio::test(start_paused = true)]
    async fn each_part_of_a_connection_has_its_time() {
        let limits = Limits::default();
        let (idle, silence) = closed_after(limits, "").await;
        assert_eq!((idle.as_secs(), &*silence), (limits.idle.as_secs(), ""));
        let one = "GET / HTTP/1.1\r\nhost: a\r\n\r\n";
        let (idle, answer) = closed_after(limits, one).await;
        assert_eq!(idle.as_secs(), limits.idle.as_secs());
        assert!(answer.ends_with("ok"), "{answer}");
        let (head, nothing) = closed_after(limits, &one[..20]).await;
        assert_eq!(head.as_secs(), (limits.head + limits.shutdown).as_secs());
        assert!(!nothing.contains("200"), "{nothing}");
        let two = format!("{one}{}", &one[..20]);
        let (head, answer) = closed_after(limits, &two).await;
        assert!(head < limits.idle + limits.shutdown * 2 && answer.ends_with("ok"), "{answer}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_still_sends_can_read_why_it_was_refused() {
        let mut client = connect(Limits::default());
        client.write_all(b"POST / HTTP/1.1\r\nbad header: \r\n\r\n").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
        for _ in 0..16 {
            client.write_all(&[0; 1024]).await.expect("the connection was reset");
        }
        // One that never ends is cut off.
        let begun = tokio::time::Instant::now();
        while client.write_all(&[0; 1024]).await.is_ok() {
            tokio::time::sleep(LINGER / 4).await;
        }
        assert!(begun.elapsed() <= LINGER * 5 / 4);
    }
}
