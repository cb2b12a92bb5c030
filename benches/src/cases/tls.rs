//! Calls over real TLS on loopback, 32 in flight; the server has a thread and a clock of its own.

use aws_sdk_dynamodb::Client;
use bytes::Bytes;
use dynamo_runtime::codec::encode_item;
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Endpoint, Trust};
use http::Request;
use http_body_util::Full;

pub(crate) use super::calls::key;
use super::calls::{get_ours, get_raw, put_ours, put_sdk, runtime};
use crate::measure::{Case, Meter, Subject, Target};
use crate::sdk::{self, Canned};
use crate::things::{Product, product, product_from_item, product_to_item};
use crate::wire::{Bare, Server, https};

const IN_FLIGHT: u64 = 32;
/// The default of the client.
const CONNECTIONS: usize = 128;

/// The exchange alone: a head and a body of about the size of ours, made once, by hyper over rustls.
fn bare(server: &Server, target: &str, body: Bytes) -> Subject {
    let request = Request::post("/")
        .header("host", format!("localhost:{}", server.port()))
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("DynamoDB_20120810.{target}"))
        .header("authorization", "x".repeat(220))
        .header("x-amz-date", "20261201T000000Z")
        .header("x-amz-content-sha256", "x".repeat(64))
        .header("amz-sdk-invocation-id", "x".repeat(36))
        .header("amz-sdk-request", "attempt=1; max=3")
        .header("user-agent", "x".repeat(40));
    let request = request.body(Full::new(body)).expect("a request");
    let mut bare = calls("hyper", Bare::new(server), async move |bare: &Bare| {
        bare.exchange(request.clone()).await
    });
    bare.run(IN_FLIGHT);
    bare
}

/// A subject that has so many calls under way at once, on a runtime of its own.
fn calls<C: Clone + Send + Sync + 'static, T: 'static>(
    name: &'static str,
    client: C,
    call: impl AsyncFn(&C) -> T + Clone + 'static,
) -> Subject {
    let runtime = runtime();
    Subject::measured(name, move |runs| {
        let tasks = tokio::task::LocalSet::new();
        tasks.block_on(&runtime, async {
            // Whoever comes first waits for the handshakes of all.
            let meter = Meter::start();
            let all: Vec<_> = (0..IN_FLIGHT.min(runs))
                .map(|first| {
                    let (client, call) = (client.clone(), call.clone());
                    tokio::task::spawn_local(async move {
                        for _ in 0..(runs - first).div_ceil(IN_FLIGHT) {
                            std::hint::black_box(call(&client).await);
                        }
                    })
                })
                .collect();
            for task in all {
                task.await.expect("a call");
            }
            meter.stop()
        })
    })
}

pub(crate) fn ours(server: &Server, connections: usize) -> SecureClient {
    let endpoint = Endpoint::compatible("localhost", server.port()).unwrap();
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::fixed("AKIAIOSFODNN7EXAMPLE", "not-a-secret", None))
        .endpoint(endpoint)
        .trust(Trust::private_ca(server.ca_pem()).unwrap())
        .max_connections(connections)
        .build();
    runtime().block_on(client).expect("a client")
}

pub(crate) fn sdk(server: &Server) -> Client {
    let config = sdk::config(https(server.ca_pem())).endpoint_url(server.url());
    Client::from_conf(config.build())
}

fn targets() -> Vec<Target> {
    vec![Target::Ratio { other: "sdk_raw", at_most: 0.36 }]
}

pub(super) fn get_item() -> Case {
    let server = Server::start(&Canned::item(&encode_item(&product(1)).unwrap()));
    let (client, sdk) = (ours(&server, CONNECTIONS), sdk(&server));
    let hand = async |client: &Client| product_from_item(get_raw(client).await);
    assert_eq!(runtime().block_on(get_ours(&client)), Some(product(1)));
    assert_eq!(runtime().block_on(hand(&sdk)), Some(product(1)));
    // What the checks have opened ended with their runtimes.
    let (client, sdk) = (self::ours(&server, CONNECTIONS), self::sdk(&server));
    let mut ours = calls("ours", client, get_ours);
    ours.run(IN_FLIGHT);
    let mut raw = calls("sdk_raw", sdk.clone(), get_raw);
    raw.run(IN_FLIGHT);
    let hand_sdk = self::sdk(&server);
    let mut hand = calls("sdk_hand", hand_sdk, hand);
    hand.run(IN_FLIGHT);
    let body = r#"{"TableName":"products","Key":{"category":{"S":"kitchen"},"product_id":{"S":"0b7d2c5e-4f51-4c3e-9a50-000000000001"}},"ConsistentRead":true}"#;
    let others = vec![raw, hand, bare(&server, "GetItem", Bytes::from_static(body.as_bytes()))];
    Case { name: "get_item_tls", ours, others, targets: targets(), items: 1 }
}

pub(super) fn put_item() -> Case {
    let server = Server::start(&Canned::new("{}"));
    assert_eq!(runtime().block_on(put_ours(&ours(&server, CONNECTIONS))), product(1));
    let raw_item = product_to_item(&product(1));
    let raw = async move |client: &Client| put_sdk(client, raw_item.clone()).await;
    let hand = async |client: &Client| -> Product {
        let product = product(1);
        put_sdk(client, product_to_item(&product)).await;
        product
    };
    let mut ours = calls("ours", ours(&server, CONNECTIONS), put_ours);
    ours.run(IN_FLIGHT);
    let mut raw = calls("sdk_raw", sdk(&server), raw);
    raw.run(IN_FLIGHT);
    let mut hand = calls("sdk_hand", sdk(&server), hand);
    hand.run(IN_FLIGHT);
    let item = encode_item(&product(1)).unwrap();
    let condition = br##","ConditionExpression":"attribute_not_exists(#0)","ExpressionAttributeNames":{"#0":"category"}}"##;
    let body = [br#"{"TableName":"products","Item":"#, item.as_slice(), condition].concat();
    let others = vec![raw, hand, bare(&server, "PutItem", body.into())];
    Case { name: "put_item_tls", ours, others, targets: targets(), items: 1 }
}
