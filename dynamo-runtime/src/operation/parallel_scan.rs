//! Reading a whole table in segments, in parallel.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::checkpoint::ScanCheckpoint;
use super::digest::QueryDigest;
use super::index::{Index, Primary};
use super::items::Items;
use super::position::Position;
use super::search::Search;
use super::segment::{Pace, ScanSegment};
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::ExpressionError;
use crate::projection::OwnedProjection;

/// The most segments.
///
/// Source: [Scan](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#API_Scan_RequestSyntax).
pub(super) const MAX_SEGMENTS: usize = 1_000_000;

/// Reads a whole table or index in segments, side by side: made by [`Scan::segments`](super::Scan::segments)
/// and [`Scan::resume`](super::Scan::resume).
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// use std::num::{NonZeroU32, NonZeroUsize};
///
/// let (segments, rate) = (NonZeroUsize::new(2), NonZeroU32::new(1000));
/// let scan = Order::scan().segments(segments.ok_or("none")?);
/// let orders = scan.items_per_second(rate.ok_or("none")?).items(&client);
/// assert_eq!(orders.collect().await?.len(), 3);
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.items(&client)`"]
pub struct ParallelScan<E, I = Primary, P = E> {
    search: Search<E>,
    places: Vec<Position>,
    /// What its stream begins with.
    mistake: Option<ExpressionError>,
    items_per_second: Option<NonZeroU32>,
    output: PhantomData<fn() -> (I, P)>,
}

impl<E: Entity, I: Index<E>, P: OwnedProjection<E>> ParallelScan<E, I, P> {
    pub(super) fn new(
        search: Search<E>,
        places: Vec<Position>,
        mistake: Option<ExpressionError>,
    ) -> Self {
        Self { search, places, mistake, items_per_second: None, output: PhantomData }
    }

    /// Looks at no more than so many items a second, of all segments together, so that others have
    /// their share of the table's capacity.
    pub fn items_per_second(mut self, items: NonZeroU32) -> Self {
        self.items_per_second = Some(items);
        self
    }

    /// All items of all segments as one stream, in no order.
    ///
    /// Each segment is read by a task of its own, as [`Items`] are, and holds two pages at most: of a
    /// hundred segments up to two hundred pages of 1 MB are in memory, if they are taken slowly.
    pub fn items(self, client: &SecureClient) -> ParallelItems<E, I, P> {
        client.audit_danger(E::SCHEMA.entity, self.search.subject.operation, E::SCHEMA.table);
        let Self { search, places, mistake, items_per_second, .. } = self;
        let query = search.digest();
        let mistake = mistake.map(|mistake| search.invalid(mistake));
        let pace = items_per_second.map(|items| Arc::new(Pace::new(items)));
        let total = places.len();
        let segments = places.into_iter().enumerate().map(|(number, place)| {
            let search = Search {
                segment: Some(ScanSegment { number, total }),
                pace: pace.clone(),
                place,
                ..search.clone()
            };
            Items::new(search, client.clone())
        });
        ParallelItems { segments: segments.collect(), next: 0, query, mistake, index: PhantomData }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, I, P> fmt::Debug for ParallelScan<E, I, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelScan")
            .field("search", &self.search)
            .field("segments", &self.places.len())
            .finish_non_exhaustive()
    }
}

/// The items of all segments of a scan.
///
/// An item that does not fit the entity is an error in its place, and others follow. The stream ends
/// after the error of a call.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// use std::num::NonZeroUsize;
///
/// let segments = NonZeroUsize::new(2).ok_or("none")?;
/// let mut orders = Order::scan().segments(segments).items(&client);
/// let mut total = 0;
/// while let Some(order) = orders.next().await {
///     total += order?.total;
/// }
/// assert_eq!(total, 60);
/// assert!(orders.checkpoint().is_over());
/// assert!(orders.collect().await?.is_empty()); // none is left
/// # Ok(()) }
/// ```
#[must_use = "nothing is read before it is polled"]
pub struct ParallelItems<E, I = Primary, P = E> {
    segments: Vec<Items<E, P>>,
    /// The segment that is asked first, so that each has its turn.
    next: usize,
    query: QueryDigest,
    mistake: Option<Error>,
    index: PhantomData<fn() -> I>,
}

impl<E: Entity, I: Index<E>, P: OwnedProjection<E>> ParallelItems<E, I, P> {
    /// The next entity; `None` at the end.
    ///
    /// # Errors
    /// A call failed: the stream ends there, and can be resumed from its
    /// [`checkpoint`](Self::checkpoint). Or this item does not fit the entity
    /// ([`Error::is_decode`]), and others follow.
    pub async fn next(&mut self) -> Option<Result<P, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All entities that are left.
    ///
    /// # Errors
    /// As [`next`](Self::next); what was read before is dropped.
    pub async fn collect(mut self) -> Result<Vec<P>, Error> {
        let mut all = Vec::new();
        while let Some(entity) = self.next().await {
            all.push(entity?);
        }
        Ok(all)
    }

    /// Where the scan can go on, also after an error and in another process.
    ///
    /// The items of a page that was not taken to its end are read again: none is left out, and
    /// some may come twice.
    pub fn checkpoint(&self) -> ScanCheckpoint<E, I> {
        let places = self.segments.iter().map(Items::checkpoint).collect();
        ScanCheckpoint::new(self.query, places)
    }
}

impl<E: Entity, I: Index<E>, P: OwnedProjection<E>> Stream for ParallelItems<E, I, P> {
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { segments, next, mistake, .. } = &mut *self;
        if let Some(mistake) = mistake.take() {
            segments.iter_mut().for_each(Items::end);
            return Poll::Ready(Some(Err(mistake)));
        }
        let mut is_over = true;
        let count = segments.len();
        for turn in 0..count {
            let number = (*next + turn) % count;
            let Some(segment) = segments.get_mut(number) else { continue };
            match Pin::new(&mut *segment).poll_next(context) {
                Poll::Ready(Some(item)) => {
                    *next = number + 1;
                    if segment.has_failed() {
                        segments.iter_mut().for_each(Items::end);
                    }
                    return Poll::Ready(Some(item));
                }
                Poll::Ready(None) => {}
                Poll::Pending => is_over = false,
            }
        }
        if is_over { Poll::Ready(None) } else { Poll::Pending }
    }
}

// Nothing in it is pinned by address.
impl<E, I, P> Unpin for ParallelItems<E, I, P> {}

impl<E: Entity, I, P> fmt::Debug for ParallelItems<E, I, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParallelItems")
            .field("entity", &E::SCHEMA.entity)
            .field("segments", &self.segments.len())
            .finish_non_exhaustive()
    }
}
