//! Counts and times, in Prometheus' text format.

use std::sync::OnceLock;

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};

use crate::auth::{Caller, Scope};
use crate::problem::{Kind, Problem};

/// In seconds: from a read of a near table to what the deadlines allow.
pub(crate) const BUCKETS: [f64; 12] =
    [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 30.0];

/// A process has one recorder, whatever number of services it runs.
static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Counts from now on, unless the program has a recorder of its own already.
pub(crate) fn install() {
    RECORDER.get_or_init(|| recorder().ok());
}

/// Counts from now on for another recorder too, unless the program counts already.
#[cfg(feature = "otlp")]
pub fn install_with(other: impl metrics::Recorder + Send + Sync + 'static) {
    RECORDER.get_or_init(|| {
        let ours = builder().ok()?.build_recorder();
        let handle = ours.handle();
        let both = metrics_util::layers::FanoutBuilder::default();
        let both = both.add_recorder(ours).add_recorder(other).build();
        metrics::set_global_recorder(both).ok().map(|()| handle)
    });
}

fn recorder() -> Result<PrometheusHandle, BuildError> {
    builder()?.install_recorder()
}

fn builder() -> Result<PrometheusBuilder, BuildError> {
    let times = Matcher::Suffix("_seconds".to_owned());
    PrometheusBuilder::new().set_buckets_for_metric(times, &BUCKETS)
}

/// What the service and its client of the table have counted.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operators",
    operation_id = "metrics",
    responses((status = 200, description = "Prometheus' text format", body = String, content_type = "text/plain")),
    security(("bearer" = []))
)]
pub(crate) async fn metrics(caller: Caller) -> Result<Response, Problem> {
    const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";

    caller.require(Scope::Admin)?;
    let recorder = RECORDER.get().and_then(Option::as_ref).ok_or(Kind::NotReady)?;
    recorder.run_upkeep();
    Ok(([(CONTENT_TYPE, TEXT)], recorder.render()).into_response())
}
