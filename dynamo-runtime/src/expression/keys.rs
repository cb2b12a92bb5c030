//! Which keys a condition touches, as a type: so that a filter on a key of the queried index does
//! not compile.

use std::marker::PhantomData;

/// The keys that a condition touches.
pub trait Keys {}

/// No key.
#[derive(Debug)]
pub enum NoKey {}

/// A key attribute of the index `I`.
#[derive(Debug)]
pub struct KeyOf<I>(PhantomData<fn() -> I>);

impl Keys for NoKey {}
impl<I> Keys for KeyOf<I> {}
impl<First: Keys, Second: Keys> Keys for (First, Second) {}

/// The keys that two conditions touch together.
pub trait Join<Other>: Keys {
    /// Both together.
    type Output: Keys;
}

impl<Other: Keys> Join<Other> for NoKey {
    type Output = Other;
}

impl<I, Other: Keys> Join<Other> for KeyOf<I> {
    type Output = (KeyOf<I>, Other);
}

impl<First: Keys, Second: Keys, Other: Keys> Join<Other> for (First, Second) {
    type Output = ((First, Second), Other);
}

/// Whether a condition touches no key of the index `I`, so that it can filter a query of it.
pub trait Avoids<I> {}

impl<I> Avoids<I> for NoKey {}
impl<I, J: Distinct<I>> Avoids<I> for KeyOf<J> {}
impl<I, First: Avoids<I>, Second: Avoids<I>> Avoids<I> for (First, Second) {}

/// Two different indexes of one entity.
#[diagnostic::on_unimplemented(
    message = "a filter cannot touch a key of the index that is queried",
    label = "this condition is on a key of the queried index",
    note = "DynamoDB takes it as the key condition only: give it to the query's own methods"
)]
pub trait Distinct<I> {}
