//! The vector indexes of an entity.

use super::score::Metric;
use crate::codec::kind::Text;
use crate::codec::{AttributeValue, Message, is_same};
use crate::key::{KeyAttribute, KeyKind};
use crate::projection::{OwnedProjection, Projection};
use crate::record::{AttributeAt, DeclaresZeroVector, Selected};
use crate::schema::VectorIndexSchema;
use crate::value::{EmbeddingValue, MAX_DIMENSIONS};

/// A vector index of the entity `E`; its type is made by `#[derive(Entity)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a vector index of `{E}`",
    label = "not a vector index of this entity",
    note = "an index `vector_index(by_meaning, ..)` of `Note` has the type `NoteByMeaning`"
)]
pub trait VectorIndex<E> {
    #[doc(hidden)]
    const NAME: &'static str;

    /// What is searched for.
    type Embedding: EmbeddingValue;

    /// How vectors are compared.
    type Metric: Metric;

    /// What a search gives: the projection that the index has of the entity.
    type Item: OwnedProjection<E>;

    /// Whether a vector without an angle may be searched for.
    #[doc(hidden)]
    type ZeroVector;
}

/// A vector index that may be searched by its angle for a vector that has none.
#[diagnostic::on_unimplemented(
    message = "the vector index `{Self}` does not tolerate a zero vector",
    label = "a zero vector has no angle, so that every item would be as near",
    note = "leave it out; or, where such a search is meant, declare it on `{E}`: `vector_index(.., distance = cosine, zero_vector = tolerated)`"
)]
pub trait ToleratesZeroVector<E>: VectorIndex<E> {}

#[diagnostic::do_not_recommend]
impl<E, I: VectorIndex<E, ZeroVector: DeclaresZeroVector>> ToleratesZeroVector<E> for I {}

/// A field that is the vector of an index, which each item has.
#[doc(hidden)]
pub trait VectorAt<const N: usize>: AttributeAt<N, Value: EmbeddingValue> {}

/// A field that is the vector of a sparse index.
#[doc(hidden)]
pub trait SparseVectorAt<const N: usize>: AttributeAt<N, Operand: EmbeddingValue> {}

/// A field that is the partition key of a vector index, which each item has.
#[doc(hidden)]
pub trait VectorPartitionAt<const N: usize>: AttributeAt<N, Value: InEachItem> {}

/// A field that is a filter of a vector index.
#[doc(hidden)]
pub trait FilterAt<const N: usize>: AttributeAt<N, Operand: FilterValue> {}

/// A field that an embedding is made of.
#[doc(hidden)]
pub trait EmbeddedAt<const N: usize>: AttributeAt<N, Operand: EmbeddedText> {}

/// A type whose values are never absent.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` may be absent, and an item without the partition key is not in the vector index",
    label = "this partition key is not in each item",
    note = "make the field required; or, where such items are to be left out, say so: `vector_index(.., sparse)`"
)]
pub trait InEachItem {}

#[diagnostic::do_not_recommend]
impl<T: crate::key::KeyPart> InEachItem for T {}

/// A type that can be a filter of a vector index.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` cannot be a filter of a vector index",
    label = "not a type of filters",
    note = "a filter is text, a number or binary; a list, a map, a set and a `bool` are not"
)]
pub trait FilterValue: AttributeValue<Kind = <Self as FilterValue>::FilterKind> {
    #[doc(hidden)]
    type FilterKind: KeyKind;
}

#[diagnostic::do_not_recommend]
impl<T: AttributeValue<Kind: KeyKind>> FilterValue for T {
    type FilterKind = T::Kind;
}

/// A type that an embedding is made of.
#[diagnostic::on_unimplemented(
    message = "an embedding is `of` a text, and this is a `{Self}`",
    label = "not a text",
    note = "an update sets the text and its embedding together; of anything else leave `of` out, and set both"
)]
pub trait EmbeddedText {}

#[diagnostic::do_not_recommend]
impl<T: AttributeValue<Kind = Text>> EmbeddedText for T {}

/// Describes the filter that is the `N`th attribute of `E`.
#[doc(hidden)]
pub const fn filter_key<E: FilterAt<N>, const N: usize>() -> KeyAttribute {
    type KindOf<E, const N: usize> = <<E as AttributeAt<N>>::Operand as FilterValue>::FilterKind;
    KeyAttribute { name: E::NAME, code: <KindOf<E, N> as KeyKind>::CODE, template: None }
}

/// Describes the vector index `I` of `E`, whose vector is the `N`th attribute.
///
/// # Panics
/// When a search would give the whole entity, so that the compiler tells it.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn vector_index<E, I, const N: usize>(
    partition_key: Option<KeyAttribute>,
    filters: &'static [KeyAttribute],
    of: Option<&'static str>,
) -> VectorIndexSchema
where
    E: AttributeAt<N, Operand: EmbeddingValue>,
    I: VectorIndex<E>,
{
    let Some(projected) = <I::Item as Projection<E>>::SELECTION else {
        panic!(
            "a search of a vector index never gives the whole entity\n\nhelp: name a struct with `#[derive(Projection)]` of what the index is to have: `projects = NoteHit`"
        )
    };
    VectorIndexSchema {
        name: I::NAME,
        vector: E::NAME,
        dimensions: <E::Operand as EmbeddingValue>::DIMENSIONS,
        distance: I::Metric::FUNCTION,
        partition_key,
        filters,
        of,
        projected,
    }
}

/// The most attributes that a vector index is given: the vector, each filter, and each name that it
/// includes.
const MAX_PROJECTED: usize = 20;

/// That what the vector index has is no more than DynamoDB takes, and says whether an item is
/// expired.
///
/// # Panics
/// When it is not so, so that the compiler tells it.
#[doc(hidden)]
#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
pub const fn assert_vector_index<E: crate::entity::Entity, I: VectorIndex<E>>(
    ttl: Option<&'static str>,
) {
    let mut indexes = E::SCHEMA.vector_indexes;
    while let [index, rest @ ..] = indexes {
        if is_same(index.name.as_bytes(), I::NAME.as_bytes()) {
            if index.dimensions == 0 || index.dimensions > MAX_DIMENSIONS {
                let message = Message::EMPTY.with("a vector has 1 to 4096 dimensions, and `");
                let message = message.with(index.vector).with("` has others");
                let message = message.with("\n\nhelp: a model of fewer dimensions, or ");
                panic!("{}", message.with("the first ones of its vectors, fit").as_str());
            }
            assert_has_room(index, E::SCHEMA.partition_key, E::SCHEMA.sort_key);
            if let Some(ttl) = ttl
                && !has_name(index.projected, ttl)
            {
                let message = Message::EMPTY.with("the vector index `").with(I::NAME);
                let message = message.with("` does not have `").with(ttl);
                let message = message.with("`, so expired items would be found");
                let message = message.with("\n\nhelp: add the field of the `ttl` to what ");
                panic!("{}", message.with("`projects` names").as_str());
            }
        }
        indexes = rest;
    }
}

#[track_caller]
#[expect(clippy::panic, reason = "it runs in the compiler")]
const fn assert_has_room(
    index: &VectorIndexSchema,
    partition_key: KeyAttribute,
    sort_key: Option<KeyAttribute>,
) {
    let mut count = 1 + index.filters.len();
    let mut projected = index.projected;
    while let [selected, rest @ ..] = projected {
        let is_sort_key = match sort_key {
            Some(key) => is_same(key.name.as_bytes(), selected.name().as_bytes()),
            None => false,
        };
        let is_key = is_same(partition_key.name.as_bytes(), selected.name().as_bytes());
        let is_partition = match index.partition_key {
            Some(key) => is_same(key.name.as_bytes(), selected.name().as_bytes()),
            None => false,
        };
        if !(is_sort_key || is_key || is_partition || is_filter(index.filters, selected.name())) {
            count += 1;
        }
        projected = rest;
    }
    if count > MAX_PROJECTED {
        let message = Message::EMPTY.with("the vector index `").with(index.name);
        let message = message.with("` has more than 20 attributes: the vector, the filters and ");
        let message = message.with("what `projects` names besides keys");
        panic!(
            "{}",
            message.with("\n\nhelp: leave some of them out, and read them from the table").as_str()
        );
    }
}

const fn is_filter(mut filters: &[KeyAttribute], name: &str) -> bool {
    while let [filter, rest @ ..] = filters {
        if is_same(filter.name.as_bytes(), name.as_bytes()) {
            return true;
        }
        filters = rest;
    }
    false
}

const fn has_name(mut projected: &[Selected], name: &str) -> bool {
    while let [selected, rest @ ..] = projected {
        if is_same(selected.name().as_bytes(), name.as_bytes()) {
            return true;
        }
        projected = rest;
    }
    false
}
