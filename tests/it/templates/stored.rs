//! What is stored, and what is read back.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;

use super::shop::{Customer, CustomerId, Order, OrderKey, Raw, client, day, key, order, raw};

#[tokio::test]
async fn an_item_has_its_keys_and_their_parts() {
    let client = client().await;
    let mut packed = order("ada", 3, 7);
    packed.country = Some("de#at".to_owned());
    packed.depot = Some(4);
    packed.shelf = Some(-2);
    let created = Order::create(packed).send(&client).await.unwrap();
    assert_eq!(
        raw(&client, &created.to_key()).await,
        Raw {
            pk: "CUSTOMER#ada".to_owned(),
            sk: "ORDER#2026-11-03T00:00:00.000000Z#0000000007".to_owned(),
            gsi1pk: Some("STATUS#open".to_owned()),
            gsi1sk: Some("2026-11-03T00:00:00.000000Z".to_owned()),
            gsi2pk: Some("DEPOT#de%23at#004".to_owned()),
            gsi2sk: Some("SHELF#-99998#0000000007".to_owned()),
            customer_id: "ada".to_owned(),
            placed_at: day(3),
            order_id: 7,
            status: "open".to_owned(),
            total: 100,
            country: Some("de#at".to_owned()),
            depot: Some(4),
            shelf: Some(-2),
            version: 1,
        }
    );
    assert_eq!(Order::get(key("ada", 3, 7)).send(&client).await.unwrap(), Some(created));
}

#[tokio::test]
async fn distinct_parts_are_distinct_items() {
    let client = client().await;
    let customer = |id: &str| Customer { customer_id: id.into(), name: id.to_owned() };
    for id in ["a", "a#PROFILE", "a%23PROFILE", "a b"] {
        Customer::create(customer(id)).send(&client).await.unwrap();
    }
    for id in ["a", "a#PROFILE", "a%23PROFILE", "a b"] {
        let found = Customer::get(Customer::key(id)).send(&client).await.unwrap().unwrap();
        assert_eq!(found, customer(id));
    }
    assert!(Customer::create(customer("a")).send(&client).await.unwrap_err().is_condition_failed());
}

#[tokio::test]
async fn an_empty_part_is_refused_before_sending() {
    let client = client().await;
    let check = |error: &Error| {
        assert!(error.is_invalid(), "{error}");
        assert_eq!((error.path(), error.attempts()), (Some("pk"), 0));
        assert!(error.to_string().contains("`customer_id` of the key attribute `pk` is empty"));
    };
    check(&Order::get(key("", 1, 1)).send(&client).await.unwrap_err());
    check(&Order::query(CustomerId(String::new())).page(&client).await.unwrap_err());
    check(Order::create(order("", 1, 1)).send(&client).await.unwrap_err().as_error());
    check(
        Order::delete(key("", 1, 1))
            .condition(Order::TOTAL.eq(1))
            .send(&client)
            .await
            .unwrap_err()
            .as_error(),
    );
}

#[tokio::test]
async fn an_empty_part_is_refused_whatever_is_beside_it() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "desks", partition_key("pk") = "DESK#{id}")]
    #[dynamo(index(by_place, name = "gsi1", partition_key("gsi1pk") = "{town}#{street}"))]
    struct Desk {
        id: String,
        town: Option<String>,
        street: Option<String>,
    }
    let client = crate::engine::client().table::<Desk>().build().await;
    let text = |text: &str| Some(text.to_owned());
    let desk = |town, street| Desk { id: "d".to_owned(), town, street };
    Desk::create(desk(None, text("x"))).send(&client).await.unwrap();
    for (town, street) in [(None, text("")), (text(""), None), (text(""), text(""))] {
        let create = Desk::create(desk(town.clone(), street.clone()));
        let place = DeskByPlaceKey { town, street };
        let update = Desk::update(Desk::key("d")).set_index_key(place).if_exists();
        for error in [
            create.send(&client).await.map(|_| ()).unwrap_err(),
            update.send(&client).await.unwrap_err(),
        ] {
            assert_eq!((error.as_error().path(), error.as_error().attempts()), (Some("gsi1pk"), 0));
            assert!(
                error.to_string().contains("of the key attribute `gsi1pk` is empty"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_key_that_grows_too_long_by_its_escapes_is_refused() {
    let client = client().await;
    let mut long = order("ada", 1, 1);
    long.status = "#".repeat(700);
    let error = Order::create(long.clone()).send(&client).await.unwrap_err();
    assert_eq!(error.as_error().path(), Some("gsi1pk"));
    assert!(error.to_string().contains("2107 bytes, and DynamoDB allows 2048"), "{error}");
    long.status = "x".repeat(700);
    Order::create(long).send(&client).await.unwrap();
}

#[tokio::test]
async fn a_sort_key_is_half_as_long_as_a_partition_key() {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "shop")]
    #[dynamo(partition_key("pk") = "SHELF#{shelf}", sort_key("sk") = "BOOK#{title}")]
    struct Book {
        shelf: String,
        title: String,
    }
    let client = client().await;
    let book = |shelf, title| Book { shelf: "s".repeat(shelf), title: "t".repeat(title) };
    // With `SHELF#` and `BOOK#` before it.
    Book::create(book(2042, 1019)).send(&client).await.unwrap();
    let error = Book::create(book(2042, 1020)).send(&client).await.unwrap_err();
    assert_eq!((error.as_error().path(), error.as_error().attempts()), (Some("sk"), 0));
    assert!(error.to_string().contains("1025 bytes, and DynamoDB allows 1024"), "{error}");
    let error = Book::get(book(2043, 1019).to_key()).send(&client).await.unwrap_err();
    assert_eq!((error.path(), error.attempts()), (Some("pk"), 0));
    assert!(error.to_string().contains("2049 bytes, and DynamoDB allows 2048"), "{error}");
    let error = Book::get(book(2042, 1020).to_key()).send(&client).await.unwrap_err();
    assert_eq!((error.path(), error.attempts()), (Some("sk"), 0));
}

/// Writes the order's item with another key, and reads it.
async fn read_with(change: impl FnOnce(&mut Raw)) -> Result<Option<Order>, Error> {
    let client = client().await;
    let created = Order::create(order("ada", 3, 7)).send(&client).await.unwrap();
    let mut stored = raw(&client, &created.to_key()).await;
    change(&mut stored);
    Raw::put_unconditionally(stored).send(&client).await.unwrap();
    Order::get(created.to_key()).send(&client).await
}

fn check_mismatch(read: Result<Option<Order>, Error>, path: &str) {
    let error = read.unwrap_err();
    assert!(error.is_decode());
    assert_eq!((error.entity(), error.path()), ("Order", Some(path)));
    assert!(error.to_string().contains("not the one that its parts make"), "{error}");
}

#[tokio::test]
async fn an_item_whose_key_disagrees_with_its_parts_is_refused() {
    check_mismatch(read_with(|raw| raw.customer_id = "eve".to_owned()).await, "Item.pk");
    check_mismatch(read_with(|raw| raw.order_id = 8).await, "Item.sk");
    check_mismatch(read_with(|raw| raw.status = "sent".to_owned()).await, "Item.gsi1pk");
    let stale = Some("DEPOT#de#004".to_owned());
    check_mismatch(read_with(|raw| raw.gsi2pk = stale).await, "Item.gsi2pk");
}

#[tokio::test]
async fn an_item_that_was_written_before_its_index_is_read() {
    let read = read_with(|raw| raw.gsi1pk = None).await.unwrap();
    assert_eq!(read.map(|order| order.status), Some("open".to_owned()));
}

#[test]
fn an_item_without_a_key_of_its_table_is_refused() {
    let with = |keys: &str| {
        let item = format!(r#"{{{keys}"customer_id":{{"S":"ada"}},"name":{{"S":"Ada"}}}}"#);
        dynamo_runtime::codec::decode_item::<Customer>(item.as_bytes())
    };
    assert!(with(r#""pk":{"S":"CUSTOMER#ada"},"sk":{"S":"PROFILE"},"#).is_ok());
    for (keys, missing) in
        [(r#""pk":{"S":"CUSTOMER#ada"},"#, "sk"), (r#""sk":{"S":"PROFILE"},"#, "pk")]
    {
        let error = with(keys).unwrap_err().to_string();
        assert!(error.contains(missing) && error.contains("missing"), "{error}");
    }
}

#[tokio::test]
async fn a_key_is_the_same_by_its_parts() {
    let created = order("ada", 3, 7);
    let one: std::collections::HashSet<OrderKey> = [created.to_key()].into();
    assert!(one.contains(&key("ada", 3, 7)));
    assert!(!one.contains(&key("ada", 3, 8)));
    let hash = |key| BuildHasherDefault::<DefaultHasher>::default().hash_one(key);
    assert_eq!(hash(created.to_key()), hash(key("ada", 3, 7)));
    for other in [key("eve", 3, 7), key("ada", 4, 7), key("ada", 3, 8)] {
        assert_ne!(hash(created.to_key()), hash(other));
    }
}

#[test]
fn an_item_is_known_by_the_form_of_its_keys() {
    use dynamo_runtime::__private::has_key_of;

    #[derive(Entity)]
    #[dynamo(table = "tags", partition_key("pk") = "TAG#{name}")]
    struct Tag {
        name: String,
    }

    let order = Some("ORDER#2026-11-03T00:00:00.000000Z#0000000007");
    assert!(has_key_of::<Order>("CUSTOMER#ada", order));
    assert!(has_key_of::<Customer>("CUSTOMER#ada", Some("PROFILE")));
    for sort_key in [None, Some("PROFILE"), Some("ORDER#"), Some("ORDER#a#b#c")] {
        assert!(!has_key_of::<Order>("CUSTOMER#ada", sort_key), "{sort_key:?}");
    }
    assert!(!has_key_of::<Customer>("CUSTOMER#ada", order));
    assert!(!has_key_of::<Order>("SUPPLIER#ada", order));
    assert!(has_key_of::<Tag>("TAG#a", None));
    assert!(!has_key_of::<Tag>("TAG#a", Some("PROFILE")));
    assert!(!has_key_of::<Tag>("TAGS#a", None));
}
