//! Writes on several items of which all are applied or none.

mod check;
mod get;
mod parts;
mod request;
mod sending;
mod slots;

use std::fmt;
use std::time::Duration;

pub use self::get::{TransactionGet, TransactionGets};
use self::parts::{Invalid, TransactionParts};
pub(super) use self::request::TOKEN_LIFE;
use self::request::check_token;
pub(super) use self::sending::Sending;
pub use self::slots::{AddTo, Many, One, OneMore, Slot, Slots};
use super::conditioned::{ConditionFor, PutConditionFor};
use super::create::Create;
use super::delete::Delete;
use super::guards::now;
use super::put::Put;
use super::response::Response;
use super::returning::ReturnNothing;
use super::update::Update;
use super::write::AnyWrite;
use crate::client::SecureClient;
use crate::entity::{Entity, Key};
use crate::error::{Error, TransactionError};
use crate::expression::IntoCondition;
use crate::subject::Subject;
use crate::value::Timestamp;

const SUBJECT: Subject = Subject { entity: "Transaction", operation: "write" };

/// Writes on several items, of whatever entities, of which all are applied or none.
///
/// Its actions are the same values as the single operations, under the same conditions. `W` is
/// what it gives back: the entities that `create`, `put` and `replace` write, in their order; the
/// other actions do not change its type, so they can be added in a loop.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "accounts")]
/// # struct Account { #[dynamo(partition_key)] owner: String, balance: u64 }
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "payments")]
/// # struct Payment { #[dynamo(partition_key)] id: String, amount: u64 }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let client = SecureClient::local().table::<Account>().table::<Payment>().build().await?;
/// # Account::create(Account { owner: "ann".into(), balance: 10 }).send(&client).await?;
/// let pay = |id: &str, amount| {
///     Transaction::new()
///         .create(Payment { id: id.to_owned(), amount })
///         .update(
///             Account::update(Account::key("ann"))
///                 .subtract(Account::BALANCE, amount)
///                 .condition(Account::BALANCE.ge(amount)),
///         )
/// };
/// let (payment,) = pay("p1", 7).send(&client).await?;
/// assert_eq!(payment.amount, 7);
///
/// let error = pay("p2", 7).send(&client).await.unwrap_err();
/// let [payment, account] = error.reasons() else { unreachable!() };
/// assert!(payment.is_none() && account.is_condition_failed());
/// assert_eq!(account.current::<Account>().map(|account| account.balance), Some(3));
/// # Ok(()) })
/// # }
/// ```
///
/// Source: [TransactWriteItems](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html).
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Transaction<W = ()> {
    written: W,
    others: Vec<(usize, Box<dyn AnyWrite<()>>)>,
    count: usize,
    client_token: Option<String>,
    deadline: Option<Duration>,
}

impl Transaction {
    /// Without an action yet.
    pub fn new() -> Self {
        Self { written: (), others: Vec::new(), count: 0, client_token: None, deadline: None }
    }

    /// Reads several items, of whatever entities, as they are at one moment: a tuple, an array or
    /// a `Vec` of [`Operations::get`](crate::Operations::get)s gives one of `Option`s.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let reads = (User::get(User::key("ann")), Order::get(order(9)));
    /// let (user, order) = Transaction::get(reads).send(&client).await?;
    /// assert_eq!((user, order), (Some(ann), None));
    /// # Ok(()) }
    /// ```
    pub fn get<G: TransactionGets>(gets: G) -> TransactionGet<G> {
        TransactionGet::new(gets)
    }
}

impl Default for Transaction {
    fn default() -> Self {
        Self::new()
    }
}

impl<W> Transaction<W> {
    /// Writes a new item, as [`Operations::create`](crate::Operations::create).
    pub fn create<E: Entity>(self, entity: E) -> Transaction<<One<E> as AddTo<W>>::Output>
    where
        One<E>: AddTo<W>,
    {
        self.one(One::new(Create::new(entity)))
    }

    /// Writes new items, any number of them.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let orders = (4..6).map(|number| Order { customer: "ann".into(), number, ..Order::default() });
    /// let (orders,) = Transaction::new().create_all(orders).send(&client).await?;
    /// assert_eq!(orders.len(), 2);
    /// # Ok(()) }
    /// ```
    pub fn create_all<E: Entity>(
        self,
        entities: impl IntoIterator<Item = E>,
    ) -> Transaction<<Many<E> as AddTo<W>>::Output>
    where
        Many<E>: AddTo<W>,
    {
        let writes = entities.into_iter().map(|entity| One::new(Create::new(entity)));
        self.many(writes)
    }

    /// Writes a whole item under a condition: `.put(User::put(user).condition(..))`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let put = User::put(ann).condition(User::EMAIL.eq("ann@example.com"));
    /// let delete = Order::delete(order(1)).if_exists();
    /// let (ann,) = Transaction::new().put(put).delete(delete).send(&client).await?;
    /// assert_eq!(ann.version, Version::new(2));
    /// # Ok(()) }
    /// ```
    pub fn put<E: Entity, C: PutConditionFor<E> + 'static>(
        self,
        put: Put<E, C>,
    ) -> Transaction<<One<E> as AddTo<W>>::Output>
    where
        One<E>: AddTo<W>,
    {
        self.one(One::new(put))
    }

    /// Writes whole items, each under its condition.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let open = Order::query("ann").items(&client).collect().await?;
    /// let close = open.into_iter().map(|order| {
    ///     Order::put(Order { status: None, ..order }).condition(Order::STATUS.eq("open"))
    /// });
    /// let (closed,) = Transaction::new().put_all(close).send(&client).await?;
    /// assert_eq!(closed.len(), 3);
    /// # Ok(()) }
    /// ```
    pub fn put_all<E: Entity, C: PutConditionFor<E> + 'static>(
        self,
        puts: impl IntoIterator<Item = Put<E, C>>,
    ) -> Transaction<<Many<E> as AddTo<W>>::Output>
    where
        Many<E>: AddTo<W>,
    {
        self.many(puts.into_iter().map(One::new))
    }

    /// Writes a whole item over one that exists, as
    /// [`Operations::replace`](crate::Operations::replace).
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let (ann,) = Transaction::new().replace(ann).check_exists(order(1)).send(&client).await?;
    /// assert_eq!(ann.version, Version::new(2));
    /// # Ok(()) }
    /// ```
    pub fn replace<E: Entity>(self, entity: E) -> Transaction<<One<E> as AddTo<W>>::Output>
    where
        One<E>: AddTo<W>,
    {
        self.one(One::new(Put::replace(entity)))
    }

    /// Changes attributes of an item under a condition:
    /// `.update(User::update(key).set(..).if_exists())`.
    pub fn update<E: Entity, C, R>(self, update: Update<E, C, R>) -> Self
    where
        C: ConditionFor<E> + 'static,
        R: GivesNothingBack + 'static,
    {
        self.other(update)
    }

    /// Deletes an item under a condition: `.delete(User::delete(key).if_exists())`.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let delete = |number| Order::delete(order(number)).condition(Order::STATUS.eq("open"));
    /// Transaction::new().delete(delete(1)).delete(delete(2)).send(&client).await?;
    /// assert_eq!(Order::query("ann").count(&client).await?, 1);
    /// # Ok(()) }
    /// ```
    pub fn delete<E: Entity, C, R>(self, delete: Delete<E, C, R>) -> Self
    where
        C: ConditionFor<E> + 'static,
        R: GivesNothingBack + 'static,
    {
        self.other(delete)
    }

    /// Requires that the item exists and fulfils the condition, and writes nothing to it.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let move_total = Transaction::new()
    ///     .check(order(1), Order::STATUS.eq("closed"))
    ///     .update(Order::update(order(2)).add(Order::TOTAL, 1_u32).if_exists());
    /// let error = move_total.send(&client).await.unwrap_err();
    /// assert!(error.reasons()[0].is_condition_failed()); // nothing was written
    /// # Ok(()) }
    /// ```
    pub fn check<K: Key>(self, key: K, condition: impl IntoCondition<K::Entity>) -> Self {
        let condition = condition.into_condition().into_fragment();
        self.other(check::ConditionCheck::fulfils(key, condition))
    }

    /// Requires that the item exists, and writes nothing to it.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let bill = Order { customer: "bob".into(), number: 1, ..Order::default() };
    /// let transaction = Transaction::new().check_exists(User::key("bob")).create(bill);
    /// assert!(transaction.send(&client).await.unwrap_err().reasons()[0].is_absent());
    /// # Ok(()) }
    /// ```
    pub fn check_exists<K: Key>(self, key: K) -> Self {
        self.other(check::ConditionCheck::exists(key))
    }

    /// Requires that there is no such item, or only an expired one.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let bill = Order { customer: "ann".into(), number: 9, ..Order::default() };
    /// let (bill,) = Transaction::new().check_absent(order(8)).create(bill).send(&client).await?;
    /// assert_eq!(bill.number, 9);
    /// # Ok(()) }
    /// ```
    pub fn check_absent<K: Key>(self, key: K) -> Self {
        self.other(check::ConditionCheck::absent(key))
    }

    /// The client token by which DynamoDB recognizes a duplicate of the transaction for 10 minutes,
    /// and does not apply it twice: 1 to 36 characters. By default a random one is made when it is sent.
    ///
    /// It is for a caller that may begin again from the start, as after a crash. The actions must
    /// be identical byte for byte, so without managed times or an expiry, which change with the clock.
    /// A transaction that creates an item with a key of the caller's is safe without it.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let count = || {
    ///     let update = Order::update(order(1)).add(Order::TOTAL, 1_u32).if_exists();
    ///     Transaction::new().update(update).client_token("import-42").deadline(Duration::from_secs(2))
    /// };
    /// count().send(&client).await?;
    /// count().send(&client).await?; // the same one again
    /// let total = Order::get(order(1)).attribute(Order::TOTAL).send(&client).await?;
    /// assert_eq!(total, Some(11));
    /// # Ok(()) }
    /// ```
    pub fn client_token(mut self, token: impl Into<String>) -> Self {
        self.client_token = Some(token.into());
        self
    }

    /// The longest that it may take, with all its tries, at most 10 minutes; the client's own
    /// deadline by default. An action's deadline counts too.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    fn one<E: Entity>(mut self, one: One<E>) -> Transaction<<One<E> as AddTo<W>>::Output>
    where
        One<E>: AddTo<W>,
    {
        let one = one.at(self.next());
        self.with(|written| one.add_to(written))
    }

    fn many<E: Entity>(
        mut self,
        writes: impl Iterator<Item = One<E>>,
    ) -> Transaction<<Many<E> as AddTo<W>>::Output>
    where
        Many<E>: AddTo<W>,
    {
        let many = Many::new(writes.map(|one| one.at(self.next())).collect());
        self.with(|written| many.add_to(written))
    }

    fn other(mut self, write: impl AnyWrite<()> + 'static) -> Self {
        let position = self.next();
        self.others.push((position, Box::new(write)));
        self
    }

    fn next(&mut self) -> usize {
        self.count += 1;
        self.count - 1
    }

    fn with<V>(self, append: impl FnOnce(W) -> V) -> Transaction<V> {
        let Self { written, others, count, client_token, deadline } = self;
        Transaction { written: append(written), others, count, client_token, deadline }
    }
}

impl<W: Slots> Transaction<W> {
    /// Sends it, and gives the entities as they were written.
    ///
    /// It carries a client token, so that DynamoDB applies it once, however often it is sent. A
    /// conflict with another request, and throttling, is retried after a random pause; a failed
    /// condition is not.
    ///
    /// # Errors
    /// It is not one that DynamoDB takes: the same item twice, more than 100 actions, more than 4
    /// MB. Or the service cancelled it, with a [reason](TransactionError::reasons) for each action;
    /// or the call failed.
    pub async fn send(self, client: &SecureClient) -> Result<W::Entities, TransactionError> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the last request, and the attempts of all.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// engine.faults().lose_response("TransactWriteItems");
    /// let response = Transaction::new().replace(ann).send_with_metadata(&client).await?;
    /// assert_eq!((response.attempts, response.value.0.version), (2, Version::new(2)));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<W::Entities>, TransactionError> {
        let (sending, entities) = self.prepare(client, now(client))?;
        let (_, total) = sending.send(client).await?;
        Ok(total.map(|()| entities))
    }

    fn prepare(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Sending<'_>, W::Entities), Error> {
        let Self { written, others, count, client_token, deadline } = self;
        let mut actions = TransactionParts::new(client, now, count, deadline);
        let entities = written.write(&mut actions);
        let others =
            others.into_iter().try_for_each(|(position, write)| actions.add(position, write));
        let entities = match (entities, others) {
            (Ok(entities), Ok(())) => entities,
            (Err(one), Err(other)) => return Err(one.first(other)),
            (Err(Invalid { error, .. }), _) | (_, Err(Invalid { error, .. })) => return Err(error),
        };
        let token = client_token.as_deref().map(check_token).transpose()?;
        Ok((actions.into_sending(token)?, entities))
    }
}

/// Shows how many actions, and no value.
impl<W> fmt::Debug for Transaction<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("actions", &self.count).finish_non_exhaustive()
    }
}

/// What an update or a delete gives back in a transaction: nothing.
#[diagnostic::on_unimplemented(
    message = "a transaction gives back no item of an update or a delete",
    label = "this asks for one",
    note = "leave out `.returning_new()` and `.returning_old()`, and read the item after the transaction"
)]
pub trait GivesNothingBack: sealed::Nothing {}

impl GivesNothingBack for ReturnNothing {}

mod sealed {
    pub trait Nothing {}
    impl Nothing for super::ReturnNothing {}
}
