//! The SDK as its users have it: its own codec alone, and its client over a connector from memory.

use std::fmt;
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Credentials, Region};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::interceptors::context::{Input, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{
    DeserializeResponse, SerializeRequest, SharedRequestSerializer, SharedResponseDeserializer,
};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::{ConfigBag, FrozenLayer};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};

/// The response that DynamoDB gives with this body: the same for every subject.
#[derive(Clone, Debug)]
pub struct Canned {
    headers: HeaderMap,
    /// What is in it.
    pub body: Bytes,
}

impl Canned {
    /// A success with this body.
    pub fn new(body: impl Into<Bytes>) -> Self {
        let body = body.into();
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/x-amz-json-1.0"));
        headers.insert("content-length", HeaderValue::from(body.len()));
        headers.insert("x-amz-crc32", HeaderValue::from(crc32fast::hash(&body)));
        let id = "B5KQ3V9F0M2N7T1R8S4W6X0Y2Z4A6B8C0D2E4F6G8H0J2K4L6M8N";
        headers.insert("x-amzn-requestid", HeaderValue::from_static(id));
        Self { headers, body }
    }

    /// With an item, as `GetItem` gives it.
    pub fn item(item: &[u8]) -> Self {
        Self::new([b"{\"Item\":", &*as_stored(item), b"}"].concat())
    }

    /// With items, as `Query` gives them.
    pub fn page(items: &[Vec<u8>]) -> Self {
        let count = items.len();
        let mut body = format!("{{\"Count\":{count},\"Items\":[").into_bytes();
        let items: Vec<_> = items.iter().map(|item| as_stored(item)).collect();
        body.extend(items.join(&b','));
        body.extend(format!("],\"ScannedCount\":{count}}}").into_bytes());
        Self::new(body)
    }

    /// As HTTP.
    pub fn response(&self) -> Response<Bytes> {
        let mut response = Response::new(self.body.clone());
        *response.headers_mut() = self.headers.clone();
        response
    }

    fn of_the_sdk(&self) -> HttpResponse {
        let response = self.response().map(SdkBody::from);
        HttpResponse::try_from(response).expect("it is a response")
    }
}

/// The item with its attributes in an order that no struct declares, as DynamoDB gives them: the same
/// in all items.
pub fn as_stored(item: &[u8]) -> Vec<u8> {
    let members = sonic_rs::to_object_iter(item);
    let mut members: Vec<_> = members.map(|member| member.expect("it is an item")).collect();
    members.sort_by_key(|(name, _)| crc32fast::hash(name.as_bytes()));
    let members = members.iter().map(|(name, value)| format!("\"{name}\":{}", value.as_raw_str()));
    format!("{{{}}}", members.collect::<Vec<_>>().join(",")).into_bytes()
}

/// An operation's own serialiser and deserialiser, without a call around them.
#[derive(Clone, Copy, Debug)]
pub struct Codec {
    serializer: &'static SharedRequestSerializer,
    deserializer: &'static SharedResponseDeserializer,
}

impl Codec {
    /// Those of an operation, such as `GetItem::new()`.
    pub fn of(operation: &impl RuntimePlugin) -> Self {
        let config = operation.config().expect("an operation has a configuration");
        let config: &'static FrozenLayer = Box::leak(Box::new(config));
        let serializer = config.load::<SharedRequestSerializer>().expect("and a serialiser");
        let deserializer = config.load::<SharedResponseDeserializer>().expect("and its inverse");
        Self { serializer, deserializer }
    }

    /// The request of an operation's input, with its body.
    pub fn serialize(&self, input: Input) -> HttpRequest {
        self.serializer.serialize_input(input, &mut ConfigBag::base()).expect("it can be written")
    }

    /// The operation's output.
    pub fn deserialize<T: fmt::Debug + Send + Sync + 'static>(&self, response: &HttpResponse) -> T {
        let output: Output = self
            .deserializer
            .deserialize_nonstreaming_with_config(response, &ConfigBag::base())
            .expect("it can be read");
        output.downcast().expect("it is of this operation")
    }
}

/// The response for the deserialiser.
pub fn response(canned: &Canned) -> HttpResponse {
    canned.of_the_sdk()
}

/// An input for the serialiser.
pub fn input<T: fmt::Debug + Send + Sync + 'static>(input: T) -> Input {
    Input::erase(input)
}

/// The SDK's client with its defaults, over this HTTP client.
pub fn config(http_client: SharedHttpClient) -> Builder {
    aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new(
            "AKIAIOSFODNN7EXAMPLE",
            "not-a-secret",
            None,
            None,
            "bench",
        ))
        .http_client(http_client)
}

/// The SDK's client, answered from memory.
pub fn client(canned: Canned) -> Client {
    let connector = SharedHttpConnector::new(Memory(Arc::new(canned)));
    Client::from_conf(config(http_client_fn(move |_, _| connector.clone())).build())
}

#[derive(Clone, Debug)]
struct Memory(Arc<Canned>);

impl HttpConnector for Memory {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(Ok(self.0.of_the_sdk()))
    }
}
