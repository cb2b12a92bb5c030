//! The filters of a vector index: what DynamoDB was seen to take, and nothing else.

use std::fmt;
use std::marker::PhantomData;

use crate::attribute::ComparedWith;
use crate::expression::{DocumentPath, ExpressionError, Fragment};
use crate::operation::vector_index::FilterAt;

/// A filter of the vector index `I` of `E`: a constant of the index's type, as `NoteByMeaning::CATEGORY`.
///
/// DynamoDB takes equality, and filters that must all hold.
pub struct FilterAttribute<E, I, const N: usize>(PhantomData<fn() -> (E, I)>);

/// Names a filter, for generated code.
#[doc(hidden)]
pub const fn filter_attribute<E, I, const N: usize>() -> FilterAttribute<E, I, N> {
    FilterAttribute(PhantomData)
}

impl<E: FilterAt<N>, I, const N: usize> FilterAttribute<E, I, N> {
    /// The items whose attribute equals this.
    ///
    /// ```
    #[doc = include_str!("../../example/notes.md")]
    /// let embedding = Embedding::from([1.0, 0.0]);
    /// let food = Note::by_meaning("ann", &embedding).filter(NoteByMeaning::CATEGORY.eq("food"));
    /// assert_eq!(food.top(10).send(&client).await?[0].item.id, "3");
    /// # Ok(()) }
    /// ```
    pub fn eq<V: ComparedWith<E::Operand>>(self, value: V) -> SearchFilter<E, I> {
        let path = DocumentPath::from(E::NAME);
        let equal = Fragment::default().path(&path).operator(" = ");
        let filter = value.with(|value| equal.value::<E::Encoding, E::Operand>(&path, value));
        SearchFilter(filter, PhantomData)
    }
}

impl<E, I, const N: usize> Clone for FilterAttribute<E, I, N> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<E, I, const N: usize> Copy for FilterAttribute<E, I, N> {}

impl<E: FilterAt<N>, I, const N: usize> fmt::Debug for FilterAttribute<E, I, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(E::NAME)
    }
}

/// What a search of the vector index `I` of `E` is to keep.
pub struct SearchFilter<E, I>(pub(super) Fragment, PhantomData<fn() -> (E, I)>);

impl<E, I> Clone for SearchFilter<E, I> {
    fn clone(&self) -> Self {
        Self(self.0.clone(), PhantomData)
    }
}

/// Shows no value.
impl<E, I> fmt::Debug for SearchFilter<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a search of the vector index `I` of `E` can be filtered by: a [`SearchFilter`], or a list of
/// them that must all hold, which is an error when it is empty and the search is sent.
#[diagnostic::on_unimplemented(
    message = "this is no filter of the vector index `{I}`",
    label = "not a filter of this index",
    note = "a filter is made by the index's own constants, and is an equality: `{I}::CATEGORY.eq(..)`; DynamoDB takes nothing else there",
    note = "what `filter(..)` of the index does not name cannot be searched by"
)]
pub trait IntoSearchFilter<E, I>: sealed::Sealed {
    #[doc(hidden)]
    fn into_fragment(self) -> Fragment;
}

impl<E, I> IntoSearchFilter<E, I> for SearchFilter<E, I> {
    fn into_fragment(self) -> Fragment {
        self.0
    }
}

impl<E, I> IntoSearchFilter<E, I> for Vec<SearchFilter<E, I>> {
    fn into_fragment(self) -> Fragment {
        if self.is_empty() {
            return Fragment::failed(ExpressionError::EmptyList { operation: "filter" });
        }
        self.into_iter().fold(Fragment::default(), |all, SearchFilter(one, _)| all.and(one))
    }
}

mod sealed {
    use super::SearchFilter;

    pub trait Sealed {}
    impl<E, I> Sealed for SearchFilter<E, I> {}
    impl<E, I> Sealed for Vec<SearchFilter<E, I>> {}
}
