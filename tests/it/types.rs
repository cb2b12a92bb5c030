//! Every type of value: the table of the documentation, what is written and read, and what is
//! refused.

use dynamo_runtime::codec::{
    Decode, DecodeError, DecodeItem, Encode, EncodeItem, Field, Members, Plain, Writer,
};

mod every;
mod hostile;
mod items;
mod refused;
mod serde;
mod serde_fields;
mod serde_values;
mod table;

/// An item with one attribute, `value`.
#[derive(Debug, PartialEq)]
struct Held<T>(T);

impl<T: Encode> EncodeItem for Held<T> {
    const SIZE_HINT: usize = 0;

    fn encode_attributes(&self, writer: &mut Writer) {
        writer.attribute("value", &self.0);
    }
}

impl<'de, T: Decode<'de>> DecodeItem<'de> for Held<T> {
    fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
        let mut value = Field::<Plain, T>::new();
        while let Some(name) = item.next_name()? {
            match name.as_bytes() {
                b"value" => item.field(&mut value)?,
                _ => item.skip(name)?,
            }
        }
        item.take(value, "value").map(Self)
    }
}

/// The JSON of one attribute value.
fn encode(value: &impl Encode) -> String {
    let mut writer = Writer::with_capacity(0);
    value.encode(&mut writer);
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// Reads the JSON of one attribute value, in an item.
fn decode<T: for<'de> Decode<'de>>(json: &str) -> Result<T, DecodeError> {
    let item = format!(r#"{{"value":{json}}}"#);
    dynamo_runtime::codec::decode_item::<Held<T>>(item.as_bytes()).map(|held| held.0)
}
