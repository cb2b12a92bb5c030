//! What a checked answer means: a success, or an error of the service's.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_smithy_types::date_time::{DateTime, Format};
use aws_smithy_types::error::ErrorMetadata;
use aws_types::request_id::RequestId;
use bytes::Bytes;

use super::super::api::ModeledError;
use super::super::call_error::FailedAttempt;
use super::super::connector::CheckedResponse;
use super::super::counters;
use super::super::credentials::KeptKeys;
use super::super::integrity::Verdict;
use super::super::service_error::ServiceError;

/// The body of a success, and its request id.
pub(in super::super) struct Success {
    pub(in super::super) body: Bytes,
    pub(in super::super) request_id: Option<String>,
}

impl fmt::Debug for Success {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Success").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}

#[derive(Debug)]
pub(super) struct Deserializer {
    keys: Arc<KeptKeys>,
}

impl Deserializer {
    pub(super) fn new(keys: Arc<KeptKeys>) -> Self {
        Self { keys }
    }
}

/// The codes of keys that were good once.
const EXPIRED: [&str; 2] = ["ExpiredTokenException", "ExpiredToken"];

impl DeserializeResponse for Deserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        cfg: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let Some(answer) = response.extension::<CheckedResponse>() else {
            return Err(OrchestratorError::other("a response without an answer"));
        };
        let request_id = response.request_id().filter(|id| is_plain(id)).map(str::to_owned);
        if answer.verdict == Verdict::Success {
            return Ok(Output::erase(Success { body: answer.body.clone(), request_id }));
        }
        let mut whole = HttpResponse::new(response.status(), SdkBody::from(answer.body.clone()));
        *whole.headers_mut() = response.headers().clone();
        let modeled = answer.flight.api.modeled_error(&whole, cfg);
        let modeled = modeled.filter(|error| error.metadata.code().is_some_and(is_plain));
        // A rejection without DynamoDB's reason is somebody else's, and settles nothing.
        if modeled.is_some() && answer.verdict == Verdict::Rejected {
            answer.flight.settled();
        }
        let ModeledError { metadata, retry, throttling } =
            modeled.unwrap_or_else(|| ModeledError {
                metadata: ErrorMetadata::builder().build(),
                retry: None,
                throttling: Vec::new(),
            });
        for reason in &throttling {
            counters::add_throttling(answer.flight.api, reason.documented());
        }
        if metadata.code().is_some_and(|code| EXPIRED.contains(&code))
            && let Some(keys) = answer.flight.keys()
        {
            self.keys.refuse(&keys);
        }
        let date = response.headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        let error = ServiceError {
            metadata,
            retry,
            status: response.status().as_u16(),
            request_id,
            date: date.map(|date| date.secs()),
            body: answer.body.clone(),
            throttling,
        };
        answer.flight.failed(FailedAttempt::answered(&error, answer.flight.attempts()));
        Err(OrchestratorError::operation(Error::erase(error)))
    }
}

/// Whether it is like an error code or a request id, which logs and messages repeat.
fn is_plain(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_or_an_id_is_short_and_plain() {
        for text in ["A", "ValidationException", "a-b_c.D9", &"x".repeat(128)] {
            assert!(is_plain(text), "{text}");
        }
        for text in ["", " ", "a b", "a\n", "a:b", "a/b", "caf\u{e9}", &"x".repeat(129)] {
            assert!(!is_plain(text), "{text}");
        }
    }
}
