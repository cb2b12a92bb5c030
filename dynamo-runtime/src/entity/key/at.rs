//! The keys of an entity and the parts of its keys, by their places among its attributes.

use std::hash::{Hash, Hasher};

use crate::codec::AttributeValue;
use crate::key::{
    IndexKeyPart, IndexTemplatePart, KeyAttribute, KeyError, KeyKind, MAX_PARTITION_KEY_SIZE,
    MAX_SORT_KEY_SIZE, PartForm, PartText, TableKeyPart, TemplatePart, check_key_part,
    write_given_part,
};
use crate::record::AttributeAt;

/// A key of the table: the `N`th attribute of the entity.
///
/// It is the one place that asks for a [`KeyPart`], so that a field that is none is one error.
#[doc(hidden)]
pub trait KeyAt<const N: usize>: AttributeAt<N, Value: TableKeyPart> {}

/// A key of an index: the `N`th attribute of the entity.
#[doc(hidden)]
pub trait IndexKeyAt<const N: usize>: AttributeAt<N, Value: IndexKeyPart> {}

/// What a part of the table's key can be in a raw key.
pub const fn part_form<E: TablePartAt<N>, const N: usize>() -> PartForm {
    <E::Value as TemplatePart>::FORM
}

/// What a part of an index's key can be in a raw key.
pub const fn index_part_form<E: IndexPartAt<N>, const N: usize>() -> PartForm {
    <<E::Value as IndexTemplatePart>::Part as TemplatePart>::FORM
}

/// Hashes a part of the table's key.
pub fn hash_key<E: KeyAt<N>, const N: usize, H: Hasher>(part: &E::Value, state: &mut H) {
    part.part().hash(state);
}

/// Checks a partition key against DynamoDB's limits.
///
/// # Errors
/// The key is empty or too long.
pub fn check_partition_key<E: KeyAt<N>, const N: usize>(part: &E::Value) -> Result<(), KeyError> {
    check_key_part(E::NAME, part.part(), MAX_PARTITION_KEY_SIZE)
}

/// Checks a sort key against DynamoDB's limits.
///
/// # Errors
/// The key is empty or too long.
pub fn check_sort_key<E: KeyAt<N>, const N: usize>(part: &E::Value) -> Result<(), KeyError> {
    check_key_part(E::NAME, part.part(), MAX_SORT_KEY_SIZE)
}

/// Checks the partition key of an index; an absent one leaves the item out of the index.
///
/// # Errors
/// The key is empty or too long.
pub fn check_index_partition_key<E: IndexKeyAt<N>, const N: usize>(
    part: &E::Value,
) -> Result<(), KeyError> {
    part.present().map_or(Ok(()), |part| check_key_part(E::NAME, part, MAX_PARTITION_KEY_SIZE))
}

/// Checks the sort key of an index; an absent one leaves the item out of the index.
///
/// # Errors
/// The key is empty or too long.
pub fn check_index_sort_key<E: IndexKeyAt<N>, const N: usize>(
    part: &E::Value,
) -> Result<(), KeyError> {
    part.present().map_or(Ok(()), |part| check_key_part(E::NAME, part, MAX_SORT_KEY_SIZE))
}

/// A part of the table's key: the `N`th attribute of the entity.
///
/// It is the one place that asks for a [`TemplatePart`], so that a field that is none is one error.
#[doc(hidden)]
pub trait TablePartAt<const N: usize>: AttributeAt<N, Value: TemplatePart> {}

/// A part of an index's key: the `N`th attribute of the entity.
#[doc(hidden)]
pub trait IndexPartAt<const N: usize>: AttributeAt<N, Value: IndexTemplatePart> {}

/// Writes a part of the table's key.
pub fn write_part<E: TablePartAt<N>, const N: usize>(part: &E::Value, text: &mut PartText) {
    write_given_part(part, text);
}

/// Writes a part of an index's key, which an absent one leaves out.
pub fn write_index_part<E: IndexPartAt<N>, const N: usize>(part: &E::Value, text: &mut PartText) {
    match part.present() {
        Some(part) => write_given_part(part, text),
        None => text.leave_out(),
    }
}

/// Hashes a part of the table's key.
pub fn hash_part<E: TablePartAt<N>, const N: usize, H: Hasher>(part: &E::Value, state: &mut H) {
    part.hash(state);
}

/// Describes the table's key that is the `N`th attribute of `E`.
pub const fn key_attribute<E: KeyAt<N>, const N: usize>() -> KeyAttribute {
    type PartOf<E, const N: usize> = <<E as AttributeAt<N>>::Value as TableKeyPart>::Part;
    let code = match &E::KEY_FORM {
        Some(form) => form.code,
        None => <<PartOf<E, N> as AttributeValue>::Kind as KeyKind>::CODE,
    };
    KeyAttribute { name: E::NAME, code, template: None }
}

/// Describes the index's key that is the `N`th attribute of `E`.
pub const fn index_key_attribute<E: IndexKeyAt<N>, const N: usize>() -> KeyAttribute {
    type PartOf<E, const N: usize> = <<E as AttributeAt<N>>::Value as IndexKeyPart>::Part;
    let code = match &E::KEY_FORM {
        Some(form) => form.code,
        None => <<PartOf<E, N> as AttributeValue>::Kind as KeyKind>::CODE,
    };
    KeyAttribute { name: E::NAME, code, template: None }
}
