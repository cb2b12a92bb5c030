//! The keys of an entity that are made of other attributes: written with it, and checked when it is
//! read.

use std::borrow::Cow;

use super::super::Entity;
use super::at::TablePartAt;
use crate::codec::{DecodeError, Field, Members, Plain, Writer};
use crate::key::{KeyAttribute, KeyError};

/// A stored key while its item is read.
#[doc(hidden)]
pub type StoredKey<'de> = Field<Plain, Option<Cow<'de, str>>>;

/// Checks the templated keys against DynamoDB's limits.
///
/// # Errors
/// A part is empty or has no text, or a key is too long.
pub fn check_templates<E: Entity>(entity: &E) -> Result<(), KeyError> {
    E::SCHEMA.templates.iter().try_for_each(|key| key.text(E::NAMES, entity).map(|_| ()))
}

/// Writes the templated keys among the attributes of an item.
pub fn encode_templates<E: Entity>(entity: &E, writer: &mut Writer) {
    for key in E::SCHEMA.templates {
        match key.text(E::NAMES, entity) {
            Ok(Some(text)) => writer.attribute(key.attribute, &text),
            Ok(None) => {}
            // A request says which part it is: it checks the keys before.
            Err(_) => writer.refuse("a part of a key is empty or has no text"),
        }
    }
}

/// Whether the stored keys, in the order of the schema, are those of the entity.
///
/// A key of an index may be absent: the item may have been written before the index was there. It
/// may be another one where the index tolerates that.
///
/// # Errors
/// A key differs.
pub fn verify_templates<E: Entity>(
    entity: &E,
    stored: &[Option<Cow<'_, str>>],
    item: &Members<'_, '_>,
) -> Result<(), DecodeError> {
    for (key, stored) in E::SCHEMA.templates.iter().zip(stored) {
        let Some(stored) = stored else {
            if key.is_of_table {
                return Err(item.missing(key.attribute));
            }
            continue;
        };
        match key.template.text(key.attribute, E::NAMES, entity) {
            Ok(Some(text)) if text == *stored => {}
            _ if key.is_stale_tolerated => {}
            _ => return Err(item.disagrees(key.attribute)),
        }
    }
    Ok(())
}

/// The `N`th attribute, which is no attribute by itself: a part of the stored key at this place.
///
/// # Errors
/// The key is missing or has another form.
pub fn part_of_key<E: Entity + TablePartAt<N>, const N: usize>(
    place: usize,
    stored: &Option<Cow<'_, str>>,
    item: &Members<'_, '_>,
) -> Result<E::Value, DecodeError> {
    let Some(key) = E::SCHEMA.templates.get(place) else { return Err(item.missing(E::NAME)) };
    let Some(stored) = stored else { return Err(item.missing(key.attribute)) };
    key.template.read(stored, N).ok_or_else(|| item.disagrees(key.attribute))
}

/// Whether an item with these keys is one of `E`, by their form: a collection asks of each of its
/// entities.
pub fn has_key_of<E: Entity>(partition_key: &str, sort_key: Option<&str>) -> bool {
    let has_form =
        |key: KeyAttribute, text: &str| key.template.is_none_or(|template| template.could_be(text));
    let sorted = match (E::SCHEMA.sort_key, sort_key) {
        (Some(key), Some(text)) => has_form(key, text),
        (None, None) => true,
        _ => false,
    };
    sorted && has_form(E::SCHEMA.partition_key, partition_key)
}
