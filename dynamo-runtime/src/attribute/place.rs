//! Where an attribute is: in the item itself, or nested in another.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use super::ValueFor;
use crate::codec::kind::{self, TextSet};
use crate::codec::{AttributeValue, EncodeError, Encoding, InPlace, SetElement, map_key};
use crate::expression::{ConditionKeys, DocumentPath, NoKey};
use crate::key::{KeyError, WrittenParts};
use crate::record::AttributeAt;
use crate::record::{Defaulted, NoPart, Record};
use crate::value::Sensitive;

/// An attribute of the item itself.
#[derive(Clone, Copy, Debug)]
pub struct Whole(());

impl Whole {
    pub(super) const fn new() -> Self {
        Self(())
    }
}

/// An attribute nested in another: `L` says whether it is one of a document, of a list or of a map.
pub struct Nested<L> {
    path: DocumentPath,
    marker: PhantomData<fn() -> L>,
}

impl<L> Nested<L> {
    pub(super) fn new(path: DocumentPath) -> Self {
        Self { path, marker: PhantomData }
    }
}

impl<L> Clone for Nested<L> {
    fn clone(&self) -> Self {
        Self::new(self.path.clone())
    }
}

impl<L> fmt::Debug for Nested<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

/// What an attribute of type `T` is that is at this place in an item of `E`.
///
/// An attribute of the item and one nested in it have the same operators; this is what differs.
#[doc(hidden)]
pub trait Place<E, T, const N: usize>: sealed::Place {
    /// What a condition compares it with.
    type Operand;
    /// How it is stored.
    type Encoding: Encoding<T> + Encoding<Self::Operand>;
    /// The keys that it is part of.
    type Keys: ConditionKeys;
    /// A type that [can be absent](crate::operation::traits::CanBeAbsent) if the attribute can.
    type Absence;
    /// What it is to the templated keys of indexes.
    type Part;
    /// What it is to that which it is in.
    type Leaf: Leaf<T, Operand = Self::Operand, Encoding = Self::Encoding, Absence = Self::Absence>;

    fn path(&self) -> DocumentPath;

    fn into_path(self) -> DocumentPath {
        self.path()
    }

    /// Checks a value against the limits of an index of which this is a key.
    fn check(value: &T) -> Result<(), KeyError> {
        let _ = value;
        Ok(())
    }

    /// Takes note of a new value, where it is a part of an index's key.
    fn note(value: &T, parts: &mut WrittenParts) {
        let _ = (value, parts);
    }

    /// The same of a value that is removed.
    fn note_removed(parts: &mut WrittenParts) {
        let _ = parts;
    }
}

impl<E: AttributeAt<N, Value = T>, T, const N: usize> Place<E, T, N> for Whole {
    type Operand = E::Operand;
    type Encoding = E::Encoding;
    type Keys = E::Keys;
    type Absence = E::Absence;
    type Part = E::Part;
    type Leaf = Member<E, N>;

    fn path(&self) -> DocumentPath {
        DocumentPath::named(E::NAME, E::ALIASES)
    }

    fn check(value: &T) -> Result<(), KeyError> {
        E::check(value)
    }

    fn note(value: &T, parts: &mut WrittenParts) {
        E::note(value, parts);
    }

    fn note_removed(parts: &mut WrittenParts) {
        match E::when_absent() {
            Some(default) => E::note(&default, parts),
            None => parts.note_removed(N),
        }
    }
}

/// A key of a table or an index is text, a number or binary, so no path leads into one.
impl<E, T, L: Leaf<T>, const N: usize> Place<E, T, N> for Nested<L> {
    type Operand = L::Operand;
    type Encoding = L::Encoding;
    type Keys = NoKey;
    type Absence = L::Absence;
    type Part = NoPart;
    type Leaf = L;

    fn path(&self) -> DocumentPath {
        self.path.clone()
    }

    fn into_path(self) -> DocumentPath {
        self.path
    }
}

/// What an attribute of type `T` is to that which it is in.
#[doc(hidden)]
pub trait Leaf<T>: sealed::Leaf {
    type Operand;
    type Encoding: Encoding<T> + Encoding<Self::Operand>;
    type Absence;

    /// Whether it may be absent whatever its type is.
    const MAY_BE_MISSING: bool = false;

    /// Whether a null is what an absent one is. In a list or a map a null holds a place.
    const NULL_IS_ABSENT: bool = false;

    /// What an absent one reads as, where there is a default.
    fn when_absent() -> Option<T> {
        None
    }
}

/// The `N`th attribute of an entity or of a document.
#[derive(Debug)]
pub struct Member<D, const N: usize>(PhantomData<fn() -> D>);

impl<D: AttributeAt<N, Value = T>, T, const N: usize> Leaf<T> for Member<D, N> {
    type Operand = D::Operand;
    type Encoding = D::Encoding;
    type Absence = D::Absence;
    const NULL_IS_ABSENT: bool =
        D::HAS_DEFAULT || <D::Encoding as Encoding<D::Value>>::NULL_IS_ABSENT;

    fn when_absent() -> Option<T> {
        D::when_absent()
    }
}

/// An element of a list; what is absent elsewhere is a null here.
#[derive(Debug)]
pub enum ListElement {}

/// An element of an array, which always has all of them.
#[derive(Debug)]
pub enum ArrayElement {}

/// An entry of a map, which can be absent.
#[derive(Debug)]
pub enum MapEntry {}

macro_rules! in_place {
    ($($leaf:ident: $may_be_missing:literal;)*) => {$(
        impl<T: AttributeValue> Leaf<T> for $leaf {
            type Operand = T::Operand;
            type Encoding = InPlace;
            // Which of them an update can remove or fill is asked of the leaf.
            type Absence = Defaulted;
            const MAY_BE_MISSING: bool = $may_be_missing;
        }
    )*};
}

in_place! {
    ListElement: false;
    ArrayElement: false;
    MapEntry: true;
}

/// What an update can remove, if it can be absent; an element of a list always can.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an element of an array cannot be removed",
    label = "an array always has all of its elements",
    note = "give it a new value by `.set(..)`; or make the field a `Vec`"
)]
pub trait Removable: sealed::Leaf {}

impl<D, const N: usize> Removable for Member<D, N> {}
impl Removable for ListElement {}
impl Removable for MapEntry {}

/// What an update can set where it is absent.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an element of a list cannot be set if it is absent",
    label = "DynamoDB would put it at the end of the list, whatever its index",
    note = "give an element that is there a new value by `.set(..)`; add one by `.append(..)`"
)]
pub trait Fillable: sealed::Leaf {}

impl<D, const N: usize> Fillable for Member<D, N> {}
impl Fillable for MapEntry {}

/// That an attribute is one of the item itself.
///
/// Source: [UpdateItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html):
/// `ADD` and `DELETE` "can only be used on top-level attributes".
#[diagnostic::on_unimplemented(
    message = "a set that is nested in another attribute has no `insert` and no `discard`",
    label = "not an attribute of the item itself",
    note = "DynamoDB adds to and deletes from the sets of the item itself only: read the item and give the whole set by `.set(..)` at its version"
)]
pub trait TopLevel: sealed::Place {}

impl TopLevel for Whole {}

/// A document with attributes of `D`: `D` itself, stored as a map.
#[diagnostic::on_unimplemented(
    message = "no path leads from an attribute of type `{Self}` to this one",
    label = "not an attribute of what is there",
    note = "give `.then(..)` an attribute of the field's own type, a document; go into a list by `.at(..)` and into a map by `.entry(..)` first"
)]
pub trait Holds<D, K>: sealed::Holds<D, K> {}

impl<D: Record> Holds<D, kind::Map> for D {}
impl<D: Record, K> Holds<D, K> for Sensitive<D> where D: Holds<D, K> {}

/// The key of a map as its text.
pub(super) fn key<K: SetElement<Set = TextSet>>(
    key: impl ValueFor<K>,
) -> Result<Arc<str>, EncodeError> {
    key.with(|key| map_key(key))
}

/// What a path can be is known here: each place gives a declared attribute's name and type.
pub(super) mod sealed {
    use super::{
        ArrayElement, ListElement, MapEntry, Member, Nested, Record, Sensitive, Whole, kind,
    };

    pub trait Place: Sized {}
    impl Place for Whole {}
    impl<L> Place for Nested<L> {}

    pub trait Leaf {}
    impl<D, const N: usize> Leaf for Member<D, N> {}
    impl Leaf for ListElement {}
    impl Leaf for ArrayElement {}
    impl Leaf for MapEntry {}

    pub trait Holds<D, K> {}
    impl<D: Record> Holds<D, kind::Map> for D {}
    impl<D: Record, K> Holds<D, K> for Sensitive<D> {}
}
