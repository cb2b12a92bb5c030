//! Bytes from outside as what serde reads: any value, and one of each shape; what was read is
//! written and read again as the same.
#![no_main]

use std::collections::BTreeMap;

use dynamo_fuzz::check_item;
use dynamo_runtime::prelude::*;
use libfuzzer_sys::fuzz_target;
use serde::{Deserialize, Serialize};

#[derive(Entity, Debug, PartialEq)]
#[dynamo(table = "values")]
struct Values {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(serde)]
    any: Option<serde_json::Value>,
    #[dynamo(serde)]
    shapes: Option<Shapes>,
    #[dynamo(serde)]
    variant: Option<Variant>,
    #[dynamo(serde)]
    tagged: Option<Tagged>,
    #[dynamo(serde)]
    untagged: Option<Untagged>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Shapes {
    #[serde(default)]
    integers: (i8, i16, i32, i64, u8, u16, u32, u64),
    wide: Option<i128>,
    widest: Option<u128>,
    single: Option<f32>,
    float: Option<f64>,
    character: Option<char>,
    text: Option<String>,
    newtype: Option<Newtype>,
    pair: Option<(Newtype, Option<bool>)>,
    list: Option<Vec<Variant>>,
    by_number: Option<BTreeMap<i16, String>>,
    by_flag: Option<BTreeMap<bool, u8>>,
    #[serde(flatten)]
    rest: BTreeMap<String, Untagged>,
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct Newtype(String);

#[derive(Serialize, Deserialize, Debug, PartialEq)]
enum Variant {
    Unit,
    Newtype(Box<Newtype>),
    Tuple(i8, Option<u8>),
    Struct { again: Option<Box<Variant>> },
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
#[serde(tag = "kind")]
enum Tagged {
    One { number: i64 },
    Two { next: Option<Box<Tagged>> },
}

#[derive(Serialize, Deserialize, Debug, PartialEq)]
#[serde(untagged)]
enum Untagged {
    Flag(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(String),
    List(Vec<Untagged>),
    Map(BTreeMap<String, Untagged>),
}

fuzz_target!(|bytes: &[u8]| check_item::<Values>(bytes));
