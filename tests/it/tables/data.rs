//! The tables of entities as data.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use dynamo_runtime::Number;
use dynamo_runtime::prelude::*;
use dynamo_runtime::tables::{IndexProjection, Schema, ValueShape};

use super::{Customer, Order, ShopItem};

#[test]
fn entities_of_one_table_are_merged() {
    let schema = Schema::of::<(Customer, Order)>().unwrap();
    let [table] = schema.tables() else { panic!("{schema:?}") };
    assert_eq!(table.name(), "shop-tables");
    assert_eq!((table.partition_key().name, table.partition_key().code), ("pk", "S"));
    assert_eq!(table.sort_key().map(|key| key.name), Some("sk"));
    assert_eq!(table.expiry(), Some("expires_at"));
    let names: Vec<_> = table.indexes().iter().map(|index| index.name).collect();
    assert_eq!(names, ["by-email", "by-depot"]);
    assert_eq!(table.indexes()[0].projection, IndexProjection::All);
    let held = IndexProjection::Include(vec!["expires_at", "placed_at", "total"]);
    assert_eq!(table.indexes()[1].projection, held);
    let keys: Vec<_> = table.key_attributes().iter().map(|key| key.name).collect();
    assert_eq!(keys, ["pk", "sk", "email", "depot", "depot_sk"]);

    let [customer, order] = table.entities() else { panic!("{table:?}") };
    assert_eq!(
        (customer.name, customer.partition_key.as_str()),
        ("Customer", "CUSTOMER#{customer}")
    );
    assert_eq!((customer.version, customer.expiry), (Some("version"), None));
    assert_eq!(order.sort_key.as_deref(), Some("ORDER#{number}"));
    assert_eq!(order.indexes[0].partition_keys, ["{depot}"]);
    assert_eq!(order.indexes[0].sort_keys, ["AT#{placed_at}"]);
}

#[test]
fn a_collection_is_its_entities_and_each_is_told_once() {
    let of = |schema: Schema| schema.tables().to_vec();
    let both = of(Schema::of::<(Customer, Order)>().unwrap());
    assert_eq!(of(Schema::of::<ShopItem>().unwrap()), both);
    assert_eq!(of(Schema::of::<(ShopItem, Customer, (Order,))>().unwrap()), both);
}

#[derive(Document, Debug, PartialEq)]
struct Place {
    city: String,
    #[dynamo(alias = "zip", default)]
    postcode: u16,
    within: Option<Box<Place>>,
}

#[derive(Document, Debug, PartialEq)]
#[dynamo(tag = "kind")]
enum Payment {
    Card { last_four: String },
    Cash,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
enum Status {
    Open,
    Closed,
}

#[derive(Document, Clone, Copy, Debug, PartialEq)]
#[dynamo(number)]
#[repr(u8)]
enum Level {
    Low = 1,
    High = 3,
}

#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct Id(u32);

#[derive(Entity, Debug, PartialEq)]
#[dynamo(table = "shapes")]
struct Shapes {
    #[dynamo(partition_key)]
    id: Id,
    text: String,
    small: i8,
    wide: u128,
    byte: u8,
    bytes: Vec<u8>,
    flag: bool,
    ratio: f32,
    at: Timestamp,
    #[dynamo(ttl)]
    until: Timestamp,
    status: Status,
    level: Level,
    maybe: Option<Number>,
    list: Vec<i16>,
    pair: (String, bool),
    fixed: [bool; 3],
    map: HashMap<String, u16>,
    words: BTreeSet<String>,
    numbers: BTreeSet<u8>,
    home: Place,
    secret: Sensitive<String>,
    #[dynamo(flatten)]
    payment: Payment,
    uuid: uuid::Uuid,
    #[dynamo(serde)]
    anything: BTreeMap<String, u8>,
}

/// Each form of a value, by the name of its attribute.
#[test]
fn each_attribute_has_the_shape_of_its_type() {
    let schema = Schema::of::<Shapes>().unwrap();
    let attributes = &schema.tables()[0].entities()[0].attributes;
    let shape = |name: &str| {
        let found = attributes.iter().find(|attribute| attribute.name == name);
        found.unwrap_or_else(|| panic!("no {name}: {attributes:?}")).shape.clone()
    };
    let scalar = |code, form| match (shape("text"), code, form) {
        (ValueShape::Scalar { .. }, code, form) => format!("{code}:{form}"),
        (other, ..) => panic!("{other:?}"),
    };
    let told = |name: &str| match shape(name) {
        ValueShape::Scalar { code, form, .. } => format!("{code}:{form}"),
        other => format!("{other:?}"),
    };
    for (name, code, form) in [
        ("text", "S", ""),
        ("bytes", "B", ""),
        ("flag", "BOOL", ""),
        ("ratio", "N", "f32"),
        ("at", "S", "timestamp"),
        ("until", "N", "epoch seconds"),
        ("secret", "S", ""),
        ("uuid", "S", "uuid"),
    ] {
        assert_eq!(told(name), scalar(code, form), "{name}");
    }
    let integer = |name: &str| match shape(name) {
        ValueShape::Integer { least, most, .. } => (least, most),
        other => panic!("{name}: {other:?}"),
    };
    assert_eq!(integer("id"), (0, u32::MAX.into()));
    assert_eq!(integer("small"), (-128, 127));
    assert_eq!(integer("wide"), (0, u128::MAX));
    assert_eq!(integer("byte"), (0, 255));
    assert!(
        matches!(shape("status"), ValueShape::Texts { variants, is_open: false, .. } if variants == ["Open", "Closed"])
    );
    assert_eq!(shape("level"), ValueShape::Integers(vec![1, 3]));
    assert!(shape("maybe").is_optional() && shape("maybe").code() == Some("N"));
    assert!(matches!(shape("list"), ValueShape::Sequence { length: None, .. }));
    assert!(matches!(shape("fixed"), ValueShape::Sequence { length: Some(3), .. }));
    assert!(matches!(shape("pair"), ValueShape::Tuple(elements) if elements.len() == 2));
    assert!(matches!(shape("map"), ValueShape::Map(_)));
    assert_eq!((shape("words").code(), shape("numbers").code()), (Some("SS"), Some("NS")));
    assert_eq!(shape("anything"), ValueShape::Any);
    // A flattened enum: its tag, and what some variants have.
    assert!(
        matches!(shape("kind"), ValueShape::Texts { variants, .. } if variants == ["Card", "Cash"])
    );
    assert!(shape("last_four").is_optional());

    let ValueShape::Document(place) = shape("home") else { panic!() };
    assert_eq!(
        (place[1].name, place[1].aliases, place[1].has_default),
        ("postcode", &["zip"][..], true)
    );
    let ValueShape::Optional(within) = &place[2].shape else { panic!("{place:?}") };
    assert!(matches!(&**within, ValueShape::Recursive(name) if name.ends_with("Place")));
}
