//! Documents: structs as the values of attributes, in the engine and on the wire.

use dynamo_runtime::codec::{DecodeError, DecodeItem, EncodeItem, decode_item, encode_item};

mod borrowed;
mod enums;
mod generics;
mod groups;
mod maps;
mod newtypes;
mod phantoms;

/// The JSON of an item.
fn json(item: &impl EncodeItem) -> String {
    String::from_utf8(encode_item(item).unwrap()).unwrap()
}

/// The item of this JSON.
fn read<T: for<'de> DecodeItem<'de>>(json: &str) -> Result<T, DecodeError> {
    decode_item(json.as_bytes())
}
