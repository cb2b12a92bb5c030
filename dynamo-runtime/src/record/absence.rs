//! Which attributes have a value when the item does not hold them.

use std::collections::{BTreeSet, HashSet};

/// Attributes that have a value when the item does not hold them.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` has no value when it is absent",
    label = "an item without this attribute could not be read",
    note = "give it a value by `.set(..)`; or make the field an `Option` or give it `#[dynamo(default)]`"
)]
pub trait CanBeAbsent: sealed::Known {}

/// Which types say so is known here: one by hand would let an update leave an item that the struct cannot read.
mod sealed {
    pub trait Known {}
}

/// A type with a default, for a field with `#[dynamo(default)]`.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no default that an absent attribute could be read as",
    label = "this type does not implement `Default`",
    note = "name a function that gives the value: `#[dynamo(default = path::to::function)]`; or derive `Default` for the type"
)]
pub trait HasDefault {
    fn of_absent() -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: Default> HasDefault for T {
    fn of_absent() -> Self {
        Self::default()
    }
}

/// A field with `#[dynamo(default)]`.
#[derive(Debug)]
pub enum Defaulted {}

impl CanBeAbsent for Defaulted {}
impl<T> CanBeAbsent for Option<T> {}
/// An empty set is the absent attribute.
impl<T, S> CanBeAbsent for HashSet<T, S> {}
impl<T> CanBeAbsent for BTreeSet<T> {}
impl CanBeAbsent for () {}
impl<First: CanBeAbsent, Rest: CanBeAbsent> CanBeAbsent for (First, Rest) {}

impl sealed::Known for Defaulted {}
impl<T> sealed::Known for Option<T> {}
impl<T, S> sealed::Known for HashSet<T, S> {}
impl<T> sealed::Known for BTreeSet<T> {}
impl sealed::Known for () {}
impl<First, Rest> sealed::Known for (First, Rest) {}
