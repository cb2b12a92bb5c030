//! Reading a whole table.

use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::time::Duration;

use super::cursor::Cursor;
use super::exchange::Response;
use super::items::Items;
use super::parallel_scan::{MAX_SEGMENTS, ParallelScan, ScanCheckpoint};
use super::query::Primary;
use super::search::{FetchedPage, Page, Place, Search};
use super::write::Guards;
use crate::client::{Api, SecureClient};
use crate::entity::Entity;
use crate::error::{Error, Subject};
use crate::expression::{Condition, Fragment, SameEntity};
use crate::projection::{Owned, Projection};

/// Reads a whole table: made by [`Entity::scan`], for entities that allow it.
///
/// `P` is what it gives: the entities themselves, or a projection of them.
#[must_use = "nothing is sent before `.page(&client)`, `.items(&client)` or `.count(&client)`"]
pub struct Scan<E, P = E> {
    search: Search<E>,
    projection: PhantomData<fn() -> P>,
}

impl<E: Entity> Scan<E> {
    pub(crate) fn new() -> Self {
        let search = Search {
            api: Api::Scan,
            subject: Subject { entity: E::SCHEMA.entity, operation: "scan" },
            index: None,
            key_condition: Fragment::default(),
            filter: Guards::default(),
            is_forward: true,
            is_consistent: true,
            including_expired: false,
            ttl: E::SCHEMA.ttl,
            limit: None,
            looked_at: 0,
            place: Place::Start,
            resumed: None,
            segment: None,
            pace: None,
            deadline: None,
            entity: PhantomData,
        };
        Self { search, projection: PhantomData }
    }
}

impl<E: Entity, P: Owned<E>> Scan<E, P> {
    /// Asks for the projection's attributes only, and gives the projection.
    ///
    /// DynamoDB reads, and charges, the whole items all the same.
    pub fn project<Q: Owned<E>>(self) -> Scan<E, Q> {
        Scan { search: self.search, projection: PhantomData }
    }

    /// Keeps only the items that fulfil the condition; several must all hold.
    ///
    /// The service reads, and charges, what the filter leaves out.
    pub fn filter<F, K>(mut self, condition: Condition<F, K>) -> Self
    where
        F: SameEntity<E>,
    {
        self.search.filter.add(condition.into_fragment());
        self
    }

    /// At most so many items, after the filter.
    pub fn limit(mut self, items: usize) -> Self {
        self.search.limit = Some(items);
        self
    }

    /// Goes on from there, in the query that gave the cursor.
    ///
    /// With the cursor of another query it is an error when it is sent.
    pub fn after(mut self, cursor: Cursor<E, Primary>) -> Self {
        let (place, query) = cursor.into_place();
        self.search.place = place;
        self.search.resumed = Some(query);
        self
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(mut self) -> Self {
        self.search.is_consistent = false;
        self
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.search.including_expired = true;
        self
    }

    /// The longest that each request may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.search.deadline = Some(deadline);
        self
    }

    /// Reads one page: as many items as `limit` says, or what the service gives in one answer.
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, a call failed, or an item does not fit the entity.
    pub async fn page(self, client: &SecureClient) -> Result<Page<E, Primary, P>, Error> {
        Ok(self.response(client).await?.value)
    }

    /// As [`page`](Self::page).
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn send(self, client: &SecureClient) -> Result<Page<E, Primary, P>, Error> {
        self.page(client).await
    }

    /// As [`page`](Self::page), with what is known of the last request.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn response(
        self,
        client: &SecureClient,
    ) -> Result<Response<Page<E, Primary, P>>, Error> {
        self.audit(client);
        self.search.page(client).await
    }

    /// Reads one page and keeps its responses, so that its items can borrow from them.
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, or a call failed.
    pub async fn fetch<Q: Projection<E>>(
        self,
        client: &SecureClient,
    ) -> Result<FetchedPage<E, Primary, Q>, Error> {
        self.audit(client);
        self.search.fetch(client).await
    }

    /// All items, page after page, as a stream.
    pub fn items(self, client: &SecureClient) -> Items<E, P> {
        self.audit(client);
        Items::new(self.search, client.clone())
    }

    /// Reads the table in so many segments side by side: as a rule some for each of its partitions.
    ///
    /// It takes neither a limit nor a cursor: with one, its stream begins with an error.
    pub fn segments(self, count: NonZeroUsize) -> ParallelScan<E, P> {
        let places = vec![Place::Start; count.get().min(MAX_SEGMENTS + 1)];
        self.parallel(places)
    }

    /// Goes on with a scan in segments, where its checkpoint has it.
    pub fn resume(self, checkpoint: ScanCheckpoint<E>) -> ParallelScan<E, P> {
        self.parallel(checkpoint.places)
    }

    fn parallel(self, places: Vec<Place>) -> ParallelScan<E, P> {
        ParallelScan::new(self.search, places)
    }

    /// The number of items, over all pages; `limit` does not count.
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, or a call failed.
    pub async fn count(self, client: &SecureClient) -> Result<u64, Error> {
        self.audit(client);
        self.search.count(client).await
    }

    fn audit(&self, client: &SecureClient) {
        client.audit_danger(E::SCHEMA.entity, self.search.subject.operation, E::SCHEMA.table);
    }
}

impl<E, P> Clone for Scan<E, P> {
    fn clone(&self) -> Self {
        Self { search: self.search.clone(), projection: PhantomData }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, P> std::fmt::Debug for Scan<E, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.search.fmt(f)
    }
}
