//! DynamoDB's limits: what keeps to one is sent and taken, and what is one past it is refused before
//! anything is sent.

use dynamo_runtime::operation::{ReturnNothing, Unconditional, Update};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Condition, WriteError, any_of};

use super::entities::{Detail, Modelled, Thing, ThingKey};
use super::value::{Item, Value};

const MAX_ITEM_SIZE: usize = 400 * 1024;

fn key() -> ThingKey {
    ThingKey { id: "a".to_owned(), number: 1 }
}

fn thing(bytes: usize) -> Thing {
    let empty = Thing::of_item(&Item::from([
        ("id".to_owned(), Value::text("a")),
        ("number".to_owned(), Value::number(1_u8)),
    ]));
    Thing { bytes: vec![7; bytes], ..empty }
}

async fn client() -> SecureClient {
    let client = crate::engine::client().table::<Thing>().build().await;
    Thing::put_unconditionally(thing(1)).send(&client).await.unwrap();
    client
}

/// The size that an error tells, for what is so much larger than a limit.
fn size(error: &str) -> usize {
    let numbers = error.split(|character: char| !character.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).max().unwrap()
}

async fn check<K>(client: &SecureClient, condition: Condition<Thing, K>) -> Result<(), String> {
    let delete = Thing::delete(key()).condition(condition);
    told(delete.send(client).await)
}

/// Whether it was sent; what was refused before is told.
fn told<T>(result: Result<T, WriteError<Thing>>) -> Result<(), String> {
    match result {
        Ok(_) => Ok(()),
        Err(error) if error.is_condition_failed() => Ok(()),
        // The embedded engine counts some bytes of an update's expression besides.
        Err(error) if error.as_error().is_inapplicable() => Ok(()),
        Err(error) => {
            let error = error.as_error();
            assert!(error.is_invalid(), "{error}: {:?}", error.service_message());
            assert_eq!(error.attempts(), 0);
            Err(error.to_string())
        }
    }
}

#[tokio::test]
async fn an_expression_has_at_most_300_operators() {
    let client = client().await;
    // 149 comparisons, 148 `OR`, and that the item exists: 299.
    let many = || any_of((0..149).map(|_| Thing::COUNT.eq(9)));
    check(&client, !many()).await.unwrap();
    let error = check(&client, !!many()).await.unwrap_err();
    assert!(error.contains("301 operators, and DynamoDB allows 300"), "{error}");
}

#[tokio::test]
async fn an_expression_has_at_most_4_kb() {
    let client = client().await;
    let many = |count: usize| {
        let lists = (0..count).step_by(90).map(|first| 90.min(count - first));
        any_of(lists.map(|values| Thing::COUNT.is_in(std::iter::repeat_n(9, values))))
    };
    let error = check(&client, many(4_000)).await.unwrap_err();
    assert!(error.contains("DynamoDB allows 4096"), "{error}");
    let (mut least, mut most) = (1, 4_000);
    while most - least > 1 {
        let middle = usize::midpoint(least, most);
        match check(&client, many(middle)).await {
            Ok(()) => least = middle,
            Err(_) => most = middle,
        }
    }
    // One operand more has six bytes, or a list of its own.
    let size = size(&check(&client, many(most)).await.unwrap_err());
    assert!((4_097..4_097 + 16).contains(&size), "{size}");
}

#[tokio::test]
async fn names_and_values_have_at_most_2_mb() {
    let client = client().await;
    let city = |size: usize| Thing::DETAIL.then(Detail::CITY).eq("x".repeat(size));
    let error = check(&client, city(3 << 20)).await.unwrap_err();
    let around = size(&error) - (3 << 20);
    check(&client, city((2 << 20) - around)).await.unwrap();
    let error = check(&client, city((2 << 20) - around + 1)).await.unwrap_err();
    assert!(error.contains("2097153 bytes, and DynamoDB allows 2097152"), "{error}");
    let entries = |count: usize| {
        any_of((0..count).map(|number| Thing::PRICES.entry(format!("{number:065530}")).exists()))
    };
    check(&client, entries(31)).await.unwrap();
    let error = check(&client, entries(33)).await.unwrap_err();
    assert!(error.contains("bytes, and DynamoDB allows 2097152"), "{error}");
}

#[tokio::test]
async fn an_item_has_at_most_400_kb() {
    let client = client().await;
    let put = async |bytes| told(Thing::put_unconditionally(thing(bytes)).send(&client).await);
    let around = size(&put(500_000).await.unwrap_err()) - 500_000;
    put(MAX_ITEM_SIZE - around).await.unwrap();
    let error = put(MAX_ITEM_SIZE - around + 1).await.unwrap_err();
    assert!(error.contains("409601 bytes"), "{error}");
}

type Upsert = Update<Thing, Unconditional, ReturnNothing>;

fn upsert() -> Upsert {
    Thing::upsert_unconditionally(key())
}

#[tokio::test]
async fn an_update_makes_no_item_over_400_kb_as_far_as_it_alone_tells() {
    let client = client().await;
    let of_bytes: fn(usize) -> Upsert = |size| upsert().set(Thing::BYTES, vec![7; size]);
    let of_roles: fn(usize) -> Upsert = |size| upsert().insert(Thing::ROLES, ["x".repeat(size)]);
    let large = |size: usize| "x".repeat(size);
    // `id` and its text, `number` and its number.
    let key_size = (2 + 1) + (6 + 2);
    for (name, update) in [("bytes", of_bytes), ("roles", of_roles)] {
        let most = MAX_ITEM_SIZE - key_size - name.len();
        Thing::delete_unconditionally(key()).send(&client).await.unwrap();
        told(update(most).send(&client).await).unwrap();
        let error = told(update(most + 1).send(&client).await).unwrap_err();
        assert!(error.contains("the item would have at least 409601 bytes"), "{name}: {error}");
    }
    // Neither of them is too large by itself.
    let both = upsert().set(Thing::LABEL, "x").set(Thing::BYTES, vec![7; 300_000]);
    let both = both.append(Thing::NAMES, [large(200_000)]);
    let error = told(both.send(&client).await).unwrap_err();
    assert!(error.contains("the item would have at least 500"), "{error}");
}

#[tokio::test]
async fn no_value_of_an_update_is_larger_than_an_item() {
    let client = client().await;
    let large = || "x".repeat(MAX_ITEM_SIZE + 1);
    let update = || Thing::update(key()).if_exists();
    for (path, update) in [
        ("bytes", update().set(Thing::BYTES, vec![7; MAX_ITEM_SIZE + 1])),
        ("bytes", update().set_if_absent(Thing::BYTES, vec![7; MAX_ITEM_SIZE + 1])),
        ("names[1]", update().set(Thing::NAMES.at(1), large())),
        ("names", update().append(Thing::NAMES, [large()])),
        ("names", update().prepend(Thing::NAMES, [large()])),
        ("roles", update().insert(Thing::ROLES, [large()])),
        ("roles", update().discard(Thing::ROLES, [large()])),
    ] {
        let error = told(update.send(&client).await).unwrap_err();
        let expected = format!("the value for `{path}` has 4096");
        assert!(error.contains(&expected), "{error}");
    }
    told(update().discard(Thing::ROLES, ["x".repeat(MAX_ITEM_SIZE)]).send(&client).await).unwrap();
}
