//! The codec as a whole, by two structs whose implementations are what a derive writes.

use std::borrow::Cow;

use proptest::prelude::*;

use super::*;
use crate::value::{EpochSeconds, Sensitive, Timestamp, Version};

mod by_hand;
mod errors;
mod hostile;
mod places;
mod round_trip;
#[cfg(feature = "serde")]
mod serde_errors;

/// The JSON of one attribute value.
pub(crate) fn encode(value: &impl Encode) -> String {
    try_encode(value).unwrap()
}

pub(crate) fn try_encode(value: &impl Encode) -> Result<String, EncodeError> {
    let mut writer = Writer::with_capacity(0);
    value.encode(&mut writer);
    writer.finish().map(|json| String::from_utf8(json).unwrap())
}

/// The value of this JSON.
pub(crate) fn decode<T: for<'de> Decode<'de>>(json: &str) -> Result<T, DecodeError> {
    reader::read(json.as_bytes(), |reader| T::decode(reader))
}

#[derive(Clone, Debug, PartialEq)]
struct Order {
    reference: String,
    email: Option<String>,
    placed_at: Timestamp,
    total: u64,
    discount: f64,
    paid: bool,
    receipt: Vec<u8>,
    lines: Vec<Line>,
    card: Sensitive<String>,
    version: Version,
    expires_at: Option<Timestamp>,
}

impl EncodeItem for Order {
    const SIZE_HINT: usize = 256;

    fn encode_attributes(&self, writer: &mut Writer) {
        writer.attribute_as::<Plain, _>("reference", &self.reference);
        writer.attribute_as::<Plain, _>("email", &self.email);
        writer.attribute_as::<Plain, _>("placed_at", &self.placed_at);
        writer.attribute_as::<Plain, _>("total", &self.total);
        writer.attribute_as::<Plain, _>("discount", &self.discount);
        writer.attribute_as::<Plain, _>("paid", &self.paid);
        writer.attribute_as::<Plain, _>("receipt", &self.receipt);
        writer.attribute_as::<Plain, _>("lines", &self.lines);
        writer.attribute_as::<Plain, _>("card", &self.card);
        writer.attribute_as::<Plain, _>("version", &self.version);
        writer.attribute_as::<EpochSeconds, _>("expires_at", &self.expires_at);
    }
}

impl<'de> DecodeItem<'de> for Order {
    fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
        let mut reference = Field::<Plain, String>::new();
        let mut email = Field::<Plain, Option<String>>::new();
        let mut placed_at = Field::<Plain, Timestamp>::new();
        let mut total = Field::<Plain, u64>::new();
        let mut discount = Field::<Plain, f64>::new();
        let mut paid = Field::<Plain, bool>::new();
        let mut receipt = Field::<Plain, Vec<u8>>::new();
        let mut lines = Field::<Plain, Vec<Line>>::new();
        let mut card = Field::<Plain, Sensitive<String>>::new();
        let mut version = Field::<Plain, Version>::new();
        let mut expires_at = Field::<EpochSeconds, Option<Timestamp>>::new();
        while let Some(name) = item.next_name()? {
            match name.as_bytes() {
                b"reference" => item.field(&mut reference)?,
                b"email" => item.field(&mut email)?,
                b"placed_at" => item.field(&mut placed_at)?,
                b"total" => item.field(&mut total)?,
                b"discount" => item.field(&mut discount)?,
                b"paid" => item.field(&mut paid)?,
                b"receipt" => item.field(&mut receipt)?,
                b"lines" => item.field(&mut lines)?,
                b"card" => item.field(&mut card)?,
                b"version" => item.field(&mut version)?,
                b"expires_at" => item.field(&mut expires_at)?,
                _ => item.skip(name)?,
            }
        }
        Ok(Self {
            reference: item.take(reference, "reference")?,
            email: item.take(email, "email")?,
            placed_at: item.take(placed_at, "placed_at")?,
            total: item.take(total, "total")?,
            discount: item.take_or(discount, Default::default),
            paid: item.take(paid, "paid")?,
            receipt: item.take(receipt, "receipt")?,
            lines: item.take(lines, "lines")?,
            card: item.take(card, "card")?,
            version: item.take(version, "version")?,
            expires_at: item.take(expires_at, "expires_at")?,
        })
    }
}

/// An item, and a map inside of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    pub(crate) product: String,
    pub(crate) quantity: u32,
}

impl EncodeItem for Line {
    const SIZE_HINT: usize = 64;

    fn encode_attributes(&self, writer: &mut Writer) {
        writer.attribute_as::<Plain, _>("product", &self.product);
        writer.attribute_as::<Plain, _>("quantity", &self.quantity);
    }
}

impl<'de> DecodeItem<'de> for Line {
    fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
        let mut product = Field::<Plain, _>::new();
        let mut quantity = Field::<Plain, _>::new();
        while let Some(name) = item.next_name()? {
            match name.as_bytes() {
                b"product" => item.field(&mut product)?,
                b"quantity" => item.field(&mut quantity)?,
                _ => item.skip(name)?,
            }
        }
        Ok(Self {
            product: item.take(product, "product")?,
            quantity: item.take(quantity, "quantity")?,
        })
    }
}

impl Encode for Line {
    fn encode(&self, writer: &mut Writer) {
        writer.map(|writer| self.encode_attributes(writer));
    }
}

impl Decode<'_> for Line {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.map(Self::decode_item)
    }
}

impl AttributeValue for Line {
    type Kind = kind::Map;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

fn order() -> Order {
    Order {
        reference: "o1".to_owned(),
        email: None,
        placed_at: "2026-11-23T19:55:13.123456Z".parse().unwrap(),
        total: 1_250,
        discount: 0.5,
        paid: true,
        receipt: b"\0\xff".to_vec(),
        lines: vec![
            Line { product: "tea".to_owned(), quantity: 2 },
            Line { product: "\"cake\"\n".to_owned(), quantity: 1 },
        ],
        card: Sensitive::new("4111".to_owned()),
        version: Version::FIRST,
        expires_at: Some(Timestamp::from_epoch_seconds(1_800_000_000).unwrap()),
    }
}

const ORDER: &str = concat!(
    r#"{"reference":{"S":"o1"},"placed_at":{"S":"2026-11-23T19:55:13.123456Z"},"total":{"N":"1250"},"#,
    r#""discount":{"N":"0.5"},"paid":{"BOOL":true},"receipt":{"B":"AP8="},"#,
    r#""lines":{"L":[{"M":{"product":{"S":"tea"},"quantity":{"N":"2"}}},"#,
    r#"{"M":{"product":{"S":"\"cake\"\n"},"quantity":{"N":"1"}}}]},"#,
    r#""card":{"S":"4111"},"version":{"N":"1"},"expires_at":{"N":"1800000000"}}"#,
);

#[test]
fn an_item_is_one_object_without_what_is_absent() {
    assert_eq!(String::from_utf8(encode_item(&order()).unwrap()).unwrap(), ORDER);
    assert_eq!(decode_item(ORDER.as_bytes()), Ok(order()));
}

#[test]
fn an_item_may_come_in_any_order_with_white_space_and_unknown_attributes() {
    let json: serde_json::Value = serde_json::from_str(ORDER).unwrap();
    let mut members: Vec<_> = json.as_object().unwrap().clone().into_iter().rev().collect();
    members.insert(
        3,
        (
            "unknown".to_owned(),
            serde_json::json!({"M": {"a": {"NS": ["1", "2"]}, "b": {"S": "\u{1}"}}}),
        ),
    );
    let json = serde_json::to_string_pretty(&serde_json::Map::from_iter(members)).unwrap();
    assert_eq!(decode_item(json.as_bytes()), Ok(order()));
}

#[test]
fn the_size_of_an_item_is_that_of_the_documentation() {
    let size = |write: &dyn Fn(&mut Writer)| {
        let mut writer = Writer::with_capacity(0);
        writer.begin_item();
        write(&mut writer);
        writer.item_size()
    };
    assert_eq!(size(&|_| {}), 0);
    assert_eq!(size(&|writer| writer.attribute("name", "käse")), 4 + 5);
    assert_eq!(size(&|writer| writer.attribute("n", &1_200_i64)), 1 + 1 + 1);
    assert_eq!(size(&|writer| writer.attribute("n", &-123_i64)), 1 + 2 + 1 + 1);
    assert_eq!(size(&|writer| writer.attribute("n", &0.125_f64)), 1 + 2 + 1);
    assert_eq!(size(&|writer| writer.attribute("n", &0_u8)), 1 + 1);
    assert_eq!(size(&|writer| writer.attribute("b", &vec![0_u8; 7])), 1 + 7);
    assert_eq!(size(&|writer| writer.attribute("t", &true)), 1 + 1);
    assert_eq!(size(&|writer| writer.attribute("l", &vec![true, false])), 1 + 3 + 2 * (1 + 1));
    let line = Line { product: "tea".to_owned(), quantity: 2 };
    assert_eq!(size(&|writer| writer.attribute("m", &line)), 1 + 3 + (1 + 7 + 3) + (1 + 8 + 2));
    assert_eq!(size(&|writer| writer.attribute("absent", &None::<String>)), 0);
}

#[test]
fn an_item_over_400_kb_is_refused() {
    let mut line = Line { product: "x".repeat(MAX_ITEM_SIZE - 7 - 8 - 2), quantity: 1 };
    assert!(encode_item(&line).is_ok());
    line.product.push('x');
    let error = encode_item(&line).unwrap_err();
    assert!(error.is_item_too_large());
    assert_eq!(error.path(), None);
    assert_eq!(error.to_string(), "the item has about 409601 bytes, and DynamoDB takes 409600");

    line.product.truncate(MAX_ITEM_SIZE / 2);
    let mut writer = Writer::default();
    for _ in 0..3 {
        line.encode_item(&mut writer);
    }
    assert!(writer.finish().is_ok(), "each item is reckoned by itself");
}

#[test]
fn a_writer_keeps_its_first_error_and_its_path() {
    struct Refused;
    impl Encode for Refused {
        fn encode(&self, writer: &mut Writer) {
            writer.map(|writer| writer.attribute("here", &1e200));
            writer.refuse("too late");
        }
    }
    impl AttributeValue for Refused {
        type Kind = kind::Map;
        type ListKind = kind::List;
        type Operand = Self;
        const OPTIONAL: bool = false;
    }

    let mut writer = Writer::with_capacity(0);
    writer.begin_item();
    writer.attribute("good", "x");
    writer.attribute("numbers", &vec![vec![1.0], vec![2.0, f64::NAN]]);
    writer.attribute("more", &f64::INFINITY);
    writer.end_item();
    let error = writer.finish().unwrap_err();
    assert!(error.is_number_out_of_range());
    assert_eq!(error.to_string(), "`numbers[1][1]`: infinity and NaN cannot be stored");

    let mut writer = Writer::with_capacity(0);
    writer.begin_item();
    writer.attribute("list", &vec![Refused]);
    assert_eq!(writer.finish().unwrap_err().path(), Some("list[0].here"));
}

#[test]
fn an_implementation_may_refuse_a_value() {
    struct Secret;
    impl Encode for Secret {
        fn encode(&self, writer: &mut Writer) {
            writer.refuse("a secret is not stored");
        }
    }
    let mut writer = Writer::with_capacity(0);
    writer.attribute("secret", &Secret);
    let error = writer.finish().unwrap_err();
    assert_eq!(error.to_string(), "`secret`: a secret is not stored");
}

#[test]
fn a_cleared_writer_starts_anew() {
    let mut writer = Writer::with_capacity(64);
    f64::NAN.encode(&mut writer);
    writer.clear();
    writer.string("x");
    assert_eq!(writer.item_size(), 1);
    assert_eq!(writer.as_bytes(), br#"{"S":"x"}"#);
    assert!(writer.finish().is_ok());
}

#[test]
fn an_envelope_of_raw_pieces() {
    let mut writer = Writer::with_capacity(0);
    writer.begin_object();
    writer.member("TableName");
    writer.json_string("a\"b");
    writer.member("Key");
    writer.raw(b"{\"id\":{\"N\":\"1\"}}");
    writer.member("Items");
    writer.begin_array();
    for number in 0..2 {
        writer.separate();
        writer.json_u64(number);
    }
    writer.end_array();
    writer.member("ConsistentRead");
    writer.json_bool(true);
    writer.member("ScanIndexForward");
    writer.json_bool(false);
    writer.end_object();
    let json = concat!(
        r#"{"TableName":"a\"b","Key":{"id":{"N":"1"}},"Items":[0,1],"#,
        r#""ConsistentRead":true,"ScanIndexForward":false}"#,
    );
    assert_eq!(String::from_utf8(writer.finish().unwrap()).unwrap(), json);
}

#[test]
fn more_than_31_levels_of_lists_are_refused() {
    fn nest(depth: usize, writer: &mut Writer) {
        if depth == 0 {
            writer.null();
        } else {
            writer.list([()], |(), writer| nest(depth - 1, writer));
        }
    }
    let mut writer = Writer::with_capacity(0);
    nest(31, &mut writer);
    assert!(writer.finish().is_ok());
    let mut writer = Writer::with_capacity(0);
    nest(32, &mut writer);
    assert!(writer.finish().unwrap_err().is_too_deep());
}
