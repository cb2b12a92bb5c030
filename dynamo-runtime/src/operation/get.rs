//! Reading one item.

use std::fmt;
use std::time::Duration;

use super::exchange::{Request, Response};
use super::write::now;
use crate::client::{Api, Replay, SecureClient};
use crate::codec::response::member_item;
use crate::entity::{Entity, is_expired};
use crate::error::Error;

/// Reads one item: made by [`Entity::get`].
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Get<E: Entity> {
    key: E::Key,
    consistent: bool,
    including_expired: bool,
    deadline: Option<Duration>,
}

impl<E: Entity> Get<E> {
    pub(crate) fn new(key: E::Key) -> Self {
        Self { key, consistent: true, including_expired: false, deadline: None }
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(mut self) -> Self {
        self.consistent = false;
        self
    }

    /// Gives an expired item too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.including_expired = true;
        self
    }

    /// The longest that the call may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, and gives the entity if there is one.
    ///
    /// # Errors
    /// The key is not one that DynamoDB takes, the call failed, or the item does not fit the
    /// entity.
    pub async fn send(self, client: &SecureClient) -> Result<Option<E>, Error> {
        Ok(self.response(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn response(self, client: &SecureClient) -> Result<Response<Option<E>>, Error> {
        let mut request = Request::new::<E>(client, Api::GetItem, "get", 0);
        request.key(&self.key)?;
        request.flag("ConsistentRead", self.consistent);
        let ready = request.finish(Replay::Harmless, self.deadline)?;
        let answer = ready.read(client).await?;
        let found = answer.decode(|body| member_item::<E>(body, "Item"))?;
        let now = now(client);
        Ok(found.map(|item| {
            item.filter(|entity| self.including_expired || !is_expired(entity.expires_at(), now))
        }))
    }
}

impl<E: Entity> Clone for Get<E> {
    fn clone(&self) -> Self {
        let Self { key, consistent, including_expired, deadline } = self;
        Self {
            key: key.clone(),
            consistent: *consistent,
            including_expired: *including_expired,
            deadline: *deadline,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity> fmt::Debug for Get<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}
