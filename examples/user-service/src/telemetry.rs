//! Spans and metrics to a collector, by OTLP over HTTPS.
//!
//! Source: [the OTLP specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp).

mod recorder;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Request, Response};
use dynamo_runtime::error::BoxError;
use http_body_util::Full;
use metrics::Recorder;
use opentelemetry::Context;
use opentelemetry::metrics::MeterProvider;
use opentelemetry::trace::{
    SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState, TracerProvider,
};
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{
    MetricExporter, Protocol, SpanExporter, WithExportConfig, WithHttpConfig,
};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::metrics::{PeriodicReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tokio::runtime::Handle;
use tracing::{Span, Subscriber};
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::registry::LookupSpan;

use self::recorder::ToMeter;
use crate::https::HttpsUrl;

const NAME: &str = "user-service";

/// From one export of the metrics to the next.
const INTERVAL: Duration = Duration::from_secs(15);

/// A collector's answer is a few bytes.
const MAX_ANSWER: usize = 64 * 1024;

/// What sends spans and metrics; they are sent one last time by [`end`](Self::end).
#[derive(Debug)]
pub struct Telemetry {
    spans: SdkTracerProvider,
    metrics: SdkMeterProvider,
}

impl Telemetry {
    /// Sends to this collector from now on: to its path with `/v1/traces` and `/v1/metrics` behind it.
    ///
    /// It must be called within the runtime that sends.
    ///
    /// # Errors
    /// The exporters cannot be built.
    pub fn start(collector: &HttpsUrl) -> Result<Self, BoxError> {
        let client = || ToCollector { collector: collector.clone(), runtime: Handle::current() };
        // The client alone knows where it sends: of this it takes the path. No variable of
        // OpenTelemetry changes it, for there would be a second way to say where to.
        let endpoint = |signal| {
            format!("https://collector{}/v1/{signal}", collector.path().trim_end_matches('/'))
        };
        let spans = SpanExporter::builder()
            .with_http()
            .with_http_client(client())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint("traces"))
            .build()?;
        let metrics = MetricExporter::builder()
            .with_http()
            .with_http_client(client())
            .with_protocol(Protocol::HttpBinary)
            .with_endpoint(endpoint("metrics"))
            .build()?;
        let resource = Resource::builder_empty().with_service_name(NAME).build();
        let reader = PeriodicReader::builder(metrics).with_interval(INTERVAL).build();
        Ok(Self {
            spans: SdkTracerProvider::builder()
                .with_resource(resource.clone())
                // A caller has no say in what is recorded of it.
                .with_sampler(Sampler::AlwaysOn)
                .with_batch_exporter(spans)
                .build(),
            metrics: SdkMeterProvider::builder()
                .with_resource(resource)
                .with_reader(reader)
                .build(),
        })
    }

    /// Takes the spans of a subscriber.
    pub fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'span> LookupSpan<'span>,
    {
        tracing_opentelemetry::layer()
            .with_location(false)
            .with_threads(false)
            .with_tracer(self.spans.tracer(NAME))
    }

    /// Takes the metrics of the process.
    pub fn recorder(&self) -> impl Recorder + Send + Sync + use<> {
        ToMeter::new(self.metrics.meter(NAME))
    }

    /// Sends what is left, within the time of one request for each of the two. It waits, so it is no
    /// call for a thread of the runtime.
    ///
    /// # Errors
    /// The collector did not take it.
    pub fn end(&self) -> Result<(), BoxError> {
        let ended = [self.spans.shutdown(), self.metrics.shutdown()];
        ended.into_iter().collect::<Result<(), _>>().map_err(BoxError::from)
    }
}

/// Makes a request's span a part of its caller's trace, if it has one, and gives the trace that it is
/// in: none where no spans are sent.
pub(crate) fn join(span: &Span, trace_id: &str, parent_id: Option<&str>) -> Option<String> {
    let caller = parent_id.and_then(|parent_id| {
        let (trace, parent) =
            (TraceId::from_hex(trace_id).ok()?, SpanId::from_hex(parent_id).ok()?);
        Some(SpanContext::new(trace, parent, TraceFlags::SAMPLED, true, TraceState::default()))
    });
    if let Some(caller) = caller {
        // It fails where no spans are sent, which the next lines find too.
        let _ = span.set_parent(Context::new().with_remote_span_context(caller));
    }
    let context = span.context();
    let context = context.span().span_context().clone();
    context.is_valid().then(|| context.trace_id().to_string())
}

/// The way to the collector, which no URL of a request can change.
struct ToCollector {
    collector: HttpsUrl,
    runtime: Handle,
}

impl fmt::Debug for ToCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ToCollector").field(&self.collector).finish()
    }
}

impl HttpClient for ToCollector {
    fn send_bytes<'client, 'sent>(
        &'client self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'sent>>
    where
        'client: 'sent,
        Self: 'sent,
    {
        let collector = self.collector.clone();
        // The exporters have threads of their own, which are none of a runtime's.
        let sent = self.runtime.spawn(async move {
            let path = request.uri().path().to_owned();
            let mut ours = Request::post(path).body(Full::from(request.into_body()))?;
            let protobuf = HeaderValue::from_static("application/x-protobuf");
            ours.headers_mut().insert(CONTENT_TYPE, protobuf);
            collector.send(ours, MAX_ANSWER).await
        });
        Box::pin(async { sent.await? })
    }
}
