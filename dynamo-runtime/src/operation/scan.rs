//! Reading a whole table.

use std::marker::PhantomData;
use std::time::Duration;

use super::exchange::Response;
use super::items::Items;
use super::query::Primary;
use super::search::{Cursor, Page, Place, Search};
use super::write::Guards;
use crate::client::{Api, SecureClient};
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::{Condition, Fragment, SameEntity};

/// Reads a whole table: made by [`Entity::scan`], for entities that allow it.
#[must_use = "nothing is sent before `.page(&client)`, `.items(&client)` or `.count(&client)`"]
pub struct Scan<E>(Search<E>);

impl<E: Entity> Scan<E> {
    pub(crate) fn new() -> Self {
        Self(Search {
            api: Api::Scan,
            operation: "scan",
            index: None,
            key_condition: Fragment::default(),
            filter: Guards::default(),
            is_forward: true,
            is_consistent: true,
            including_expired: false,
            limit: None,
            looked_at: 0,
            place: Place::Start,
            deadline: None,
            entity: PhantomData,
        })
    }

    /// Keeps only the items that fulfil the condition; several must all hold.
    ///
    /// The service reads, and charges, what the filter leaves out.
    pub fn filter<F, K>(mut self, condition: Condition<F, K>) -> Self
    where
        F: SameEntity<E>,
    {
        self.0.filter.add(condition.into_fragment());
        self
    }

    /// At most so many items, after the filter.
    pub fn limit(mut self, items: usize) -> Self {
        self.0.limit = Some(items);
        self
    }

    /// Goes on from there.
    pub fn after(mut self, cursor: Cursor<E, Primary>) -> Self {
        self.0.place = cursor.into_place();
        self
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(mut self) -> Self {
        self.0.is_consistent = false;
        self
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.0.including_expired = true;
        self
    }

    /// The longest that each request may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.0.deadline = Some(deadline);
        self
    }

    /// Reads one page: as many items as `limit` says, or what the service gives in one answer.
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, a call failed, or an item does not fit the entity.
    pub async fn page(self, client: &SecureClient) -> Result<Page<E, Primary>, Error> {
        Ok(self.response(client).await?.value)
    }

    /// As [`page`](Self::page).
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn send(self, client: &SecureClient) -> Result<Page<E, Primary>, Error> {
        self.page(client).await
    }

    /// As [`page`](Self::page), with what is known of the last request.
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn response(
        self,
        client: &SecureClient,
    ) -> Result<Response<Page<E, Primary>>, Error> {
        self.audit(client);
        self.0.page(client).await
    }

    /// All items, page after page, as a stream.
    pub fn items(self, client: &SecureClient) -> Items<E> {
        self.audit(client);
        Items::new(self.0, client.clone())
    }

    /// The number of items, over all pages; `limit` does not count.
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, or a call failed.
    pub async fn count(self, client: &SecureClient) -> Result<u64, Error> {
        self.audit(client);
        self.0.count(client).await
    }

    fn audit(&self, client: &SecureClient) {
        client.audit_danger(E::SCHEMA.entity, self.0.operation, E::SCHEMA.table);
    }
}

impl<E> Clone for Scan<E> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

/// Shows the shape, and no value.
impl<E: Entity> std::fmt::Debug for Scan<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
