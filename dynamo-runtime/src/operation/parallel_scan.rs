//! Reading a whole table in segments, side by side.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::num::NonZeroU32;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_core::Stream;
use tokio::time::Instant;

use super::digest::QueryDigest;
use super::items::Items;
use super::query::{Index, Primary};
use super::search::{Place, Search};
use crate::client::SecureClient;
use crate::codec::Writer;
use crate::codec::response::raw_elements;
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::ExpressionError;
use crate::projection::Owned;

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
    places: Vec<Place>,
    /// What its stream begins with.
    mistake: Option<ExpressionError>,
    items_per_second: Option<NonZeroU32>,
    output: PhantomData<fn() -> (I, P)>,
}

impl<E: Entity, I: Index<E>, P: Owned<E>> ParallelScan<E, I, P> {
    pub(super) fn new(
        search: Search<E>,
        places: Vec<Place>,
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
                segment: Some(Segment { number, total }),
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

/// A part of a table that is scanned beside the others.
#[derive(Clone, Copy)]
pub(super) struct Segment {
    pub(super) number: usize,
    pub(super) total: usize,
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

impl<E: Entity, I: Index<E>, P: Owned<E>> ParallelItems<E, I, P> {
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
        ScanCheckpoint { query: self.query, places, marker: PhantomData }
    }
}

impl<E: Entity, I: Index<E>, P: Owned<E>> Stream for ParallelItems<E, I, P> {
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

/// Where each segment of a scan goes on: made by [`ParallelItems::checkpoint`].
///
/// It belongs to the scan that gave it: one of the same table or index `I`, in as many segments,
/// with filters of the same form. [`CursorKeys`](super::CursorKeys) make a text of it that can be
/// stored.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// use std::num::NonZeroUsize;
///
/// let segments = NonZeroUsize::new(2).ok_or("none")?;
/// let mut orders = Order::scan().segments(segments).items(&client);
/// assert!(!orders.checkpoint().is_over());
/// while let Some(order) = orders.next().await {
///     order?;
/// }
/// assert!(orders.checkpoint().is_over());
/// # Ok(()) }
/// ```
pub struct ScanCheckpoint<E, I = Primary> {
    pub(super) query: QueryDigest,
    pub(super) places: Vec<Place>,
    marker: PhantomData<fn() -> (E, I)>,
}

impl<E, I> ScanCheckpoint<E, I> {
    /// Whether every segment has been read to its end.
    pub fn is_over(&self) -> bool {
        self.places.iter().all(|place| matches!(place, Place::End))
    }

    /// As JSON: for each segment null at its start, true at its end, or the key to go on from.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(128 * self.places.len());
        writer.begin_array();
        for place in &self.places {
            writer.separate();
            writer.raw(match place {
                Place::Start => b"null",
                Place::After(key) => key,
                Place::End => b"true",
            });
        }
        writer.end_array();
        writer.as_bytes().to_vec()
    }

    pub(super) fn from_json(query: QueryDigest, json: &[u8]) -> Option<Self> {
        let places = raw_elements(json).ok()?.into_iter().map(|place| match place {
            b"null" => Place::Start,
            b"true" => Place::End,
            key => Place::After(key.into()),
        });
        Some(Self { query, places: places.collect(), marker: PhantomData })
    }
}

impl<E, I> Clone for ScanCheckpoint<E, I> {
    fn clone(&self) -> Self {
        Self { query: self.query, places: self.places.clone(), marker: PhantomData }
    }
}

/// The keys in it may be sensitive.
impl<E, I> fmt::Debug for ScanCheckpoint<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScanCheckpoint")
            .field("segments", &self.places.len())
            .finish_non_exhaustive()
    }
}

/// Lets requests look at so many items a second, whichever segment they are of.
pub(super) struct Pace {
    items_per_second: NonZeroU32,
    /// When the next request may leave.
    free_at: Mutex<Instant>,
}

impl Pace {
    fn new(items_per_second: NonZeroU32) -> Self {
        Self { items_per_second, free_at: Mutex::new(Instant::now()) }
    }

    /// How many items one request looks at: a tenth of a second's, to be no burst.
    pub(super) fn items_a_request(&self) -> usize {
        (self.items_per_second.get() / 10).clamp(1, 1000) as usize
    }

    /// Waits for its turn to look at so many items.
    pub(super) async fn wait(&self, items: usize) {
        let items = u32::try_from(items).unwrap_or(u32::MAX);
        let share = Duration::from_secs(1) * items / self.items_per_second.get();
        let turn = {
            let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
            let turn = (*free_at).max(Instant::now());
            *free_at = turn + share;
            turn
        };
        tokio::time::sleep_until(turn).await;
    }
}
