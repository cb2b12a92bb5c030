//! One span, one line of the log and one set of counts for each request.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::HeaderName;
use axum::http::{HeaderMap, HeaderValue, Method};
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use tracing::field::Empty;
use tracing::{Instrument, Span, info, info_span};
use uuid::Uuid;

use crate::ops::RefusedCallers;
use crate::problem::{Problem, is_problem};
#[cfg(feature = "otlp")]
use crate::telemetry;

/// The response header that repeats a problem's `correlation_id`.
const CORRELATION_ID: HeaderName = HeaderName::from_static("x-correlation-id");

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// Gives each request its correlation id and its line in the log, and each problem its body.
///
/// A caller's own id is not taken over, and neither the path nor a body is logged: the route is.
/// The caller's trace is, since it holds nothing but random numbers.
pub(crate) async fn trace(
    State(refused): State<RefusedCallers>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let correlation_id = Uuid::new_v4().to_string();
    let route = route.as_ref().map_or("none", MatchedPath::as_str).to_owned();
    let method = known(request.method());
    let caller = Trace::of(request.headers());
    let parent_span_id = caller.parent_span_id.as_deref();
    let span =
        info_span!("request", %correlation_id, method, route, trace_id = Empty, parent_span_id);
    span.record("trace_id", caller.joined_by(&span));
    let started = Instant::now();
    async move {
        let mut response = next.run(request).await;
        if is_problem(response.status()) {
            let code = Problem::describe(&mut response, &correlation_id);
            refused.count(code);
            counter!("user_service_problems_total", "code" => code).increment(1);
        }
        if let Ok(correlation_id) = HeaderValue::try_from(&correlation_id) {
            response.headers_mut().insert(CORRELATION_ID, correlation_id);
        }
        let status = response.status().as_u16();
        let elapsed = started.elapsed();
        info!(status, ?elapsed, "answered");
        counter!(
            "http_server_requests_total",
            "method" => method, "route" => route.clone(), "status" => status.to_string()
        )
        .increment(1);
        histogram!("http_server_request_duration_seconds", "method" => method, "route" => route)
            .record(elapsed);
        response
    }
    .instrument(span)
    .await
}

/// A method of ours by name, so that nobody else makes names of metrics.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}

/// The trace that a request belongs to: the caller's, or a new one.
#[derive(Debug)]
struct Trace {
    trace_id: String,
    parent_span_id: Option<String>,
}

impl Trace {
    fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(TRACEPARENT).iter();
        let value = values.next().filter(|_| values.next().is_none());
        value.and_then(|value| Self::parse(value.to_str().ok()?)).unwrap_or_else(|| Self {
            trace_id: Uuid::new_v4().simple().to_string(),
            parent_span_id: None,
        })
    }

    /// The trace that the span of a request is in.
    #[cfg(feature = "otlp")]
    fn joined_by(&self, span: &Span) -> String {
        let joined = telemetry::join(span, &self.trace_id, self.parent_span_id.as_deref());
        joined.unwrap_or_else(|| self.trace_id.clone())
    }

    /// The trace that the span of a request is in.
    #[cfg(not(feature = "otlp"))]
    fn joined_by(&self, _: &Span) -> &str {
        &self.trace_id
    }

    /// Source: [W3C Trace Context, section 3.2](https://www.w3.org/TR/trace-context/#traceparent-header).
    fn parse(text: &str) -> Option<Self> {
        let is_hex = |text: &str, length: usize| {
            text.len() == length
                && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let is_id =
            |text: &str, length| is_hex(text, length) && text.bytes().any(|byte| byte != b'0');
        let mut parts = text.split('-');
        let (version, trace_id) = (parts.next()?, parts.next()?);
        let (parent_id, flags) = (parts.next()?, parts.next()?);
        // A later version may have more behind the flags; this one has not.
        let is_whole = version != "00" || parts.next().is_none();
        let is_valid = is_hex(version, 2) && version != "ff" && is_hex(flags, 2) && is_whole;
        (is_valid && is_id(trace_id, 32) && is_id(parent_id, 16)).then(|| Self {
            trace_id: trace_id.to_owned(),
            parent_span_id: Some(parent_id.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn the_callers_trace_goes_on() {
        let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
        let trace = Trace::parse(&parent).unwrap();
        assert_eq!(trace.trace_id, TRACE);
        assert_eq!(trace.parent_span_id.as_deref(), Some("00f067aa0ba902b7"));
        assert!(Trace::parse(&format!("01-{TRACE}-00f067aa0ba902b7-01-more")).is_some());
    }

    #[test]
    fn what_is_no_trace_begins_a_new_one() {
        for text in [
            "",
            "hunter2",
            &format!("00-{TRACE}-00f067aa0ba902b7"),
            &format!("00-{TRACE}-00f067aa0ba902b7-01-more"),
            &format!("ff-{TRACE}-00f067aa0ba902b7-01"),
            &format!("00-{}-00f067aa0ba902b7-01", TRACE.to_uppercase()),
            &format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)),
            &format!("00-{TRACE}-{}-01", "0".repeat(16)),
            &format!("00-{TRACE}x-00f067aa0ba902b7-01"),
        ] {
            assert!(Trace::parse(text).is_none(), "{text}");
        }
        let mut headers = HeaderMap::new();
        for _ in 0..2 {
            let parent = format!("00-{TRACE}-00f067aa0ba902b7-01");
            headers.append(TRACEPARENT, parent.parse().unwrap());
        }
        assert_ne!(Trace::of(&headers).trace_id, TRACE, "two parents are none");
    }
}
