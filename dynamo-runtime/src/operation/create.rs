//! Writing a new item.

use std::fmt;
use std::time::Duration;

use super::guards::{Guards, now};
use super::request::Request;
use super::response::Response;
use super::stamped::Stamped;
use super::unique::{GuardChange, GuardChanges};
use super::write::{GuardPart, Write, item_request, next_version, replay, send_item};
use crate::client::SecureClient;
use crate::entity::{Entity, Stamp};
use crate::error::{Error, ReadCurrent, WriteError, read_current};
use crate::subject::Subject;
use crate::value::Timestamp;

/// Writes a new item: made by [`Operations::create`](crate::Operations::create).
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let user = |id: &str| User { user_id: id.into(), ..User::default() };
/// let deadline = Duration::from_secs(2);
/// let bob = User::create(user("bob")).deadline(deadline).send(&client).await?;
/// assert_eq!(bob.version, Version::FIRST);
///
/// let created = User::create(user("cid")).send_with_metadata(&client).await?;
/// assert!(created.request_id.is_some() && !created.may_be_applied_twice);
///
/// engine.faults().lose_response("PutItem");
/// let error = User::create(user("dan")).at_most_once().send(&client).await.unwrap_err();
/// assert!(error.is_outcome_unknown());
///
/// User::create(user("eve")).exactly_once().send(&client).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Create<E> {
    entity: E,
    is_at_most_once: bool,
    deadline: Option<Duration>,
}

impl<E: Entity> Create<E> {
    pub(crate) fn new(entity: E) -> Self {
        Self { entity, is_at_most_once: false, deadline: None }
    }

    /// Sends it once only: after its first byte has left it is sent again only if DynamoDB rejected
    /// it, as under throttling. If its response is lost, its outcome is unknown
    /// ([`WriteError::is_outcome_unknown`]).
    pub fn at_most_once(mut self) -> Self {
        self.is_at_most_once = true;
        self
    }

    /// The longest that the call may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, and gives the entity as it was written.
    ///
    /// # Errors
    /// The key is taken ([`WriteError::is_condition_failed`]), the item is not one that DynamoDB
    /// takes, or the call failed.
    pub async fn send(self, client: &SecureClient) -> Result<E, WriteError<E>> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<E>, WriteError<E>> {
        if const { !E::SCHEMA.unique.is_empty() } {
            return self.exactly_once().send_with_metadata(client).await;
        }
        let (now, deadline) = (now(client), self.deadline);
        let (request, entity) = self.item_request(client, now)?;
        send_item(client, request, entity, deadline, now).await
    }

    fn item_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, Stamped<E>), Error> {
        let subject = Subject { entity: E::SCHEMA.entity, operation: "create" };
        let version = next_version::<E>(&E::Revision::default(), subject)?;
        let entity = Stamped::new(self.entity, &Stamp::created(now, version));
        let mut guards = Guards::default();
        guards.absent_or_expired::<E>(now);
        let replay = replay(true, self.is_at_most_once);
        let request = item_request(client, "create", &entity, guards, replay)?;
        Ok((request, entity))
    }
}

impl<E: Entity> Write for Create<E> {
    type Written = E;

    fn into_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, E), Error> {
        let (request, entity) = self.item_request(client, now)?;
        Ok((request, entity.into_entity()))
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn read_current(&self) -> ReadCurrent {
        read_current::<E>
    }

    fn guards<'a>(&self, client: &'a SecureClient) -> Result<Vec<GuardPart<'a>>, Error> {
        if const { E::SCHEMA.unique.is_empty() } {
            return Ok(Vec::new());
        }
        let claims = GuardChanges::all(GuardChange::Claim, &self.entity);
        claims.parts::<E>(client, &self.entity.to_key())
    }
}

/// Shows the shape, and no value.
impl<E: Entity> fmt::Debug for Create<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Create").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}
