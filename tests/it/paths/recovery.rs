//! An update whose response is lost, told from what its paths lead to.

use dynamo_runtime::operation::{NoCondition, ReturnNothing, Update};
use dynamo_runtime::prelude::*;

use std::collections::{BTreeMap, BTreeSet};

use super::{Address, Line, Parcel, engine};

/// A parcel with the time of its last write, which tells whose it was.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "parcels")]
struct Dated {
    #[dynamo(partition_key)]
    id: String,
    address: Address,
    lines: Vec<Line>,
    prices: BTreeMap<String, u64>,
    names: Vec<Option<String>>,
    roles: BTreeSet<String>,
    #[dynamo(default)]
    notes: Vec<String>,
    #[dynamo(version)]
    version: Version,
    #[dynamo(updated_at, default = before)]
    updated_at: Timestamp,
}

fn before() -> Timestamp {
    Timestamp::EPOCH
}

type Change = Update<Parcel, NoCondition, ReturnNothing>;
type Dating = Update<Dated, NoCondition, ReturnNothing>;

#[tokio::test]
async fn what_the_paths_lead_to_tells_that_an_update_was_applied() {
    let (client, engine) = engine().await;
    let created = Parcel::create(super::parcel()).send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let updated = Dated::update(Dated::key("p"))
        .set(Dated::ADDRESS.then(Address::CITY), "Linz")
        .set(Dated::LINES.at(1).then(Line::QUANTITY), 20)
        .set(Dated::PRICES.entry("a.b"), 21)
        .set(Dated::NAMES.at(0), None)
        .remove(Dated::ADDRESS.then(Address::ZIP))
        .remove(Dated::PRICES.entry("tea"))
        .at_version(created.version)
        .returning_new()
        .send_with_metadata(&client)
        .await
        .unwrap();
    assert_eq!(updated.attempts, 2);
    assert_eq!(updated.value.address.city, "Linz");
    assert_eq!(Dated::get(Dated::key("p")).send(&client).await.unwrap(), Some(updated.value));
}

#[tokio::test]
async fn the_time_of_the_write_tells_what_depends_on_what_was_there() {
    let changes: [fn(Dating) -> Dating; _] = [
        |update| update.remove(Dated::LINES.at(0)),
        |update| update.append(Dated::NOTES, ["x"]),
        |update| update.insert(Dated::ROLES, ["x"]),
        |update| update.add(Dated::PRICES.entry("tea"), 1),
    ];
    for change in changes {
        let (client, engine) = engine().await;
        let created = Parcel::create(super::parcel()).send(&client).await.unwrap();
        engine.faults().lose_response("UpdateItem");
        let update = change(Dated::update(Dated::key("p")));
        let response =
            update.at_version(created.version).send_with_metadata(&client).await.unwrap();
        assert_eq!(response.attempts, 2);
    }
}

#[tokio::test]
async fn the_same_update_of_another_writer_is_no_success() {
    let (client, engine) = engine().await;
    let created = Parcel::create(super::parcel()).send(&client).await.unwrap();
    let update = || Dated::update(Dated::key("p")).set(Dated::NAMES.at(0), None);
    engine.faults().drop_request("UpdateItem");
    let pause = engine.faults().pause("UpdateItem");
    let ours = tokio::spawn({
        let (client, update) = (client.clone(), update().at_version(created.version));
        async move { update.send(&client).await }
    });
    pause.reached().await;
    update().at_version(created.version).exactly_once().send(&client).await.unwrap();
    pause.release();
    let error = ours.await.unwrap().unwrap_err();
    assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
}

#[tokio::test]
async fn another_update_of_the_same_version_is_no_success() {
    let (client, engine) = engine().await;
    let created = Parcel::create(super::parcel()).send(&client).await.unwrap();
    let theirs = Parcel::update(Parcel::key("p"))
        .set(Parcel::ADDRESS.then(Address::CITY), "Graz")
        .at_version(created.version)
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    engine.faults().lose_response("UpdateItem");
    let error = Parcel::update(Parcel::key("p"))
        .set(Parcel::ADDRESS.then(Address::CITY), "Linz")
        .at_version(created.version)
        .send(&client)
        .await
        .unwrap_err();
    assert!(error.is_condition_failed());
    assert_eq!(error.current(), Some(&theirs));
}

#[tokio::test]
async fn what_depends_on_what_was_there_cannot_be_told() {
    let changes: [fn(Change) -> Change; _] = [
        |update| update.remove(Parcel::LINES.at(0)),
        |update| update.remove(Parcel::LINES.at(2)),
        |update| update.append(Parcel::NOTES, ["x"]),
        |update| update.insert(Parcel::ROLES, ["x"]),
        |update| update.discard(Parcel::ROLES, ["reader"]),
        |update| update.add(Parcel::PRICES.entry("tea"), 1),
    ];
    for change in changes {
        let (client, engine) = engine().await;
        let created = Parcel::create(super::parcel()).send(&client).await.unwrap();
        engine.faults().lose_response("UpdateItem");
        let update = change(Parcel::update(Parcel::key("p")));
        let error = update.at_version(created.version).send(&client).await.unwrap_err();
        assert!(error.is_condition_failed() && error.is_outcome_unknown(), "{error}");
        assert_eq!(error.current().map(|parcel| parcel.version), created.version.next());
    }
}
