//! What finds the items of one partition.

use super::Entity;
use crate::attribute::ValueFor;
use crate::codec::{Encoding, Plain};
use crate::expression::{DocumentPath, Fragment};
use crate::key::{KeyAttribute, OnePart, Parts, TemplatePart};
use crate::record::AttributeAt;

/// The condition on the partition key of a query.
#[doc(hidden)]
#[derive(Debug)]
pub struct Partition(pub(crate) Fragment);

impl Partition {
    /// The table's partition key, which is the `N`th attribute.
    pub fn of_table<E: AttributeAt<N>, const N: usize>(value: &E::Value) -> Self {
        Self::equal::<E::Encoding, _>(E::NAME, value)
    }

    /// The partition key of an index, which is the `N`th attribute.
    pub fn of_index<E: AttributeAt<N>, const N: usize>(value: impl ValueFor<E::Operand>) -> Self {
        value.with(|value| Self::equal::<E::Encoding, _>(E::NAME, value))
    }

    /// A partition key that is made of this part.
    pub fn of_part<E: Entity, T: TemplatePart>(key: KeyAttribute, part: impl ValueFor<T>) -> Self {
        part.with(|part| Self::of_parts::<E>(key, &OnePart(part)))
    }

    /// A partition key that is made of the parts of a struct.
    pub fn of_struct<E: Entity, T: Parts>(key: KeyAttribute, parts: impl ValueFor<T>) -> Self {
        parts.with(|parts| Self::of_parts::<E>(key, parts))
    }

    /// Of an index that has no partition key.
    pub fn none() -> Self {
        Self(Fragment::default())
    }

    /// The partition keys of an index that has several.
    pub fn all<const COUNT: usize>(keys: [Self; COUNT]) -> Self {
        let mut all = Fragment::default();
        for Self(key) in keys {
            all = all.and(key);
        }
        Self(all)
    }

    fn equal<C: Encoding<T>, T>(name: &'static str, value: &T) -> Self {
        let path = DocumentPath::from(name);
        Self(Fragment::default().path(&path).operator(" = ").value::<C, T>(&path, value))
    }

    /// A partition key that is made of these parts.
    pub fn of_parts<E: Entity>(key: KeyAttribute, parts: &dyn Parts) -> Self {
        let text =
            key.template.map_or(Ok(None), |template| template.text(key.name, E::NAMES, parts));
        Self(match text {
            Ok(text) => return Self::equal::<Plain, _>(key.name, &text.unwrap_or_default()),
            Err(error) => Fragment::failed(error.into()),
        })
    }
}
