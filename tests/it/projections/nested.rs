//! Some attributes of a document that an attribute holds.

use std::borrow::Cow;
use std::sync::Arc;

use dynamo_runtime::operation::Get;
use dynamo_runtime::operation::traits::OwnedProjection;
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;
use serde_json::json;

use super::{asked, last};

#[derive(Document, Clone, Debug, PartialEq)]
struct Point {
    #[dynamo(rename = "lat")]
    latitude: i16,
    longitude: i16,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Address {
    #[dynamo(rename = "town", alias = "city")]
    city: String,
    street: String,
    unit: Option<String>,
    #[dynamo(default = one)]
    floors: u8,
    place: Option<Arc<Point>>,
}

fn one() -> u8 {
    1
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shops", allow(scan))]
#[dynamo(index(by_name, name = "name-index", partition_key = name))]
struct Shop {
    #[dynamo(partition_key)]
    id: String,
    name: String,
    address: Address,
    #[dynamo(rename = "post")]
    postal: Option<Box<Address>>,
    owner: Option<Sensitive<Address>>,
    #[dynamo(ttl)]
    closes_at: Option<Timestamp>,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Address)]
struct City {
    city: String,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Address)]
struct Door {
    unit: Option<String>,
    floors: u8,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Point)]
struct Latitude {
    latitude: i16,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Address)]
struct Where {
    street: String,
    #[dynamo(project)]
    place: Option<Latitude>,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Shop)]
struct ShopCities {
    name: String,
    #[dynamo(project)]
    address: City,
    #[dynamo(project)]
    postal: Option<City>,
    #[dynamo(project)]
    owner: Option<Sensitive<City>>,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Shop)]
struct ShopDoors {
    #[dynamo(project)]
    address: Door,
    #[dynamo(project)]
    postal: Option<Door>,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Shop)]
struct ShopAddress {
    address: Address,
}

#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Shop)]
struct ShopPlace {
    id: String,
    #[dynamo(project)]
    address: Where,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Address)]
struct StreetRef<'a> {
    street: Cow<'a, str>,
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Shop)]
struct ShopStreetRef<'r> {
    name: Cow<'r, str>,
    #[dynamo(project)]
    address: StreetRef<'r>,
    #[dynamo(project)]
    postal: Option<StreetRef<'r>>,
}

fn address(city: &str) -> Address {
    Address {
        city: city.to_owned(),
        street: format!("{city} street"),
        unit: None,
        floors: 3,
        place: Some(Arc::new(Point { latitude: 48, longitude: 16 })),
    }
}

fn shop(id: &str) -> Shop {
    Shop {
        id: id.to_owned(),
        name: "tea".to_owned(),
        address: address("Vienna"),
        postal: Some(Box::new(address("Graz"))),
        owner: Some(Sensitive::new(address("Linz"))),
        closes_at: None,
    }
}

fn city(city: &str) -> City {
    City { city: city.to_owned() }
}

fn cities() -> ShopCities {
    ShopCities {
        name: "tea".to_owned(),
        address: city("Vienna"),
        postal: Some(city("Graz")),
        owner: Some(Sensitive::new(city("Linz"))),
    }
}

async fn engine() -> (SecureClient, LocalEngine) {
    let engine = crate::engine::embedded_engine().await;
    let client = SecureClient::local().engine(&engine).table::<Shop>().build().await.unwrap();
    (client, engine)
}

async fn stored(shop: Shop) -> (SecureClient, LocalEngine) {
    let (client, engine) = engine().await;
    Shop::create(shop).send(&client).await.unwrap();
    (client, engine)
}

fn get<P: OwnedProjection<Shop>>() -> Get<Shop, P> {
    Shop::get(Shop::key("s")).project::<P>()
}

#[tokio::test]
async fn a_get_asks_for_the_parts_of_documents_only() {
    let (client, engine) = stored(shop("s")).await;
    let read = get::<ShopCities>().send(&client).await.unwrap().unwrap();
    assert_eq!(read, cities());
    assert!(!format!("{read:?}").contains("Linz"));
    assert_eq!(
        asked(&engine),
        [
            "name",
            "address.town",
            "address.city",
            "post.town",
            "post.city",
            "owner.town",
            "owner.city",
            "id",
            "closes_at",
        ]
    );
}

#[tokio::test]
async fn a_projection_of_a_document_holds_one_of_a_document_in_it() {
    let (client, engine) = stored(shop("s")).await;
    let read = get::<ShopPlace>().send(&client).await.unwrap().unwrap();
    let place = Some(Latitude { latitude: 48 });
    let expected = Where { street: "Vienna street".to_owned(), place };
    assert_eq!(read, ShopPlace { id: "s".to_owned(), address: expected });
    // The key is asked for once.
    assert_eq!(asked(&engine), ["address.street", "address.place.lat", "id", "closes_at"]);

    let update = Shop::update(Shop::key("s")).remove(Shop::ADDRESS.then(Address::PLACE));
    update.if_exists().send(&client).await.unwrap();
    let read = get::<ShopPlace>().send(&client).await.unwrap().unwrap();
    assert_eq!(read.address.place, None);
}

#[tokio::test]
async fn a_document_of_which_nothing_is_there_reads_as_an_empty_one_or_as_none() {
    let (client, engine) = stored(shop("s")).await;
    let update = || Shop::update(Shop::key("s")).if_exists();
    let full = Door { unit: None, floors: 3 };
    let read = get::<ShopDoors>().send(&client).await.unwrap().unwrap();
    assert_eq!(read, ShopDoors { address: full.clone(), postal: Some(full) });
    let address = Shop::ADDRESS.then(Address::FLOORS);
    let postal = Shop::POSTAL.then(Address::FLOORS);
    update().remove(address).remove(postal).send(&client).await.unwrap();
    let read = get::<ShopDoors>().send(&client).await.unwrap().unwrap();
    assert_eq!(read, ShopDoors { address: Door { unit: None, floors: 1 }, postal: None });
    assert_eq!(
        asked(&engine),
        ["address.unit", "address.floors", "post.unit", "post.floors", "id", "closes_at"]
    );
    // The document is there all the same.
    let whole = Shop::get(Shop::key("s")).send(&client).await.unwrap().unwrap();
    assert_eq!(whole.postal.unwrap().floors, 1);
}

#[tokio::test]
async fn an_optional_document_that_is_absent_is_none() {
    let (client, _engine) = stored(Shop { postal: None, owner: None, ..shop("s") }).await;
    let read = get::<ShopCities>().send(&client).await.unwrap().unwrap();
    assert_eq!(read, ShopCities { postal: None, owner: None, ..cities() });
}

#[tokio::test]
async fn queries_scans_and_batches_give_parts_of_documents() {
    let (client, engine) = stored(shop("s")).await;
    Shop::create(shop("t")).send(&client).await.unwrap();
    let paths = [
        "address.town",
        "address.city",
        "post.town",
        "post.city",
        "owner.town",
        "owner.city",
        "name",
    ];
    let query = || Shop::by_name("tea").project::<ShopCities>();
    assert_eq!(query().items(&client).collect().await.unwrap(), [cities(), cities()]);
    assert_eq!(asked(&engine)[..paths.len()], paths);
    let page = query().limit(1).page(&client).await.unwrap();
    let next = query().limit(1).after(page.next.unwrap()).page(&client).await.unwrap();
    assert_eq!(next.items, [cities()]);
    let scan = Shop::scan().project::<ShopCities>();
    assert_eq!(scan.items(&client).collect().await.unwrap(), [cities(), cities()]);
    assert!(paths.iter().all(|path| asked(&engine).contains(&(*path).to_owned())));
    let table = Shop::query("t").project::<ShopCities>();
    assert_eq!(table.items(&client).collect().await.unwrap(), [cities()]);
    let keys = ["s", "t", "u"].map(Shop::key);
    let found = Shop::batch_get(keys).project::<ShopCities>().send(&client).await.unwrap();
    assert_eq!((found.found, found.absent.len()), (vec![cities(), cities()], 1));
}

#[tokio::test]
async fn parts_of_documents_borrow_from_the_response_that_is_kept() {
    let (client, engine) = stored(Shop { postal: None, ..shop("s") }).await;
    let fetched =
        Shop::get(Shop::key("s")).fetch_borrowed::<ShopStreetRef<'_>>(&client).await.unwrap();
    let read = fetched.item().unwrap().unwrap();
    assert!(matches!(read.name, Cow::Borrowed("tea")));
    assert!(matches!(read.address.street, Cow::Borrowed("Vienna street")));
    assert_eq!(read.postal, None);
    assert_eq!(asked(&engine), ["name", "address.street", "post.street", "id", "closes_at"]);
    let page = Shop::by_name("tea").fetch_borrowed::<ShopStreetRef<'_>>(&client).await.unwrap();
    let items = page.items().unwrap();
    assert!(matches!(items[0].address.street, Cow::Borrowed("Vienna street")));
}

#[tokio::test]
async fn an_update_gives_back_parts_of_documents() {
    let (client, engine) = stored(shop("s")).await;
    let update = || Shop::update(Shop::key("s")).if_exists();
    // Of what is changed within a document, only that would be given back.
    let nested = update().set(Shop::ADDRESS.then(Address::FLOORS), 9).returning_new();
    let new = nested.project::<ShopDoors>().send(&client).await.unwrap();
    assert_eq!(new.address, Door { unit: None, floors: 9 });
    assert_eq!(last(&engine)["ReturnValues"], json!("ALL_NEW"));
    let nested = update().set(Shop::ADDRESS.then(Address::FLOORS), 8).returning_new();
    let new = nested.project::<ShopAddress>().send(&client).await.unwrap();
    assert_eq!(new.address, Address { floors: 8, ..address("Vienna") });
    let set = update()
        .set(Shop::ADDRESS, Address { unit: Some("4".to_owned()), ..address("Wels") })
        .set(Shop::POSTAL, Some(Box::new(address("Steyr"))));
    let new = set.clone().returning_new().project::<ShopDoors>().send(&client).await.unwrap();
    let address = Door { unit: Some("4".to_owned()), floors: 3 };
    let doors = ShopDoors { address, postal: Some(Door { unit: None, floors: 3 }) };
    assert_eq!(new, doors);
    assert_eq!(last(&engine)["ReturnValues"], json!("UPDATED_NEW"));
    let old = set.returning_old().project::<ShopDoors>().send(&client).await.unwrap();
    assert_eq!(old, Some(doors.clone()));
    let deleted = Shop::delete(Shop::key("s")).if_exists().returning_old();
    assert_eq!(deleted.project::<ShopDoors>().send(&client).await.unwrap(), Some(doors));
}

/// The table's `Shop`, as something else has it.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shops", allow(unconditional_put))]
struct Strange {
    #[dynamo(partition_key)]
    id: String,
    name: String,
    address: StrangeAddress,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct StrangeAddress {
    city: Option<String>,
    street: u8,
}

#[tokio::test]
async fn what_does_not_fit_in_a_document_is_an_error_with_its_place() {
    let (client, _engine) = engine().await;
    let strange = |city: Option<&str>| Strange {
        id: "s".to_owned(),
        name: "tea".to_owned(),
        address: StrangeAddress { city: city.map(str::to_owned), street: 1 },
    };
    Strange::put_unconditionally(strange(Some("Old"))).send(&client).await.unwrap();
    // An older name is read in a document too.
    let read = get::<ShopCities>().send(&client).await.unwrap().unwrap();
    assert_eq!(read.address, city("Old"));
    let error = get::<ShopPlace>().send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.path(), Some("Item.address.street"));
    // Of this address nothing is there.
    Strange::put_unconditionally(strange(None)).send(&client).await.unwrap();
    let error = get::<ShopCities>().send(&client).await.unwrap_err();
    assert!(error.is_decode());
    assert!(error.to_string().contains("address"), "{error}");
}
