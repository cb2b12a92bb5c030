//! What the figures rest on: all subjects of a case come to one result, and the client that is
//! answered from memory checks as any other does.

use bytes::Bytes;
use dynamo_benches::cases::ALL;
use dynamo_benches::sdk::Canned;
use dynamo_benches::things::{Product, product, product_key};
use dynamo_runtime::__benches::client;
use dynamo_runtime::prelude::*;
use http::Response;

/// Making a case compares the results of its subjects.
#[test]
fn every_case_can_be_made_and_run() {
    // Without optimisation, `sonic_rs` needs more of the stack for a deep item than a test has.
    let thread = std::thread::Builder::new().stack_size(16 << 20).spawn(make_and_run);
    thread.unwrap().join().unwrap();
}

fn make_and_run() {
    for named in ALL {
        let mut case = named.make();
        case.ours.run(2);
        for other in &mut case.others {
            other.run(2);
        }
    }
}

async fn read(answer: impl Fn() -> Response<Bytes> + Send + Sync + 'static) -> String {
    let client = client(move |_, _| answer()).build().await.unwrap();
    let read = Product::get(product_key()).send(&client).await;
    read.map_or_else(|error| error.to_string(), |found| format!("{}", found.is_some()))
}

fn found() -> Canned {
    Canned::item(&dynamo_runtime::codec::encode_item(&product(1)).unwrap())
}

#[tokio::test]
async fn an_answer_from_memory_is_checked_as_any_other() {
    assert_eq!(read(|| found().response()).await, "true");
    let without_crc = read(|| {
        let mut response = found().response();
        response.headers_mut().remove("x-amz-crc32");
        response
    });
    assert!(without_crc.await.contains("has no `x-amz-crc32`"));
    let changed = read(|| {
        let response = found().response();
        response.map(|body| String::from_utf8(body.to_vec()).unwrap().replace('K', "k").into())
    });
    assert!(changed.await.contains("does not match its body"));
    let no_json = read(|| {
        let mut response = found().response();
        response.headers_mut().insert("content-type", "text/html".parse().unwrap());
        response
    });
    assert!(no_json.await.contains("content type is not DynamoDB's"));
}

#[tokio::test]
async fn its_requests_are_signed_and_its_answers_are_given_to_their_operation() {
    let client = client(|target, body| {
        assert_eq!(target, "DynamoDB_20120810.GetItem");
        assert!(body.starts_with(b"{\"TableName\":\"products\""));
        Canned::new("{}").response()
    });
    let client = client.build().await.unwrap();
    assert_eq!(Product::get(product_key()).send(&client).await.unwrap(), None);
}
