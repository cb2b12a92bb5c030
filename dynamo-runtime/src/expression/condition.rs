//! Conditions on the attributes of one entity.

use std::fmt;
use std::marker::PhantomData;

use super::error::ExpressionError;
use super::fragment::Fragment;
use super::keys::{ConditionKeys, Filters, Join, NoKey};

/// A condition on an item of `E`, made from its attributes: `User::EMAIL.eq("a@example.com")`.
///
/// `K` is the keys that it touches; [`any_keys`](Self::any_keys) forgets it where conditions of
/// several kinds go into one list.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let cheap = Order::TOTAL.lt(15);
/// let open = Order::STATUS.eq("open");
/// let count = async |condition| Order::query("ann").filter(condition).count(&client).await;
///
/// assert_eq!(count(cheap.clone().and(open.clone())).await?, 1);
/// assert_eq!(count(cheap.clone().or(open)).await?, 3);
/// assert_eq!(count(cheap.clone().not()).await?, 2);
/// assert_eq!(count(!cheap).await?, 2);
/// # Ok(()) }
/// ```
#[must_use = "a condition does nothing before it is given to an operation"]
pub struct Condition<E, K = NoKey> {
    fragment: Fragment,
    shape: Shape,
    marker: PhantomData<fn() -> (E, K)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Single,
    And,
    Or,
}

/// Keys that are not known any more: such a condition fits every write, and no filter.
#[derive(Debug)]
pub enum AnyKeys {}

impl ConditionKeys for AnyKeys {}
impl super::keys::sealed::ConditionKeys for AnyKeys {}
impl<Other: ConditionKeys> Join<Other> for AnyKeys {
    type Output = AnyKeys;
}

impl<E, K> Condition<E, K> {
    pub(crate) fn single(fragment: Fragment) -> Self {
        Self::new(fragment, Shape::Single)
    }

    fn new(fragment: Fragment, shape: Shape) -> Self {
        Self { fragment, shape, marker: PhantomData }
    }

    /// Both conditions.
    pub fn and<F, Other>(self, other: Condition<F, Other>) -> Condition<E, K::Output>
    where
        F: SameEntity<E>,
        K: Join<Other>,
    {
        let fragment = self.operand_of_and().operator(" AND ").append(other.operand_of_and());
        Condition::new(fragment, Shape::And)
    }

    /// Either condition, or both.
    pub fn or<F, Other>(self, other: Condition<F, Other>) -> Condition<E, K::Output>
    where
        F: SameEntity<E>,
        K: Join<Other>,
    {
        let fragment = self.fragment.operator(" OR ").append(other.fragment);
        Condition::new(fragment, Shape::Or)
    }

    /// The opposite.
    #[expect(clippy::should_implement_trait, reason = "the operator `!` is there too")]
    pub fn not(self) -> Self {
        let fragment = Fragment::default().operator("NOT ").append(self.fragment.in_parentheses());
        Self::new(fragment, Shape::Single)
    }

    /// The same condition with its keys forgotten, for a list of conditions of several kinds.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let conditions = [Order::NUMBER.ge(1).any_keys(), Order::TOTAL.lt(15).any_keys()];
    /// let update = Order::update(order(1)).set(Order::STATUS, "paid").condition(all_of(conditions));
    /// assert!(update.send(&client).await.is_ok());
    /// # Ok(()) }
    /// ```
    pub fn any_keys(self) -> Condition<E, AnyKeys> {
        Condition::new(self.fragment, self.shape)
    }

    fn operand_of_and(self) -> Fragment {
        match self.shape {
            Shape::Or => self.fragment.in_parentheses(),
            Shape::Single | Shape::And => self.fragment,
        }
    }

    /// The fragment, ready to stand beside another with `AND`.
    pub(crate) fn into_fragment(self) -> Fragment {
        self.operand_of_and()
    }
}

impl<E, K> std::ops::Not for Condition<E, K> {
    type Output = Self;

    fn not(self) -> Self {
        Condition::not(self)
    }
}

impl<E, K> Clone for Condition<E, K> {
    fn clone(&self) -> Self {
        Self::new(self.fragment.clone(), self.shape)
    }
}

/// Shows the shape, and no value.
impl<E, K> fmt::Debug for Condition<E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.fragment.fmt(f)
    }
}

/// All of the conditions; an empty list is an error when the operation is sent, never "true".
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let all = all_of([Order::STATUS.eq("open"), Order::TOTAL.gt(15)]);
/// assert_eq!(Order::query("ann").filter(all).count(&client).await?, 2);
///
/// let none: [dynamo_runtime::Condition<Order>; 0] = [];
/// let counted = Order::query("ann").filter(all_of(none)).count(&client).await;
/// assert!(counted.unwrap_err().is_invalid());
/// # Ok(()) }
/// ```
pub fn all_of<E, K>(conditions: impl IntoIterator<Item = Condition<E, K>>) -> Condition<E, K> {
    join(conditions, "all_of", " AND ", Shape::And)
}

/// At least one of the conditions; an empty list is an error when the operation is sent, never
/// "false".
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let any = any_of([Order::TOTAL.lt(15), Order::TOTAL.gt(25)]);
/// assert_eq!(Order::query("ann").filter(any).count(&client).await?, 2);
/// # Ok(()) }
/// ```
pub fn any_of<E, K>(conditions: impl IntoIterator<Item = Condition<E, K>>) -> Condition<E, K> {
    join(conditions, "any_of", " OR ", Shape::Or)
}

fn join<E, K>(
    conditions: impl IntoIterator<Item = Condition<E, K>>,
    operation: &'static str,
    separator: &'static str,
    shape: Shape,
) -> Condition<E, K> {
    let mut conditions = conditions.into_iter();
    let Some(first) = conditions.next() else {
        return Condition::single(Fragment::failed(ExpressionError::EmptyList { operation }));
    };
    let Some(second) = conditions.next() else {
        return first;
    };
    let operand = |condition: Condition<E, K>| match shape {
        Shape::And => condition.operand_of_and(),
        Shape::Single | Shape::Or => condition.fragment,
    };
    let mut fragment = operand(first).operator(separator).append(operand(second));
    for condition in conditions {
        fragment = fragment.operator(separator).append(operand(condition));
    }
    Condition::new(fragment, shape)
}

/// A [`Condition`] that an operation on `E` takes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "not a condition",
    note = "make it from an attribute, as in `User::AGE.ge(18)`; join several by `.and(..)`, `.or(..)`, `all_of([..])` or `any_of([..])`"
)]
pub trait IntoCondition<E>: sealed::IntoCondition<E> {
    #[doc(hidden)]
    fn into_condition(self) -> Condition<E, AnyKeys>;
}

impl<E, F: SameEntity<E>, K> IntoCondition<E> for Condition<F, K> {
    fn into_condition(self) -> Condition<E, AnyKeys> {
        Condition::new(self.fragment, self.shape)
    }
}

/// A [`Condition`] that can filter a query of the index `I` of `E`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a condition",
    label = "not a condition",
    note = "make it from an attribute, as in `User::AGE.ge(18)`; join several by `.and(..)`, `.or(..)`, `all_of([..])` or `any_of([..])`"
)]
pub trait IntoFilter<E, I>: sealed::IntoFilter<E, I> {
    #[doc(hidden)]
    fn into_filter(self) -> Condition<E, AnyKeys>;
}

impl<E, I, F: Filters<E, I, K>, K> IntoFilter<E, I> for Condition<F, K> {
    fn into_filter(self) -> Condition<E, AnyKeys> {
        Condition::new(self.fragment, self.shape)
    }
}

/// That two entities are the same one.
#[diagnostic::on_unimplemented(
    message = "this is of the entity `{Self}`, and the operation is on `{E}`",
    label = "of another entity",
    note = "use the attributes of `{E}`; one of a document in it is reached by `.then(..)`, as in `User::ADDRESS.then(Address::CITY)`"
)]
pub trait SameEntity<E>: sealed::Same<E> {}

impl<E> SameEntity<E> for E {}

mod sealed {
    use super::{Condition, Filters, SameEntity};

    pub trait Same<E> {}
    impl<E> Same<E> for E {}

    pub trait IntoCondition<E> {}
    impl<E, F: SameEntity<E>, K> IntoCondition<E> for Condition<F, K> {}

    pub trait IntoFilter<E, I> {}
    impl<E, I, F: Filters<E, I, K>, K> IntoFilter<E, I> for Condition<F, K> {}
}
