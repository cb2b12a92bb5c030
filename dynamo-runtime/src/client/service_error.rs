//! An error that DynamoDB answered with, as the retry classifiers see it.

use std::fmt;

use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::{ErrorKind, ProvideErrorKind};
use bytes::Bytes;

pub(super) struct ServiceError {
    pub(super) metadata: ErrorMetadata,
    pub(super) retry: Option<ErrorKind>,
    pub(super) status: u16,
    pub(super) request_id: Option<String>,
    /// The response's `Date`, in seconds since the epoch.
    pub(super) date: Option<i64>,
    pub(super) body: Bytes,
}

impl ProvideErrorMetadata for ServiceError {
    fn meta(&self) -> &ErrorMetadata {
        &self.metadata
    }
}

impl ProvideErrorKind for ServiceError {
    fn retryable_error_kind(&self) -> Option<ErrorKind> {
        self.retry
    }

    fn code(&self) -> Option<&str> {
        self.metadata.code()
    }
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
