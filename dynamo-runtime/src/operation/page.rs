//! Some items of a query or a scan, and how they are read from responses.

use std::fmt;
use std::marker::PhantomData;
use std::vec;

use super::cursor::Cursor;
use crate::client::RawResponse;
use crate::codec::response::Expected;
use crate::codec::{DecodeError, DecodeItem, IsOf, response};
use crate::entity::Entity;
use crate::error::Error;
use crate::projection::{OwnedProjection, Projection};

/// Some items of a query or a scan, and where it goes on.
///
/// `P` is what it gives: the entities themselves, or a projection of them.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<E, I, P = E> {
    /// The items: of a query in the order of the sort key, of a scan in none.
    pub items: Vec<P>,
    /// Where the next page begins; `None` at the end.
    ///
    /// That it is there does not say that there is more: the page after one that ends with the very
    /// last item is empty.
    ///
    /// Source: [Paginating table query results](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html).
    pub next: Option<Cursor<E, I>>,
}

/// Some items of a query or a scan, with the responses that they are read from, and where it goes
/// on: made by [`Query::fetch_borrowed`](super::Query::fetch_borrowed) and [`Scan::fetch_borrowed`](super::Scan::fetch_borrowed).
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let page = Order::query("ann").limit(2).fetch_borrowed::<Order>(&client).await?;
/// assert_eq!(page.items()?.len(), 2);
/// for order in page.each()? {
///     assert_eq!(order?.status.as_deref(), Some("open")); // or why it could not be read
/// }
/// assert!(page.next.is_some());
/// # Ok(()) }
/// ```
#[non_exhaustive]
pub struct BorrowedPage<E, I, P = E> {
    /// Each with the number of its items that belong to the page.
    pub(super) responses: Vec<(RawResponse, usize)>,
    /// Where the next page begins; `None` at the end.
    ///
    /// That it is there does not say that there is more: the page after one that ends with the very
    /// last item is empty.
    ///
    /// Source: [Paginating table query results](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html).
    pub next: Option<Cursor<E, I>>,
    pub(super) projection: PhantomData<fn() -> P>,
}

impl<E: Entity, I, P: Projection<E>> BorrowedPage<E, I, P> {
    /// The items, which may borrow from this: of a query in the order of the sort key, of a scan
    /// in none.
    ///
    /// # Errors
    /// An item does not fit the entity; [`each`](Self::each) gives the others all the same.
    pub fn items(&self) -> Result<Vec<P::Read<'_>>, Error> {
        let mut all = Vec::with_capacity(self.responses.iter().map(|(_, count)| count).sum());
        for (response, count) in &self.responses {
            let page =
                response.decode(|body| response::page::<P::Read<'_>>(body, Expected::ANY))?.value;
            all.extend(page.items.into_iter().take(*count));
        }
        Ok(all)
    }

    /// As [`items`](Self::items), but each item by itself: one that does not fit the entity is an
    /// error of its own.
    ///
    /// # Errors
    /// The response as a whole cannot be read.
    pub fn each(&self) -> Result<Vec<Result<P::Read<'_>, Error>>, Error> {
        let mut all = Vec::with_capacity(self.responses.iter().map(|(_, count)| count).sum());
        for (response, count) in &self.responses {
            all.extend(each(response, None)?.items.into_iter().take(*count));
        }
        Ok(all)
    }
}

/// The items of a response, without those of others.
pub(super) fn page_of<E: Entity, P: OwnedProjection<E>>(
    body: &[u8],
    expected: Expected<'_>,
) -> Result<response::DecodedPage<P>, DecodeError> {
    let page = match P::IS_OF {
        None => response::page::<P>(body, expected),
        Some(is_of) => response::page_of::<P>(body, is_of, expected),
    };
    // An item that does not fit may be one that was not asked for.
    page.map_err(|error| match response::count(body, expected) {
        Err(stray) if stray.stray().is_some() => stray,
        _ => error,
    })
}

/// As [`page_of`], but each item by itself, of a response that was compared with its request.
pub(super) fn each<'a, T: DecodeItem<'a>>(
    response: &'a RawResponse,
    is_of: Option<IsOf>,
) -> Result<response::DecodedPage<Result<T, Error>>, Error> {
    let page = response.decode(|body| response::each_item::<T>(body, is_of))?.value;
    let items = page.items.into_iter().map(|item| item.map_err(|error| response.error(error)));
    Ok(response::DecodedPage {
        items: items.collect(),
        places: page.places,
        last_evaluated_key: page.last_evaluated_key,
    })
}

/// The items that one request read.
pub(super) enum ReadItems<P> {
    All(vec::IntoIter<P>),
    /// At least one of them cannot be read.
    Each(vec::IntoIter<Result<P, Error>>),
}

impl<P> ReadItems<P> {
    pub(super) fn nothing() -> Self {
        Self::All(Vec::new().into_iter())
    }

    pub(super) fn is_empty(&self) -> bool {
        match self {
            Self::All(items) => items.as_slice().is_empty(),
            Self::Each(items) => items.as_slice().is_empty(),
        }
    }
}

impl<P> Iterator for ReadItems<P> {
    type Item = Result<P, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::All(items) => items.next().map(Ok),
            Self::Each(items) => items.next(),
        }
    }
}

/// Shows no value.
impl<E: Entity, I, P> fmt::Debug for BorrowedPage<E, I, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BorrowedPage")
            .field("entity", &E::SCHEMA.entity)
            .field("next", &self.next)
            .finish_non_exhaustive()
    }
}
