//! Groups: the attributes of a flattened document, which stand in the item beside the others.

use std::fmt;
use std::marker::PhantomData;

use super::Attribute;
use super::place::{Place, TopLevel};
use crate::expression::{Condition, DocumentPath, NoKey};
use crate::record::{NoPart, Record};

/// The attributes that a field with `#[dynamo(flatten)]` adds to `E`: `User::AUDIT`, where the
/// document `D` is an `Audit`.
///
/// It is no attribute itself, so nothing is asked of it and nothing is written to it as a whole.
/// [`then`](Self::then) names one of its attributes.
pub struct AttributeGroup<E, D, const N: usize>(PhantomData<fn() -> (E, D)>);

/// Names a group, for generated code.
#[doc(hidden)]
pub const fn attribute_group<E, D, const N: usize>() -> AttributeGroup<E, D, N> {
    AttributeGroup(PhantomData)
}

impl<E, D, const N: usize> AttributeGroup<E, D, N> {
    /// The attribute of the group: `User::AUDIT.then(Audit::CREATED_BY)`, which has the conditions
    /// and the actions of an attribute of the item itself, for that is what it is.
    ///
    /// A group in a group goes on: `User::AUDIT.then(Audit::ORIGIN).then(Origin::HOST)`.
    ///
    /// ```
    /// use dynamo_runtime::prelude::*;
    ///
    /// #[derive(Document)]
    /// struct Audit {
    ///     created_by: String,
    /// }
    ///
    /// #[derive(Entity)]
    /// #[dynamo(table = "notes")]
    /// struct Note {
    ///     #[dynamo(partition_key)]
    ///     id: String,
    ///     #[dynamo(flatten)]
    ///     audit: Audit,
    /// }
    ///
    /// let by_ann = Note::AUDIT.then(Audit::CREATED_BY).eq("ann");
    /// assert_eq!(format!("{by_ann:?}"), "created_by = ?");
    /// ```
    pub fn then<A: InGroup<E, D, N>>(self, inner: A) -> A::OfItem {
        inner.of_item()
    }
}

/// What has a value to ask for: nothing, so that the message says more than that a group lacks the
/// method.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a group of flattened attributes has no value of its own",
    label = "a group, and no attribute",
    note = "ask for one of its attributes, by `.then(..)`: `User::AUDIT.then(Audit::CREATED_BY)`"
)]
pub trait HasValue: sealed::HasValue + Sized {
    fn condition<E>(self) -> Condition<E>;
}

macro_rules! of_attributes_only {
    ($($method:ident($($operand:ident: $type:ident),*);)*) => {$(
        #[doc(hidden)]
        pub fn $method<$($type),*>(self, $($operand: $type),*) -> Condition<E>
        where
            Self: HasValue,
        {
            $(let _ = $operand;)*
            self.condition()
        }
    )*};
}

#[allow(clippy::should_implement_trait, reason = "the methods of attributes")]
impl<E, D, const N: usize> AttributeGroup<E, D, N> {
    of_attributes_only! {
        eq(value: V);
        ne(value: V);
        lt(value: V);
        le(value: V);
        gt(value: V);
        ge(value: V);
        between(least: V, most: W);
        is_in(values: V);
        exists();
        not_exists();
    }
}

impl<E, D, const N: usize> Clone for AttributeGroup<E, D, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, D, const N: usize> Copy for AttributeGroup<E, D, N> {}

impl<E, D: Record, const N: usize> fmt::Debug for AttributeGroup<E, D, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AttributeGroup").field(&D::NAMES).finish()
    }
}

/// An attribute or a group of the document `D`, which is the `N`th group of `E`.
#[diagnostic::on_unimplemented(
    message = "this is not in the group, whose attributes are those of `{D}`",
    label = "not an attribute of `{D}`",
    note = "`.then(..)` takes an attribute of the flattened field's own type"
)]
pub trait InGroup<E, D, const N: usize>: sealed::InGroup<D> {
    /// The same as one of the item.
    type OfItem;

    #[doc(hidden)]
    fn of_item(self) -> Self::OfItem;
}

#[diagnostic::do_not_recommend]
impl<E, D, T, P: Place<D, T, M>, const N: usize, const M: usize> InGroup<E, D, N>
    for Attribute<D, T, M, P>
{
    type OfItem = Attribute<E, T, N, Grouped<D, M, P>>;

    fn of_item(self) -> Self::OfItem {
        Attribute(Grouped(self.0, PhantomData), PhantomData)
    }
}

#[diagnostic::do_not_recommend]
impl<Outer, E, D, const N: usize, const M: usize> InGroup<Outer, E, N> for AttributeGroup<E, D, M> {
    type OfItem = AttributeGroup<Outer, D, N>;

    fn of_item(self) -> Self::OfItem {
        attribute_group()
    }
}

/// In an item where `P` is in its `M`th attribute of `D`: a group is no step of a path.
pub struct Grouped<D, const M: usize, P>(P, PhantomData<fn() -> D>);

impl<D, const M: usize, P: Clone> Clone for Grouped<D, M, P> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

impl<D, const M: usize, P: Copy> Copy for Grouped<D, M, P> {}

impl<D, const M: usize, P: fmt::Debug> fmt::Debug for Grouped<D, M, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The key of a table or an index is a field of the entity itself, so no attribute of a group is a
/// part of one.
impl<E, D, T, P: Place<D, T, M>, const N: usize, const M: usize> Place<E, T, N>
    for Grouped<D, M, P>
{
    type Operand = P::Operand;
    type Encoding = P::Encoding;
    type Keys = NoKey;
    type Absence = P::Absence;
    type Part = NoPart;
    type Leaf = P::Leaf;

    fn path(&self) -> DocumentPath {
        self.0.path()
    }

    fn into_path(self) -> DocumentPath {
        self.0.into_path()
    }
}

#[diagnostic::do_not_recommend]
impl<D, const M: usize, P: TopLevel> TopLevel for Grouped<D, M, P> {}

impl<D, const M: usize, P> super::place::sealed::Place for Grouped<D, M, P> {}

/// What is in a group is known here.
mod sealed {
    use super::{Attribute, AttributeGroup};

    /// There is none.
    pub trait HasValue {}

    pub trait InGroup<D> {}
    impl<D, T, P, const M: usize> InGroup<D> for Attribute<D, T, M, P> {}
    impl<E, D, const M: usize> InGroup<E> for AttributeGroup<E, D, M> {}
}
