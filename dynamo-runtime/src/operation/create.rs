//! Writing a new item.

use std::fmt;
use std::time::Duration;

use super::exchange::{Refusal, Request, Response};
use super::prepared::{Prepared, Write};
use super::write::{ConditionFailed, Guards, now, replay};
use crate::client::{Api, Replay, SecureClient};
use crate::codec::equality::same_item;
use crate::entity::{Entity, Stamp};
use crate::error::{Error, ReadCurrent, WriteError, read_current};
use crate::expression::Fragment;
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

    pub(super) fn into_entity(self) -> E {
        self.entity
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
        mut self,
        client: &SecureClient,
    ) -> Result<Response<E>, WriteError<E>> {
        let now = now(client);
        let prepared = self.prepare(client, now)?;
        write_item(client, prepared, self.entity, self.deadline, now).await
    }
}

impl<E: Entity> Write for Create<E> {
    fn prepare<'a>(
        &mut self,
        client: &'a SecureClient,
        now: Timestamp,
    ) -> Result<Prepared<'a>, Error> {
        let stamp = Stamp::created(now);
        self.entity.stamp(&stamp);
        let mut guards = Guards::default();
        guards.absent_or_expired::<E>(now);
        let replay = replay(true, self.is_at_most_once);
        let prepared = prepare_item(client, "create", &self.entity, guards, replay)?;
        Ok(prepared.told_by_its_time(stamp.sets_a_time::<E>()))
    }

    fn deadline(&self) -> Option<Duration> {
        self.deadline
    }

    fn read_current(&self) -> ReadCurrent {
        read_current::<E>
    }
}

/// Shows the shape, and no value.
impl<E: Entity> fmt::Debug for Create<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Create").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}

/// Writes a whole item into a request, for `create`, `put` and `replace`.
pub(super) fn prepare_item<'a, E: Entity>(
    client: &'a SecureClient,
    operation: &'static str,
    entity: &E,
    guards: Guards,
    replay: Replay,
) -> Result<Prepared<'a>, Error> {
    let mut request = Request::new::<E>(client, Api::PutItem, operation, E::SIZE_HINT);
    let place = request.item(entity)?;
    Prepared::new::<E>(request, place, &Fragment::default(), &guards.into_fragment(), replay)
}

/// Puts a whole item, for `create`, `put` and `replace`.
pub(super) async fn write_item<E: Entity>(
    client: &SecureClient,
    prepared: Prepared<'_>,
    entity: E,
    deadline: Option<Duration>,
    now: Timestamp,
) -> Result<Response<E>, WriteError<E>> {
    let is_told_by_its_time = prepared.is_told_by_its_time();
    let (ready, item) = prepared.alone(None, deadline)?;
    let (subject, body) = (ready.subject, ready.body());
    match ready.write(client).await {
        Ok(answer) => Ok(Response::new(entity, &answer.raw)),
        Err(Refusal::Other(error)) => Err(error.into()),
        Err(Refusal::Condition(error)) => {
            let failed = ConditionFailed::new(subject, error);
            let sent = body.get(item).unwrap_or_default();
            // Without a time of its own another writer's equal item would pass for this one.
            let was_applied = is_told_by_its_time
                && failed
                    .item_after_lost_attempt()
                    .is_some_and(|current| same_item(current, sent).unwrap_or(false));
            if was_applied { Ok(failed.response(entity)) } else { Err(failed.into_error(now)) }
        }
    }
}
