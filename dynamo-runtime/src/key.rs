//! What a key is written as, of which types it can be made, and what it must fulfil: `encoding.md`.

mod attribute;
mod limits;
mod part;
mod part_form;
mod parts;
mod raw;
mod segment;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod written;

pub use attribute::{
    KeyAttribute, TemplatedKey, is_ordered_by, templated_key, templated_key_attribute,
};
pub(crate) use attribute::{check_encoded_partition_key, check_encoded_sort_key};
pub use limits::KeyError;
pub(crate) use limits::{MAX_PARTITION_KEY_SIZE, MAX_SORT_KEY_SIZE, check_key_part};
pub use part::write as write_given_part;
pub use part::{IndexKeyPart, KeyKind, KeyPart, TableKeyPart, TemplatePart};
pub(crate) use part::{IndexTemplatePart, NUMBER_SIZE};
pub use part_form::PartForm;
pub use parts::Parts;
pub(crate) use raw::has_fixed_text;
pub use raw::{Casing, RawKey, assert_raw_key};
pub use segment::Segment;
pub use template::Template;
pub(crate) use template::{SortKeyPrefix, TextCondition, last_from};
pub use text::PartText;
pub(crate) use text::decimal;
pub(crate) use written::OnePart;
pub use written::WrittenParts;
