//! Which keys a condition touches, as a type: so that a filter on a key of the queried index does
//! not compile.

use std::marker::PhantomData;

/// The keys that a condition touches.
pub trait ConditionKeys: sealed::ConditionKeys {}

/// No key.
#[derive(Debug)]
pub enum NoKey {}

/// A key attribute of the index `I`.
#[derive(Debug)]
pub struct KeyOf<I>(PhantomData<fn() -> I>);

impl ConditionKeys for NoKey {}
impl<I> ConditionKeys for KeyOf<I> {}
impl<First: ConditionKeys, Second: ConditionKeys> ConditionKeys for (First, Second) {}

/// The keys that two conditions touch together.
pub trait Join<Other>: ConditionKeys {
    /// Both together.
    type Output: ConditionKeys;
}

impl<Other: ConditionKeys> Join<Other> for NoKey {
    type Output = Other;
}

impl<I, Other: ConditionKeys> Join<Other> for KeyOf<I> {
    type Output = (KeyOf<I>, Other);
}

impl<First: ConditionKeys, Second: ConditionKeys, Other: ConditionKeys> Join<Other>
    for (First, Second)
{
    type Output = ((First, Second), Other);
}

/// Whether a condition touches no key of the index `I`, so that it can filter a query of it.
#[diagnostic::on_unimplemented(
    message = "a filter must be known to touch no key of the index that is queried",
    label = "it is not known which keys this condition touches",
    note = "leave `.any_keys()` out: a filter is made from conditions whose keys are known"
)]
pub trait Avoids<I>: sealed::Avoids<I> {}

impl<I> Avoids<I> for NoKey {}
impl<I, J: Distinct<I>> Avoids<I> for KeyOf<J> {}
impl<I, First: Avoids<I>, Second: Avoids<I>> Avoids<I> for (First, Second) {}

/// That a condition on this entity, which touches the keys `K`, can filter a query of the index `I`
/// of `E`.
#[diagnostic::on_unimplemented(
    message = "this is of the entity `{Self}`, and the operation is on `{E}`",
    label = "of another entity",
    note = "use the attributes of `{E}`; one of a document in it is reached by `.then(..)`, as in `User::ADDRESS.then(Address::CITY)`"
)]
pub trait Filters<E, I, K>: sealed::Filters<E, I, K> {}

impl<E, I, K: Avoids<I>> Filters<E, I, K> for E {}

/// Two different indexes of one entity.
#[diagnostic::on_unimplemented(
    message = "a filter cannot touch a key of the index that is queried",
    label = "this condition is on a key of the queried index",
    note = "DynamoDB takes it as the key condition only: give it to the query's own methods"
)]
pub trait Distinct<I>: sealed::Distinct<I> {}

#[diagnostic::do_not_recommend]
impl<I, J: DistinctFrom<I>> Distinct<I> for J {}

/// That the table or an index is not `I`, of the same entity.
pub trait DistinctFrom<I> {}

/// Which keys a condition touches is known here, and no other crate can say less of it.
pub(super) mod sealed {
    use super::{DistinctFrom, KeyOf, NoKey};

    pub trait ConditionKeys {}
    impl ConditionKeys for NoKey {}
    impl<I> ConditionKeys for KeyOf<I> {}
    impl<First, Second> ConditionKeys for (First, Second) {}

    pub trait Avoids<I> {}
    impl<I> Avoids<I> for NoKey {}
    impl<I, J: super::Distinct<I>> Avoids<I> for KeyOf<J> {}
    impl<I, First, Second> Avoids<I> for (First, Second) {}

    pub trait Filters<E, I, K> {}
    impl<E, I, K: super::Avoids<I>> Filters<E, I, K> for E {}

    pub trait Distinct<I> {}
    impl<I, J: DistinctFrom<I>> Distinct<I> for J {}
}
