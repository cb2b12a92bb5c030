//! A task that runs while nothing polls it.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::runtime::Handle;
use tokio::task::JoinHandle;
use tracing::Instrument;

/// A future that its runtime drives by itself; dropping this stops it.
pub(super) struct Background<T>(JoinHandle<T>);

/// The runtime ended before the work did.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Abandoned;

impl<T: Send + 'static> Background<T> {
    /// Starts it on the present runtime, in the present span; `None` where there is no runtime.
    pub(super) fn start(work: impl Future<Output = T> + Send + 'static) -> Option<Self> {
        let runtime = Handle::try_current().ok()?;
        Some(Self(runtime.spawn(work.in_current_span())))
    }

    /// What it gives, once it has ended; not to be polled again then.
    ///
    /// A panic of the work goes on here.
    pub(super) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Abandoned>> {
        let ended = ready!(Pin::new(&mut self.0).poll(context));
        Poll::Ready(ended.map_err(|error| match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_) => Abandoned,
        }))
    }
}

impl<T> Drop for Background<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, poll_fn};

    use tokio::runtime::Builder;
    use tokio::sync::oneshot;

    use super::*;

    #[tokio::test]
    async fn it_goes_on_while_nobody_polls_it() {
        let (done, is_done) = oneshot::channel();
        let mut work = Background::start(async { done.send(7).unwrap() }).unwrap();
        assert_eq!(is_done.await, Ok(7));
        assert_eq!(poll_fn(|context| work.poll(context)).await, Ok(()));
    }

    #[tokio::test]
    async fn it_is_stopped_when_it_is_dropped() {
        let (running, stopped) = oneshot::channel::<()>();
        let (begun, has_begun) = oneshot::channel();
        let work = Background::start(async {
            let _running = running;
            begun.send(()).unwrap();
            pending::<()>().await;
        });
        has_begun.await.unwrap();
        drop(work.unwrap());
        assert!(stopped.await.is_err(), "what it held is dropped");
    }

    #[tokio::test]
    #[should_panic(expected = "as the user's code does")]
    async fn its_panic_is_that_of_who_waits_for_it() {
        let work: Option<Background<()>> =
            Background::start(async { panic!("as the user's code does") });
        let mut work = work.unwrap();
        let _ = poll_fn(|context| work.poll(context)).await;
    }

    #[test]
    fn it_ends_with_its_runtime_and_begins_with_none_only() {
        assert!(Background::start(async {}).is_none());
        let runtime = || Builder::new_current_thread().build().unwrap();
        let first = runtime();
        let mut work = first.block_on(async { Background::start(pending::<()>()) }).unwrap();
        drop(first);
        let ended = runtime().block_on(poll_fn(|context| work.poll(context)));
        assert_eq!(ended, Err(Abandoned));
    }
}
