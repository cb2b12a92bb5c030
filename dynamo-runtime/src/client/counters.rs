//! Counters beside the audit, through the `metrics` crate (feature `metrics-024`); without the feature nothing is counted.

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
