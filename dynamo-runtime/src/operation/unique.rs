//! Guards of unique attributes: items beside an entity's, each with one value in its key.

use super::guards::Guards;
use super::request::{Part, Request};
use super::write::{GuardPart, TransactionAction};
use crate::client::{Api, SecureClient};
use crate::codec::equality::attribute_of;
use crate::codec::{Plain, Writer};
use crate::entity::Entity;
use crate::error::{Error, ErrorKind, read_current};
use crate::expression::{DocumentPath, Fragment};
use crate::key::KeyError;
use crate::record::Record;
use crate::schema::UniqueAttribute;
use crate::subject::Subject;

/// The attribute of a guard that names the item whose value it guards, by its keys.
const OWNER: &str = "unique_owner";
/// The sort key of a guard, where its table has one; and its text of each constant of the entity.
const GUARD: &str = "_unique";

/// What becomes of a guard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum GuardChange {
    /// The item has the value from now on.
    Claim,
    /// It has it no longer.
    Release,
}

/// The guards that a write changes beside its item: each with its key.
#[derive(Clone, Debug, Default)]
pub(super) struct GuardChanges(
    Vec<(GuardChange, &'static UniqueAttribute, Result<String, KeyError>)>,
);

/// The keys of the guards of an entity; `None` where the value is absent.
pub(super) type GuardKeys = Vec<(&'static UniqueAttribute, Result<Option<String>, KeyError>)>;

pub(super) fn guard_keys<E: Entity>(entity: &E) -> GuardKeys {
    let schema = E::SCHEMA;
    let keys = schema.unique.iter().map(|unique| {
        let text = unique.template.text(unique.name, <E as Record>::NAMES, entity);
        (unique, text)
    });
    keys.collect()
}

impl GuardChanges {
    /// Of an item that is new, or is deleted.
    pub(super) fn all<E: Entity>(change: GuardChange, entity: &E) -> Self {
        let present = guard_keys(entity).into_iter();
        Self(present.filter_map(|(unique, key)| Some((change, unique, key.transpose()?))).collect())
    }

    /// Of an item whose values were others before.
    pub(super) fn moved<E: Entity>(before: GuardKeys, entity: &E) -> Self {
        let mut changes = Vec::new();
        for ((unique, before), (_, after)) in before.into_iter().zip(guard_keys(entity)) {
            if before == after {
                continue;
            }
            let release = before.transpose().map(|key| (GuardChange::Release, unique, key));
            let claim = after.transpose().map(|key| (GuardChange::Claim, unique, key));
            changes.extend(release.into_iter().chain(claim));
        }
        Self(changes)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The actions of a transaction that change the guards, of the item with these keys.
    pub(super) fn parts<'a, E: Entity>(
        &self,
        client: &'a SecureClient,
        key: &E::Key,
    ) -> Result<Vec<GuardPart<'a>>, Error> {
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        let owner = owner::<E>(key)?;
        let parts = self.0.iter().map(|(change, unique, guard)| {
            let operation = if *change == GuardChange::Claim { "claim" } else { "release" };
            let subject = Subject { entity: E::SCHEMA.entity, operation };
            let guard = guard.as_ref().map_err(|error| subject.error(*error))?;
            let part = part::<E>(client, *change, operation, guard, &owner)?;
            let guarded = Some(unique.name);
            let action = TransactionAction { subject, read: read_current::<E>, guarded };
            Ok(GuardPart { part, action })
        });
        parts.collect()
    }
}

/// The texts of the item's keys.
fn owner<E: Entity>(key: &E::Key) -> Result<Vec<String>, Error> {
    let schema = E::SCHEMA;
    let of_table = schema.templates.iter().filter(|template| template.is_of_table);
    let texts = of_table.map(|template| template.text(<E as Record>::NAMES, key));
    let subject = Subject { entity: schema.entity, operation: "claim" };
    let texts: Result<Vec<_>, KeyError> = texts.collect();
    Ok(texts.map_err(|error| subject.error(error))?.into_iter().flatten().collect())
}

fn part<'a, E: Entity>(
    client: &'a SecureClient,
    change: GuardChange,
    operation: &'static str,
    guard: &str,
    owner: &Vec<String>,
) -> Result<Part<'a>, Error> {
    let schema = E::SCHEMA;
    let mut attributes = vec![(schema.partition_key.name, guard)];
    attributes.extend(schema.sort_key.map(|key| (key.name, GUARD)));
    let api = match change {
        GuardChange::Claim => Api::PutItem,
        GuardChange::Release => Api::DeleteItem,
    };
    let mut request = Request::new::<E>(client, api, operation, 256);
    match change {
        GuardChange::Claim => {
            attributes.extend(schema.constants.iter().map(|constant| (constant.name, GUARD)));
            request.guard("Item", &attributes, Some((OWNER, owner)));
        }
        GuardChange::Release => request.guard("Key", &attributes, None),
    }
    // A guard of the same item is left as it is: so a claim can be made again.
    let absent = Fragment::call("attribute_not_exists(", &schema.partition_key.name.into());
    let path = DocumentPath::from(OWNER);
    let own = Fragment::default().path(&path).operator(" = ");
    let own = own.value::<Plain, Vec<String>>(&path, owner);
    let condition = absent.operator(" OR ").append(own);
    request.condition(&condition)?;
    request.into_part()
}

/// That the item has the unique values of the entity, so that its guards are those of the entity.
pub(super) fn same_values<E: Entity>(entity: &E, is_existing: bool, guards: &mut Guards) {
    let schema = E::SCHEMA;
    if schema.unique.is_empty() {
        return;
    }
    let mut writer = Writer::default();
    entity.encode_item(&mut writer);
    for unique in schema.unique {
        let path = DocumentPath::from(unique.name);
        let same = match attribute_of(writer.as_bytes(), unique.name) {
            Ok(Some(json)) => {
                let same = Fragment::default().path(&path).operator(" = ");
                same.written(&path, |writer| writer.raw(json))
            }
            // What cannot be encoded is an error of the item.
            _ => Fragment::call("attribute_not_exists(", &path),
        };
        if is_existing {
            guards.add(same);
        } else {
            let absent = Fragment::call("attribute_not_exists(", &schema.partition_key.name.into());
            guards.add(absent.operator(" OR ").append(same).in_parentheses());
        }
    }
}

/// The error of a write that would lose track of a guard.
pub(super) fn unknown_values<E: Entity>(operation: &'static str) -> Error {
    let subject = Subject { entity: E::SCHEMA.entity, operation };
    subject.error(ErrorKind::UniqueUnknown)
}
