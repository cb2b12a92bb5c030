use std::collections::BTreeSet;
use std::sync::Arc;

use dynamo_runtime::operation::{NoCondition, ReturnNothing, Update};
use dynamo_runtime::prelude::*;

use super::{Address, Line, Parcel, address, line, stored};

type Change = Update<Parcel, NoCondition, ReturnNothing>;

fn change() -> Change {
    Parcel::update(Parcel::key("p"))
}

/// The parcel as the update leaves it, at the version that it had.
async fn after(change: Change) -> Parcel {
    let (client, before) = stored().await;
    let after = change.if_exists().returning_new().send(&client).await;
    let after =
        after.unwrap_or_else(|error| panic!("{error}: {:?}", error.as_error().service_message()));
    let found = Parcel::get(Parcel::key("p")).send(&client).await.unwrap();
    assert_eq!(found.as_ref(), Some(&after));
    Parcel { version: before.version, ..after }
}

fn before() -> Parcel {
    Parcel { version: Version::FIRST, ..super::parcel() }
}

fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
    texts.map(str::to_owned).to_vec()
}

#[tokio::test]
async fn attributes_of_documents_are_set_and_removed() {
    let update = change()
        .set(Parcel::ADDRESS.then(Address::CITY), "Linz")
        .set(Parcel::ADDRESS.then(Address::FLAGS), BTreeSet::new())
        .remove(Parcel::ADDRESS.then(Address::ZIP))
        .set(Parcel::CONTACT.then(Address::ZIP), None)
        .set_if_absent(Parcel::CONTACT.then(Address::VISITS), 3)
        .set(Parcel::LINES.at(0).then(Line::DISCOUNT), -5);
    let mut expected = before();
    "Linz".clone_into(&mut expected.address.city);
    expected.address.flags = BTreeSet::new();
    expected.address.zip = None;
    expected.contact = Sensitive::new(Address { zip: None, ..address("Graz") });
    let tea = Line { discount: Some(-5), ..line("tea", 1) };
    expected.lines = Arc::new(vec![tea, line("cake", 2), line("jam", 3)]);
    assert_eq!(after(update).await, expected);
}

#[tokio::test]
async fn elements_of_lists_are_set_and_removed() {
    let update = change()
        .remove(Parcel::LINES.at(0))
        .remove(Parcel::LINES.at(1))
        .set(Parcel::GRID.at(1).at(0), 30)
        .set(Parcel::CORNERS.at(0), 50)
        .set(Parcel::NAMES.at(0), None)
        .set(Parcel::NAMES.at(1), "y");
    let mut expected = before();
    // Both indexes are those of the list as it was.
    expected.lines = Arc::new(vec![line("jam", 3)]);
    expected.grid = vec![vec![1, 2], vec![30, 4]];
    expected.corners = [50, 6];
    expected.names = vec![None, Some("y".to_owned()), Some("z".to_owned())];
    assert_eq!(after(update).await, expected);
}

#[tokio::test]
async fn an_element_past_the_end_is_no_new_element() {
    let (client, before) = stored().await;
    for update in [
        change().set(Parcel::LINES.at(3), line("salt", 1)),
        change().set(Parcel::CORNERS.at(2), 7),
        change().set(Parcel::GRID.at(0).at(2), 7),
    ] {
        let error = update.if_exists().send(&client).await.unwrap_err();
        assert_eq!(error.current(), Some(&before));
    }
    change().remove(Parcel::LINES.at(3)).if_exists().send(&client).await.unwrap();
    let found = Parcel::get(Parcel::key("p")).send(&client).await.unwrap().unwrap();
    assert_eq!(found.lines, before.lines);
}

#[tokio::test]
async fn entries_of_maps_are_set_counted_and_removed() {
    let update = change()
        .set(Parcel::PRICES.entry("jam"), 30)
        .set_if_absent(Parcel::PRICES.entry("tea"), 11)
        .add(Parcel::PRICES.entry("new"), 5)
        .remove(Parcel::PRICES.entry("a.b"))
        .append(Parcel::DAYS.entry("monday"), [line("cake", 8)])
        .append(Parcel::DAYS.entry("friday"), [line("tea", 9)]);
    let mut expected = before();
    expected.prices =
        [("jam", 30), ("new", 5), ("tea", 10)].map(|(key, price)| (key.to_owned(), price)).into();
    expected.days.insert("monday".to_owned(), vec![line("tea", 7), line("cake", 8)]);
    expected.days.insert("friday".to_owned(), vec![line("tea", 9)]);
    assert_eq!(after(update).await, expected);
}

#[tokio::test]
async fn nested_numbers_stay_within_their_type() {
    let update = change()
        .add(Parcel::ADDRESS.then(Address::VISITS), 5)
        .subtract(Parcel::CONTACT.then(Address::VISITS), 250)
        .subtract(Parcel::LINES.at(1).then(Line::DISCOUNT), 127)
        .add(Parcel::GRID.at(0).at(1), -2);
    let mut expected = before();
    expected.address.visits = 255;
    expected.contact = Sensitive::new(Address { visits: 0, ..address("Graz") });
    let cake = Line { discount: Some(-127), ..line("cake", 2) };
    expected.lines = Arc::new(vec![line("tea", 1), cake, line("jam", 3)]);
    expected.grid = vec![vec![1, 0], vec![3, 4]];
    assert_eq!(after(update).await, expected);

    let (client, before) = stored().await;
    for update in [
        change().add(Parcel::ADDRESS.then(Address::VISITS), 6),
        change().subtract(Parcel::CONTACT.then(Address::VISITS), 251),
        change().subtract(Parcel::PRICES.entry("none"), 1),
        change().add(Parcel::GRID.at(0).at(0), i64::MAX),
    ] {
        let error = update.if_exists().send(&client).await.unwrap_err();
        assert_eq!(error.current(), Some(&before));
    }
}

#[tokio::test]
async fn a_list_grows_at_either_end() {
    let update = change()
        .append(Parcel::NOTES, ["x", "y"])
        .prepend(Parcel::ADDRESS.then(Address::LINES), ["1", "2"])
        .append(Parcel::HISTORY, ["made".to_owned()])
        .append(Parcel::LINES, [line("salt", 4)])
        .prepend(Parcel::NAMES, [None, Some("w".to_owned())])
        .append(Parcel::GRID.at(0), Vec::<i64>::new())
        .append(Parcel::CONTACT.then(Address::LINES), texts(["c"]));
    let mut expected = before();
    expected.notes = texts(["n", "x", "y"]);
    expected.address.lines = texts(["1", "2", "a", "b"]);
    expected.history = Some(texts(["made"]));
    expected.lines = Arc::new([&expected.lines[..], &[line("salt", 4)]].concat());
    expected.names.splice(0..0, [None, Some("w".to_owned())]);
    expected.contact = Sensitive::new(Address { lines: texts(["a", "b", "c"]), ..address("Graz") });
    assert_eq!(after(update).await, expected);
}

#[tokio::test]
async fn an_absent_list_grows_from_what_it_reads_as() {
    let (client, _) = stored().await;
    change().remove(Parcel::NOTES).if_exists().send(&client).await.unwrap();
    let grown = change()
        .prepend(Parcel::NOTES, ["zeroth"])
        .prepend(Parcel::HISTORY, ["one"])
        .if_exists()
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(grown.notes, texts(["zeroth", "first"]));
    assert_eq!(grown.history, Some(texts(["one"])));
}

#[tokio::test]
async fn a_set_gains_and_loses_elements() {
    let update = change()
        .insert(Parcel::ROLES, ["writer", "reader", "writer"])
        .discard(Parcel::MARKS, [2, 7]);
    let mut expected = before();
    expected.roles = BTreeSet::from(["reader".to_owned(), "writer".to_owned()]);
    expected.marks = Sensitive::new(BTreeSet::from([1]));
    assert_eq!(after(update).await, expected);
}

#[tokio::test]
async fn a_set_without_its_last_element_is_absent_and_reads_as_empty() {
    let (client, _) = stored().await;
    let emptied = change()
        .discard(Parcel::ROLES, ["reader"])
        .if_exists()
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(emptied.roles, BTreeSet::new());
    let refilled = change()
        .insert(Parcel::ROLES, ["owner"])
        .condition(Parcel::ROLES.not_exists())
        .returning_new()
        .send(&client)
        .await
        .unwrap();
    assert_eq!(refilled.roles, BTreeSet::from(["owner".to_owned()]));
}

#[tokio::test]
async fn a_document_is_not_made_on_the_way() {
    let (client, before) = stored().await;
    let update = || change().set(Parcel::BILLING.then(Address::CITY), "Linz");
    let error = update().if_exists().send(&client).await.unwrap_err();
    assert_eq!(error.as_error().code(), Some("ValidationException"));
    let error = update().condition(Parcel::BILLING.exists()).send(&client).await.unwrap_err();
    assert_eq!(error.current(), Some(&before));
    change()
        .set(Parcel::BILLING, Box::new(address("Linz")))
        .if_exists()
        .send(&client)
        .await
        .unwrap();
    update().condition(Parcel::BILLING.exists()).send(&client).await.unwrap();
}
