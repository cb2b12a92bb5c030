//! The size of an attribute.

use std::fmt;
use std::marker::PhantomData;

use crate::codec::Plain;
use crate::expression::{Condition, DocumentPath, Fragment};

/// The size of an attribute, to compare with a number.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// Order::update(order(1)).append(Order::NOTES, ["call", "wait"]).if_exists().send(&client).await?;
/// let count = async |condition| Order::query("ann").filter(condition).count(&client).await;
///
/// assert_eq!(count(Order::NOTES.size().eq(2)).await?, 1);
/// assert_eq!(count(Order::NOTES.size().ne(2)).await?, 2);
/// assert_eq!(count(Order::NOTES.size().gt(1)).await?, 1);
/// assert_eq!(count(Order::NOTES.size().ge(1)).await?, 1);
/// assert_eq!(count(Order::STATUS.size().lt(5)).await?, 3);
/// assert_eq!(count(Order::STATUS.size().le(3)).await?, 0);
/// assert_eq!(count(Order::STATUS.size().between(4, 6)).await?, 3);
/// # Ok(()) }
/// ```
#[must_use = "compare it with a number"]
pub struct Size<E, K> {
    path: DocumentPath,
    marker: PhantomData<fn() -> (E, K)>,
}

impl<E, K> Size<E, K> {
    pub(super) fn new(path: DocumentPath) -> Self {
        Self { path, marker: PhantomData }
    }

    /// The size equals the number.
    pub fn eq(self, size: usize) -> Condition<E, K> {
        self.compare(" = ", size)
    }

    /// The size differs from the number, or the attribute is absent: so DynamoDB has it.
    pub fn ne(self, size: usize) -> Condition<E, K> {
        self.compare(" <> ", size)
    }

    /// The size is less than the number.
    pub fn lt(self, size: usize) -> Condition<E, K> {
        self.compare(" < ", size)
    }

    /// The size is at most the number.
    pub fn le(self, size: usize) -> Condition<E, K> {
        self.compare(" <= ", size)
    }

    /// The size is greater than the number.
    pub fn gt(self, size: usize) -> Condition<E, K> {
        self.compare(" > ", size)
    }

    /// The size is at least the number.
    pub fn ge(self, size: usize) -> Condition<E, K> {
        self.compare(" >= ", size)
    }

    /// The size is within the bounds, both included.
    pub fn between(self, least: usize, most: usize) -> Condition<E, K> {
        let fragment =
            Fragment::bounded::<Plain, _>(self.call(), &self.path, &number(least), &number(most));
        Condition::single(fragment)
    }

    fn compare(self, operator: &'static str, size: usize) -> Condition<E, K> {
        let fragment = self.call().operator(operator);
        Condition::single(fragment.value::<Plain, _>(&self.path, &number(size)))
    }

    fn call(&self) -> Fragment {
        Fragment::call("size(", &self.path)
    }
}

/// A size as DynamoDB's number.
fn number(size: usize) -> u64 {
    size as u64
}

impl<E, K> fmt::Debug for Size<E, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "size({})", self.path)
    }
}
