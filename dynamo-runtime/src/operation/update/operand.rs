//! What an update puts into an attribute, and what an absent one counts as.

use crate::attribute::{Gathering, Leaf, ValueFor};
use crate::codec::{AttributeValue, Encoding, InPlace};
use crate::expression::{Arithmetic, Countable, DocumentPath, ExpressionError, Fragment};

/// What an absent number counts as, where the attribute can be absent.
pub(super) fn absent_number<L: Leaf<T>, T: Countable>() -> Option<T::Number> {
    let zero = (T::COUNTS_FROM_ZERO || L::MAY_BE_MISSING).then_some(T::Number::ZERO);
    L::when_absent().and_then(T::into_number).or(zero)
}

/// What an absent list counts as, where the attribute can be absent: its default, or empty.
pub(super) fn absent_list<L: Leaf<T>, T: AttributeValue>(path: &DocumentPath) -> Option<Fragment> {
    match L::when_absent() {
        Some(default) if !<L::Encoding as Encoding<T>>::is_absent(&default) => {
            Some(Fragment::default().value::<L::Encoding, T>(path, &default))
        }
        None if !T::OPTIONAL && !L::MAY_BE_MISSING => None,
        _ => Some(Fragment::default().written(path, |writer| writer.list([(); 0], |(), _| {}))),
    }
}

/// The elements as a value of a list.
pub(super) fn list<T: AttributeValue, V: ValueFor<T>>(
    path: &DocumentPath,
    elements: impl IntoIterator<Item = V>,
) -> Fragment {
    Fragment::default().written(path, |writer| {
        writer.list(elements, |element, writer| {
            element.with(|element| <InPlace as Encoding<T>>::encode(element, writer));
        });
    })
}

/// The elements as a value of a set, each once; DynamoDB has no empty set.
pub(super) fn set<C, S, K, V>(
    path: &DocumentPath,
    operation: &'static str,
    elements: impl IntoIterator<Item = V>,
) -> Fragment
where
    C: Encoding<S>,
    S: Gathering<K>,
    V: ValueFor<S::Element>,
{
    let mut set = S::default();
    for element in elements {
        set.gather(element.with(S::Element::clone));
    }
    if C::is_absent(&set) {
        let attribute = path.describe();
        return Fragment::failed(ExpressionError::NoElements { attribute, operation });
    }
    Fragment::default().value::<C, S>(path, &set)
}
