//! What the fuzz targets read.

use std::fmt::Debug;

use dynamo_runtime::codec::{DecodeError, DecodeItem, EncodeItem, decode_item, encode_item};
use dynamo_runtime::prelude::*;

/// The entity with every type of the table, of the integration suite.
#[path = "../../tests/it/types/every.rs"]
mod every;

pub use every::Types;

/// An entity of which few attributes must be there, so that most bytes get further.
#[derive(Entity, Debug, PartialEq)]
#[dynamo(table = "everything")]
pub struct Loose {
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
    set: std::collections::BTreeSet<i16>,
    place: Option<every::Place>,
    secret: Option<Sensitive<String>>,
    at: Option<Timestamp>,
    #[dynamo(version)]
    version: Version,
    #[dynamo(ttl)]
    until: Option<Timestamp>,
}

/// An entity or an error; an entity is written and read again as the same.
pub fn check_item<E>(bytes: &[u8])
where
    E: EncodeItem + for<'de> DecodeItem<'de> + PartialEq + Debug,
{
    let entity = match decode_item::<E>(bytes) {
        Ok(entity) => entity,
        Err(error) => return check_error(&error),
    };
    match encode_item(&entity) {
        Ok(written) => {
            let again = decode_item::<E>(&written).expect("what was written can be read");
            assert_eq!(entity, again);
        }
        // What is read may be more than DynamoDB can hold, as bytes from elsewhere are.
        Err(error) => drop((error.to_string(), format!("{error:?}"))),
    }
}

/// Neither the text nor the path may panic.
pub fn check_error(error: &DecodeError) {
    drop((error.to_string(), format!("{error:?}"), error.path().map(str::len)));
}
