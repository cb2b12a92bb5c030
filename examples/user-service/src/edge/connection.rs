//! One connection, from its handshake to its end.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::rt::{Read, Write};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulConnection;
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;
use tower_service::Service;
use tracing::debug;

use super::limits::Limits;
use super::proxy::Arrival;
use super::tls::HTTP_2;

/// What every connection is served with.
#[derive(Clone)]
pub(super) struct Connections {
    /// None where a proxy has ended the TLS.
    pub(super) acceptor: Option<TlsAcceptor>,
    pub(super) router: Router,
    pub(super) limits: Limits,
    pub(super) stop: CancellationToken,
}

impl Connections {
    pub(super) async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = self.acceptor.clone() else {
            let arrival = Arrival { peer, is_tls: false };
            return self.speak(TokioIo::new(stream), arrival, false).await;
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
        self.speak(TokioIo::new(stream), Arrival { peer, is_tls: true }, is_http2).await;
    }

    async fn speak(
        self,
        io: impl Read + Write + Unpin + Send + 'static,
        arrival: Arrival,
        is_http2: bool,
    ) {
        let Self { router, limits, stop, .. } = self;
        let running = Running::default();
        let watched = running.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            let one = watched.begin();
            request.extensions_mut().insert(arrival);
            let response = router.clone().call(request.map(Body::new));
            async move {
                let response = response.await;
                drop(one);
                response.map_err(|never: Infallible| never)
            }
        });
        if is_http2 {
            let connection = http2::Builder::new(TokioExecutor::new())
                .timer(TokioTimer::new())
                .max_header_list_size(limits.head_size)
                .max_concurrent_streams(limits.streams)
                .serve_connection(io, service);
            drive(connection, &running, limits, &stop).await;
        } else {
            let connection = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(limits.head)
                .max_buf_size(usize::try_from(limits.head_size).unwrap_or(usize::MAX))
                .max_headers(limits.headers)
                .serve_connection(io, service);
            drive(connection, &running, limits, &stop).await;
        }
    }
}

/// Until the client ends it, or the service stops, or it was idle too long; then for as long as its
/// last responses may take.
async fn drive<C>(connection: C, running: &Running, limits: Limits, stop: &CancellationToken)
where
    C: GracefulConnection,
    C::Error: std::fmt::Display,
{
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = stop.cancelled() => None,
        () = running.idle_for(limits.idle) => None,
    };
    let ended = if let Some(ended) = ended {
        Ok(ended)
    } else {
        connection.as_mut().graceful_shutdown();
        timeout(limits.shutdown, connection).await
    };
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => debug!(%error, "a connection failed"),
        Err(_) => debug!("a connection was cut off"),
    }
}

/// How many requests of a connection run.
#[derive(Clone, Default)]
struct Running(watch::Sender<usize>);

impl Running {
    fn begin(&self) -> One {
        self.0.send_modify(|running| *running += 1);
        One(self.clone())
    }

    /// Ready when none has run for so long.
    async fn idle_for(&self, time: std::time::Duration) {
        let mut running = self.0.subscribe();
        loop {
            if *running.borrow_and_update() > 0 {
                // The sender is here, so that it is never closed.
                let _ = running.changed().await;
                continue;
            }
            tokio::select! {
                () = sleep(time) => return,
                _ = running.changed() => {}
            }
        }
    }
}

/// A request that runs, until it is dropped: answered or given up.
struct One(Running);

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.send_modify(|running| *running -= 1);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_from_its_last_request_on() {
        let running = Running::default();
        let minute = Duration::from_mins(1);
        let one = running.begin();
        assert!(timeout(minute * 10, running.idle_for(minute)).await.is_err(), "one runs");
        drop(one);
        let idle = running.idle_for(minute);
        let mut idle = pin!(idle);
        assert!(timeout(minute / 2, &mut idle).await.is_err());
        drop(running.begin());
        assert!(timeout(minute * 3 / 4, &mut idle).await.is_err(), "the time begins anew");
        assert!(timeout(minute, idle).await.is_ok());
    }
}
