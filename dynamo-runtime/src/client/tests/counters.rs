//! The counters, against a recorder of this test's own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, Key, KeyName, Metadata, Recorder, SharedString,
    Unit,
};

use super::server::{Act, Server, ServerIdentity, failure, response, success, throttled};
use super::*;
use crate::client::audit::Auditor;
use crate::client::endpoint::Authority;

type Counted = Arc<Mutex<BTreeMap<String, u64>>>;
/// Each gauge's present value, and its greatest.
type Gauged = Arc<Mutex<BTreeMap<String, (f64, f64)>>>;

#[derive(Clone, Default)]
struct Recording(Counted, Gauged);

struct OneGauge(Gauged, String);

impl GaugeFn for OneGauge {
    fn increment(&self, by: f64) {
        let mut all = self.0.lock().unwrap();
        let (now, most) = all.entry(self.1.clone()).or_default();
        *now += by;
        *most = most.max(*now);
    }

    fn decrement(&self, by: f64) {
        self.increment(-by);
    }

    fn set(&self, _: f64) {
        panic!("a gauge was set");
    }
}

struct One(Counted, String);

impl CounterFn for One {
    fn increment(&self, value: u64) {
        *self.0.lock().unwrap().entry(self.1.clone()).or_default() += value;
    }

    fn absolute(&self, _: u64) {
        panic!("a counter was set");
    }
}

impl Recorder for Recording {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<_> = key.labels().map(|it| (it.key(), it.value())).collect();
        assert_eq!(labels[0], ("db.system.name", "aws.dynamodb"));
        let of = match labels[1..] {
            [] => String::new(),
            [("db.operation.name", operation)] => format!(" of {operation}"),
            [("db.operation.name", operation), ("aws.dynamodb.throttling_reason", reason)] => {
                format!(" of {operation} by {reason}")
            }
            [("dynamo.entity", entity), ("dynamo.operation", operation)] => {
                format!(" of {entity}::{operation}")
            }
            _ => panic!("other labels: {labels:?}"),
        };
        let name = format!("{}{of}", key.name());
        Counter::from_arc(Arc::new(One(self.0.clone(), name)))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        let labels: Vec<_> = key.labels().map(|it| (it.key(), it.value())).collect();
        assert_eq!(labels, [("db.system.name", "aws.dynamodb")]);
        Gauge::from_arc(Arc::new(OneGauge(self.1.clone(), key.name().to_owned())))
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

/// What is counted while two calls are made: one that succeeds at its third attempt, one that fails.
#[test]
fn calls_attempts_bytes_and_refusals_are_counted() {
    let recording = Recording::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let body = call(Replay::Harmless).body.len() as u64;
    metrics::with_local_recorder(&recording, || {
        runtime.block_on(async {
            let script = vec![
                Act::Answer(response(200, &[("x-amz-crc32", "1")], b"{}")),
                Act::Answer(failure(500, "InternalServerError")),
                Act::Answer(success(b"{\"four\":4}")),
                Act::Answer(failure(400, "ValidationException")),
            ];
            let server = Server::start(ServerIdentity::good(), script).await;
            let client = client(&server);
            send(&client, Replay::Harmless).await.unwrap();
            send(&client, Replay::Harmless).await.err().unwrap();
            let wrong = Trust::private_ca(ServerIdentity::good().ca_pem).unwrap();
            let client = builder(&server).trust(wrong).build_in(&Fake::default()).unwrap();
            send(&client, Replay::Harmless).await.err().unwrap();
        });
    });
    let mut counted = recording.0.lock().unwrap().clone();
    assert!(counted.remove("dynamo.client.response.body.bytes of PutItem") > Some(10));
    let expected = [
        ("dynamo.client.attempts of PutItem", 5),
        ("dynamo.client.calls of PutItem", 3),
        ("dynamo.client.calls.failed of PutItem", 2),
        // The one with the damaged response is not used again.
        ("dynamo.client.connections.opened", 2),
        ("dynamo.client.connections.refused", 1),
        ("dynamo.client.request.body.bytes of PutItem", 4 * body),
        ("dynamo.client.responses.rejected of PutItem", 1),
    ];
    assert_eq!(counted, expected.map(|(name, count)| (name.to_owned(), count)).into());
}

#[test]
fn what_waits_for_a_connection_and_what_is_open_is_gauged() {
    let recording = Recording::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recording, || {
        runtime.block_on(async {
            let server = Server::start(ServerIdentity::good(), vec![]).await;
            let client = builder(&server).max_connections(1).build_in(&Fake::default()).unwrap();
            let each = || send(&client, Replay::Harmless);
            let (first, second, third) = tokio::join!(each(), each(), each());
            assert!(first.is_ok() && second.is_ok() && third.is_ok());
            // One that is given up while it waits is none that waits.
            tokio::select! {
                biased;
                _ = async { tokio::join!(each(), each()) } => panic!("it was answered at once"),
                () = async {} => {}
            }
            let gauged = recording.1.lock().unwrap().clone();
            assert_eq!(gauged["dynamo.client.connections.open"], (0.0, 1.0));
            assert_eq!(gauged["dynamo.client.attempts.waiting"], (0.0, 2.0));
            each().await.unwrap();
            let open = recording.1.lock().unwrap()["dynamo.client.connections.open"];
            assert_eq!(open, (1.0, 1.0));
        });
        runtime.block_on(async {
            let crc = crc32fast::hash(b"{}").to_string();
            let last = response(200, &[("x-amz-crc32", &crc), ("connection", "close")], b"{}");
            let server = Server::start(ServerIdentity::good(), vec![Act::Answer(last)]).await;
            let client = client(&server);
            send(&client, Replay::Harmless).await.unwrap();
            let open = recording.1.lock().unwrap()["dynamo.client.connections.open"];
            assert_eq!(open, (0.0, 1.0), "one that is at its end is not kept");
        });
    });
    assert_eq!(recording.1.lock().unwrap()["dynamo.client.connections.open"], (0.0, 1.0));
    assert_eq!(recording.0.lock().unwrap()["dynamo.client.attempts.queued of PutItem"], 3);
}

#[test]
fn each_throttled_attempt_is_counted_by_its_reasons() {
    let recording = Recording::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&recording, || {
        runtime.block_on(async {
            let reasons = ["TableWriteAccountLimitExceeded", "hunter2"];
            let script =
                vec![Act::Answer(throttled(&reasons)), Act::Answer(throttled(&reasons[..1]))];
            let server = Server::start(ServerIdentity::good(), script).await;
            send(&client(&server), Replay::Harmful).await.unwrap();
        });
    });
    let counted = recording.0.lock().unwrap().clone();
    let of =
        |reason: &str| counted[&format!("dynamo.client.attempts.throttled of PutItem by {reason}")];
    assert_eq!((of("TableWriteAccountLimitExceeded"), of("_OTHER")), (2, 1));
}

#[test]
fn a_request_that_is_stopped_is_counted() {
    let recording = Recording::default();
    let authority = Authority::https("db.internal".to_owned());
    metrics::with_local_recorder(&recording, || {
        Auditor::default().request_refused(&authority, &"why");
    });
    let counted = recording.0.lock().unwrap().clone();
    assert_eq!(counted, [("dynamo.client.requests.refused".to_owned(), 1)].into());
}

#[test]
fn the_consumed_capacity_is_counted_by_entity_and_operation() {
    let recording = Recording::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(ServerIdentity::good(), Vec::new()));
    let client = builder(&server).return_capacity().build_in(&Fake::default()).unwrap();
    metrics::with_local_recorder(&recording, || {
        client.add_capacity("User", "create", 1.5);
        client.add_capacity("User", "create", 2.0);
        client.add_capacity("Order", "get", 0.5);
    });
    let counted = recording.0.lock().unwrap().clone();
    let expected = [
        ("dynamo.client.consumed_capacity.thousandths of Order::get", 500),
        ("dynamo.client.consumed_capacity.thousandths of User::create", 3500),
    ];
    assert_eq!(counted, expected.map(|(name, count)| (name.to_owned(), count)).into());
}
