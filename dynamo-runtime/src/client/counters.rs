//! Counters and gauges beside the audit, through the `metrics` crate (feature `metrics-024`); without the feature nothing is counted.

#[cfg(feature = "metrics-024")]
use metrics::Label;

use super::api::Api;

/// What is counted over all clients of the process.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counter {
    Calls,
    FailedCalls,
    Attempts,
    BytesSent,
    BytesReceived,
    ConnectionsOpened,
    ConnectionsRefused,
    QueuedAttempts,
    RequestsRefused,
    ResponsesRejected,
}

#[cfg(feature = "metrics-024")]
impl Counter {
    fn name(self) -> &'static str {
        match self {
            Self::Calls => "dynamo.client.calls",
            Self::FailedCalls => "dynamo.client.calls.failed",
            Self::Attempts => "dynamo.client.attempts",
            Self::BytesSent => "dynamo.client.request.body.bytes",
            Self::BytesReceived => "dynamo.client.response.body.bytes",
            Self::ConnectionsOpened => "dynamo.client.connections.opened",
            Self::ConnectionsRefused => "dynamo.client.connections.refused",
            Self::QueuedAttempts => "dynamo.client.attempts.queued",
            Self::RequestsRefused => "dynamo.client.requests.refused",
            Self::ResponsesRejected => "dynamo.client.responses.rejected",
        }
    }
}

#[cfg(feature = "metrics-024")]
pub(super) fn add(counter: Counter, api: Option<Api>, amount: u64) {
    let name = counter.name();
    let system = ("db.system.name", "aws.dynamodb");
    match api {
        Some(api) => {
            metrics::counter!(name, &[system, ("db.operation.name", api.name())]).increment(amount);
        }
        None => metrics::counter!(name, &[system]).increment(amount),
    }
}

#[cfg(not(feature = "metrics-024"))]
pub(super) fn add(_: Counter, _: Option<Api>, _: u64) {}

/// How many there are at present, over all clients of the process.
#[derive(Clone, Copy, Debug)]
pub(super) enum Gauge {
    OpenConnections,
    QueuedAttempts,
}

/// One of them, until it is dropped.
pub(super) struct Gauged(#[cfg(feature = "metrics-024")] metrics::Gauge);

impl Gauged {
    #[cfg(feature = "metrics-024")]
    pub(super) fn new(gauge: Gauge) -> Self {
        let name = match gauge {
            Gauge::OpenConnections => "dynamo.client.connections.open",
            Gauge::QueuedAttempts => "dynamo.client.attempts.waiting",
        };
        let gauge = metrics::gauge!(name, &[("db.system.name", "aws.dynamodb")]);
        gauge.increment(1.0);
        Self(gauge)
    }

    #[cfg(not(feature = "metrics-024"))]
    pub(super) fn new(_: Gauge) -> Self {
        Self()
    }
}

#[cfg(feature = "metrics-024")]
impl Drop for Gauged {
    fn drop(&mut self) {
        self.0.decrement(1.0);
    }
}

/// An attempt that was throttled, by one of its reasons.
#[cfg(feature = "metrics-024")]
pub(super) fn add_throttling(api: Api, reason: Option<&str>) {
    let labels = [
        Label::from_static_parts("db.system.name", "aws.dynamodb"),
        Label::from_static_parts("db.operation.name", api.name()),
        Label::new("aws.dynamodb.throttling_reason", reason.unwrap_or("_OTHER").to_owned()),
    ];
    metrics::counter!("dynamo.client.attempts.throttled", labels.to_vec()).increment(1);
}

#[cfg(not(feature = "metrics-024"))]
pub(super) fn add_throttling(_: Api, _: Option<&str>) {}

/// The consumed capacity, in thousandths of a capacity unit: a counter has whole numbers.
#[cfg(feature = "metrics-024")]
pub(super) fn add_capacity(entity: &'static str, operation: &'static str, units: f64) {
    let labels = [
        ("db.system.name", "aws.dynamodb"),
        ("dynamo.entity", entity),
        ("dynamo.operation", operation),
    ];
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the conversion saturates, and the units are not negative"
    )]
    let thousandths = (units * 1000.0).round() as u64;
    metrics::counter!("dynamo.client.consumed_capacity.thousandths", &labels)
        .increment(thousandths);
}

#[cfg(not(feature = "metrics-024"))]
pub(super) fn add_capacity(_: &'static str, _: &'static str, _: f64) {}
