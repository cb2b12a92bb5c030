//! A newtype with type parameters: an id that belongs to one type, and a unit beside a number.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;

use dynamo_runtime::prelude::*;

use super::{json, read};

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Id<T>(String, PhantomData<fn() -> T>);

impl<T> Id<T> {
    fn new(id: &str) -> Self {
        Self(id.to_owned(), PhantomData)
    }
}

/// With names, and the parameter in what is stored.
#[derive(KeyPart, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Of<A, K> {
    owner: PhantomData<A>,
    key: K,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Bytes<const N: usize>([u8; N]);

#[derive(Document, Clone, Debug, PartialEq)]
struct Quantity<U>(f64, std::marker::PhantomData<U>);

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Metre;

#[derive(Entity, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[dynamo(table = "tenants")]
struct Tenant {
    #[dynamo(partition_key)]
    id: Id<Tenant>,
    friends: BTreeSet<Id<Tenant>>,
    notes: BTreeMap<Id<Tenant>, String>,
    code: Bytes<2>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "machines")]
#[dynamo(partition_key("pk") = "TENANT#{tenant}", sort_key("sk") = "MACHINE#{id}")]
#[dynamo(index(by_room, name = "room-index", partition_key = room, sort_key = number))]
struct Machine {
    tenant: Id<Tenant>,
    id: Of<Metre, Id<Metre>>,
    room: Of<Metre, String>,
    number: Of<Metre, u32>,
    height: Quantity<Metre>,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Sizes {
    heights: Vec<Quantity<Metre>>,
    width: Option<Quantity<Metre>>,
}

#[test]
fn what_holds_nothing_is_not_stored() {
    let sizes = Sizes { heights: vec![Quantity(1.5, PhantomData)], width: None };
    assert_eq!(json(&sizes), r#"{"heights":{"L":[{"N":"1.5"}]}}"#);
    assert_eq!(read(&json(&sizes)), Ok(sizes));
}

#[tokio::test]
async fn an_id_of_one_type_is_a_key_an_element_and_a_name() {
    let client = crate::engine::client().table::<Tenant>().table::<Machine>().build().await;
    let ann = || Id::<Tenant>::new("ann");
    let tenant = Tenant {
        id: ann(),
        friends: BTreeSet::from([Id::new("bob")]),
        notes: BTreeMap::from([(Id::new("bob"), "a friend".to_owned())]),
        code: Bytes([0, 255]),
    };
    Tenant::create(tenant.clone()).send(&client).await.unwrap();
    let read = Tenant::get(Tenant::key(ann())).send(&client).await.unwrap();
    assert_eq!(read, Some(tenant));

    let of = |key: &str| Of { owner: PhantomData, key: Id::new(key) };
    let machine = Machine {
        tenant: ann(),
        id: of("m#1"),
        room: Of { owner: PhantomData, key: "cellar".into() },
        number: Of { owner: PhantomData, key: 7 },
        height: Quantity(2.0, PhantomData),
    };
    Machine::create(machine.clone()).send(&client).await.unwrap();
    let machines = Machine::query(ann()).id(of("m#1")).send(&client).await.unwrap();
    assert_eq!(machines.items, std::slice::from_ref(&machine));
    let key = MachineKey { tenant: ann(), id: of("m#1") };
    assert_eq!(Machine::get(key).send(&client).await.unwrap(), Some(machine.clone()));
    crate::engine::eventually(vec![machine.clone()], async || {
        Machine::by_room(machine.room.clone()).send(&client).await.unwrap().items
    })
    .await;
}

#[tokio::test]
async fn an_empty_id_is_no_key() {
    let client = crate::engine::client().table::<Tenant>().build().await;
    let error = Tenant::get(Tenant::key(Id::new(""))).send(&client).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("`id` is empty"), "{error}");
}
