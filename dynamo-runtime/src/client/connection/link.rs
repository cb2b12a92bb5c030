//! HTTP/1.1 on a stream, driven by the call that uses it: no task outlives the call.

use std::future::poll_fn;
use std::mem;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use http::{Request, Response};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};

use super::socket::OverSocket;
use super::turn::{InTurn, Outgoing, Turn, Unasked};
use crate::client::causes::cause_of;

/// Both ends of HTTP/1.1 on a stream: that which is given requests, and that which does the work.
pub(in crate::client) struct Link<S: AsyncRead + AsyncWrite + Unpin> {
    pub(in crate::client) sender: Sender,
    pub(in crate::client) driver: Driver<S>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    pub(in crate::client) async fn new(stream: S) -> Result<Self, hyper::Error>
    where
        S: OverSocket,
    {
        let unawaited = stream.unawaited();
        let turn = Turn::default();
        let stream = TokioIo::new(InTurn::new(stream, turn.clone(), unawaited));
        let (requests, connection) = http1::handshake(stream).await?;
        let driver = Driver { state: State::Running(Box::new(connection)), turn: turn.clone() };
        Ok(Self { sender: Sender { requests, turn }, driver })
    }

    /// Reads what has come while no request was under way.
    ///
    /// # Errors
    /// The server spoke although it was not asked.
    pub(super) async fn look(&mut self) -> Result<Idle, hyper::Error> {
        self.sender.turn.take();
        poll_fn(|context| {
            self.driver.advance(context);
            Poll::Ready(())
        })
        .await;
        match &mut self.driver.state {
            State::Running(_) if self.sender.requests.is_closed() => Ok(Idle::Closed),
            State::Running(_) => Ok(Idle::Open),
            State::Ended(error) => match error.take().filter(is_unasked) {
                Some(error) => Err(error),
                None => Ok(Idle::Closed),
            },
        }
    }
}

/// What an idle connection was found to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Idle {
    Open,
    Closed,
}

/// Whether the server spoke out of turn.
pub(in crate::client) fn is_unasked(error: &hyper::Error) -> bool {
    // The second are bytes that came together with the end of the last response.
    cause_of::<Unasked>(error).is_some() || error.to_string().starts_with(UNEXPECTED)
}

/// As hyper words bytes on an idle connection, for which it has no predicate.
const UNEXPECTED: &str = "received unexpected message from connection";

pub(in crate::client) struct Sender {
    requests: SendRequest<Outgoing>,
    turn: Turn,
}

impl Sender {
    /// Waits until the connection can take a request; false where it has ended.
    pub(in crate::client) async fn is_ready(&mut self) -> bool {
        self.requests.ready().await.is_ok()
    }

    /// Whether a byte of the last request may have left.
    pub(in crate::client) fn has_begun(&self) -> bool {
        self.turn.has_begun()
    }

    pub(in crate::client) async fn send(
        &mut self,
        mut request: Request<Outgoing>,
    ) -> Result<Response<Incoming>, TrySendError<Request<Outgoing>>> {
        request.body_mut().tell(&self.turn);
        self.requests.try_send_request(request).await
    }
}

/// What reads and writes; it does nothing unless it is polled.
pub(in crate::client) struct Driver<S: AsyncRead + AsyncWrite + Unpin> {
    state: State<S>,
    turn: Turn,
}

enum State<S: AsyncRead + AsyncWrite + Unpin> {
    Running(Box<http1::Connection<TokioIo<InTurn<S>>, Outgoing>>),
    /// With the error that no exchange was told of.
    Ended(Option<hyper::Error>),
}

impl<S: AsyncRead + AsyncWrite + Unpin> Driver<S> {
    /// Waits for an exchange on the connection, and drives the connection meanwhile.
    pub(in crate::client) async fn drive<T>(&mut self, exchange: impl Future<Output = T>) -> T {
        let mut exchange = pin!(exchange);
        poll_fn(|context| {
            if let Poll::Ready(output) = exchange.as_mut().poll(context) {
                return Poll::Ready(output);
            }
            self.advance(context);
            exchange.as_mut().poll(context)
        })
        .await
    }

    /// Does what can be done without waiting.
    fn advance(&mut self, context: &mut Context<'_>) {
        if let State::Running(connection) = &mut self.state
            && let Poll::Ready(result) = Pin::new(connection).poll(context)
        {
            self.state = State::Ended(result.err());
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Drop for Driver<S> {
    /// Ends TLS before TCP, as far as that goes without waiting; a request that was given up is not helped on.
    fn drop(&mut self) {
        if let State::Running(connection) = mem::replace(&mut self.state, State::Ended(None))
            && self.turn.is_ours()
        {
            let mut stream = connection.into_parts().io.into_inner();
            let _ = Pin::new(&mut stream).poll_shutdown(&mut Context::from_waker(Waker::noop()));
        }
    }
}

#[cfg(test)]
mod tests;
