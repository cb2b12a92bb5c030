//! The codec against the SDK's own serialiser and deserialiser, on the same items.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use proptest::prelude::*;

pub type Item = HashMap<String, AttributeValue>;

/// One attribute of each type.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "everything")]
struct Everything {
    #[dynamo(partition_key)]
    id: String,
    text: String,
    signed: i64,
    unsigned: u64,
    small: i8,
    float: f64,
    flag: bool,
    bytes: Vec<u8>,
    optional: Option<String>,
    list: Vec<String>,
    numbers: Vec<Option<i32>>,
    nested: Vec<Vec<bool>>,
    secret: Sensitive<String>,
    #[dynamo(created_at)]
    at: Timestamp,
    #[dynamo(version)]
    version: Version,
    #[dynamo(ttl)]
    until: Option<Timestamp>,
}

/// The same item, by hand, as users of the SDK write it today.
fn by_hand(everything: Everything) -> Item {
    use AttributeValue::{B, Bool, L, N, Null, S};
    let Everything { id, text, signed, unsigned, small, float, flag, bytes, .. } = everything;
    let numbers = everything.numbers.into_iter();
    let nested = everything.nested.into_iter();
    let optional = everything.optional.map(|text| ("optional".to_owned(), S(text)));
    let until =
        everything.until.map(|until| ("until".to_owned(), N(until.epoch_seconds().to_string())));
    [
        ("id", S(id)),
        ("text", S(text)),
        ("signed", N(signed.to_string())),
        ("unsigned", N(unsigned.to_string())),
        ("small", N(small.to_string())),
        ("float", N(float.to_string())),
        ("flag", Bool(flag)),
        ("bytes", B(Blob::new(bytes))),
        ("list", L(everything.list.into_iter().map(S).collect())),
        ("numbers", L(numbers.map(|n| n.map_or(Null(true), |n| N(n.to_string()))).collect())),
        ("nested", L(nested.map(|inner| L(inner.into_iter().map(Bool).collect())).collect())),
        ("secret", S(everything.secret.into_inner())),
        ("at", S(everything.at.to_string())),
        ("version", N(everything.version.to_string())),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .chain(optional)
    .chain(until)
    .collect()
}

pub fn timestamps() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_000_i64..253_402_300_800_000_000)
        .prop_map(|micros| Timestamp::from_epoch_micros(micros).unwrap())
}

pub fn floats() -> impl Strategy<Value = f64> {
    prop_oneof![
        any::<i32>().prop_map(f64::from),
        (-1e20_f64..1e20),
        prop::num::f64::NORMAL
            .prop_filter("DynamoDB's range", |x| (1e-128..1e125).contains(&x.abs())),
        Just(0.0),
    ]
}

fn everything() -> impl Strategy<Value = Everything> {
    let values =
        (any::<String>(), any::<i64>(), any::<u64>(), any::<i8>(), floats(), any::<bool>());
    let lists = (
        prop::collection::vec(any::<u8>(), 0..40),
        any::<Option<String>>(),
        prop::collection::vec(any::<String>(), 0..4),
        prop::collection::vec(any::<Option<i32>>(), 0..4),
        prop::collection::vec(prop::collection::vec(any::<bool>(), 0..3), 0..3),
    );
    let managed = (timestamps(), any::<u64>(), prop::option::of(timestamps()));
    (any::<String>(), values, lists, managed, any::<String>()).prop_map(
        |(id, values, lists, (at, version, until), secret)| Everything {
            id,
            text: values.0,
            signed: values.1,
            unsigned: values.2,
            small: values.3,
            float: values.4,
            flag: values.5,
            bytes: lists.0,
            optional: lists.1,
            list: lists.2,
            numbers: lists.3,
            nested: lists.4,
            secret: Sensitive::new(secret),
            at,
            version: Version::new(version),
            until: until.map(|until| Timestamp::from_epoch_seconds(until.epoch_seconds()).unwrap()),
        },
    )
}

/// The SDK's client over a connector that keeps the request and answers as told.
pub struct Sdk {
    client: aws_sdk_dynamodb::Client,
    wire: Arc<Wire>,
    runtime: tokio::runtime::Runtime,
}

#[derive(Debug, Default)]
struct Wire {
    request: Mutex<Vec<u8>>,
    response: Mutex<Vec<u8>>,
}

#[derive(Clone, Debug)]
struct Loopback(Arc<Wire>);

impl HttpConnector for Loopback {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        *self.0.request.lock().unwrap() = request.body().bytes().unwrap_or_default().to_vec();
        let body = SdkBody::from(self.0.response.lock().unwrap().clone());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(200.try_into().unwrap(), body)))
    }
}

impl Sdk {
    pub fn new() -> Self {
        let wire = Arc::new(Wire::default());
        let connector = SharedHttpConnector::new(Loopback(Arc::clone(&wire)));
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("id", "key", None, None, "test"))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .build();
        let client = aws_sdk_dynamodb::Client::from_conf(config);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        Self { client, wire, runtime }
    }

    /// The JSON that the SDK sends for the item.
    pub fn serialise(&self, item: Item) -> Vec<u8> {
        *self.wire.response.lock().unwrap() = b"{}".to_vec();
        let put = self.client.put_item().table_name("t").set_item(Some(item)).send();
        self.runtime.block_on(put).unwrap();
        let request: serde_json::Value =
            serde_json::from_slice(&self.wire.request.lock().unwrap()).unwrap();
        serde_json::to_vec(&request["Item"]).unwrap()
    }

    /// What the SDK reads from an answer with the item.
    pub fn deserialise(&self, item: &[u8]) -> Item {
        *self.wire.response.lock().unwrap() = [b"{\"Item\":", item, b"}"].concat();
        let key = AttributeValue::S("x".to_owned());
        let get = self.client.get_item().table_name("t").key("id", key).send();
        self.runtime.block_on(get).unwrap().item.unwrap()
    }
}

/// Floats by value: `1E+20` and `100000000000000000000` are one number.
fn normalised(item: Item) -> Item {
    item.into_iter()
        .map(|(name, value)| match value {
            AttributeValue::N(number) if name == "float" => {
                let number = number.parse::<f64>().unwrap().to_string();
                (name, AttributeValue::N(number))
            }
            value => (name, value),
        })
        .collect()
}

/// As many as `PROPTEST_CASES` says, however many numbers were out of range for them.
fn cases() -> ProptestConfig {
    ProptestConfig { max_local_rejects: u32::MAX, ..ProptestConfig::default() }
}

#[test]
fn what_we_write_the_sdk_reads_as_the_same_item() {
    let sdk = Sdk::new();
    proptest!(cases(), |(everything in everything())| {
        let written = encode_item(&everything).unwrap();
        prop_assert_eq!(normalised(sdk.deserialise(&written)), normalised(by_hand(everything)));
    });
}

#[test]
fn what_the_sdk_writes_we_read_as_the_same_entity() {
    let sdk = Sdk::new();
    proptest!(cases(), |(everything in everything())| {
        let written = sdk.serialise(by_hand(everything.clone()));
        prop_assert_eq!(decode_item::<Everything>(&written).unwrap(), everything);
    });
}

#[test]
fn reading_is_the_inverse_of_writing() {
    proptest!(cases(), |(everything in everything())| {
        let written = encode_item(&everything).unwrap();
        prop_assert_eq!(decode_item::<Everything>(&written).unwrap(), everything);
    });
}
