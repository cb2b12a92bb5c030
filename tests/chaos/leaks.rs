//! What is left of the client when it is gone.

use tokio::runtime::Handle;

use crate::gauges::{Gauges, OPEN, WAITING};

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Left {
    pub tasks: usize,
    pub sockets: f64,
    pub queued: f64,
}

/// What is left on the present runtime; a task that was aborted is dropped in its next turn.
pub async fn left(gauges: &Gauges) -> Left {
    let mut left = Left::default();
    for _ in 0..10_000 {
        left = Left {
            tasks: Handle::current().metrics().num_alive_tasks(),
            sockets: gauges.now(OPEN),
            queued: gauges.now(WAITING),
        };
        if left == Left::default() {
            break;
        }
        tokio::task::yield_now().await;
    }
    left
}
