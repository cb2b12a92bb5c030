//! How long clients may take, and how many may come.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use metrics::{Gauge, gauge};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::problem::Kind;

/// The limits of the edge.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// From the connection to the end of the TLS handshake.
    pub handshake: Duration,
    /// From the first byte of a request's head to its last, in HTTP/1.1.
    pub head: Duration,
    /// In bytes: of a request's head.
    pub head_size: u32,
    /// Of a request's head.
    pub headers: usize,
    /// For which a connection may have no request that runs.
    pub idle: Duration,
    /// From the head of a request to its response.
    pub request: Duration,
    /// Requests that run at a time; the next is refused.
    pub requests: usize,
    /// At a time; the next waits.
    pub connections: usize,
    /// Of one HTTP/2 connection, at a time.
    pub streams: u32,
    /// From the shutdown to the last new connection: until then balancers see that this instance is
    /// not ready, and send their requests to another.
    pub drain: Duration,
    /// From the end of that time, or the end of a connection's time, to the end of its last response.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(5),
            head: Duration::from_secs(15),
            head_size: 32 * 1024,
            headers: 64,
            idle: Duration::from_mins(1),
            request: Duration::from_secs(30),
            requests: 512,
            connections: 1024,
            streams: 100,
            drain: Duration::ZERO,
            shutdown: Duration::from_secs(10),
        }
    }
}

/// The places for requests that run.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    free: Arc<Semaphore>,
    request: Duration,
}

impl Places {
    pub(crate) fn of(limits: &Limits) -> Self {
        Self { free: Arc::new(Semaphore::new(limits.requests)), request: limits.request }
    }
}

/// Runs a request if there is a place for it, and for no longer than it may take.
pub(crate) async fn admit_some(
    State(places): State<Places>,
    request: Request,
    next: Next,
) -> Response {
    // To wait would only add to what is too much already.
    let Ok(_place) = places.free.try_acquire() else {
        return Kind::Busy.into_response();
    };
    let _running = Running::start();
    let answer = timeout(places.request, next.run(request)).await;
    answer.unwrap_or_else(|_| Kind::Timeout.into_response())
}

/// One request more in the gauge, until it is answered or given up.
struct Running(Gauge);

impl Running {
    fn start() -> Self {
        let gauge = gauge!("http_server_requests_in_flight");
        gauge.increment(1.0);
        Self(gauge)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}
