//! Which attempts are followed by another one, and after what pause: the SDK's standard retries with what it has for
//! DynamoDB, but for what may not be sent twice.

use std::time::Duration;

use aws_runtime::retries::classifiers::{THROTTLING_ERRORS, TRANSIENT_ERRORS};
use aws_smithy_types::retry::{ErrorKind, RetryConfig, RetrySpec};

use super::super::flight::Flight;
use super::super::service_error::ServiceError;
use super::AttemptError;

/// The bound of the pause before the second attempt, where nothing is throttled; it doubles with each further one.
const DYNAMODB_BASE: Duration = Duration::from_millis(25);

/// Another request, a transaction, was working on the item. The SDK gives up at once; but nothing was written, and the
/// conflict passes within milliseconds, so it is tried again as it is for a transaction.
const TRANSACTION_CONFLICT: &str = "TransactionConflictException";

/// Those of a service, or of what stands before it, that may do better at once.
const TRANSIENT_STATUSES: [u16; 4] = [500, 502, 503, 504];

/// How much longer than its own pause the client waits at most because a response asks it to, as in the SDK.
///
/// Source: `StandardRetryStrategy`, whose retries of version 2.1 are the client's.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(5);

pub(in super::super) fn config(attempts: u32) -> RetryConfig {
    let spec = RetrySpec::v2_1().with_non_throttling_initial_backoff(DYNAMODB_BASE);
    RetryConfig::standard().with_retry_spec(spec).with_max_attempts(attempts)
}

/// The rules for all calls of a client.
pub(super) struct Retries(RetryConfig);

/// Another attempt.
#[derive(Debug)]
pub(super) struct Retry {
    pub(super) kind: ErrorKind,
    pub(super) pause: Duration,
}

impl Retries {
    pub(super) fn new(attempts: u32) -> Self {
        Self(config(attempts))
    }

    /// How often a call is attempted at most.
    pub(super) fn max(&self) -> u32 {
        self.0.max_attempts()
    }

    /// What follows an attempt that failed so; nothing where another one could do harm, would not help, or would come
    /// too late.
    pub(super) fn after(&self, error: &AttemptError, flight: &Flight) -> Option<Retry> {
        let (kind, asked) = match error {
            AttemptError::Service(error) => {
                let too_late = error.retry_after.zip(flight.remaining());
                if too_late.is_some_and(|(asked, left)| asked.min(LONGEST_ASKED_FOR) >= left) {
                    return None;
                }
                classify(error)?
            }
            AttemptError::Transport(error) if error.is_transient() => {
                (ErrorKind::TransientError, None)
            }
            AttemptError::Transport(_) | AttemptError::Keys(_) | AttemptError::Signing(_) => {
                return None;
            }
        };
        let attempts = flight.attempts();
        if attempts >= self.max() || !flight.may_be_sent_again() {
            return None;
        }
        let own = self.bound(kind, attempts).mul_f64(fastrand::f64());
        let pause = asked.map_or(own, |asked| asked.clamp(own, own + LONGEST_ASKED_FOR));
        Some(Retry { kind, pause })
    }

    /// Below which the pause after so many attempts is.
    fn bound(&self, kind: ErrorKind, attempts: u32) -> Duration {
        let spec = self.0.retry_spec().filter(|_| kind != ErrorKind::ThrottlingError);
        let first =
            spec.map_or(self.0.initial_backoff(), RetrySpec::non_throttling_initial_backoff);
        let factor = 2_u32.checked_pow(attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        first.saturating_mul(factor).min(self.0.max_backoff())
    }
}

/// The kind of an error that passes, and the pause that its response asks for, where that counts.
///
/// The SDK's classifiers say the same, one after the other, each of which may overrule the one before.
fn classify(error: &ServiceError) -> Option<(ErrorKind, Option<Duration>)> {
    let is_of = |codes: &[&str]| error.metadata.code().is_some_and(|code| codes.contains(&code));
    let asked = error.retry_after;
    if let Some(kind) = error.retry {
        Some((kind, None))
    } else if is_of(THROTTLING_ERRORS) {
        Some((ErrorKind::ThrottlingError, asked))
    } else if is_of(TRANSIENT_ERRORS)
        || is_of(&[TRANSACTION_CONFLICT])
        || TRANSIENT_STATUSES.contains(&error.status)
    {
        Some((ErrorKind::TransientError, asked))
    } else {
        None
    }
}

#[cfg(test)]
mod tests;
