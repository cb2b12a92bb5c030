//! Which entities can share a table, decided by what is known of both.

use std::any::TypeId;

use super::{Confusion, EntitySchema, IndexConfusion, confusion, guards_collide, index_confusion};
use crate::codec::{Message, is_same};
use crate::key::KeyAttribute;

/// An entity, as what makes or names tables knows it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Described {
    entity: TypeId,
    pub(crate) schema: &'static EntitySchema,
}

impl Described {
    /// Whether both are of one type.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.entity == other.entity
    }

    pub(crate) const fn new(entity: TypeId, schema: &'static EntitySchema) -> Self {
        Self { entity, schema }
    }
}

/// Why two of the entities cannot be in one table; `None` if all can be where they are.
///
/// `table` gives the physical name of a table by its logical one.
pub(crate) fn conflict<'t>(
    entities: &[Described],
    table: impl Fn(&'static str) -> &'t str,
) -> Option<String> {
    let pairs = entities
        .iter()
        .enumerate()
        .flat_map(|(place, later)| entities.iter().take(place).map(move |one| (one, later)));
    pairs
        .filter(|(one, other)| {
            one.entity != other.entity && table(one.schema.table) == table(other.schema.table)
        })
        .map(|(one, other)| (&one.schema, &other.schema))
        .find_map(|(one, other)| {
            let tables = other_table(one, other).or_else(|| confused(one, other));
            tables.or_else(|| other_vector_index(one, other))
        })
        .map(|message| message.as_str().replace("\n\nhelp: ", ": "))
}

/// That the entities describe two different tables.
fn other_table(one: &EntitySchema, other: &EntitySchema) -> Option<Message> {
    let is_one_key =
        |one: KeyAttribute, other: KeyAttribute| one.name == other.name && one.code == other.code;
    let is_one_sort_key = match (one.sort_key, other.sort_key) {
        (Some(one), Some(other)) => is_one_key(one, other),
        (None, None) => true,
        _ => false,
    };
    if is_one_key(one.partition_key, other.partition_key) && is_one_sort_key {
        return None;
    }
    let both = both(one, other).with("` have different keys, and a table has one");
    Some(both.with("\n\nhelp: give both the key attributes of the table, or tables of their own"))
}

/// That the entities give one vector index two meanings, or the vectors of one attribute two lengths.
fn other_vector_index(one: &EntitySchema, other: &EntitySchema) -> Option<Message> {
    let both = both(one, other);
    let pairs = one.vector_indexes.iter();
    let mut pairs =
        pairs.flat_map(|one| other.vector_indexes.iter().map(move |other| (one, other)));
    pairs.find_map(|(one, other)| {
        if one.name == other.name && !one.is_same(other) {
            let both = both.with("` give the vector index `").with(one.name);
            let both = both.with("` different vectors, distances or filters");
            let help = "\n\nhelp: an index has the same declaration for every entity";
            return Some(both.with(help));
        }
        if one.vector == other.vector && one.dimensions != other.dimensions {
            let both = both.with("` have vectors of different lengths in `").with(one.vector);
            let help = "\n\nhelp: all vectors of an attribute have one length: name them apart";
            return Some(both.with("`").with(help));
        }
        None
    })
}

/// Why items of two entities in one table could be taken for each other.
pub(crate) const fn confused(one: &EntitySchema, other: &EntitySchema) -> Option<Message> {
    let both = both(one, other);
    // A query of one that reads items of the other confuses nothing here: each item has one form.
    if matches!(confusion(one, other), Confusion::SameKey) {
        let both = both.with("` could have the same key, so their items cannot be told apart");
        let both = both.with("\n\nhelp: give each sort key a fixed text of its own: ");
        let both =
            both.with("`sort_key(\"sk\") = \"ORDER#{order_id}\"`; or, where an attribute of ");
        return Some(
            both.with(
                "each tells them apart, declare it in both: `constant(\"type\") = \"Order\"`",
            ),
        );
    }
    if guards_collide(one, other) || guards_collide(other, one) {
        let both =
            both.with("` share a table, and a guard of a unique attribute of one could have ");
        let both =
            both.with("the key of an item of the other\n\nhelp: begin the guard's key with a ");
        return Some(both.with("fixed text of its own: `unique = \"EMAIL#{email}\"`"));
    }
    match index_confusion(one, other) {
        IndexConfusion::None => {}
        IndexConfusion::OtherKeys(index) => {
            let both = both.with("` give the index `").with(index).with("` different keys");
            let help = "\n\nhelp: an index has the same key attributes for every entity";
            return Some(both.with(help));
        }
        IndexConfusion::SameKey(index) => {
            let both = both.with("` could have the same key of the index `").with(index);
            let both = both.with("`, so a query of one would read the other");
            let both = both.with("\n\nhelp: give each a fixed text of its own: ");
            return Some(both.with("`sort_key(\"gsi1sk\") = \"ORDER#{order_id}\"`"));
        }
        IndexConfusion::Strayed { index, entity } => {
            let both = both.with("` share a table, and `").with(entity);
            let both = both.with("` has the key attributes of the index `").with(index);
            let both =
                both.with("` without naming it, so a query of the index would read its items");
            let help = "\n\nhelp: rename its attribute, `#[dynamo(rename = \"..\")]`, or name the index there, with keys of another form";
            return Some(both.with(help));
        }
    }
    match other_expiry(&both, one, other) {
        None => other_expiry(&both, other, one),
        found => found,
    }
}

const fn both(one: &EntitySchema, other: &EntitySchema) -> Message {
    Message::EMPTY.with("`").with(one.entity).with("` and `").with(other.entity)
}

/// That the one's time of expiry is another attribute of the other.
const fn other_expiry(both: &Message, one: &EntitySchema, other: &EntitySchema) -> Option<Message> {
    let Some(ttl) = one.ttl else { return None };
    let is_of_both = match other.ttl {
        Some(other) => is_same(ttl.as_bytes(), other.as_bytes()),
        None => !other.names.has(ttl),
    };
    if is_of_both {
        return None;
    }
    let both = (*both).with("` do not share the attribute of the time of expiry, `").with(ttl);
    let both = both.with("`, and a table has one\n\nhelp: name it alike in both, and no other");
    Some(both.with(" attribute: `#[dynamo(rename = \"..\")]`"))
}
