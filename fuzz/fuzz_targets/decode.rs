//! Bytes from outside as an item: an entity or an error, and an entity is written and read again
//! as the same.
#![no_main]

use dynamo_runtime::codec::{decode_item, encode_item};
use dynamo_runtime::prelude::*;
use libfuzzer_sys::fuzz_target;

#[derive(Entity, Debug, PartialEq)]
#[dynamo(table = "everything")]
struct Everything {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(default)]
    signed: i64,
    #[dynamo(default)]
    wide: i128,
    #[dynamo(default)]
    small: u8,
    float: Option<f64>,
    #[dynamo(default)]
    flag: bool,
    #[dynamo(default)]
    bytes: Vec<u8>,
    text: Option<String>,
    #[dynamo(default)]
    list: Vec<Option<String>>,
    #[dynamo(default)]
    nested: Vec<Vec<i8>>,
    secret: Option<Sensitive<String>>,
    at: Option<Timestamp>,
    #[dynamo(version)]
    version: Version,
    #[dynamo(ttl)]
    until: Option<Timestamp>,
}

fuzz_target!(|bytes: &[u8]| {
    match decode_item::<Everything>(bytes) {
        Ok(entity) => {
            let written = encode_item(&entity).expect("what was read can be written");
            let again = decode_item::<Everything>(&written).expect("what was written can be read");
            assert_eq!(entity, again);
        }
        Err(error) => {
            // Neither the text nor the path may panic.
            let _ = (error.to_string(), error.path());
        }
    }
});
