//! The key attributes of a table and of its indexes, as the derive knows them.

use super::limits::{MAX_PARTITION_KEY_SIZE, MAX_SORT_KEY_SIZE, check_size};
use super::part::NUMBER_SIZE;
use super::{KeyError, KeyKind, Parts, Template};
use crate::codec::Reader;
use crate::codec::kind::{Binary, Text};

/// A key attribute of a table or an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyAttribute {
    /// The attribute's name in the table.
    pub name: &'static str,
    /// Its type code: `S`, `N` or `B`.
    pub code: &'static str,
    /// Its form, where it is text made of other attributes.
    pub template: Option<Template>,
}

/// Describes a key that is made of other attributes.
pub const fn templated_key_attribute(name: &'static str, template: Template) -> KeyAttribute {
    KeyAttribute { name, code: Text::CODE, template: Some(template) }
}

/// Whether the order of the keys is that of this part, where those before it are equal.
pub const fn is_ordered_by(key: KeyAttribute, part: usize) -> bool {
    match key.template {
        Some(template) => template.is_ordered_by(part),
        None => true,
    }
}

/// A templated key attribute of an entity, of the table or of its indexes.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct TemplatedKey {
    /// Its name in the table.
    pub attribute: &'static str,
    /// Its form.
    pub template: Template,
    /// Whether it is the sort key of the table or of an index, which is the shorter one.
    pub is_sort_key: bool,
    /// Whether it is a key of the table, which is in every item.
    pub is_of_table: bool,
    /// Whether an item is read whose key is not the one that its parts make: of an index.
    pub is_stale_tolerated: bool,
    /// The parts that are no part of the table's key.
    pub own_parts: &'static [usize],
}

/// Describes a templated key.
pub const fn templated_key(
    key: KeyAttribute,
    is_sort_key: bool,
    is_of_table: bool,
    is_stale_tolerated: bool,
    own_parts: &'static [usize],
) -> TemplatedKey {
    let template = match key.template {
        Some(template) => template,
        None => Template::new(&[]),
    };
    let attribute = key.name;
    TemplatedKey { attribute, template, is_sort_key, is_of_table, is_stale_tolerated, own_parts }
}

impl TemplatedKey {
    /// The text of the key with these parts, of a record with these names, within DynamoDB's limits.
    pub(crate) fn text(
        &self,
        names: &'static [&'static str],
        parts: &dyn Parts,
    ) -> Result<Option<String>, KeyError> {
        let text = self.template.text(self.attribute, names, parts)?;
        if let Some(text) = &text {
            let limit = if self.is_sort_key { MAX_SORT_KEY_SIZE } else { MAX_PARTITION_KEY_SIZE };
            check_size(self.attribute, text.len(), limit)?;
        }
        Ok(text)
    }
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
