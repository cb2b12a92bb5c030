//! A write that DynamoDB applies once, however often it is sent.

use std::fmt;
use std::time::Duration;

use super::conditioned::{ConditionFor, Conditioned, PutConditionFor};
use super::create::Create;
use super::delete::Delete;
use super::guards::now;
use super::put::Put;
use super::response::Response;
use super::returning::{ReturnNew, ReturnNothing, ReturnOld};
use super::transaction::{Sending, TOKEN_LIFE};
use super::update::Update;
use super::write::{GuardPart, TransactionAction, Write};
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::WriteError;

/// A single write that DynamoDB applies once, however often it is sent: made by `.exactly_once()` of
/// a write.
///
/// It is sent as a transaction of one action. Its attempts carry one client token, by which DynamoDB
/// recognizes a duplicate for 10 minutes after it was applied; a deadline beyond that is an error. So it is
/// sent again whenever its response is lost, an addition under `.if_exists()` as well, and no other
/// writer's change between two attempts is undone.
///
/// It consumes twice the write capacity units of the same write alone, and gives back no item; when
/// its condition fails, the error has the current item all the same.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "counters")]
/// # struct Counter { #[dynamo(partition_key)] name: String, #[dynamo(default)] hits: u64 }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # use dynamo_runtime::testing::LocalEngine;
/// # let engine = LocalEngine::in_memory().await?;
/// # let client = SecureClient::local().engine(&engine).table::<Counter>().build().await?;
/// # let key = || Counter::key("home");
/// # Counter::create(Counter { name: "home".into(), hits: 0 }).send(&client).await?;
/// # engine.faults().lose_response("TransactWriteItems");
/// let count = Counter::update(key()).add(Counter::HITS, 1).if_exists().exactly_once();
/// assert_eq!(count.send_with_metadata(&client).await?.attempts, 2); // the first response was lost
/// assert_eq!(Counter::get(key()).send(&client).await?.map(|counter| counter.hits), Some(1));
/// # Ok(()) })
/// # }
/// ```
///
/// Source: [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html)
/// for the token, and [Managing complex workflows with DynamoDB transactions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html)
/// for the capacity.
#[derive(Clone)]
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct ExactlyOnce<W> {
    write: W,
    deadline: Option<Duration>,
}

/// A write of one item, on its own.
#[expect(private_bounds, reason = "no other crate makes one")]
pub trait SingleWrite: Write<Written = <Self as SingleWrite>::Output> {
    /// The entity that it writes.
    type Entity: Entity;
    /// What it gives: the entity as it was written, or nothing.
    type Output: Send;
}

impl<E: Entity> SingleWrite for Create<E> {
    type Entity = E;
    type Output = E;
}

impl<E: Entity, C: Conditioned> SingleWrite for Put<E, C> {
    type Entity = E;
    type Output = E;
}

impl<E: Entity, C: Conditioned> SingleWrite for Update<E, C, ReturnNothing> {
    type Entity = E;
    type Output = ();
}

impl<E: Entity, C: Conditioned> SingleWrite for Delete<E, C, ReturnNothing> {
    type Entity = E;
    type Output = ();
}

impl<E: Entity> Create<E> {
    /// Sends it as a transaction of one action, with a client token that all its attempts carry, so
    /// that DynamoDB applies it once: see [`ExactlyOnce`] for its cost. Call it last, before `send`.
    pub fn exactly_once(self) -> ExactlyOnce<Self> {
        ExactlyOnce::new(self)
    }
}

impl<E: Entity, C> Put<E, C> {
    /// Sends it as a transaction of one action, with a client token that all its attempts carry, so
    /// that DynamoDB applies it once: see [`ExactlyOnce`] for its cost. Call it last, before `send`.
    pub fn exactly_once(self) -> ExactlyOnce<Self>
    where
        C: PutConditionFor<E>,
    {
        ExactlyOnce::new(self)
    }
}

impl<E: Entity, C: Conditioned> Put<E, C> {
    /// Once, with the guards of its unique attributes.
    pub(super) fn sent_once(self) -> ExactlyOnce<Self> {
        let deadline = Write::deadline(&self).map(|deadline| deadline.min(TOKEN_LIFE));
        ExactlyOnce { write: self, deadline }
    }
}

impl<E: Entity, C: Conditioned> Delete<E, C, ReturnNothing> {
    /// Once, with the guards of its unique attributes.
    pub(super) fn sent_once(self) -> ExactlyOnce<Self> {
        ExactlyOnce::new(self)
    }
}

impl<E: Entity, C, R> Update<E, C, R> {
    /// Sends it as a transaction of one action, with a client token that all its attempts carry, so
    /// that DynamoDB applies it once: see [`ExactlyOnce`] for its cost. Call it last, before `send`.
    pub fn exactly_once(self) -> ExactlyOnce<Self>
    where
        C: ConditionFor<E>,
        R: TakesNothingBack,
    {
        ExactlyOnce::new(self)
    }
}

impl<E: Entity, C, R> Delete<E, C, R> {
    /// Sends it as a transaction of one action, with a client token that all its attempts carry, so
    /// that DynamoDB applies it once: see [`ExactlyOnce`] for its cost. Call it last, before `send`.
    pub fn exactly_once(self) -> ExactlyOnce<Self>
    where
        C: ConditionFor<E>,
        R: TakesNothingBack,
    {
        ExactlyOnce::new(self)
    }
}

impl<W> ExactlyOnce<W> {
    fn new(write: W) -> Self {
        Self { write, deadline: None }
    }

    /// The longest that the call may take, with all its attempts, at most 10 minutes.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let count = || Order::update(order(1)).add(Order::TOTAL, 1_u32).if_exists().exactly_once();
    /// count().deadline(Duration::from_secs(2)).send(&client).await?;
    /// assert_eq!(Order::get(order(1)).attribute(Order::TOTAL).send(&client).await?, Some(11));
    ///
    /// let too_long = count().deadline(Duration::from_secs(11 * 60)).send(&client).await;
    /// assert!(too_long.unwrap_err().as_error().is_invalid());
    /// # Ok(()) }
    /// ```
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

/// What cannot be given back: the bound makes the compiler say why.
impl<E: Entity, C> ExactlyOnce<Update<E, C, ReturnNothing>> {
    #[doc(hidden)]
    pub fn returning_new(self) -> Self
    where
        ReturnNew<E>: TakesNothingBack,
    {
        self
    }

    #[doc(hidden)]
    pub fn returning_old(self) -> Self
    where
        ReturnOld<E>: TakesNothingBack,
    {
        self
    }
}

/// As of an update.
impl<E: Entity, C> ExactlyOnce<Delete<E, C, ReturnNothing>> {
    #[doc(hidden)]
    pub fn returning_old(self) -> Self
    where
        ReturnOld<E>: TakesNothingBack,
    {
        self
    }
}

impl<W: SingleWrite> ExactlyOnce<W> {
    /// Sends it.
    ///
    /// # Errors
    /// The condition failed ([`WriteError::is_condition_failed`]), the write is not one that
    /// DynamoDB takes, or the call failed. Where no response came
    /// ([`WriteError::is_outcome_unknown`]) it was applied once or not at all.
    pub async fn send(self, client: &SecureClient) -> Result<W::Output, WriteError<W::Entity>> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the last request, and the attempts of all.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<W::Output>, WriteError<W::Entity>> {
        let now = now(client);
        let deadline = self.deadline.or_else(|| self.write.deadline());
        let read_current = self.write.read_current();
        let guards = self.write.guards(client)?;
        let (request, written) = self.write.into_request(client, now)?;
        let part = request.into_part()?;
        let subject = part.subject;
        let mut actions = vec![TransactionAction { subject, read: read_current, guarded: None }];
        let mut parts = vec![part];
        for GuardPart { part, action } in guards {
            actions.push(action);
            parts.push(part);
        }
        let sending = Sending::of_writes(client, subject, &parts, actions, None, deadline, now)?;
        match sending.send(client).await {
            Ok((_, total)) => Ok(total.map(|()| written)),
            Err(error) => Err(error.into_write_error()),
        }
    }
}

/// What a write that is applied exactly once gives back: nothing.
#[diagnostic::on_unimplemented(
    message = "a write that is applied exactly once gives back no item",
    label = "this asks for one",
    note = "leave out `.returning_new()` and `.returning_old()`, and read the item afterwards; or leave out `.exactly_once()`"
)]
pub trait TakesNothingBack: sealed::Nothing {}

impl TakesNothingBack for ReturnNothing {}

mod sealed {
    pub trait Nothing {}
    impl Nothing for super::ReturnNothing {}
}

/// Shows the write's shape, and no value.
impl<W: fmt::Debug> fmt::Debug for ExactlyOnce<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ExactlyOnce").field(&self.write).finish()
    }
}
