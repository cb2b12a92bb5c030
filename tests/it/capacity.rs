//! What operations consume, where the client asks for it.

use dynamo_runtime::prelude::*;

use crate::entities::{Reading, User, client, reading, reading_key, user, user_key};

async fn asking() -> SecureClient {
    crate::engine::client().table::<User>().table::<Reading>().return_capacity().build().await
}

#[tokio::test]
async fn each_response_says_what_it_consumed() {
    let client = asking().await;
    // The item and its copy in the index.
    let created = User::create(user("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!(created.capacity, Some(2.0));
    let get = User::get(user_key("u1"));
    assert_eq!(get.clone().send_with_metadata(&client).await.unwrap().capacity, Some(1.0));
    let cheaper = get.eventually_consistent().send_with_metadata(&client).await.unwrap();
    assert_eq!(cheaper.capacity, Some(0.5));
}

#[tokio::test]
async fn several_requests_are_summed_by_entity_and_operation() {
    let client = asking().await;
    let batch = BatchWrite::new().put_all((0..60).map(|number| reading("s", number)));
    let written = batch.send_with_metadata(&client).await.unwrap();
    written.value.complete().unwrap();
    let written_units = written.capacity;
    // Sixty items, and as many copies in the index.
    assert_eq!(written.capacity, Some(120.0));
    let keys = (0..120).map(|number| reading_key("s", number));
    let fetched = Reading::batch_get(keys).send_with_metadata(&client).await.unwrap();
    assert_eq!((fetched.capacity, fetched.value.found.len()), (Some(120.0), 60));
    let transaction = Transaction::new().create(user("u1")).check_absent(user_key("u2"));
    // A transaction costs twice.
    let response = transaction.send_with_metadata(&client).await.unwrap();
    assert!(response.capacity.is_some_and(|units| units >= 4.0), "{:?}", response.capacity);
    let sums: Vec<_> = client
        .consumed_capacity()
        .iter()
        .map(|sum| (sum.entity, sum.operation, sum.requests))
        .collect();
    assert_eq!(
        sums,
        [("BatchWrite", "send", 3), ("Reading", "batch_get", 2), ("Transaction", "write", 1)]
    );
    assert_eq!(Some(client.consumed_capacity()[0].units), written_units);
}

#[tokio::test]
async fn a_client_that_does_not_ask_is_not_told() {
    let client = client().await;
    let created = User::create(user("u1")).send_with_metadata(&client).await.unwrap();
    assert_eq!(created.capacity, None);
    assert!(client.consumed_capacity().is_empty());
}
