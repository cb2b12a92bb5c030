//! An entity with every type of the table, which the fuzz targets read too.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::Utc;
use dynamo_runtime::prelude::*;
use dynamo_runtime::{AnyValue, Number, VersionBytes, VersionToken};
use serde::{Deserialize, Serialize};

/// Also keeps the types as they are written here.
macro_rules! with_types {
    (
        $(#[$meta:meta])*
        pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)* }
    ) => {
        $(#[$meta])*
        pub struct $name { $($(#[$field_meta])* pub $field: $type,)* }

        #[allow(dead_code)]
        pub const TYPES: &[&str] = &[$(stringify!($type)),*];
    };
}

with_types! {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "types")]
    pub struct Types {
        #[dynamo(partition_key)]
        pub id: uuid::Uuid,
        pub text: String,
        pub boxed: Box<str>,
        pub shared: Arc<str>,
        pub character: char,
        pub flag: bool,
        pub i8: i8,
        pub i16: i16,
        pub i32: i32,
        pub i64: i64,
        pub i128: i128,
        pub u8: u8,
        pub u16: u16,
        pub u32: u32,
        pub u64: u64,
        pub u128: u128,
        pub f32: f32,
        pub f64: f64,
        pub binary: Vec<u8>,
        pub hash: [u8; 4],
        pub borrowed_binary: Cow<'static, [u8]>,
        pub boxed_binary: Box<[u8]>,
        pub shared_binary: Arc<[u8]>,
        pub list: Vec<Option<String>>,
        pub boxed_list: Box<[bool]>,
        pub shared_list: Arc<[String]>,
        pub array: [i16; 3],
        pub tuple: (String, Option<u8>, bool),
        pub eight: (u8, u16, u32, u64, i8, i16, i32, i64),
        pub map: BTreeMap<String, Option<i64>>,
        pub nested: HashMap<char, Vec<BTreeSet<u8>>>,
        pub names: BTreeSet<String>,
        pub texts: HashSet<String>,
        pub numbers: BTreeSet<u32>,
        pub decimals: BTreeSet<Number>,
        pub binaries: BTreeSet<Vec<u8>>,
        pub moments: BTreeSet<Timestamp>,
        pub optional: Option<i64>,
        pub optional_set: Option<Arc<BTreeSet<char>>>,
        pub boxed_number: Box<u16>,
        pub shared_number: Arc<u16>,
        pub secret: Sensitive<String>,
        pub number: Number,
        pub at: Timestamp,
        pub embedding: Embedding<3>,
        pub revision: Version,
        pub token: VersionToken,
        pub token_bytes: VersionBytes,
        pub any: AnyValue,
        pub bytes: bytes::Bytes,
        pub chrono: chrono::DateTime<Utc>,
        pub chrono_date: chrono::NaiveDate,
        pub jiff: jiff::Timestamp,
        pub jiff_date: jiff::civil::Date,
        pub decimal: rust_decimal::Decimal,
        pub time: time::OffsetDateTime,
        pub time_date: time::Date,
        pub url: url::Url,
        pub place: Place,
        pub places: BTreeMap<Label, Vec<Place>>,
        pub colours: Vec<Colour>,
        pub figure: Figure,
        #[dynamo(flatten)]
        pub extent: Extent,
        #[dynamo(serde)]
        pub payment: Payment,
        #[dynamo(serde)]
        pub last_payment: Option<Payment>,
    }
}

/// A struct as a map.
#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(rename_all = "camelCase")]
pub struct Place {
    pub street_name: String,
    pub number: Option<u32>,
    #[dynamo(default)]
    pub tags: BTreeSet<Label>,
}

/// A struct as its field.
#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Label(pub String);

/// Variants without fields as text.
#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(rename_all = "kebab-case")]
pub enum Colour {
    LightBlue,
    Red,
}

/// Variants as a map with a tag.
#[derive(Document, Clone, Debug, PartialEq)]
#[dynamo(tag = "kind")]
pub enum Figure {
    Point,
    Circle { radius: u32 },
}

/// What stands in the item itself.
#[derive(Document, Clone, Debug, PartialEq)]
pub struct Extent {
    pub width: u32,
    pub depth: Option<u32>,
}

/// What only serde knows.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub enum Payment {
    Free,
    Voucher(String),
    Cash(u32, i8),
    Card { number: String, limit: Option<f32> },
}
