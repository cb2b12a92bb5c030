//! The SDK's orchestrator, put together for DynamoDB: identity, retries and errors, without its HTTP stack.
//!
//! It is given one plugin that holds all there is: what an operation of the SDK assembles anew for each call costs more
//! than the call itself.

mod request;
mod response;
mod retries;

use std::fmt;
use std::sync::Arc;

use aws_runtime::auth::sigv4::SCHEME_ID;
use aws_smithy_async::rt::sleep::SharedAsyncSleep;
use aws_smithy_async::time::SystemTimeSource;
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::endpoints::StaticUriEndpointResolver;
use aws_smithy_runtime::client::orchestrator::invoke;
use aws_smithy_runtime::client::retries::strategy::StandardRetryStrategy;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::endpoint::EndpointResolverParams;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Input, Output};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::{RuntimePlugins, StaticRuntimePlugin};
use aws_smithy_runtime_api::client::ser_de::{SharedRequestSerializer, SharedResponseDeserializer};
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::timeout::TimeoutConfig;

use self::request::{MarkAttempt, Serializer};
use self::response::Deserializer;
use super::credentials::KeyCache;
use super::flight::Flight;
use super::region::Region;
use super::signing::Signer;

pub(super) use self::response::Success;
#[cfg(test)]
pub(super) use self::retries::config as retries;

/// What sends every call of a client.
pub(super) struct Orchestrator(RuntimePlugins);

/// What the orchestrator works with.
pub(super) struct OrchestratorParts<'a> {
    pub(super) http_client: SharedHttpClient,
    pub(super) authority: &'a str,
    pub(super) region: Region,
    pub(super) keys: KeyCache,
    pub(super) attempts: u32,
    pub(super) sleep: SharedAsyncSleep,
}

impl Orchestrator {
    pub(super) fn new(parts: OrchestratorParts<'_>) -> Self {
        let OrchestratorParts { http_client, authority, region, keys, attempts, sleep } = parts;
        let deserializer = Deserializer::new(keys.kept());
        let endpoint = StaticUriEndpointResolver::uri(format!("https://{authority}"));
        let schemes = StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]);
        let components = RuntimeComponentsBuilder::new("dynamodb")
            .with_http_client(Some(http_client))
            .with_endpoint_resolver(Some(endpoint))
            .with_auth_scheme(Signer::new(authority, region))
            .with_auth_scheme_option_resolver(Some(schemes))
            .with_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(keys))
            .with_identity_cache(Some(IdentityCache::no_cache()))
            .with_retry_strategy(Some(StandardRetryStrategy::new()))
            .with_time_source(Some(SystemTimeSource::new()))
            .with_sleep_impl(Some(sleep))
            .with_interceptor(MarkAttempt::new(attempts));
        let mut config = Layer::new("dynamodb");
        config.store_put(AuthSchemeOptionResolverParams::new(()));
        config.store_put(EndpointResolverParams::new(()));
        config.store_put(SharedRequestSerializer::new(Serializer::new()));
        config.store_put(SharedResponseDeserializer::new(deserializer));
        config.store_put(retries::config(attempts));
        // The client's own: another client of the process does not use up its retries.
        config.store_put(retries::token_bucket());
        // Our own timeouts and size limits cover it, and no interceptor corrects the clock by what a server says.
        config.store_put(TimeoutConfig::disabled());
        let plugin = StaticRuntimePlugin::new()
            .with_config(config.freeze())
            .with_runtime_components(retries::classify(components));
        Self(RuntimePlugins::new().with_client_plugin(plugin))
    }

    /// Sends a call, with all its attempts: an output is a [`Success`], an error of the service a `ServiceError`.
    pub(super) async fn invoke(
        &self,
        flight: Arc<Flight>,
    ) -> Result<Output, SdkError<Error, HttpResponse>> {
        invoke("DynamoDB", "call", Input::erase(flight), &self.0).await
    }
}

impl fmt::Debug for Orchestrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Orchestrator(..)")
    }
}
