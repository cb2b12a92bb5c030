//! What a connection does: nothing, a head that arrives, or requests that run.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::sync::watch;
use tokio::time::sleep;

use crate::edge::Limits;

/// What a connection does at present. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Running(watch::Sender<State>);

#[derive(Clone, Copy, Default)]
struct State {
    requests: usize,
    /// A byte has arrived since the last request ended: the next head has begun.
    is_heard: bool,
}

impl Running {
    /// A request that runs, until it is dropped: answered or given up.
    pub(super) fn begin(&self) -> One {
        self.0
            .send_modify(|state| *state = State { requests: state.requests + 1, is_heard: false });
        One(self.clone())
    }

    fn hear(&self) {
        self.0.send_if_modified(|state| {
            let is_first = state.requests == 0 && !state.is_heard;
            state.is_heard |= is_first;
            is_first
        });
    }

    /// Ready when the connection was idle too long, or a head arrives for too long.
    pub(super) async fn too_long(&self, limits: Limits) {
        let mut state = self.0.subscribe();
        loop {
            let State { requests, is_heard } = *state.borrow_and_update();
            if requests > 0 {
                // The sender is here, so that it is never closed.
                let _ = state.changed().await;
                continue;
            }
            tokio::select! {
                () = sleep(if is_heard { limits.head } else { limits.idle }) => return,
                _ = state.changed() => {}
            }
        }
    }
}

/// See [`Running::begin`].
pub(super) struct One(Running);

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.send_modify(|state| state.requests -= 1);
    }
}

/// Notes that bytes arrive.
pub(super) struct Heard<I> {
    pub(super) io: I,
    pub(super) running: Running,
}

impl<I: Read + Unpin> Read for Heard<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.io).poll_read(context, buffer);
        if read.is_ready() {
            self.running.hear();
        }
        read
    }
}

impl<I: Write + Unpin> Write for Heard<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(context)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.io).poll_write_vectored(context, slices)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

    use tokio::time::timeout;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_from_its_last_request_on() {
        let running = Running::default();
        let limits = Limits { idle: Duration::from_mins(1), ..Limits::default() };
        let one = running.begin();
        assert!(timeout(limits.idle * 10, running.too_long(limits)).await.is_err(), "one runs");
        drop(one);
        let mut idle = pin!(running.too_long(limits));
        assert!(timeout(limits.idle / 2, &mut idle).await.is_err());
        drop(running.begin());
        assert!(timeout(limits.idle * 3 / 4, &mut idle).await.is_err(), "the time begins anew");
        assert!(timeout(limits.idle, idle).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_of_a_head_is_not_prolonged_by_its_bytes() {
        let running = Running::default();
        let limits = Limits::default();
        let mut head = pin!(running.too_long(limits));
        for _ in 0..2 {
            running.hear();
            assert!(timeout(limits.head * 2 / 5, &mut head).await.is_err());
        }
        running.hear();
        assert!(timeout(limits.head * 2 / 5, head).await.is_ok());
    }
}
