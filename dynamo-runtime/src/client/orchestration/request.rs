//! The head of a request, and what it hands on: the body stays with the flight, so that no trace event of the
//! machinery can show it.

use std::fmt;
use std::fmt::Write;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aws_runtime::user_agent::{ApiMetadata, AwsUserAgent};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeTransmitInterceptorContextMut, Input,
};
use aws_smithy_runtime_api::client::interceptors::{Intercept, dyn_dispatch_hint};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::client::ser_de::SerializeRequest;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use aws_types::os_shim_internal::Env;
use fastrand::Rng;

use super::super::choke::TARGET;
use super::super::flight::{Carried, Flight};
use crate::sha256::sha256_hex;

/// Who asks. It is made without the environment, so that `AWS_EXECUTION_ENV` has no say in a header.
static USER_AGENT: LazyLock<String> = LazyLock::new(|| {
    let api = ApiMetadata::new("dynamodb", aws_sdk_dynamodb::meta::PKG_VERSION);
    AwsUserAgent::new_from_environment(Env::from_slice(&[]), api).aws_ua_header()
});

/// Makes the head of a request, all but what each attempt adds; the connector adds the body.
pub(super) struct Serializer {
    ids: Mutex<Rng>,
}

impl Serializer {
    pub(super) fn new() -> Self {
        Self { ids: Mutex::new(Rng::new()) }
    }

    /// A random UUID, for all attempts of one call.
    fn invocation_id(&self) -> String {
        let random = self.ids.lock().unwrap_or_else(PoisonError::into_inner).u128(..);
        // Its version is 4 (random), its variant that of RFC 9562.
        let id = random & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let part = |from: u32, mask: u128| id >> from & mask;
        format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 0xffff_ffff),
            part(80, 0xffff),
            part(64, 0xffff),
            part(48, 0xffff),
            part(0, 0xffff_ffff_ffff),
        )
    }
}

impl SerializeRequest for Serializer {
    fn serialize_input(&self, input: Input, cfg: &mut ConfigBag) -> Result<HttpRequest, BoxError> {
        let flight: Arc<Flight> = input.downcast().map_err(|_| "the input is no flight")?;
        let mut request = HttpRequest::new(SdkBody::empty());
        request.set_method("POST")?;
        let headers = request.headers_mut();
        headers.insert("content-type", "application/x-amz-json-1.0");
        headers.insert("content-length", flight.body.len().to_string());
        headers.insert(TARGET, flight.api.target());
        headers.insert("user-agent", USER_AGENT.as_str());
        headers.insert("x-amz-user-agent", USER_AGENT.as_str());
        headers.insert("amz-sdk-invocation-id", self.invocation_id());
        let body_sha256 = sha256_hex(&flight.body);
        cfg.interceptor_state().store_put(Carried { flight, body_sha256 });
        Ok(request)
    }
}

impl fmt::Debug for Serializer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Serializer(..)")
    }
}

/// Says in each attempt which it is, and hands the flight to the connector.
#[derive(Debug)]
pub(super) struct MarkAttempt {
    max: u32,
}

impl MarkAttempt {
    pub(super) fn new(max: u32) -> Self {
        Self { max }
    }
}

#[dyn_dispatch_hint]
impl Intercept for MarkAttempt {
    fn name(&self) -> &'static str {
        "MarkAttempt"
    }

    // Extensions do not survive the copy that the orchestrator keeps for a retry.
    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        cfg: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let carried = cfg.load::<Carried>().ok_or("no flight was carried")?;
        let attempt = cfg.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        let mut mark = String::with_capacity(24);
        write!(mark, "attempt={attempt}; max={}", self.max)?;
        let request = context.request_mut();
        request.add_extension(carried.flight.clone());
        request.headers_mut().insert("amz-sdk-request", mark);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn an_id_is_a_random_uuid() {
        let serializer = Serializer::new();
        let ids: Vec<_> = (0..200).map(|_| serializer.invocation_id()).collect();
        for id in &ids {
            let is_uuid = id.len() == 36
                && id.char_indices().all(|(at, digit)| match at {
                    8 | 13 | 18 | 23 => digit == '-',
                    14 => digit == '4',
                    19 => "89ab".contains(digit),
                    _ => "0123456789abcdef".contains(digit),
                });
            assert!(is_uuid, "{id}");
        }
        // Each other digit takes each value.
        for at in (0..36).filter(|at| ![8, 13, 14, 18, 19, 23].contains(at)) {
            let digits: HashSet<_> = ids.iter().map(|id| id.as_bytes()[at]).collect();
            assert!(digits.len() > 10, "{at}: {digits:?}");
        }
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
        assert_eq!(format!("{serializer:?}"), "Serializer(..)");
    }
}
