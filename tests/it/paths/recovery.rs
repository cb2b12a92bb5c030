//! An update whose response is lost, told from what its paths lead to.

use dynamo_runtime::operation::{NoCondition, ReturnNothing, Update};
use dynamo_runtime::prelude::*;

use super::{Address, Line, Parcel, engine};

type Change = Update<Parcel, NoCondition, ReturnNothing>;

#[tokio::test]
async fn what_the_paths_lead_to_tells_that_an_update_was_applied() {
    let (client, engine) = engine().await;
    let created = Parcel::create(super::parcel()).send(&client).await.unwrap();
    engine.faults().lose_response("UpdateItem");
    let updated = Parcel::update(Parcel::key("p"))
        .set(Parcel::ADDRESS.then(Address::CITY), "Linz")
        .set(Parcel::LINES.at(1).then(Line::QUANTITY), 20)
        .set(Parcel::PRICES.entry("a.b"), 21)
        .set(Parcel::NAMES.at(0), None)
        .remove(Parcel::ADDRESS.then(Address::ZIP))
        .remove(Parcel::PRICES.entry("tea"))
        .at_version(created.version)
        .returning_new()
        .response(&client)
        .await
        .unwrap();
    assert_eq!(updated.attempts, 2);
    assert_eq!(updated.value.address.city, "Linz");
    assert_eq!(Parcel::get(Parcel::key("p")).send(&client).await.unwrap(), Some(updated.value));
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
