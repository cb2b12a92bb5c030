//! Updates that are right by themselves, of an item that does not admit them.

use std::collections::BTreeMap;

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "series", allow(unconditional_put))]
struct Series {
    #[dynamo(partition_key)]
    id: String,
    total: f64,
    floats: Vec<f64>,
    slots: Vec<Option<u8>>,
    rows: Vec<Vec<u8>>,
    lists: Vec<Vec<String>>,
    ratios: Option<BTreeMap<String, f64>>,
}

fn series(total: f64) -> Series {
    Series {
        id: "s".to_owned(),
        total,
        floats: vec![0.5],
        slots: vec![Some(1), None],
        rows: vec![vec![1]],
        lists: vec![vec!["a".to_owned()]],
        ratios: None,
    }
}

async fn stored(total: f64) -> SecureClient {
    let client = crate::engine::client().table::<Series>().build().await;
    Series::put_unconditionally(series(total)).send(&client).await.unwrap();
    client
}

async fn found(client: &SecureClient) -> Series {
    Series::get(Series::key("s")).send(client).await.unwrap().unwrap()
}

#[tokio::test]
async fn what_an_update_builds_on_is_there_or_the_condition_fails() {
    let client = stored(1.0).await;
    let change = || Series::update(Series::key("s")).if_exists();
    for update in [
        change().add(Series::FLOATS.at(1), 0.5),
        change().subtract(Series::FLOATS.at(1), 0.5),
        change().add(Series::SLOTS.at(2), 1),
        // A null is no number.
        change().add(Series::SLOTS.at(1), 1),
        change().append(Series::LISTS.at(1), ["b"]),
        change().prepend(Series::LISTS.at(1), ["b"]),
    ] {
        let error = update.send(&client).await.unwrap_err();
        assert_eq!(error.current(), Some(&series(1.0)), "{error}");
    }
    change()
        .add(Series::FLOATS.at(0), 0.25)
        .add(Series::SLOTS.at(0), 1)
        .append(Series::LISTS.at(0), ["b"])
        .send(&client)
        .await
        .unwrap();
    let Series { floats, slots, lists, .. } = found(&client).await;
    assert_eq!((floats, slots), (vec![0.75], vec![Some(2), None]));
    assert_eq!(lists, [["a".to_owned(), "b".to_owned()]]);
}

#[tokio::test]
async fn a_required_attribute_that_another_program_removed_fails_the_condition() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "series", allow(unconditional_put))]
    struct Bare {
        #[dynamo(partition_key)]
        id: String,
    }
    let client = stored(1.0).await;
    Bare::put_unconditionally(Bare { id: "s".to_owned() }).send(&client).await.unwrap();
    let change = || Series::update(Series::key("s")).if_exists();
    for update in [change().add(Series::TOTAL, 1.0), change().append(Series::LISTS, [Vec::new()])] {
        assert!(update.send(&client).await.unwrap_err().is_condition_failed());
    }
}

#[tokio::test]
async fn a_sum_that_is_no_number_of_dynamodb_is_told_as_such() {
    for (total, added, words) in [
        (9e125, 1e125, "a number would be greater than DynamoDB takes"),
        (1.5e-130, -1e-130, "a number would be nearer to zero than DynamoDB takes"),
        (1e20, 1e-20, "a number would have more than the 38 digits that DynamoDB takes"),
    ] {
        let client = stored(total).await;
        let add = || Series::update(Series::key("s")).add(Series::TOTAL, added).if_exists();
        let error = add().send(&client).await.unwrap_err();
        assert!(error.as_error().is_inapplicable() && !error.is_condition_failed(), "{error}");
        assert!(!error.as_error().is_invalid() && !error.is_outcome_unknown(), "{error}");
        let shown = format!("Series::update: the item as it is does not admit the update: {words}");
        assert!(error.to_string().starts_with(&shown), "{error}");
        let error = Transaction::new().update(add()).send(&client).await.unwrap_err();
        assert!(error.reasons()[0].is_invalid(), "{error}");
        assert_eq!(found(&client).await, series(total));
    }
}

#[tokio::test]
async fn a_path_through_what_is_not_there_is_told_as_such() {
    let client = stored(1.0).await;
    let update = Series::update(Series::key("s")).set(Series::RATIOS.entry("ann@example.com"), 1.0);
    let error = update.if_exists().send(&client).await.unwrap_err();
    assert!(error.as_error().is_inapplicable(), "{error}");
    assert!(error.to_string().contains("a path leads through what is not there"), "{error}");
    // Neither is any other refusal of the service, nor what is found before sending.
    let other = Series::get(Series::key("")).send(&client).await.unwrap_err();
    assert!(!other.is_inapplicable() && other.is_invalid());
}

#[tokio::test]
async fn no_error_of_a_write_shows_the_key_of_a_map() {
    let client = stored(1.0).await;
    let ratios = || Some(BTreeMap::from([("ann@example.com".to_owned(), f64::NAN)]));
    let create = Series::create(Series { ratios: ratios(), ..series(1.0) });
    let set = Series::update(Series::key("s")).set(Series::RATIOS, ratios()).if_exists();
    let errors =
        [create.send(&client).await.map(|_| ()).unwrap_err(), set.send(&client).await.unwrap_err()];
    for error in errors {
        let shown = format!("{error} {error:?} {:?}", error.as_error().path());
        assert!(shown.contains("infinity and NaN cannot be stored"), "{shown}");
        assert!(shown.contains("`?`") || shown.contains("ratios.?"), "{shown}");
        assert!(!shown.contains("example"), "{shown}");
    }
}
