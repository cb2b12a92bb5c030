//! What is left of a client when it is gone: its tasks, its sockets and what waits for one.

use std::future::Future;

use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

use crate::gauges::{Gauges, OPEN, WAITING};
use crate::row::Left;

/// How often the runtime is let run: a task that is aborted is dropped in its next turn.
const TURNS: usize = 100;

/// Runs the client's side on a thread and a runtime of its own, on which every task is the client's, and tells what is
/// left of it.
pub async fn apart<T: Send + 'static>(
    client: impl Future<Output = T> + Send + 'static,
) -> (T, Left) {
    let (done, ended) = oneshot::channel();
    std::thread::spawn(move || {
        let gauges = Gauges::default();
        let told = metrics::with_local_recorder(&gauges, || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let output = client.await;
                for _ in 0..TURNS {
                    tokio::task::yield_now().await;
                }
                let tasks = Handle::current().metrics().num_alive_tasks();
                let sockets = gauges.now(OPEN);
                let queued = gauges.now(WAITING);
                (output, Left { tasks, sockets, queued })
            })
        });
        // An error is a row that has taken too long.
        let _ = done.send(told);
    });
    ended.await.expect("the client's side panicked")
}
