//! The SDK's orchestrator, put together for DynamoDB: identity, SigV4, retries and ids, without its HTTP stack.

use std::fmt;
use std::sync::Arc;

use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{PayloadSigningOverride, SigV4OperationSigningConfig};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::request_info::RequestInfoInterceptor;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::user_agent::{ApiMetadata, AwsUserAgent, UserAgentInterceptor};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, ModeledAsRetryableClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime::client::retries::{RetryPartition, TokenBucket};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextMut, Error,
    InterceptorContext, Output,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::retries::classifiers::{
    ClassifyRetry, RetryAction, RetryClassifierPriority,
};
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::DeserializeResponse;
use aws_smithy_runtime_api::client::stalled_stream_protection::StalledStreamProtectionConfig;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer, Layer, Storable, StoreReplace};
use aws_smithy_types::date_time::{DateTime, Format};
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::retry::{RetryConfig, RetrySpec};
use aws_smithy_types::timeout::TimeoutConfig;
use aws_types::SigningName;
use aws_types::os_shim_internal::Env;
use aws_types::region::SigningRegion;
use aws_types::request_id::RequestId;
use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::choke::TARGET;
use super::connector::Answer;
use super::flight::Flight;
use super::integrity::Verdict;
use super::region::Region;
use super::service_error::ServiceError;

/// The orchestrated operation: one for every API and every call.
pub(super) type Orchestrated = Operation<Arc<Flight>, Reply, ServiceError>;

/// A success.
pub(super) struct Reply {
    pub(super) body: Bytes,
    pub(super) request_id: Option<String>,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("request_id", &self.request_id).finish_non_exhaustive()
    }
}

pub(super) fn orchestrate(
    http_client: SharedHttpClient,
    authority: &str,
    region: Region,
    identity: SharedIdentityResolver,
    attempts: u32,
) -> Orchestrated {
    let signing =
        StaticRuntimePlugin::new().with_config(signing_config(region)).with_runtime_components(
            RuntimeComponentsBuilder::new("signing")
                .with_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()))
                .with_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
                    StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
                )))
                .with_identity_cache(Some(IdentityCache::lazy().build()))
                .with_identity_resolver(SCHEME_ID, identity),
        );
    Operation::builder()
        .service_name("DynamoDB")
        .operation_name("call")
        .http_client(http_client)
        .endpoint_url(&format!("https://{authority}"))
        .runtime_plugin(signing)
        .standard_retry(&retries(attempts))
        .retry_classifier(TransientErrorClassifier::<ServiceError>::new())
        .retry_classifier(ModeledAsRetryableClassifier::<ServiceError>::new())
        .retry_classifier(AwsErrorCodeClassifier::<ServiceError>::new())
        .retry_classifier(HttpStatusCodeClassifier::default())
        .retry_classifier(ReplayGuard)
        // Our own timeouts and size limits cover it, and no interceptor corrects the clock by what a server says.
        .timeout_config(TimeoutConfig::disabled())
        .stalled_stream_protection(StalledStreamProtectionConfig::disabled())
        .interceptor(CarryFlight)
        .interceptor(RequestInfoInterceptor::new())
        .interceptor(UserAgentInterceptor::new())
        .interceptor(InvocationIdInterceptor::new())
        .serializer(|flight: Arc<Flight>| serialize(&flight))
        .deserializer_impl(Deserializer)
        .build()
}

fn signing_config(region: Region) -> FrozenLayer {
    let mut layer = Layer::new("signing");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig::default());
    layer.store_put(SigningRegion::from(aws_types::region::Region::from_static(region.name())));
    layer.store_put(SigningName::from_static("dynamodb"));
    // Made here, so that `AWS_EXECUTION_ENV` has no say in a header.
    layer.store_put(AwsUserAgent::new_from_environment(
        Env::from_slice(&[]),
        ApiMetadata::new("dynamodb", aws_sdk_dynamodb::meta::PKG_VERSION),
    ));
    // The client's own bucket: another client of the process does not use up its retries.
    let bucket =
        TokenBucket::builder().retry_cost(14).throttling_retry_cost(5).timeout_retry_cost(14);
    layer.store_put(RetryPartition::custom("dynamodb").token_bucket(bucket.build()).build());
    layer.freeze()
}

/// The SDK's standard retries with the base delay that it has for DynamoDB.
fn retries(attempts: u32) -> RetryConfig {
    const DYNAMODB_BASE: std::time::Duration = std::time::Duration::from_millis(25);
    let spec = RetrySpec::v2_1().with_non_throttling_initial_backoff(DYNAMODB_BASE);
    RetryConfig::standard().with_retry_spec(spec).with_max_attempts(attempts)
}

/// The head of the request; the connector adds the body.
fn serialize(flight: &Flight) -> Result<HttpRequest, BoxError> {
    let mut request = HttpRequest::new(SdkBody::empty());
    request.set_method("POST")?;
    request.set_uri("/")?;
    let headers = request.headers_mut();
    headers.insert("content-type", "application/x-amz-json-1.0");
    headers.insert(TARGET, flight.api.target());
    headers.insert("content-length", flight.body.len().to_string());
    Ok(request)
}

/// Hands the flight to the signer (as the body's hash) and to the connector (as an extension).
#[derive(Debug)]
struct CarryFlight;

#[derive(Debug)]
struct Carried(Arc<Flight>);

impl Storable for Carried {
    type Storer = StoreReplace<Self>;
}

#[dyn_dispatch_hint]
impl Intercept for CarryFlight {
    fn name(&self) -> &'static str {
        "CarryFlight"
    }

    fn read_before_serialization(
        &self,
        context: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let flight =
            context.input().downcast_ref::<Arc<Flight>>().ok_or("the input is no flight")?;
        let hash = hex(&Sha256::digest(&flight.body));
        cfg.interceptor_state().store_put(PayloadSigningOverride::Precomputed(hash));
        cfg.interceptor_state().store_put(Carried(flight.clone()));
        Ok(())
    }

    // Extensions do not survive the copy that the orchestrator keeps for a retry.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let carried = cfg.load::<Carried>().ok_or("no flight was carried")?;
        context.request_mut().add_extension(carried.0.clone());
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits =
        |byte: &u8| [byte >> 4, byte & 0x0f].map(|digit| char::from_digit(digit.into(), 16));
    bytes.iter().flat_map(digits).flatten().collect()
}

#[derive(Debug)]
struct Deserializer;

impl DeserializeResponse for Deserializer {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        cfg: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let Some(answer) = response.extension::<Answer>() else {
            return Err(OrchestratorError::other("a response without an answer"));
        };
        let request_id = response.request_id().filter(|id| is_plain(id)).map(str::to_owned);
        if answer.verdict == Verdict::Success {
            return Ok(Output::erase(Reply { body: answer.body.clone(), request_id }));
        }
        let mut whole = HttpResponse::new(response.status(), SdkBody::from(answer.body.clone()));
        *whole.headers_mut() = response.headers().clone();
        let modeled = answer.flight.api.modeled_error(&whole, cfg);
        let modeled = modeled.filter(|error| error.metadata.code().is_some_and(is_plain));
        // A rejection without DynamoDB's reason is somebody else's, and settles nothing.
        if modeled.is_some() && answer.verdict == Verdict::Rejected {
            answer.flight.settled();
        }
        let (metadata, retry) = match modeled {
            Some(modeled) => (modeled.metadata, modeled.retry),
            None => (ErrorMetadata::builder().build(), None),
        };
        let date = response.headers().get("date");
        let date = date.and_then(|date| DateTime::from_str(date, Format::HttpDate).ok());
        Err(OrchestratorError::operation(Error::erase(ServiceError {
            metadata,
            retry,
            status: response.status().as_u16(),
            request_id,
            date: date.map(|date| date.secs()),
            body: answer.body.clone(),
        })))
    }
}

/// Whether it is like an error code or a request id, which logs and messages repeat.
fn is_plain(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Has the last word: what may have been applied is not sent again unless that is harmless.
///
/// The connector says the same of attempts without a response.
#[derive(Debug)]
struct ReplayGuard;

impl ClassifyRetry for ReplayGuard {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let answer = context.response().and_then(|response| response.extension::<Answer>());
        match answer {
            Some(answer) if !answer.flight.may_be_sent_again() => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "ReplayGuard"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
