//! Writing a new item.

use std::fmt;
use std::time::Duration;

use super::exchange::{Refusal, Request, Response};
use super::write::{ConditionFailed, Guards, expiry, now};
use crate::attribute::call;
use crate::client::{Api, Replay, SecureClient};
use crate::codec::same::same_item;
use crate::entity::{Entity, Stamp};
use crate::error::WriteError;
use crate::value::Timestamp;

/// Writes a new item: made by [`Entity::create`].
#[derive(Clone)]
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Create<E> {
    entity: E,
    deadline: Option<Duration>,
}

impl<E: Entity> Create<E> {
    pub(crate) fn new(entity: E) -> Self {
        Self { entity, deadline: None }
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
        Ok(self.response(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn response(mut self, client: &SecureClient) -> Result<Response<E>, WriteError<E>> {
        let now = now(client);
        self.entity.stamp(&Stamp::created(now));
        let mut guards = Guards::default();
        guards.add(absent_or_expired::<E>(now));
        write_item(client, "create", self.entity, guards, Replay::Harmless, self.deadline, now)
            .await
    }
}

/// Shows the shape, and no value.
impl<E: Entity> fmt::Debug for Create<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Create").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}

fn absent_or_expired<E: Entity>(now: Timestamp) -> crate::expression::Fragment {
    let absent = call("attribute_not_exists(", E::SCHEMA.partition_key.name);
    match E::SCHEMA.ttl {
        Some(ttl) => absent.operator(" OR ").append(expiry(ttl, " <= ", now)).in_parentheses(),
        None => absent,
    }
}

/// Puts a whole item, for `create`, `put` and `replace`.
pub(super) async fn write_item<E: Entity>(
    client: &SecureClient,
    operation: &'static str,
    entity: E,
    guards: Guards,
    replay: Replay,
    deadline: Option<Duration>,
    now: Timestamp,
) -> Result<Response<E>, WriteError<E>> {
    let condition = guards.into_fragment();
    let mut request = Request::new::<E>(client, Api::PutItem, operation, E::SIZE_HINT);
    let item = request.item(&entity)?;
    if !condition.is_empty() {
        request.text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
    }
    request.expressions(|renderer, writer| {
        renderer.expression(writer, "ConditionExpression", &condition);
    })?;
    let ready = request.finish(replay, deadline)?;
    let (subject, body) = (ready.subject, ready.body());
    match ready.write(client).await {
        Ok(answer) => Ok(Response::new(entity, &answer.raw)),
        Err(Refusal::Other(error)) => Err(error.into()),
        Err(Refusal::Condition(error)) => {
            let failed = ConditionFailed::new(subject, error);
            let sent = body.get(item).unwrap_or_default();
            let was_applied = failed
                .item_after_lost_attempt()
                .is_some_and(|current| same_item(current, sent).unwrap_or(false));
            if was_applied { Ok(failed.response(entity)) } else { Err(failed.into_error(now)) }
        }
    }
}
