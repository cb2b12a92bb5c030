//! An error that DynamoDB answered with.

use std::fmt;
use std::time::Duration;

use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::retry::ErrorKind;
use bytes::Bytes;

use super::throttling::ThrottlingReason;

#[derive(Clone)]
pub(super) struct ServiceError {
    pub(super) metadata: ErrorMetadata,
    /// As the SDK's model of the error has it.
    pub(super) retry: Option<ErrorKind>,
    /// The pause that the response asks for.
    pub(super) retry_after: Option<Duration>,
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    /// The response's `Date`, in seconds since the epoch.
    pub(super) date: Option<i64>,
    pub(super) body: Bytes,
    pub(super) throttling: Vec<ThrottlingReason>,
}

/// The codes of keys that were good once.
const EXPIRED: [&str; 2] = ["ExpiredTokenException", "ExpiredToken"];

impl ServiceError {
    /// Whether the keys that signed the request have expired, whatever is written on them.
    pub(super) fn is_of_expired_keys(&self) -> bool {
        self.metadata.code().is_some_and(|code| EXPIRED.contains(&code))
    }
}

/// How messages begin that are worded the same for every request. What follows, which can hold values, is never shown.
const FIXED_WORDS: [&str; 12] = [
    "The provided key element does not match the schema",
    "The table does not have the specified index",
    "The number of conditions on the keys is invalid",
    "Query condition missed key schema element",
    "One or more parameter values were invalid: Missing the key",
    "One or more parameter values were invalid: Type mismatch for key",
    "Item size has exceeded the maximum allowed size",
    "Item size to update has exceeded the maximum allowed size",
    "Requested resource not found",
    "Cannot do operations on a non-existent table",
    "The security token included in the request is expired",
    "The security token included in the request is invalid",
];

/// Those of the service's words that can be shown, for they are not about what was sent.
pub(super) fn fixed_words(message: &str) -> Option<&'static str> {
    FIXED_WORDS.into_iter().find(|words| message.starts_with(words))
}

// Without the message and the body: both can hold values.
impl fmt::Debug for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("code", &self.metadata.code())
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.metadata.code().unwrap_or("an error without a code");
        write!(f, "DynamoDB answered {code} (status {})", self.status)
    }
}

impl std::error::Error for ServiceError {}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: Option<&str>) -> ServiceError {
        let metadata = ErrorMetadata::builder().message("the value hunter2 is wrong");
        let metadata = match code {
            Some(code) => metadata.code(code),
            None => metadata,
        };
        ServiceError {
            metadata: metadata.build(),
            retry: Some(ErrorKind::ThrottlingError),
            retry_after: None,
            status: 400,
            request_id: Some("REQUEST1".to_owned()),
            date: None,
            body: Bytes::from_static(b"hunter2"),
            throttling: Vec::new(),
        }
    }

    #[test]
    fn keys_have_expired_where_the_service_says_so() {
        for (code, is_expired) in [
            (Some("ExpiredTokenException"), true),
            (Some("ExpiredToken"), true),
            (Some("UnrecognizedClientException"), false),
            (None, false),
        ] {
            assert_eq!(error(code).is_of_expired_keys(), is_expired, "{code:?}");
        }
    }

    #[test]
    fn of_a_message_its_fixed_words_alone_are_shown() {
        let key = "The provided key element does not match the schema";
        assert_eq!(fixed_words(key), Some(key));
        assert_eq!(fixed_words(&format!("{key}: hunter2")), Some(key));
        for other in ["", "hunter2", "The provided key element", &format!("hunter2: {key}")] {
            assert_eq!(fixed_words(other), None, "{other}");
        }
    }

    #[test]
    fn it_is_told_by_its_code_and_without_a_value() {
        let seen = error(Some("SomeCode"));
        assert_eq!(seen.to_string(), "DynamoDB answered SomeCode (status 400)");
        let plain = error(None).to_string();
        assert_eq!(plain, "DynamoDB answered an error without a code (status 400)");
        let debug = format!("{seen:?}");
        assert!(debug.contains("SomeCode") && debug.contains("REQUEST1"), "{debug}");
        assert!(debug.contains("400") && !debug.contains("hunter2"), "{debug}");
    }
}
