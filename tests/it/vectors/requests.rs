//! What a search sends, and what it refuses to send.

use std::sync::{Arc, Mutex};

use dynamo_runtime::Endpoint;
use dynamo_runtime::client::{SecureClientBuilder, VpcEndpointId};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use serde_json::{Value, json};

use super::{Note, NoteByMeaning, NoteByPlace, Picture, is_refused};
use crate::engine::embedded_engine;

fn sent(engine: &LocalEngine) -> Value {
    let requests = engine.requests();
    let search = requests.iter().rev().find(|request| request.operation() == "SearchVectors");
    serde_json::from_slice(search.expect("a search was sent").body()).unwrap()
}

fn searches(engine: &LocalEngine) -> usize {
    engine.requests().iter().filter(|request| request.operation() == "SearchVectors").count()
}

#[tokio::test]
async fn a_request_has_what_the_service_takes() {
    let engine = embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Note>().table::<Picture>();
    let client = client.build().await.unwrap();
    let embedding = Embedding::from([0.1, -0.0, 1e-7]);

    let search = Note::by_meaning("ann", &embedding).filter(NoteByMeaning::YEAR.eq(2026)).top(7);
    search.send(&client).await.unwrap();
    let request = sent(&engine);
    // A bare array of numbers: no list, and no JSON numbers.
    let vector = json!([{ "N": "0.1" }, { "N": "0" }, { "N": "1e-7" }]);
    assert_eq!(request["SearchVector"], vector);
    assert_eq!((&request["TopK"], &request["IndexName"]), (&json!(7), &json!("meaning-index")));
    assert_eq!(request["TableName"], "notes");
    assert_eq!(request["SearchConditionExpression"], "#0 = :0 AND #1 = :1");
    assert_eq!(
        request["ExpressionAttributeValues"],
        json!({ ":0": { "S": "ann" }, ":1": { "N": "2026" } })
    );
    let names = &request["ExpressionAttributeNames"];
    assert_eq!((&names["#0"], &names["#1"]), (&json!("tenant"), &json!("year")));
    let projection = request["ProjectionExpression"].as_str().unwrap();
    let mut projected: Vec<_> =
        projection.split(", ").map(|name| names[name].as_str().unwrap()).collect();
    projected.sort_unstable();
    // What is wanted, the keys and the expiry; the vector is not.
    assert_eq!(projected, ["expires_at", "id", "pk", "sk", "tenant", "text"]);
    let known = [
        "TableName",
        "IndexName",
        "TopK",
        "SearchVector",
        "SearchConditionExpression",
        "ProjectionExpression",
        "ExpressionAttributeNames",
        "ExpressionAttributeValues",
    ];
    let members: Vec<_> = request.as_object().unwrap().keys().collect();
    assert!(members.iter().all(|member| known.contains(&member.as_str())), "{members:?}");

    // Without a partition key and a filter there is no condition.
    Note::by_place(&embedding).top(1).send(&client).await.unwrap();
    let request = sent(&engine);
    assert!(request.get("SearchConditionExpression").is_none(), "{request}");
    assert!(request.get("ExpressionAttributeValues").is_none(), "{request}");
}

#[tokio::test]
async fn what_the_service_would_refuse_is_not_sent() {
    let engine = embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Note>().table::<Picture>();
    let client = client.build().await.unwrap();
    let search = || Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0]));
    // A table that is made is asked whether its indexes answer.
    let before = searches(&engine);

    is_refused(search().top(0).send(&client).await, "`top` is 0");
    is_refused(search().top(101).send(&client).await, "`top` is 101");
    is_refused(search().filter(Vec::new()).top(1).send(&client).await, "an empty list");
    let twice = search()
        .filter(NoteByMeaning::CATEGORY.eq("travel"))
        .filter(NoteByMeaning::CATEGORY.eq("food"));
    is_refused(twice.top(1).send(&client).await, "two filters on `category`");
    let nowhere = Note::by_meaning("", Embedding::from([1.0, 0.0, 0.0]));
    is_refused(nowhere.top(1).send(&client).await, "`tenant`");
    let zero = Note::by_meaning("ann", Embedding::from([0.0, -0.0, 0.0]));
    is_refused(zero.top(1).send(&client).await, "zero in all dimensions");
    for number in [f32::NAN, f32::INFINITY] {
        let unfit = Note::by_meaning("ann", Embedding::from([0.0, number, 0.0]));
        is_refused(unfit.top(1).send(&client).await, "[1]");
    }
    assert_eq!(searches(&engine), before);
    // A length has a meaning where no angle has.
    let zero = Note::by_place(Embedding::from([0.0, 0.0, 0.0]));
    let zero = zero.filter(NoteByPlace::CATEGORY.eq("food"));
    assert!(zero.top(1).send(&client).await.unwrap().is_empty());
}

#[tokio::test]
async fn no_number_and_no_value_is_shown() {
    let search = Note::by_meaning("hunter2", Embedding::from([0.125, 7.5, 0.25]));
    let search = search.filter(NoteByMeaning::CATEGORY.eq("hunter2")).top(3);
    let shown = format!("{search:?} {:?}", NoteByMeaning::CATEGORY.eq("hunter2"));
    for secret in ["hunter2", "0.125", "7.5"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("meaning-index") && shown.contains("category"), "{shown}");
}

/// A client of DynamoDB, which resolves no host and tells of each that it was to resolve.
async fn of_dynamodb(
    change: impl FnOnce(Builder) -> Builder,
) -> (SecureClient, Arc<Mutex<Vec<String>>>) {
    let hosts = Arc::<Mutex<Vec<String>>>::default();
    let told = Arc::clone(&hosts);
    let builder = SecureClient::builder()
        .region(Region::EU_CENTRAL_1)
        .credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None))
        .retries(1)
        .resolver(move |host| {
            told.lock().unwrap().push(host.to_owned());
            Err(std::io::Error::other("no name server answers"))
        });
    (change(builder).build().await.unwrap(), hosts)
}

type Builder = SecureClientBuilder<Region, Credentials>;

#[tokio::test]
async fn a_search_goes_to_the_search_host_and_nothing_else_does() {
    let (client, hosts) = of_dynamodb(|it| it).await;
    let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0]));
    assert!(search.top(1).send(&client).await.unwrap_err().is_connection());
    assert!(Note::get(Note::key(1_u32)).send(&client).await.unwrap_err().is_connection());
    let expected =
        ["search-dynamodb.eu-central-1.amazonaws.com", "dynamodb.eu-central-1.amazonaws.com"];
    assert_eq!(*hosts.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_search_of_which_nobody_says_where_it_goes_is_not_sent() {
    let id = VpcEndpointId::new("vpce-0a1b2c3d4e5f67890-abcd1234").unwrap();
    let (client, hosts) = of_dynamodb(|it| it.endpoint(Endpoint::interface(id))).await;
    let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0]));
    let how = "`.search_endpoint(SearchEndpoint::at(Endpoint::standard()))`";
    is_refused(search.top(1).send(&client).await, how);
    assert!(hosts.lock().unwrap().is_empty());
}
