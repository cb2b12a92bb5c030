//! Lists, maps and sets: which have paths into them, and which an update can add to.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{BuildHasher, Hash};

use super::place::{ArrayElement, Leaf, ListElement};
use crate::codec::kind::{self, TextSet};
use crate::codec::{AttributeValue, SetElement};
use crate::value::Sensitive;

/// A list, whose elements have paths.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` has no elements to go to",
    label = "only a list has elements with an index",
    note = "go into a map by `.entry(..)` and into a document by `.then(..)`"
)]
pub trait Elements<K>: sealed::Elements {
    /// The type of an element.
    type Element: AttributeValue;
    #[doc(hidden)]
    type Leaf: Leaf<Self::Element>;
}

impl<T: AttributeValue> Elements<kind::List> for Vec<T> {
    type Element = T;
    type Leaf = ListElement;
}

impl<T: AttributeValue, const N: usize> Elements<kind::List> for [T; N] {
    type Element = T;
    type Leaf = ArrayElement;
}

impl<L: Elements<K>, K> Elements<K> for Sensitive<L> {
    type Element = L::Element;
    type Leaf = L::Leaf;
}

/// A list that an update can make longer.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` cannot be appended to",
    label = "only a list of any length can become longer",
    note = "add to a set by `.insert(..)`; give anything else a new value by `.set(..)`"
)]
pub trait Growing<K>: sealed::Growing {
    /// The type of an element.
    type Element: AttributeValue;
}

impl<T: AttributeValue> Growing<kind::List> for Vec<T> {
    type Element = T;
}

impl<L: Growing<K>, K> Growing<K> for Sensitive<L> {
    type Element = L::Element;
}

/// A map, whose entries have paths.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` has no entries to go to",
    label = "only a `HashMap` or a `BTreeMap` has entries",
    note = "go into a list by `.at(..)` and into a document by `.then(..)`"
)]
pub trait Entries<K>: sealed::Entries {
    /// The type of a key.
    type Key: SetElement<Set = TextSet>;
    /// The type of a value.
    type Value: AttributeValue;
}

impl<Key, Value, S> Entries<kind::Map> for HashMap<Key, Value, S>
where
    Key: SetElement<Set = TextSet>,
    Value: AttributeValue,
{
    type Key = Key;
    type Value = Value;
}

impl<Key, Value> Entries<kind::Map> for BTreeMap<Key, Value>
where
    Key: SetElement<Set = TextSet>,
    Value: AttributeValue,
{
    type Key = Key;
    type Value = Value;
}

impl<M: Entries<K>, K> Entries<K> for Sensitive<M> {
    type Key = M::Key;
    type Value = M::Value;
}

/// A set that an update can add to and delete from.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` has no elements to insert or to discard",
    label = "only a set gains and loses elements by their value",
    note = "add to a list by `.append(..)`; set an entry of a map by `.set(User::MAP.entry(..), ..)`; give anything else a new value by `.set(..)`"
)]
pub trait Gathering<K>: sealed::Gathering + Default {
    /// The type of an element.
    type Element: Clone;

    #[doc(hidden)]
    fn gather(&mut self, element: Self::Element);
}

impl<T, S> Gathering<T::Set> for HashSet<T, S>
where
    T: SetElement + Clone + Eq + Hash,
    S: BuildHasher + Default,
{
    type Element = T;

    fn gather(&mut self, element: T) {
        self.insert(element);
    }
}

impl<T: SetElement + Clone + Ord> Gathering<T::Set> for BTreeSet<T> {
    type Element = T;

    fn gather(&mut self, element: T) {
        self.insert(element);
    }
}

impl<G: Gathering<K>, K> Gathering<K> for Sensitive<G> {
    type Element = G::Element;

    fn gather(&mut self, element: G::Element) {
        let mut set = std::mem::take(self).into_inner();
        set.gather(element);
        *self = Self::new(set);
    }
}

/// Which types are lists, maps and sets is known here: of another one the elements could be of
/// another type than what is read.
mod sealed {
    use super::{BTreeMap, BTreeSet, HashMap, HashSet, Sensitive};

    pub trait Elements {}
    impl<T> Elements for Vec<T> {}
    impl<T, const N: usize> Elements for [T; N] {}
    impl<L> Elements for Sensitive<L> {}

    pub trait Growing {}
    impl<T> Growing for Vec<T> {}
    impl<L> Growing for Sensitive<L> {}

    pub trait Entries {}
    impl<K, V, S> Entries for HashMap<K, V, S> {}
    impl<K, V> Entries for BTreeMap<K, V> {}
    impl<M> Entries for Sensitive<M> {}

    pub trait Gathering {}
    impl<T, S> Gathering for HashSet<T, S> {}
    impl<T> Gathering for BTreeSet<T> {}
    impl<G> Gathering for Sensitive<G> {}
}
