//! What a checked answer means: a success, or an error of the service's.

use std::time::Duration;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::{DateTime, Format};
use aws_smithy_types::error::ErrorMetadata;
use bytes::Bytes;
use http::header::{CONTENT_TYPE, DATE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::super::api::ModeledError;
use super::super::connector::CheckedResponse;
use super::super::counters;
use super::super::flight::Flight;
use super::super::integrity::Verdict;
use super::super::request_id::{RequestId, is_plain};
use super::super::service_error::ServiceError;

const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
/// In milliseconds.
const RETRY_AFTER: HeaderName = HeaderName::from_static("x-amz-retry-after");

/// The body of a success, and its request id.
pub(in super::super) struct Success {
    pub(in super::super) body: Bytes,
    pub(in super::super) request_id: Option<RequestId>,
}

/// Reads an answer, and notes in the flight whether it is definite.
pub(super) fn read(answer: CheckedResponse, flight: &Flight) -> Result<Success, Box<ServiceError>> {
    let request_id = RequestId::of(&answer.head.headers);
    match answer.verdict {
        Verdict::Success => Ok(Success { body: answer.body, request_id }),
        Verdict::Rejected | Verdict::Failed => {
            Err(Box::new(read_error(answer, request_id.as_ref(), flight)))
        }
    }
}

fn read_error(
    answer: CheckedResponse,
    request_id: Option<&RequestId>,
    flight: &Flight,
) -> ServiceError {
    let CheckedResponse { head, verdict, body } = answer;
    let modeled = of_the_sdk(&head, &body).and_then(|whole| {
        let modeled = flight.api.modeled_error(&whole, &ConfigBag::base())?;
        modeled.metadata.code().is_some_and(is_plain).then_some(modeled)
    });
    // A rejection without DynamoDB's reason is somebody else's, and settles nothing.
    if modeled.is_some() && verdict == Verdict::Rejected {
        flight.settled();
    }
    let ModeledError { metadata, retry, throttling } = modeled.unwrap_or_else(|| ModeledError {
        metadata: ErrorMetadata::builder().build(),
        retry: None,
        throttling: Vec::new(),
    });
    for reason in &throttling {
        counters::add_throttling(flight.api, reason.documented());
    }
    let retry_after = text(&head.headers, &RETRY_AFTER).and_then(|asked| asked.parse().ok());
    let date = text(&head.headers, &DATE);
    let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
    ServiceError {
        metadata,
        retry,
        retry_after: retry_after.map(Duration::from_millis),
        status: head.status.as_u16(),
        request_id: request_id.map(|id| id.to_string()),
        date: date.map(|date| date.secs()),
        body,
        throttling,
    }
}

/// What the SDK's reader of errors is given.
fn of_the_sdk(head: &http::response::Parts, body: &Bytes) -> Option<HttpResponse> {
    let status = head.status.as_u16().try_into().ok()?;
    let mut whole = HttpResponse::new(status, SdkBody::from(body.clone()));
    for name in [ERROR_TYPE, CONTENT_TYPE] {
        if let Some(value) = text(&head.headers, &name) {
            whole.headers_mut().insert(name.as_str().to_owned(), value.to_owned());
        }
    }
    Some(whole)
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).map(HeaderValue::to_str)?.ok()
}
