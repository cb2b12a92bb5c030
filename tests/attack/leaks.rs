//! What is left of a client when it is gone: its tasks, its sockets and what waits for one.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;

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
                let sockets = gauges.now("dynamo.client.connections.open");
                let queued = gauges.now("dynamo.client.attempts.waiting");
                (output, Left { tasks, sockets, queued })
            })
        });
        // An error is a row that has taken too long.
        let _ = done.send(told);
    });
    ended.await.expect("the client's side panicked")
}

/// The gauges of one client, by their names.
#[derive(Clone, Default)]
struct Gauges(Arc<Mutex<HashMap<String, f64>>>);

impl Gauges {
    fn now(&self, name: &str) -> f64 {
        self.0.lock().unwrap().get(name).copied().unwrap_or_default()
    }
}

struct OneGauge(Gauges, String);

impl GaugeFn for OneGauge {
    fn increment(&self, by: f64) {
        *self.0.0.lock().unwrap().entry(self.1.clone()).or_default() += by;
    }

    fn decrement(&self, by: f64) {
        self.increment(-by);
    }

    fn set(&self, value: f64) {
        self.0.0.lock().unwrap().insert(self.1.clone(), value);
    }
}

impl Recorder for Gauges {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(Arc::new(OneGauge(self.clone(), key.name().to_owned())))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}
