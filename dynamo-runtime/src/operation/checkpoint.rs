//! How far a parallel scan has come.

use std::fmt;
use std::marker::PhantomData;

use super::digest::QueryDigest;
use super::index::Primary;
use super::position::Position;
use crate::codec::Writer;
use crate::codec::response::raw_elements;

/// Where each segment of a scan goes on: made by [`ParallelItems::checkpoint`](super::ParallelItems::checkpoint).
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
    pub(super) places: Vec<Position>,
    marker: PhantomData<fn() -> (E, I)>,
}

impl<E, I> ScanCheckpoint<E, I> {
    pub(super) fn new(query: QueryDigest, places: Vec<Position>) -> Self {
        Self { query, places, marker: PhantomData }
    }

    /// Whether every segment has been read to its end.
    pub fn is_over(&self) -> bool {
        self.places.iter().all(|place| matches!(place, Position::End))
    }

    /// As JSON: for each segment null at its start, true at its end, or the key to go on from.
    pub(super) fn to_json(&self) -> Vec<u8> {
        let mut writer = Writer::with_capacity(128 * self.places.len());
        writer.begin_array();
        for place in &self.places {
            writer.separate();
            writer.raw(match place {
                Position::Start => b"null",
                Position::After(key) => key,
                Position::End => b"true",
            });
        }
        writer.end_array();
        writer.as_bytes().to_vec()
    }

    pub(super) fn from_json(query: QueryDigest, json: &[u8]) -> Option<Self> {
        let places = raw_elements(json).ok()?.into_iter().map(|place| match place {
            b"null" => Position::Start,
            b"true" => Position::End,
            key => Position::After(key.into()),
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
