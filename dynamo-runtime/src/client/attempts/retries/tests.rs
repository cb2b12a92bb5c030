//! The rules against the SDK's own classifiers, and the pauses against their distribution.

use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, ModeledAsRetryableClassifier, TransientErrorClassifier,
    run_classifiers_on_ctx,
};
use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, InterceptorContext};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryReason, SharedRetryClassifier,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::ProvideErrorKind;
use bytes::Bytes;
use proptest::prelude::*;
use tokio::time::Instant;

use super::*;
use crate::client::transport::TransportError;
use crate::client::{Api, Replay};

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

/// What the SDK's classifiers say, with the one code that is added to them.
fn classified_by_the_sdk(error: ServiceError) -> RetryAction {
    let transient = TRANSIENT_ERRORS.iter().copied().chain([TRANSACTION_CONFLICT]);
    let by_code = AwsErrorCodeClassifier::<ServiceError>::builder()
        .transient_errors(transient.collect::<Vec<_>>());
    let mut classifiers = [
        SharedRetryClassifier::new(TransientErrorClassifier::<ServiceError>::new()),
        SharedRetryClassifier::new(ModeledAsRetryableClassifier::<ServiceError>::new()),
        SharedRetryClassifier::new(by_code.build()),
        SharedRetryClassifier::new(HttpStatusCodeClassifier::default()),
    ];
    classifiers.sort_by_key(ClassifyRetry::priority);

    let status = error.status.try_into().unwrap();
    let mut response = HttpResponse::new(status, SdkBody::empty());
    if let Some(asked) = error.retry_after {
        response.headers_mut().insert("x-amz-retry-after", asked.as_millis().to_string());
    }
    let mut context = InterceptorContext::new(Input::erase(()));
    context.set_response(response);
    context.set_output_or_error(Err(OrchestratorError::operation(Error::erase(error))));
    run_classifiers_on_ctx(classifiers.into_iter(), &context)
}

fn error(code: Option<String>, status: u16) -> ServiceError {
    let mut metadata = ErrorMetadata::builder();
    if let Some(code) = code {
        metadata = metadata.code(code);
    }
    ServiceError {
        metadata: metadata.build(),
        retry: None,
        retry_after: None,
        status,
        request_id: None,
        date: None,
        body: Bytes::new(),
        throttling: Vec::new(),
    }
}

fn codes() -> impl Strategy<Value = Option<String>> {
    let known = THROTTLING_ERRORS.iter().chain(TRANSIENT_ERRORS).copied();
    let known: Vec<_> = known.chain([TRANSACTION_CONFLICT, "ValidationException"]).collect();
    prop_oneof![
        Just(None),
        prop::sample::select(known).prop_map(|code| Some(code.to_owned())),
        "[A-Za-z]{1,20}".prop_map(Some),
    ]
}

fn kinds() -> impl Strategy<Value = Option<ErrorKind>> {
    prop::option::of(prop::sample::select(vec![
        ErrorKind::TransientError,
        ErrorKind::ThrottlingError,
        ErrorKind::ServerError,
        ErrorKind::ClientError,
    ]))
}

proptest! {
    #[test]
    fn an_error_is_classified_as_by_the_sdk(
        code in codes(),
        status in prop_oneof![Just(400), Just(403), Just(429), 500..512_u16],
        retry in kinds(),
        asked in prop::option::of(0..100_000_u64),
    ) {
        let retry_after = asked.map(Duration::from_millis);
        let error = ServiceError { retry, retry_after, ..error(code, status) };
        let expected = match classified_by_the_sdk(error.clone()) {
            RetryAction::RetryIndicated(RetryReason::RetryableError { kind, retry_after }) => {
                Some((kind, retry_after))
            }
            _ => None,
        };
        prop_assert_eq!(classify(&error), expected);
    }
}

/// A flight after so many attempts, of which the last was answered.
fn flight(attempts: u32, replay: Replay) -> Flight {
    let flight = Flight::new(Api::PutItem, replay, Bytes::new());
    for _ in 0..attempts {
        flight.begin_attempt();
    }
    flight
}

fn throttled() -> ServiceError {
    error(Some("ThrottlingException".to_owned()), 400)
}

fn transient() -> ServiceError {
    error(None, 503)
}

fn after(error: ServiceError, flight: &Flight, max: u32) -> Option<Retry> {
    Retries::new(max).after(&AttemptError::Service(Box::new(error)), flight)
}

#[test]
fn the_bound_of_a_pause_doubles_up_to_its_cap() {
    let retries = Retries::new(u32::MAX);
    let bounds = |kind| (1..=12).map(|attempts| retries.bound(kind, attempts)).collect::<Vec<_>>();
    let doubled = |first: u64| (0..12).map(move |power| first << power);
    let capped = |first| {
        doubled(first).map(|bound| Duration::from_millis(bound.min(20_000))).collect::<Vec<_>>()
    };
    assert_eq!(bounds(ErrorKind::ThrottlingError), capped(1_000));
    for kind in [ErrorKind::TransientError, ErrorKind::ServerError, ErrorKind::ClientError] {
        assert_eq!(bounds(kind), capped(25));
    }
    let cap = Duration::from_secs(20);
    for attempts in [31, 32, 33, u32::MAX] {
        assert_eq!(retries.bound(ErrorKind::TransientError, attempts), cap);
    }
}

#[test]
fn a_pause_is_anywhere_below_its_bound_with_the_same_chance() {
    const PAUSES: u32 = 4_000;
    fastrand::seed(7);
    for (error, attempts, bound) in [
        (transient(), 1, Duration::from_millis(25)),
        (transient(), 3, Duration::from_millis(100)),
        (throttled(), 1, Duration::from_secs(1)),
        (throttled(), 9, Duration::from_secs(20)),
    ] {
        let mut tenths = [0_u32; 10];
        for _ in 0..PAUSES {
            let flight = flight(attempts, Replay::Harmless);
            let pause = after(error.clone(), &flight, 100).unwrap().pause;
            assert!(pause < bound, "{pause:?}");
            let tenth = pause.as_nanos() * 10 / bound.as_nanos();
            tenths[usize::try_from(tenth).unwrap()] += 1;
        }
        // Each has 400 of 4,000, and 5 standard deviations are 95.
        assert!(tenths.iter().all(|count| count.abs_diff(PAUSES / 10) < 95), "{tenths:?}");
    }
}

#[test]
fn a_pause_that_is_asked_for_lengthens_the_own_one_by_five_seconds_at_most() {
    let asks = |error: ServiceError, seconds| {
        let retry_after = Some(Duration::from_secs(seconds));
        let flight = flight(1, Replay::Harmless);
        let error = ServiceError { retry_after, ..error };
        fastrand::seed(7);
        after(error, &flight, 3).unwrap().pause
    };
    let unasked = |error| {
        fastrand::seed(7);
        after(error, &flight(1, Replay::Harmless), 3).unwrap().pause
    };
    for error in [transient(), throttled()] {
        let own = unasked(error.clone());
        assert_eq!(asks(error.clone(), 0), own, "it does not shorten it");
        assert_eq!(asks(error.clone(), 3), Duration::from_secs(3));
        assert_eq!(asks(error.clone(), 7_200), own + Duration::from_secs(5));
        // What the SDK's model says of an error counts alone.
        let modeled = ServiceError { retry: Some(ErrorKind::ThrottlingError), ..error };
        assert_eq!(asks(modeled, 7_200), unasked(throttled()));
    }
}

#[test]
fn a_pause_that_outlasts_the_call_is_not_begun() {
    let limited =
        |seconds| flight(1, Replay::Harmless).within(Instant::now(), Duration::from_secs(seconds));
    let asking =
        |seconds| ServiceError { retry_after: Some(Duration::from_secs(seconds)), ..throttled() };
    assert!(after(asking(4), &limited(3), 3).is_none());
    assert!(after(asking(7_200), &limited(5), 3).is_none(), "it would wait for five");
    assert!(after(asking(7_200), &limited(6), 3).is_some());
    assert!(after(asking(2), &limited(3), 3).is_some());
    assert!(after(asking(7_200), &flight(1, Replay::Harmless), 3).is_some(), "it has no end");
}

#[test]
fn there_are_as_many_attempts_as_the_client_allows() {
    for (attempts, max, follows) in [(1, 1, false), (1, 2, true), (2, 2, false), (4, 5, true)] {
        let flight = flight(attempts, Replay::Harmless);
        assert_eq!(after(transient(), &flight, max).is_some(), follows, "{attempts} of {max}");
    }
}

#[test]
fn what_may_have_been_applied_is_sent_again_only_if_that_is_harmless() {
    for (replay, follows) in
        [(Replay::Harmless, true), (Replay::Guarded, true), (Replay::Harmful, false)]
    {
        let flight = flight(1, replay);
        flight.sent();
        let lost = TransportError::ResponseTimeout(Duration::from_secs(1));
        for error in [AttemptError::Service(Box::new(transient())), AttemptError::Transport(lost)] {
            assert_eq!(Retries::new(3).after(&error, &flight).is_some(), follows, "{replay:?}");
        }
        flight.settled();
        assert!(after(throttled(), &flight, 3).is_some(), "it was definitely rejected");
    }
}

#[test]
fn what_no_attempt_heals_is_given_at_once() {
    let flight = flight(1, Replay::Harmless);
    let refused = TransportError::Handshake("no".to_owned());
    let unsigned = crate::client::signing::SigningError::HEADER;
    for error in [AttemptError::Transport(refused), AttemptError::Signing(unsigned)] {
        assert!(Retries::new(3).after(&error, &flight).is_none());
    }
    assert!(after(error(Some("ValidationException".to_owned()), 400), &flight, 3).is_none());
}
