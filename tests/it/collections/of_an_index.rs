//! The entities that share a partition of an index.

use crate::engine::eventually;
use dynamo_runtime::operation::{CursorKey, CursorKeys};
use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "depots")]
#[dynamo(partition_key("pk") = "ORDER#{order_id}", sort_key("sk") = "ORDER")]
#[dynamo(index(by_depot, name = "gsi1", partition_key("gsi1pk") = "DEPOT#{country}#{depot}", sort_key("gsi1sk") = "ORDER#{order_id}"))]
struct Parcel {
    order_id: u32,
    country: String,
    depot: Option<u8>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "depots")]
#[dynamo(partition_key("pk") = "DRIVER#{name}", sort_key("sk") = "DRIVER")]
#[dynamo(index(by_depot, name = "gsi1", partition_key("gsi1pk") = "DEPOT#{land}#{depot}", sort_key("gsi1sk") = "DRIVER#{name}"))]
struct Driver {
    name: String,
    land: String,
    depot: Option<u8>,
    #[dynamo(ttl)]
    leaves_at: Option<Timestamp>,
}

/// In the same index, and not listed.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "depots")]
#[dynamo(partition_key("pk") = "GATE#{gate}", sort_key("sk") = "GATE")]
#[dynamo(index(by_depot, name = "gsi1", partition_key("gsi1pk") = "DEPOT#{land}#{depot}", sort_key("gsi1sk") = "GATE#{gate}"))]
struct Gate {
    gate: u32,
    land: String,
    depot: u8,
}

#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(index = ParcelByDepot)]
enum AtDepot {
    Parcel(Parcel),
    Driver(Driver),
}

#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(index = ParcelByDepot, skip_others)]
struct Depot {
    parcels: Vec<Parcel>,
    drivers: Vec<Driver>,
}

fn depot(depot: u8) -> ParcelByDepotPartition {
    ParcelByDepotPartition { country: "de".to_owned(), depot }
}

fn parcel(order_id: u32) -> Parcel {
    Parcel { order_id, country: "de".to_owned(), depot: Some(7) }
}

fn driver(name: &str) -> Driver {
    Driver { name: name.to_owned(), land: "de".to_owned(), depot: Some(7), leaves_at: None }
}

async fn filled() -> SecureClient {
    let client = crate::engine::client().table::<Driver>().build().await;
    for number in 0..3 {
        Parcel::create(parcel(number)).send(&client).await.unwrap();
    }
    Parcel::create(Parcel { depot: Some(8), ..parcel(9) }).send(&client).await.unwrap();
    Driver::create(driver("ann")).send(&client).await.unwrap();
    let gone =
        Driver { leaves_at: Timestamp::from_epoch_seconds(1_700_000_000).ok(), ..driver("bob") };
    Driver::create(gone).send(&client).await.unwrap();
    let found = || AtDepot::query(depot(7)).including_expired().count(&client);
    eventually(5, async || found().await.unwrap()).await;
    client
}

#[tokio::test]
async fn a_partition_of_an_index_is_read_as_the_entities_that_are_in_it() {
    let client = filled().await;
    let all: [AtDepot; 4] =
        [driver("ann").into(), parcel(0).into(), parcel(1).into(), parcel(2).into()];
    assert_eq!(AtDepot::query(depot(7)).items(&client).collect().await.unwrap(), all);
    assert_eq!(AtDepot::query(depot(7)).count(&client).await.unwrap(), 4);
    let keys = CursorKeys::new(CursorKey::from_bytes(&[7; 32]));
    let (mut read, mut page) =
        (Vec::new(), AtDepot::query(depot(7)).limit(3).page(&client).await.unwrap());
    loop {
        read.extend(page.items);
        let Some(next) = page.next else { break };
        let next = keys.open(&keys.seal(&next).unwrap()).unwrap();
        page = AtDepot::query(depot(7)).limit(3).after(next).page(&client).await.unwrap();
    }
    assert_eq!(read, all);
    let with_expired = AtDepot::query(depot(7)).including_expired().descending();
    assert_eq!(with_expired.page(&client).await.unwrap().items.len(), 5);
}

#[tokio::test]
async fn others_in_the_index_are_an_error_or_skipped() {
    let client = filled().await;
    let gate = Gate { gate: 1, land: "de".to_owned(), depot: 7 };
    Gate::create(gate).send(&client).await.unwrap();
    let page = || AtDepot::query(depot(7)).page(&client);
    eventually(true, async || page().await.is_err_and(|error| error.is_of_no_entity())).await;
    let whole = Depot::query(depot(7)).send(&client).await.unwrap().unwrap();
    let drivers = vec![driver("ann")];
    assert_eq!(whole, Depot { parcels: (0..3).map(parcel).collect(), drivers });
}
