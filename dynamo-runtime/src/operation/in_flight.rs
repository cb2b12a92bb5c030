//! A bounded number of concurrent requests.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::Poll;

/// The most requests of one operation that are under way at once.
const MOST: usize = 8;

/// Futures that run beside each other within one task.
pub(crate) struct InFlight<'a, T> {
    running: Vec<Pin<Box<dyn Future<Output = T> + Send + 'a>>>,
}

impl<'a, T> InFlight<'a, T> {
    pub(crate) fn new() -> Self {
        Self { running: Vec::new() }
    }

    /// Starts another, after one has ended where there are many; gives the output of that one.
    pub(crate) async fn start(&mut self, future: impl Future<Output = T> + Send + 'a) -> Option<T> {
        let ended = if self.running.len() >= MOST { self.next().await } else { None };
        self.running.push(Box::pin(future));
        ended
    }

    /// The output of the one that ends first; `None` when none is under way.
    pub(crate) async fn next(&mut self) -> Option<T> {
        poll_fn(|context| {
            if self.running.is_empty() {
                return Poll::Ready(None);
            }
            for position in 0..self.running.len() {
                let Some(future) = self.running.get_mut(position) else { break };
                if let Poll::Ready(output) = future.as_mut().poll(context) {
                    drop(self.running.swap_remove(position));
                    return Poll::Ready(Some(output));
                }
            }
            Poll::Pending
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn each_output_comes_once_and_few_run_at_once() {
        let (running, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut in_flight = InFlight::new();
        let mut outputs = Vec::new();
        for number in 0..50_u64 {
            let (running, most) = (&running, &most);
            let future = async move {
                most.fetch_max(running.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
                for _ in 0..number % 5 {
                    tokio::task::yield_now().await;
                }
                running.fetch_sub(1, Ordering::Relaxed);
                number
            };
            outputs.extend(in_flight.start(future).await);
        }
        while let Some(output) = in_flight.next().await {
            outputs.push(output);
        }
        drop(in_flight);
        outputs.sort_unstable();
        assert_eq!(outputs, (0..50).collect::<Vec<_>>());
        assert!((2..=MOST).contains(&most.load(Ordering::Relaxed)));
    }
}
