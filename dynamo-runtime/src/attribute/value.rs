//! What an attribute is compared with, set to, or contains.

use std::collections::{BTreeSet, HashSet};

use crate::codec::kind::List;
use crate::codec::{AttributeValue, InPlace, Plain, SetElement};
use crate::expression::{DocumentPath, ExpressionError, Fragment};

/// A value that an attribute of type `T` can be compared with or set to.
///
/// `T` itself and a reference to it; `&str` for a `String`; and for an `Option` also what is in it.
#[diagnostic::on_unimplemented(
    message = "this takes a value of type `{T}`, not `{Self}`",
    label = "a value of the wrong type",
    note = "give a `{T}` or a reference to one; for a `String`, `&str` will do"
)]
pub trait ValueFor<T> {
    #[doc(hidden)]
    fn with<R>(self, run: impl FnOnce(&T) -> R) -> R;
}

impl<T> ValueFor<T> for T {
    fn with<R>(self, run: impl FnOnce(&T) -> R) -> R {
        run(&self)
    }
}

impl<T> ValueFor<T> for &T {
    fn with<R>(self, run: impl FnOnce(&T) -> R) -> R {
        run(self)
    }
}

impl<T> ValueFor<Option<T>> for T {
    fn with<R>(self, run: impl FnOnce(&Option<T>) -> R) -> R {
        run(&Some(self))
    }
}

impl<T: Clone> ValueFor<Option<T>> for &T {
    fn with<R>(self, run: impl FnOnce(&Option<T>) -> R) -> R {
        run(&Some(self.clone()))
    }
}

impl ValueFor<String> for &str {
    fn with<R>(self, run: impl FnOnce(&String) -> R) -> R {
        run(&self.to_owned())
    }
}

impl ValueFor<Option<String>> for &str {
    fn with<R>(self, run: impl FnOnce(&Option<String>) -> R) -> R {
        run(&Some(self.to_owned()))
    }
}

/// A value that a condition can compare an attribute of type `T` with: each that is a value of it.
#[diagnostic::on_unimplemented(
    message = "this takes a value of type `{T}`, not `{Self}`",
    label = "a value of the wrong type",
    note = "give a `{T}` or a reference to one; for a `String`, `&str` will do",
    note = "instead of `None` ask by `.not_exists()` or `.exists()`; another attribute is compared by `.eq_attribute(..)`, `.lt_attribute(..)` and so on"
)]
pub trait ComparedWith<T>: ValueFor<T> {}

#[diagnostic::do_not_recommend]
impl<T, V: ValueFor<T>> ComparedWith<T> for V {}

/// What an attribute of this type can contain: a text in a text, an element in a list or a set.
#[diagnostic::on_unimplemented(
    message = "an attribute of type `{Self}` contains nothing",
    label = "only a text contains a text, and only a list or a set an element",
    note = "compare it by `.eq(..)`, or an optional one of several values by `.is_in(..)`"
)]
pub trait Contains<V>: sealed::Contains<V> {
    #[doc(hidden)]
    fn write(part: V, path: &DocumentPath, fragment: Fragment) -> Fragment;
}

impl<V: ValueFor<String>> Contains<V> for String {
    fn write(part: V, path: &DocumentPath, fragment: Fragment) -> Fragment {
        part.with(|part| match part.as_str() {
            "" => Fragment::failed(ExpressionError::EmptyText { attribute: path.describe() }),
            _ => fragment.value::<Plain, _>(path, part),
        })
    }
}

impl<T: Element, V: ValueFor<T>> Contains<V> for Vec<T> {
    fn write(part: V, path: &DocumentPath, fragment: Fragment) -> Fragment {
        part.with(|part| fragment.value::<InPlace, _>(path, part))
    }
}

impl<T: Element, V: ValueFor<T>, const N: usize> Contains<V> for [T; N] {
    fn write(part: V, path: &DocumentPath, fragment: Fragment) -> Fragment {
        part.with(|part| fragment.value::<InPlace, _>(path, part))
    }
}

impl<T: SetElement, V: ValueFor<T>, S> Contains<V> for HashSet<T, S> {
    fn write(part: V, path: &DocumentPath, fragment: Fragment) -> Fragment {
        part.with(|part| fragment.value::<Plain, _>(path, part))
    }
}

impl<T: SetElement, V: ValueFor<T>> Contains<V> for BTreeSet<T> {
    fn write(part: V, path: &DocumentPath, fragment: Fragment) -> Fragment {
        part.with(|part| fragment.value::<Plain, _>(path, part))
    }
}

/// A type whose `Vec` is a list, as that of every type but a byte is.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "an attribute of type `Vec<{Self}>` contains nothing",
    label = "only a text contains a text, and only a list or a set an element",
    note = "a `Vec` of bytes is a binary: test its beginning by `.begins_with(..)`"
)]
pub trait Element: AttributeValue {}

#[diagnostic::do_not_recommend]
impl<T: AttributeValue<ListKind = List>> Element for T {}

/// What can contain what is known here: another one could leave the condition out.
mod sealed {
    use super::{BTreeSet, Element, HashSet, SetElement, ValueFor};

    pub trait Contains<V> {}
    impl<V: ValueFor<String>> Contains<V> for String {}
    impl<T: Element, V: ValueFor<T>> Contains<V> for Vec<T> {}
    impl<T: Element, V: ValueFor<T>, const N: usize> Contains<V> for [T; N] {}
    impl<T: SetElement, V: ValueFor<T>, S> Contains<V> for HashSet<T, S> {}
    impl<T: SetElement, V: ValueFor<T>> Contains<V> for BTreeSet<T> {}
}
