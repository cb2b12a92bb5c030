//! Which attempts are followed by another one, and after what pause: the SDK's standard retries with what it has for
//! DynamoDB, and a guard with a veto.

use std::time::Duration;

use aws_runtime::retries::classifiers::{AwsErrorCodeClassifier, TRANSIENT_ERRORS};
use aws_smithy_runtime::client::retries::TokenBucket;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, ModeledAsRetryableClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_types::retry::{RetryConfig, RetrySpec};

use super::super::connector::CheckedResponse;
use super::super::service_error::ServiceError;

/// The bound of the pause before the second attempt, where nothing is throttled; it doubles with each further one.
const DYNAMODB_BASE: Duration = Duration::from_millis(25);

/// Another request, a transaction, was working on the item. The SDK gives up at once; but nothing was written, and the
/// conflict passes within milliseconds, so it is tried again as it is for a transaction.
const TRANSACTION_CONFLICT: &str = "TransactionConflictException";

pub(in super::super) fn config(attempts: u32) -> RetryConfig {
    let spec = RetrySpec::v2_1().with_non_throttling_initial_backoff(DYNAMODB_BASE);
    RetryConfig::standard().with_retry_spec(spec).with_max_attempts(attempts)
}

/// What retries cost of a quota that successes fill again, as in the SDK's own retries of this version.
pub(super) fn token_bucket() -> TokenBucket {
    TokenBucket::builder().retry_cost(14).throttling_retry_cost(5).timeout_retry_cost(14).build()
}

pub(super) fn classify(components: RuntimeComponentsBuilder) -> RuntimeComponentsBuilder {
    let transient = TRANSIENT_ERRORS.iter().copied().chain([TRANSACTION_CONFLICT]);
    let by_code = AwsErrorCodeClassifier::<ServiceError>::builder()
        .transient_errors(transient.collect::<Vec<_>>());
    components
        .with_retry_classifier(TransientErrorClassifier::<ServiceError>::new())
        .with_retry_classifier(ModeledAsRetryableClassifier::<ServiceError>::new())
        .with_retry_classifier(by_code.build())
        .with_retry_classifier(HttpStatusCodeClassifier::default())
        .with_retry_classifier(ReplayGuard)
        .with_retry_classifier(TimeGuard)
}

/// A veto, which no other classifier overrides: what may have been applied is not sent again unless that is harmless.
///
/// The connector says the same of attempts without a response.
#[derive(Debug)]
struct ReplayGuard;

impl ClassifyRetry for ReplayGuard {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let answer =
            context.response().and_then(|response| response.extension::<CheckedResponse>());
        match answer {
            Some(answer) if !answer.flight.may_be_sent_again() => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "ReplayGuard"
    }
}

/// How much longer than its own pause the client waits at most because a response asks it to, as in the SDK.
///
/// Source: `StandardRetryStrategy`, whose retries of version 2.1 are the client's.
const LONGEST_ASKED_FOR: Duration = Duration::from_secs(5);

/// A veto where the pause that the response asks for outlasts the call: its error is given at once, not waited for.
#[derive(Debug)]
struct TimeGuard;

impl ClassifyRetry for TimeGuard {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else { return RetryAction::NoActionIndicated };
        let asked = response.headers().get("x-amz-retry-after");
        let asked = asked.and_then(|milliseconds| milliseconds.parse().ok());
        let asked = asked.map(|asked| Duration::from_millis(asked).min(LONGEST_ASKED_FOR));
        let left =
            response.extension::<CheckedResponse>().and_then(|answer| answer.flight.remaining());
        match asked.zip(left) {
            Some((asked, left)) if asked >= left => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "TimeGuard"
    }
}
