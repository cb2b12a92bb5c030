//! Items of an older shape.

use std::convert::Infallible;

use super::{DecodeError, DecodeItem, Reader};

/// Reads an item; one that is not of this shape is read as one of the older shape.
///
/// # Errors
/// When it is neither: of both shapes.
#[doc(hidden)]
pub fn upgrade<'de, New, Old>(reader: &mut Reader<'de>) -> Result<New, DecodeError>
where
    New: DecodeItem<'de> + UpgradeFrom<Old>,
    Old: DecodeItem<'de>,
{
    let start = reader.clone();
    let newer = match New::decode_attributes(reader.item()?) {
        Ok(new) => return Ok(new),
        Err(newer) if newer.is_malformed() => return Err(newer),
        Err(newer) => newer,
    };
    *reader = start;
    let place = reader.position();
    let upgraded = Old::decode_item(reader).and_then(|old| {
        New::upgrade_from(old).map_err(|reason| DecodeError::refused(place, reason))
    });
    upgraded.map_err(|older| newer.with_older(older))
}

/// A type that is made from its older shape `Old`, by `From` or `TryFrom`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not made from its older shape `{Old}`",
    label = "no conversion from this",
    note = "write `impl From<{Old}> for {Self}`; or `TryFrom` with a `&'static str` as its error, so that no value is in a message"
)]
pub trait UpgradeFrom<Old>: Sized {
    /// # Errors
    /// The reason why it cannot be converted.
    fn upgrade_from(old: Old) -> Result<Self, &'static str>;
}

#[diagnostic::do_not_recommend]
impl<New: TryFrom<Old, Error: Reason>, Old> UpgradeFrom<Old> for New {
    fn upgrade_from(old: Old) -> Result<Self, &'static str> {
        New::try_from(old).map_err(Reason::text)
    }
}

/// Why an older shape cannot be converted: a text of the program, so that no value is in it.
#[doc(hidden)]
pub trait Reason {
    fn text(self) -> &'static str;
}

impl Reason for Infallible {
    fn text(self) -> &'static str {
        match self {}
    }
}

impl Reason for &'static str {
    fn text(self) -> &'static str {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::reader::read;
    use crate::codec::tests::Line;
    use crate::codec::{Field, Members, Plain};

    /// A line before it had a quantity.
    struct Product(String);

    impl<'de> DecodeItem<'de> for Product {
        fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
            let mut name = Field::<Plain, String>::new();
            while let Some(attribute) = item.next_name()? {
                match attribute.as_bytes() {
                    b"name" => item.field(&mut name)?,
                    _ => item.skip(attribute)?,
                }
            }
            item.take(name, "name").map(Self)
        }
    }

    impl TryFrom<Product> for Line {
        type Error = &'static str;

        fn try_from(Product(product): Product) -> Result<Self, &'static str> {
            if product.is_empty() {
                return Err("the product has no name");
            }
            Ok(Self { product, quantity: 1 })
        }
    }

    #[test]
    fn an_item_of_the_older_shape_is_read_and_else_both_reasons_are_told() {
        let line = |json: &str| read(json.as_bytes(), upgrade::<Line, Product>);
        let tea = |quantity| Line { product: "tea".to_owned(), quantity };
        assert_eq!(line(r#"{"product":{"S":"tea"},"quantity":{"N":"2"}}"#), Ok(tea(2)));
        assert_eq!(line(r#" {"name":{"S":"tea"}} "#), Ok(tea(1)));

        let error = line(r#"{"name":{"S":""}}"#).unwrap_err();
        assert!(error.is_missing());
        let older = error.older().unwrap();
        assert_eq!(older.to_string(), "at byte 0: the product has no name");
        let error = line(r#"{"name":{"N":"1"},"quantity":{"N":"x"}}"#).unwrap_err();
        assert!(!error.is_missing() && error.older().unwrap().is_wrong_type());
        let error = error.locate_in_item(br#"{"name":{"N":"1"},"quantity":{"N":"x"}}"#);
        assert_eq!(error.path(), Some("quantity"));
        assert_eq!(error.older().unwrap().path(), Some("name"));
        let broken = line(r#"{"name":{"S":"tea"},"quantity":{"N":"x"}"#).unwrap_err();
        assert!(broken.is_malformed() || broken.older().unwrap().is_malformed());
        let broken = line(r#"{"name":{"S":"tea"},}"#).unwrap_err();
        assert!(broken.is_malformed() && broken.older().is_none());
    }
}
