//! The socket below TLS, which tells what has come although no task has waited for it.

use std::io::{self, IoSlice, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::task::{Context, Poll};

use socket2::SockRef;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

use crate::client::counters::{Gauge, Gauged};

/// How often a socket is read without waiting, for one look at an idle connection.
///
/// More than a server sends of session tickets. What keeps coming is no idle connection.
const UNAWAITED_READS: u8 = 8;

/// A TCP stream that can be read past the runtime's readiness.
///
/// A runtime learns that a socket is readable while it waits for events. Between two `block_on` of a current-thread
/// runtime it waits for none, so what has come meanwhile, the end of the stream too, is not known to it.
pub(in crate::client) struct Socket {
    tcp: TcpStream,
    unawaited: Unawaited,
    _open: Open,
}

/// How many sockets of one client are open, those that are no connection yet among them.
#[derive(Clone, Default)]
pub(in crate::client) struct Sockets(Arc<AtomicUsize>);

impl Sockets {
    pub(in crate::client) fn open(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

/// One of them, until it is dropped.
struct Open {
    sockets: Sockets,
    _gauged: Gauged,
}

impl Open {
    fn new(sockets: &Sockets) -> Self {
        sockets.0.fetch_add(1, Ordering::AcqRel);
        Self { sockets: sockets.clone(), _gauged: Gauged::new(Gauge::OpenConnections) }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.sockets.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Lets the next reads of a socket ask the system at once.
#[derive(Clone, Default)]
pub(in crate::client) struct Unawaited(Arc<AtomicU8>);

impl Unawaited {
    pub(super) fn begin(&self) {
        self.0.store(UNAWAITED_READS, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Whether one more read may be tried.
    fn take(&self) -> bool {
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok()
    }
}

impl Socket {
    pub(in crate::client) fn new(tcp: TcpStream, sockets: &Sockets) -> Self {
        Self { tcp, unawaited: Unawaited::default(), _open: Open::new(sockets) }
    }
}

/// A stream whose bytes come by a [`Socket`].
pub(in crate::client) trait OverSocket {
    /// Lets its next reads ask the system at once.
    fn unawaited(&self) -> Unawaited;
}

impl OverSocket for Socket {
    fn unawaited(&self) -> Unawaited {
        self.unawaited.clone()
    }
}

impl<S: OverSocket> OverSocket for TlsStream<S> {
    fn unawaited(&self) -> Unawaited {
        self.get_ref().0.unawaited()
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.tcp).poll_read(context, buffer);
        if read.is_ready() || !self.unawaited.take() {
            return read;
        }
        match (&*SockRef::from(&self.tcp)).read(buffer.initialize_unfilled()) {
            Ok(read) => {
                buffer.advance(read);
                Poll::Ready(Ok(()))
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Poll::Pending,
            Err(error) => Poll::Ready(Err(error)),
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}
