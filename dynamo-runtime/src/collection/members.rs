//! The entities of a collection: that they can share a partition, and which one an item is of.

use crate::codec::{DecodeError, Members, Message, Reader, is_same};
use crate::entity::{Descriptions, Entity, has_key_of};
use crate::key::KeyAttribute;
use crate::schema::{EntitySchema, IndexSchema, confused, is_same_form};

/// An entity of a collection.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct CollectionMember {
    pub(super) schema: EntitySchema,
    names: &'static [&'static str],
    has_key: fn(&str, Option<&str>) -> bool,
    describe: fn(&mut Descriptions),
}

impl CollectionMember {
    #[doc(hidden)]
    pub fn describe(&self, entities: &mut Descriptions) {
        (self.describe)(entities);
    }
}

/// An entity of a collection, with what reads it.
///
/// It asks nothing of the entity, so that a type that is none is one error: that of [`entity_of_a_collection`].
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct MemberOf<E> {
    pub member: CollectionMember,
    pub read_attributes: fn(Members<'_, '_>) -> Result<E, DecodeError>,
    pub read_item: fn(&mut Reader<'_>) -> Result<E, DecodeError>,
}

/// Describes an entity of a collection.
#[doc(hidden)]
pub const fn entity_of_a_collection<E: Entity>() -> MemberOf<E> {
    MemberOf {
        member: CollectionMember {
            schema: E::SCHEMA,
            names: E::NAMES,
            has_key: has_key_of::<E>,
            describe: E::describe,
        },
        read_attributes: |item| E::decode_attributes(item),
        read_item: |reader| E::decode_item(reader),
    }
}

/// That an entity shares the table and the form of the partition key with the first one: that of
/// the table, or of this index.
///
/// When it does not, so that the compiler tells it.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_together(
    first: &CollectionMember,
    other: &CollectionMember,
    index: Option<&'static str>,
) {
    let (first, other) = (&first.schema, &other.schema);
    let both = Message::EMPTY.with("`").with(first.entity).with("` and `").with(other.entity);
    if !is_same(first.table.as_bytes(), other.table.as_bytes()) {
        let both = both.with("` are of two tables, `").with(first.table).with("` and `");
        let both = both.with(other.table).with("`\n\nhelp: a collection is of one table: ");
        panic!("{}", both.with("put the entity in one of its own").as_str());
    }
    let is_one_form = match index {
        None => is_same_form(first.partition_key, other.partition_key),
        Some(name) => {
            let (first, other) = (whole_index(first, name), whole_index(other, name));
            are_same_forms(first.partition_keys, other.partition_keys)
        }
    };
    if !is_one_form {
        let both = both.with("` do not share the partition key, so no query finds both");
        let both = both.with("\n\nhelp: give them a partition key of one name and one form");
        panic!("{}", both.as_str());
    }
    let is_same_sort_key = match (first.sort_key, other.sort_key) {
        (Some(one), Some(other)) => is_same(one.name.as_bytes(), other.name.as_bytes()),
        (None, None) => true,
        _ => false,
    };
    let is_same_partition_key =
        is_same(first.partition_key.name.as_bytes(), other.partition_key.name.as_bytes());
    if !is_same_sort_key {
        let both = both.with("` have different sort keys, and a table has one");
        panic!("{}", both.with("\n\nhelp: give both the sort key of the table").as_str());
    }
    if !is_same_partition_key {
        let both = both.with("` have different partition keys, and a table has one");
        panic!("{}", both.with("\n\nhelp: give both the partition key of the table").as_str());
    }
}

/// The entity's index of this name, which has the whole items.
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
const fn whole_index(schema: &EntitySchema, name: &'static str) -> &'static IndexSchema {
    let Some(index) = index_of(schema, name) else {
        let of = Message::EMPTY.with("`").with(schema.entity).with("` has no index `").with(name);
        let of = of.with("`, so the collection of that index never has it");
        let of = of.with("\n\nhelp: give it the index, or remove it from the collection");
        panic!("{}", of.as_str());
    };
    if index.projected.is_some() {
        let of = Message::EMPTY.with("the index `").with(name).with("` of `");
        let of = of.with(schema.entity).with("` has some attributes only, and a collection ");
        let of = of.with("reads whole items\n\nhelp: query it by its own function, ");
        panic!("{}", of.with("or project all attributes into the index").as_str());
    }
    index
}

const fn index_of(schema: &EntitySchema, name: &str) -> Option<&'static IndexSchema> {
    let mut indexes = schema.indexes;
    while let [index, rest @ ..] = indexes {
        if is_same(index.name.as_bytes(), name.as_bytes()) {
            return Some(index);
        }
        indexes = rest;
    }
    None
}

const fn are_same_forms(mut first: &[KeyAttribute], mut second: &[KeyAttribute]) -> bool {
    loop {
        match (first, second) {
            ([], []) => return true,
            ([one, rest @ ..], [other, others @ ..]) if is_same_form(*one, *other) => {
                (first, second) = (rest, others);
            }
            _ => return false,
        }
    }
}

/// That no item of one entity could be taken for one of the other.
///
/// When it could, so that the compiler tells it. What `assert_together` tells is not told again.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_apart(
    one: &CollectionMember,
    other: &CollectionMember,
    index: Option<&'static str>,
) {
    if !is_same(one.schema.table.as_bytes(), other.schema.table.as_bytes()) {
        return;
    }
    if let Some(name) = index
        && (index_of(&one.schema, name).is_none() || index_of(&other.schema, name).is_none())
    {
        return;
    }
    if let Some(message) = confused(&one.schema, &other.schema) {
        panic!("{}", message.as_str());
    }
}

/// Which of the entities has keys of this item's form, and its constants.
///
/// # Errors
/// None has, or the item is malformed.
#[doc(hidden)]
pub fn member_of(
    collection: &'static str,
    members: &[CollectionMember],
    item: &Members<'_, '_>,
) -> Result<usize, DecodeError> {
    find_member(members, item)?.ok_or_else(|| item.no_member(expected(collection, members)))
}

/// Whether one of the entities has keys of this item's form, and its constants.
///
/// # Errors
/// The item is malformed.
#[doc(hidden)]
pub fn is_member(
    members: &[CollectionMember],
    item: &Members<'_, '_>,
) -> Result<bool, DecodeError> {
    Ok(find_member(members, item)?.is_some())
}

/// The attributes that tell the entities apart besides their keys.
#[doc(hidden)]
pub fn constants_of(members: &[CollectionMember]) -> Vec<&'static str> {
    let mut names: Vec<_> = members
        .iter()
        .flat_map(|member| member.schema.constants)
        .map(|constant| constant.name)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn find_member(
    members: &[CollectionMember],
    item: &Members<'_, '_>,
) -> Result<Option<usize>, DecodeError> {
    let Some(CollectionMember { schema: EntitySchema { partition_key, sort_key, .. }, .. }) =
        members.first()
    else {
        return Ok(None);
    };
    let (partition, sort) = item.key_texts(partition_key.name, sort_key.map(|key| key.name))?;
    let partition = partition.as_deref().unwrap_or_default();
    let sort = sort.as_deref().or(sort_key.map(|_| ""));
    for (place, member) in members.iter().enumerate() {
        if (member.has_key)(partition, sort) && item.has_constants(member.schema.constants)? {
            return Ok(Some(place));
        }
    }
    Ok(None)
}

/// What an item is none of: names and forms, and no value.
#[cold]
fn expected(collection: &str, members: &[CollectionMember]) -> String {
    let mut text = format!("the item is of no entity of `{collection}`, expected");
    for (place, CollectionMember { schema, names, .. }) in members.iter().enumerate() {
        text.push_str(if place == 0 { " " } else { ", or " });
        text.push_str(&form(schema.partition_key, names));
        if let Some(sort_key) = schema.sort_key {
            text.push_str(" with ");
            text.push_str(&form(sort_key, names));
        }
        for constant in schema.constants {
            text.extend([" and `", constant.name, "` = `", constant.text, "`"]);
        }
    }
    text
}

/// A key as the entity declares it, such as `` `sk` = `ORDER#{order_id}` ``.
fn form(key: KeyAttribute, names: &[&str]) -> String {
    let Some(template) = key.template else { return format!("any `{}`", key.name) };
    format!("`{}` = `{}`", key.name, template.described(names))
}
