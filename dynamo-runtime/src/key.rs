//! Keys: which types can be one, what a key must fulfil, and how it is written.

use std::fmt;
use std::hash::{Hash, Hasher};

use crate::attribute::AttributeAt;
use crate::codec::kind::{Binary, BinarySet, Kind, Number, NumberSet, SetKind, Text, TextSet};
use crate::codec::{AttributeValue, Decode, Reader, Writer};
use crate::entity::Entity;
use crate::schema::KeyAttribute;
use crate::value::{self, Timestamp};

/// The longest partition key, in bytes.
///
/// Source: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const MAX_PARTITION_KEY_SIZE: usize = 2048;

/// The longest sort key, in bytes.
///
/// Source: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
const MAX_SORT_KEY_SIZE: usize = 1024;

/// A type that can be a partition key, a sort key or a key of an index.
///
/// Text, integers, [`Number`](value::Number), binary and timestamps are, and by feature the like of
/// other crates; a newtype of one of these becomes one by `#[derive(KeyPart)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "not a key type",
    note = "a key is text, a number or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, or a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`"
)]
pub trait KeyPart:
    AttributeValue<Kind: KeyKind>
    + for<'de> Decode<'de>
    + Clone
    + Eq
    + Hash
    + fmt::Debug
    + Send
    + Sync
    + 'static
{
    /// The size that the service counts against its limits, in bytes; zero for an empty text or
    /// binary, which cannot be a key.
    fn key_size(&self) -> usize;
}

/// The kinds of attribute that can be a key: text, numbers and binary.
pub trait KeyKind: Kind {
    /// The type code in a table's attribute definitions: `S`, `N` or `B`.
    const CODE: &'static str;

    /// A set of keys of this kind.
    type Set: SetKind<Element = Self>;
}

impl KeyKind for Text {
    const CODE: &'static str = "S";
    type Set = TextSet;
}
impl KeyKind for Number {
    const CODE: &'static str = "N";
    type Set = NumberSet;
}
impl KeyKind for Binary {
    const CODE: &'static str = "B";
    type Set = BinarySet;
}

impl KeyPart for String {
    fn key_size(&self) -> usize {
        self.len()
    }
}

impl KeyPart for Vec<u8> {
    fn key_size(&self) -> usize {
        self.len()
    }
}

impl<const N: usize> KeyPart for [u8; N] {
    fn key_size(&self) -> usize {
        N
    }
}

impl KeyPart for char {
    fn key_size(&self) -> usize {
        self.len_utf8()
    }
}

/// Bytes of the longest number, which is all that matters against the limits above.
pub(crate) const NUMBER_SIZE: usize = 21;
/// Bytes of a timestamp's text.
pub(crate) const TIMESTAMP_SIZE: usize = 27;

impl KeyPart for Timestamp {
    fn key_size(&self) -> usize {
        TIMESTAMP_SIZE
    }
}

macro_rules! number_key_parts {
    ($($number:ty),*) => {$(
        impl KeyPart for $number {
            fn key_size(&self) -> usize {
                NUMBER_SIZE
            }
        }
    )*};
}
number_key_parts!(i8, i16, i32, i64, i128, u8, u16, u32, u64, u128, value::Number);

/// The whole primary key of an entity, made by `#[derive(Entity)]`.
pub trait Key: Clone + PartialEq + fmt::Debug + Send + Sync + 'static {
    /// The entity that it is the key of.
    type Entity: Entity<Key = Self>;

    #[doc(hidden)]
    fn write(&self, writer: &mut KeyWriter<'_>);
}

/// A key of one part, so that `User::key(id)` needs no name for it.
#[diagnostic::on_unimplemented(
    message = "the key of `{Self}` has two parts",
    label = "two parts of one type could be swapped here",
    note = "write the key with its parts by name: `{Self}Key {{ .. }}`"
)]
pub trait SingleKey: Entity {
    #[doc(hidden)]
    type Part;

    #[doc(hidden)]
    fn single(part: Self::Part) -> Self::Key;
}

/// Writes the attributes of a key and keeps the first rule that one breaks.
pub struct KeyWriter<'a> {
    writer: &'a mut Writer,
    error: Option<KeyError>,
}

impl<'a> KeyWriter<'a> {
    pub(crate) fn new(writer: &'a mut Writer) -> Self {
        writer.begin_item();
        Self { writer, error: None }
    }

    #[doc(hidden)]
    pub fn partition_key<E: KeyAt<N>, const N: usize>(&mut self, part: &E::Value) {
        self.part::<E, N>(part, check_partition_key::<E, N>(part));
    }

    #[doc(hidden)]
    pub fn sort_key<E: KeyAt<N>, const N: usize>(&mut self, part: &E::Value) {
        self.part::<E, N>(part, check_sort_key::<E, N>(part));
    }

    fn part<E: KeyAt<N>, const N: usize>(
        &mut self,
        part: &E::Value,
        checked: Result<(), KeyError>,
    ) {
        self.writer.attribute(E::NAME, part.part());
        if let Err(error) = checked {
            self.error.get_or_insert(error);
        }
    }

    pub(crate) fn finish(self) -> Result<(), KeyError> {
        self.writer.end_item();
        self.error.map_or(Ok(()), Err)
    }
}

/// A key that DynamoDB would reject: found before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyError {
    attribute: &'static str,
    kind: KeyErrorKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum KeyErrorKind {
    Empty,
    TooLong { size: usize, limit: usize },
}

impl KeyError {
    /// The attribute as it is named in the table.
    pub fn attribute(&self) -> &'static str {
        self.attribute
    }

    /// Whether the key is empty; else it is too long.
    pub fn is_empty(&self) -> bool {
        self.kind == KeyErrorKind::Empty
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attribute = self.attribute;
        match self.kind {
            KeyErrorKind::Empty => write!(f, "the key attribute `{attribute}` is empty"),
            KeyErrorKind::TooLong { size, limit } => write!(
                f,
                "the key attribute `{attribute}` has {size} bytes, and DynamoDB allows {limit}"
            ),
        }
    }
}

impl std::error::Error for KeyError {}

/// A key of the table: the `N`th attribute of the entity.
///
/// It is the one place that asks for a [`KeyPart`], so that a field that is none is one error.
#[doc(hidden)]
pub trait KeyAt<const N: usize>: AttributeAt<N, Value: TableKeyPart> {}

/// A key of an index: the `N`th attribute of the entity.
#[doc(hidden)]
pub trait IndexKeyAt<const N: usize>: AttributeAt<N, Value: IndexKeyPart> {}

/// Hashes a part of the table's key.
pub fn hash_key<E: KeyAt<N>, const N: usize, H: Hasher>(part: &E::Value, state: &mut H) {
    part.part().hash(state);
}

/// Checks a partition key against DynamoDB's limits.
///
/// # Errors
/// The key is empty or too long.
pub fn check_partition_key<E: KeyAt<N>, const N: usize>(part: &E::Value) -> Result<(), KeyError> {
    check(E::NAME, part.part(), MAX_PARTITION_KEY_SIZE)
}

/// Checks a sort key against DynamoDB's limits.
///
/// # Errors
/// The key is empty or too long.
pub fn check_sort_key<E: KeyAt<N>, const N: usize>(part: &E::Value) -> Result<(), KeyError> {
    check(E::NAME, part.part(), MAX_SORT_KEY_SIZE)
}

/// Checks the partition key of an index; an absent one leaves the item out of the index.
///
/// # Errors
/// The key is empty or too long.
pub fn check_index_partition_key<E: IndexKeyAt<N>, const N: usize>(
    part: &E::Value,
) -> Result<(), KeyError> {
    part.present().map_or(Ok(()), |part| check(E::NAME, part, MAX_PARTITION_KEY_SIZE))
}

/// Checks the sort key of an index; an absent one leaves the item out of the index.
///
/// # Errors
/// The key is empty or too long.
pub fn check_index_sort_key<E: IndexKeyAt<N>, const N: usize>(
    part: &E::Value,
) -> Result<(), KeyError> {
    part.present().map_or(Ok(()), |part| check(E::NAME, part, MAX_SORT_KEY_SIZE))
}

/// Checks a partition key that stands encoded in an expression.
pub(crate) fn check_encoded_partition_key(key: KeyAttribute, json: &[u8]) -> Result<(), KeyError> {
    check_encoded(key, json, MAX_PARTITION_KEY_SIZE)
}

/// Checks a sort key that stands encoded in an expression.
pub(crate) fn check_encoded_sort_key(key: KeyAttribute, json: &[u8]) -> Result<(), KeyError> {
    check_encoded(key, json, MAX_SORT_KEY_SIZE)
}

fn check_encoded(key: KeyAttribute, json: &[u8], limit: usize) -> Result<(), KeyError> {
    let size = Reader::new(json).and_then(|mut reader| match key.code {
        Text::CODE => reader.string().map(|text| text.len()),
        Binary::CODE => reader.binary().map(|bytes| bytes.len()),
        _ => Ok(NUMBER_SIZE),
    });
    // What is not of the key's type is not ours to judge here: it does not compile.
    size.map_or(Ok(()), |size| check_size(key.name, size, limit))
}

fn check<T: KeyPart>(attribute: &'static str, part: &T, limit: usize) -> Result<(), KeyError> {
    check_size(attribute, part.key_size(), limit)
}

fn check_size(attribute: &'static str, size: usize, limit: usize) -> Result<(), KeyError> {
    let kind = match size {
        0 => KeyErrorKind::Empty,
        size if size > limit => KeyErrorKind::TooLong { size, limit },
        _ => return Ok(()),
    };
    Err(KeyError { attribute, kind })
}

/// A key of the table: a [`KeyPart`].
///
/// A trait of its own, so that what a key part is besides is not asked for a second time.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key",
    label = "not a key type",
    note = "a key is text, a number or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, or a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`"
)]
pub trait TableKeyPart {
    type Part: KeyPart;

    fn part(&self) -> &Self::Part;
}

impl<T: KeyPart> TableKeyPart for T {
    type Part = T;

    fn part(&self) -> &T {
        self
    }
}

/// A key of an index: a [`KeyPart`], or an `Option` of one for a sparse index.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a key of an index",
    label = "not a key type",
    note = "a key is text, a number or binary: `String`, an integer, `Vec<u8>`, `Timestamp`, a newtype of one of these or an enum without fields with `#[derive(KeyPart)]`, or an `Option` of it for a sparse index"
)]
pub trait IndexKeyPart {
    /// The part itself.
    type Part: KeyPart;

    /// The part, unless the item is left out of the index.
    fn present(&self) -> Option<&Self::Part>;
}

impl<T: KeyPart> IndexKeyPart for T {
    type Part = T;

    fn present(&self) -> Option<&T> {
        Some(self)
    }
}

impl<T: KeyPart> IndexKeyPart for Option<T> {
    type Part = T;

    fn present(&self) -> Option<&T> {
        self.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_neither_empty_nor_too_long() {
        let check = |size: usize| check("id", &"x".repeat(size), MAX_PARTITION_KEY_SIZE);
        assert!(check(0).unwrap_err().is_empty());
        assert_eq!(check(1), Ok(()));
        assert_eq!(check(MAX_PARTITION_KEY_SIZE), Ok(()));
        assert_eq!(
            check(MAX_PARTITION_KEY_SIZE + 1).unwrap_err().to_string(),
            "the key attribute `id` has 2049 bytes, and DynamoDB allows 2048"
        );
    }

    #[test]
    fn numbers_and_times_are_never_empty() {
        assert_eq!(check("at", &0_u8, 1024), Ok(()));
        assert_eq!(check("at", &Timestamp::EPOCH, 1024), Ok(()));
        assert!(check("at", &Vec::<u8>::new(), 1024).unwrap_err().is_empty());
    }
}
