//! Whose turn it is to speak: what comes before a request has left is no response to it.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::socket::Unawaited;

/// Who may speak on a connection, as its stream and the body of its request see it.
#[derive(Clone, Default)]
pub(super) struct Turn(Arc<State>);

#[derive(Default)]
struct State {
    whose: AtomicU8,
    /// Whether a byte of the request may have left.
    has_begun: AtomicBool,
}

/// No request is under way, or its body is not yet in the writer's buffers.
const OURS: u8 = 0;
/// The whole request is in the writer's buffers, and may not have left.
const LEAVING: u8 = 1;
/// The last byte of the request has left.
const THEIRS: u8 = 2;

impl Turn {
    /// There is nothing that the server could answer.
    pub(super) fn take(&self) {
        self.0.has_begun.store(false, Ordering::Relaxed);
        self.0.whose.store(OURS, Ordering::Relaxed);
    }

    pub(super) fn is_ours(&self) -> bool {
        self.0.whose.load(Ordering::Relaxed) == OURS
    }

    /// Whether a byte of the request may have left.
    pub(super) fn has_begun(&self) -> bool {
        self.0.has_begun.load(Ordering::Relaxed)
    }

    fn handed_over(&self) {
        self.0.whose.store(LEAVING, Ordering::Relaxed);
    }

    fn flushed(&self) {
        if self.0.whose.load(Ordering::Relaxed) == LEAVING {
            self.0.whose.store(THEIRS, Ordering::Relaxed);
        }
    }

    fn is_theirs(&self) -> bool {
        self.0.whose.load(Ordering::Relaxed) == THEIRS
    }
}

/// The body of a request, in one piece, or none.
pub(in crate::client) struct Outgoing {
    bytes: Option<Bytes>,
    turn: Turn,
}

impl Outgoing {
    pub(in crate::client) fn new(bytes: Bytes) -> Self {
        Self { bytes: Some(bytes).filter(|bytes| !bytes.is_empty()), turn: Turn::default() }
    }

    /// Tells of its end to that connection.
    pub(super) fn tell(&mut self, turn: &Turn) {
        self.turn = turn.clone();
        self.turn.take();
        // Of nothing the end is never asked for.
        if self.bytes.is_none() {
            self.turn.handed_over();
        }
    }
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.turn.handed_over();
        Poll::Ready(self.bytes.take().map(|bytes| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
    }
}

/// A stream on which the server speaks when it is asked, and not before.
pub(super) struct InTurn<S> {
    stream: S,
    turn: Turn,
    unawaited: Unawaited,
}

impl<S> InTurn<S> {
    pub(super) fn new(stream: S, turn: Turn, unawaited: Unawaited) -> Self {
        Self { stream, turn, unawaited }
    }
}

impl<S: AsyncRead + Unpin> InTurn<S> {
    /// Before bytes of a request leave, asks the system whether anything has come: what has is no response to it.
    fn look(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if self.turn.is_theirs() {
            return Ok(());
        }
        let mut byte = [0];
        let mut buffer = ReadBuf::new(&mut byte);
        self.unawaited.begin();
        let read = Pin::new(&mut self.stream).poll_read(context, &mut buffer);
        self.unawaited.end();
        if !buffer.filled().is_empty() {
            return Err(io::Error::other(Unasked));
        }
        // The end of the stream is the reader's to find.
        if let Poll::Ready(Err(error)) = read {
            return Err(error);
        }
        self.turn.0.has_begun.store(true, Ordering::Relaxed);
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for InTurn<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before && !self.turn.is_theirs() {
            return Poll::Ready(Err(io::Error::other(Unasked)));
        }
        read
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for InTurn<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.look(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.look(context)?;
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if matches!(flushed, Poll::Ready(Ok(()))) {
            self.turn.flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// The server spoke before it was asked.
#[derive(Debug)]
pub(super) struct Unasked;

impl fmt::Display for Unasked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes came before the request had left")
    }
}

impl std::error::Error for Unasked {}

#[cfg(test)]
mod tests {
    use std::task::Waker;

    use super::*;

    /// Takes all bytes, and has sent them on where it says so.
    struct Buffering {
        is_flushed: bool,
    }

    impl AsyncRead for Buffering {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl AsyncWrite for Buffering {
        fn poll_write(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            bytes: &[u8],
        ) -> Poll<io::Result<usize>> {
            Poll::Ready(Ok(bytes.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            if self.is_flushed { Poll::Ready(Ok(())) } else { Poll::Pending }
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[test]
    fn it_is_the_servers_turn_once_the_last_byte_is_flushed() {
        let turn = Turn::default();
        let stream = Buffering { is_flushed: false };
        let mut stream = InTurn::new(stream, turn.clone(), Unawaited::default());
        let mut context = Context::from_waker(Waker::noop());
        turn.take();
        turn.handed_over();
        assert!(Pin::new(&mut stream).poll_write(&mut context, b"x").is_ready());
        assert!(Pin::new(&mut stream).poll_flush(&mut context).is_pending());
        assert!(!turn.is_theirs());
        stream.stream.is_flushed = true;
        assert!(Pin::new(&mut stream).poll_flush(&mut context).is_ready());
        assert!(turn.is_theirs());
    }
}
