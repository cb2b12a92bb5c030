//! Answers that no service sends, and those of an index that is not ready.

use std::time::Duration;

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

use super::{Note, Picture, note};
use crate::engine::embedded_engine;

const SECRET: &str = "hunter2";

async fn answered(engine: &LocalEngine, client: &SecureClient, json: &str) -> Result<usize, Error> {
    engine.faults().answer("SearchVectors", json);
    let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0])).top(2);
    Ok(search.send(client).await?.len())
}

fn result(id: &str, tenant: &str, score: &str) -> String {
    format!(
        r#"{{"Item":{{"pk":{{"S":"NOTE#{id}"}},"sk":{{"S":"TEXT"}},"id":{{"N":"{id}"}},"tenant":{{"S":"{tenant}"}},"text":{{"S":"{SECRET}"}}}}{score}}}"#
    )
}

fn response(results: &[String]) -> String {
    format!(r#"{{"SearchResults":[{}]}}"#, results.join(","))
}

#[tokio::test]
async fn an_answer_that_does_not_fit_is_an_error() {
    let engine = embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Note>().table::<Picture>();
    let client = client.build().await.unwrap();
    let one = |score: &str| response(&[result("1", "ann", score)]);

    assert_eq!(answered(&engine, &client, &one(r#","Score":0.5"#)).await.unwrap(), 1);
    for score in ["", r#","Score":null"#, r#","Score":"NaN""#, r#","Score":1e999"#] {
        let error = answered(&engine, &client, &one(score)).await.unwrap_err();
        assert!(error.is_decode(), "{score}: {error}");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    }
    let many = response(&["1", "2", "3"].map(|id| result(id, "ann", r#","Score":0"#)));
    let error = answered(&engine, &client, &many).await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("more results"), "{error}");
    // An answer to another operation.
    let get = format!(r#"{{"Item":{{"pk":{{"S":"NOTE#1"}},"text":{{"S":"{SECRET}"}}}}}}"#);
    for other in [&get, r#"{"Items":[],"Count":0,"ScannedCount":0}"#, r#"{"Responses":{}}"#] {
        let error = answered(&engine, &client, other).await.unwrap_err();
        assert!(error.is_decode() && error.to_string().contains("SearchResults"), "{error}");
        assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    }
    let error = answered(&engine, &client, "{}").await.unwrap_err();
    assert!(error.is_decode() && error.to_string().contains("SearchResults"), "{error}");
    let other = response(&[result("1", "bob", r#","Score":0"#)]);
    let error = answered(&engine, &client, &other).await.unwrap_err();
    assert!(error.is_integrity(), "{error}");
    assert!(!format!("{error} {error:?}").contains(SECRET), "{error:?}");
    let keyless = r#"{"SearchResults":[{"Item":{"tenant":{"S":"ann"}},"Score":0}]}"#;
    assert!(answered(&engine, &client, keyless).await.unwrap_err().is_decode());
    let unreadable = response(&[result("x", "ann", r#","Score":0"#)]);
    let error = answered(&engine, &client, &unreadable).await.unwrap_err();
    assert_eq!(error.path(), Some("SearchResults[0].Item.id"), "{error}");
    // In whatever order they come, the nearest is first.
    let shuffled = [result("1", "ann", r#","Score":0.5"#), result("2", "ann", r#","Score":0.25"#)];
    engine.faults().answer("SearchVectors", &response(&shuffled));
    let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0])).top(2);
    let found = search.send(&client).await.unwrap();
    assert_eq!(found.iter().map(|hit| hit.item.id).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn an_item_of_another_entity_is_never_given_as_this_one() {
    let engine = embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Note>().table::<Picture>();
    let client = client.build().await.unwrap();
    for (pk, sk) in [
        (r#"{"S":"PICTURE#1"}"#, r#"{"S":"TEXT"}"#),
        (r#"{"S":"NOTE#1"}"#, r#"{"S":"PIXELS"}"#),
        (r#"{"S":"NOTE#1#2"}"#, r#"{"S":"TEXT"}"#),
        (r#"{"N":"1"}"#, r#"{"S":"TEXT"}"#),
    ] {
        let item = format!(
            r#"{{"pk":{pk},"sk":{sk},"id":{{"N":"1"}},"tenant":{{"S":"ann"}},"text":{{"S":"x"}}}}"#
        );
        let json = format!(r#"{{"SearchResults":[{{"Item":{item},"Score":0}}]}}"#);
        assert_eq!(answered(&engine, &client, &json).await.unwrap(), 0, "{pk} {sk}");
    }
}

#[tokio::test]
async fn a_search_is_repeated_when_its_answer_is_lost() {
    let engine = embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Note>().table::<Picture>();
    let client = client.build().await.unwrap();
    Note::create(note(1, [1.0, 0.0, 0.0])).send(&client).await.unwrap();
    let search = || Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0])).top(2);
    engine.faults().lose_response("SearchVectors");
    let response = search().send_with_metadata(&client).await.unwrap();
    assert_eq!((response.value.len(), response.attempts), (1, 2));
    engine.faults().throttle("SearchVectors", "TableReadKeyRangeThroughputExceeded", "arn:aws:..");
    assert_eq!(search().send_with_metadata(&client).await.unwrap().attempts, 2);
    engine.faults().corrupt_response("SearchVectors");
    assert_eq!(search().send(&client).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_search_that_is_given_up_or_out_of_time_is_as_if_it_never_was() {
    let engine = embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Note>().table::<Picture>();
    let client = client.build().await.unwrap();
    Note::create(note(1, [1.0, 0.0, 0.0])).send(&client).await.unwrap();
    let search = || Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0])).top(2);

    let held = engine.faults().pause("SearchVectors");
    let error = search().deadline(Duration::from_millis(50)).send(&client).await.unwrap_err();
    assert!(error.is_timeout() && !error.is_outcome_unknown(), "{error:?}");
    drop(held);
    let held = engine.faults().pause("SearchVectors");
    let given_up = tokio::time::timeout(Duration::from_millis(50), search().send(&client)).await;
    assert!(given_up.is_err());
    drop(held);
    assert_eq!(search().send(&client).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_index_that_is_not_there_is_not_ready() {
    // As the tables were before the index.
    mod before {
        use dynamo_runtime::prelude::*;

        #[derive(Entity)]
        #[dynamo(table = "notes", partition_key("pk") = "NOTE#{id}", sort_key("sk") = "TEXT")]
        pub(super) struct Note {
            id: u32,
        }
    }

    let engine = embedded_engine().await;
    let client =
        SecureClient::local().engine(&engine).table::<before::Note>().build().await.unwrap();
    let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0, 0.0])).top(2);
    let error = search.send(&client).await.unwrap_err();
    assert!(error.is_index_not_ready() && !error.is_invalid(), "{error}");
    assert!(error.to_string().contains("search again"), "{error}");
}
