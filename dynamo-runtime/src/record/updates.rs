//! Which attributes an update may write, and how.

use super::RoleAt;
use super::declared::Negative;

/// An attribute that is no part of the primary key.
#[diagnostic::on_unimplemented(
    message = "this attribute is part of the key, and the key of an item never changes",
    label = "a key attribute cannot be updated",
    note = "create an item with the new key and delete the old one"
)]
pub trait NotKey<const N: usize> {}

#[diagnostic::do_not_recommend]
impl<E: RoleAt<N, InKey: Negative>, const N: usize> NotKey<N> for E {}

/// An attribute that the library does not write itself.
#[diagnostic::on_unimplemented(
    message = "this attribute is written by the library itself",
    label = "a version, a managed time or a unique attribute cannot be updated by hand",
    note = "leave a version or a time out: the writes set it; to require a version, call `.at_version(..)`",
    note = "change a unique attribute by `modify`, which moves its guard"
)]
pub trait NotManaged<const N: usize> {}

#[diagnostic::do_not_recommend]
impl<E: RoleAt<N, Managed: Negative>, const N: usize> NotManaged<N> for E {}

/// An attribute that is no part of a templated key of an index.
#[derive(Debug)]
pub enum NoPart {}

/// An attribute that is the only part of each templated key that it is in, apart from the parts of
/// the table's key.
#[derive(Debug)]
pub enum OnlyPart {}

/// An attribute that an embedding is made of: the `M`th attribute.
#[derive(Debug)]
pub enum Embedded<const M: usize> {}

/// An attribute that is made into the embedding that is the `M`th attribute.
#[diagnostic::on_unimplemented(
    message = "no embedding is made of this attribute",
    label = "not the `of` of a vector index",
    note = "set it by `.set(..)`; or say what the embedding is made of: `vector_index(.., of = text)`"
)]
pub trait MadeInto<const M: usize> {}

impl<const M: usize> MadeInto<M> for Embedded<M> {}

/// An attribute of which no embedding is made.
#[diagnostic::on_unimplemented(
    message = "an embedding is made of this attribute, and it would stay that of the old value",
    label = "by itself it would leave the embedding as it was",
    note = "set both at once: `.set_with_embedding(Note::TEXT, text, &embedding)`"
)]
pub trait WithoutEmbedding {}

/// An attribute that can be set by itself; `K` is the type that sets it with the other parts.
#[diagnostic::on_unimplemented(
    message = "this attribute is one part of a key of an index, and the key needs all of them",
    label = "by itself it would leave the key as it was",
    note = "set all parts at once: `.set_index_key({K} {{ .. }})`"
)]
pub trait SetAlone<const N: usize, K>: sealed::SetAlone<K> {}

#[diagnostic::do_not_recommend]
impl<E, const N: usize> SetAlone<N, NoPart> for E {}
#[diagnostic::do_not_recommend]
impl<E, const N: usize> SetAlone<N, OnlyPart> for E {}

impl<E, const N: usize, const M: usize> SetAlone<N, Embedded<M>> for E where
    Embedded<M>: WithoutEmbedding
{
}

/// An attribute whose new value the service may compute.
#[diagnostic::on_unimplemented(
    message = "this attribute is part of a key of an index, so its new value must be known",
    label = "the key could not follow",
    note = "give the new value: `.set(..)`, or all parts at once: `.set_index_key(..)`"
)]
pub trait Computed<const N: usize, K>: sealed::Computed<K> {}

#[diagnostic::do_not_recommend]
impl<E, const N: usize> Computed<N, NoPart> for E {}

impl<E, const N: usize, const M: usize> Computed<N, Embedded<M>> for E where
    Embedded<M>: WithoutEmbedding
{
}

mod sealed {
    use super::{Embedded, NoPart, OnlyPart};

    pub trait SetAlone<K> {}
    impl<E> SetAlone<NoPart> for E {}
    impl<E> SetAlone<OnlyPart> for E {}
    impl<E, const M: usize> SetAlone<Embedded<M>> for E {}

    pub trait Computed<K> {}
    impl<E> Computed<NoPart> for E {}
    impl<E, const M: usize> Computed<Embedded<M>> for E {}
}
