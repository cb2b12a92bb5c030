//! Which entity an item is of.

use super::LoadError;
use crate::codec::equality::canonical_key;
use crate::entity::{Allowed, Description};

pub(super) fn check_allowed(
    entities: &[Description],
    allowed: Allowed,
    permission: &'static str,
) -> Result<(), LoadError> {
    match entities.iter().find(|entity| !entity.allows.contains(&allowed)) {
        None => Ok(()),
        Some(entity) => {
            Err(LoadError::NotAllowed { entity: entity.entity.schema.entity, permission })
        }
    }
}

/// The entity that reads the item, which its keys decide; or why none does.
pub(super) fn entity_of<'e>(
    entities: &'e [Description],
    item: &[u8],
) -> Result<&'e Description, String> {
    let mut reasons = Vec::new();
    for entity in entities {
        match (entity.reads)(item) {
            Ok(()) => return Ok(entity),
            Err(error) => reasons.push(format!("no `{}`: {error}", entity.entity.schema.entity)),
        }
    }
    Err(reasons.join("; "))
}

/// The key in one spelling, of an item or of a key, and the logical name of its table.
pub(super) fn identity(
    entity: &Description,
    json: &[u8],
) -> Result<(&'static str, Vec<u8>), String> {
    let schema = &entity.entity.schema;
    let names =
        std::iter::once(schema.partition_key.name).chain(schema.sort_key.map(|key| key.name));
    let key = canonical_key(json, names).map_err(|error| error.to_string())?;
    Ok((schema.table, key))
}
