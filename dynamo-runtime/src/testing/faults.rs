//! What goes wrong on purpose.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{oneshot, watch};

/// Faults that wait for the requests they happen to.
///
/// Each call queues one fault for one request: the next one, of that operation, that is properly
/// signed and has not met an earlier fault. So a request lost and its retry held are
/// `lose_response` and then `pause`; what is held can still be lost, by its [`Pause`]. An operation is named as DynamoDB names it, such as
/// `PutItem`.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let faults = engine.faults();
/// let get = async || User::get(User::key("ann")).send_with_metadata(&client).await;
///
/// faults.lose_response("GetItem");
/// assert_eq!(get().await?.attempts, 2); // a read is sent again
///
/// faults.fail("GetItem", 400, "ValidationException");
/// assert_eq!(get().await.unwrap_err().code(), Some("ValidationException"));
///
/// faults.answer("GetItem", "{}");
/// assert_eq!(get().await?.value, None);
///
/// faults.cancel("TransactWriteItems", &["ThrottlingError"]);
/// faults.leave_unprocessed("BatchGetItem", 1);
/// faults.drop_request("GetItem");
/// faults.corrupt_response("GetItem");
/// faults.throttle("GetItem", "TableReadProvisionedThroughputExceeded", "arn:aws:..");
/// faults.delay("GetItem", Duration::from_secs(60));
/// assert_eq!(faults.pending(), 6);
/// faults.clear();
/// assert_eq!(get().await?.attempts, 1);
/// # Ok(()) }
/// ```
#[derive(Default)]
pub struct Faults {
    waiting: Mutex<VecDeque<(String, InjectedFault)>>,
}

pub(super) enum InjectedFault {
    LoseResponse,
    DropRequest,
    Fail { status: u16, code: String },
    Throttle { reason: String, resource: String },
    CorruptResponse,
    Delay(Duration),
    Pause(Gate),
    Cancel { codes: Vec<String> },
    LeaveUnprocessed { applied: usize },
    Answer { json: String },
}

impl Faults {
    /// The next `operation` is applied and its response lost: the connection closes without a
    /// byte of answer.
    pub fn lose_response(&self, operation: &str) {
        self.queue(operation, InjectedFault::LoseResponse);
    }

    /// The next `operation` is not applied: the connection closes without a byte of answer.
    ///
    /// A client cannot tell it from [`lose_response`](Self::lose_response).
    pub fn drop_request(&self, operation: &str) {
        self.queue(operation, InjectedFault::DropRequest);
    }

    /// The next `operation` is not applied, and answered with this HTTP status and error code,
    /// such as 400 and `ProvisionedThroughputExceededException`.
    ///
    /// A status outside 200 to 599 is sent as 500.
    pub fn fail(&self, operation: &str, status: u16, code: &str) {
        let code = code.to_owned();
        self.queue(operation, InjectedFault::Fail { status, code });
    }

    /// The next `operation` is not applied, and answered with `ThrottlingException` for this reason, such as
    /// `TableReadProvisionedThroughputExceeded`, of the table or the index with this Amazon Resource Name.
    pub fn throttle(&self, operation: &str, reason: &str, resource: &str) {
        let (reason, resource) = (reason.to_owned(), resource.to_owned());
        self.queue(operation, InjectedFault::Throttle { reason, resource });
    }

    /// The next `operation` is applied, and one bit of its response flipped, so that the response
    /// no longer agrees with its `x-amz-crc32`.
    ///
    /// Where the body has a letter or a digit, the last of these changes.
    pub fn corrupt_response(&self, operation: &str) {
        self.queue(operation, InjectedFault::CorruptResponse);
    }

    /// The next `operation` is applied at once and answered only after `by`.
    pub fn delay(&self, operation: &str, by: Duration) {
        self.queue(operation, InjectedFault::Delay(by));
    }

    /// The next transaction, `TransactWriteItems` or `TransactGetItems`, is not applied, and
    /// answered as cancelled with a reason of this code for each action, such as `None` and
    /// `TransactionConflict`.
    pub fn cancel(&self, operation: &str, codes: &[&str]) {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        self.queue(operation, InjectedFault::Cancel { codes });
    }

    /// The next batch, `BatchGetItem` or `BatchWriteItem`, is applied but for what comes after its
    /// first keys or writes, so many; the others are answered as unprocessed, as under throttling.
    pub fn leave_unprocessed(&self, operation: &str, applied: usize) {
        self.queue(operation, InjectedFault::LeaveUnprocessed { applied });
    }

    /// The next `operation` is not applied, and answered with this JSON as a success: what DynamoDB
    /// answers and this engine does not.
    pub fn answer(&self, operation: &str, json: &str) {
        self.queue(operation, InjectedFault::Answer { json: json.to_owned() });
    }

    /// The next `operation` is held before it is applied, until the pause is released or dropped.
    ///
    /// A client that gives up meanwhile changes nothing: the request is applied when released, as
    /// one that was delayed on the network.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let pause = engine.faults().pause("GetItem");
    /// let get = User::get(User::key("ann"));
    /// let held = tokio::spawn({
    ///     let client = client.clone();
    ///     async move { get.send(&client).await }
    /// });
    /// pause.reached().await;
    /// assert!(!held.is_finished());
    /// pause.release().done().await;
    /// assert_eq!(held.await??, Some(ann));
    /// # Ok(()) }
    /// ```
    pub fn pause(&self, operation: &str) -> Pause {
        let (reached, held) = watch::channel(false);
        let (release, released) = oneshot::channel();
        let (connection, connected) = oneshot::channel();
        let (held_until, done) = oneshot::channel();
        let gate = Gate { reached, released, connected, held_until };
        self.queue(operation, InjectedFault::Pause(gate));
        Pause { held, release, connection: Some(connection), done }
    }

    /// Forgets the faults that have not happened yet.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The number of faults that have not happened yet.
    pub fn pending(&self) -> usize {
        self.lock().len()
    }

    pub(super) fn take(&self, operation: &str) -> Option<InjectedFault> {
        let mut waiting = self.lock();
        let position = waiting.iter().position(|(of, _)| of == operation)?;
        waiting.remove(position).map(|(_, fault)| fault)
    }

    fn queue(&self, operation: &str, fault: InjectedFault) {
        self.lock().push_back((operation.to_owned(), fault));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, InjectedFault)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("pending", &self.pending()).finish()
    }
}

/// A request that is held, or will be: see [`Faults::pause`].
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let count = || {
///     let (client, key) = (client.clone(), order(1));
///     let update = Order::update(key).add(Order::TOTAL, 1_u32).if_exists();
///     tokio::spawn(async move { update.send(&client).await })
/// };
///
/// let pause = engine.faults().pause("UpdateItem");
/// let held = count();
/// pause.reached().await; // and nothing is applied yet
/// assert_eq!(Order::get(order(1)).attribute(Order::TOTAL).send(&client).await?, Some(10));
/// pause.release().done().await;
/// assert!(held.await?.is_ok());
///
/// let pause = engine.faults().pause("UpdateItem");
/// let held = count();
/// pause.reached().await;
/// pause.fail(400, "ValidationException").done().await;
/// assert!(!held.await?.unwrap_err().is_outcome_unknown());
///
/// let mut pause = engine.faults().pause("UpdateItem");
/// let late = count();
/// pause.reached().await;
/// pause.hang_up();
/// assert!(late.await?.unwrap_err().is_outcome_unknown());
/// pause.release().done().await; // the network delivers it all the same
/// assert_eq!(Order::get(order(1)).attribute(Order::TOTAL).send(&client).await?, Some(12));
/// # Ok(()) }
/// ```
#[must_use = "a pause that is dropped holds nothing"]
pub struct Pause {
    held: watch::Receiver<bool>,
    /// Dropping it releases the request, so a test that fails leaves none held.
    release: oneshot::Sender<InjectedFault>,
    /// What is sent closes the client's connection.
    connection: Option<oneshot::Sender<()>>,
    done: oneshot::Receiver<()>,
}

impl Pause {
    /// Waits until a request is held here, or the engine has stopped.
    pub async fn reached(&self) {
        // An error means that the engine is gone.
        let _ = self.held.clone().wait_for(|held| *held).await;
    }

    /// Lets the request go on to be applied and answered.
    pub fn release(self) -> Released {
        self.meet(None)
    }

    /// Lets the request go on to be applied, and loses its response.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// # let count = || {
    /// #     let (client, key) = (client.clone(), order(1));
    /// #     let update = Order::update(key).add(Order::TOTAL, 1_u32).if_exists();
    /// #     tokio::spawn(async move { update.send(&client).await })
    /// # };
    /// let pause = engine.faults().pause("UpdateItem");
    /// let held = count(); // adds 1 to the total, in a task of its own
    /// pause.reached().await;
    /// pause.lose_response().done().await;
    /// assert!(held.await?.unwrap_err().is_outcome_unknown());
    /// assert_eq!(Order::get(order(1)).attribute(Order::TOTAL).send(&client).await?, Some(11));
    /// # Ok(()) }
    /// ```
    pub fn lose_response(self) -> Released {
        self.meet(Some(InjectedFault::LoseResponse))
    }

    /// Drops the request: it is not applied, and the connection closes without a byte of answer.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// # let count = || {
    /// #     let (client, key) = (client.clone(), order(1));
    /// #     let update = Order::update(key).add(Order::TOTAL, 1_u32).if_exists();
    /// #     tokio::spawn(async move { update.send(&client).await })
    /// # };
    /// let pause = engine.faults().pause("UpdateItem");
    /// let held = count(); // adds 1 to the total, in a task of its own
    /// pause.reached().await;
    /// pause.drop_request().done().await;
    /// assert!(held.await?.unwrap_err().is_outcome_unknown());
    /// assert_eq!(Order::get(order(1)).attribute(Order::TOTAL).send(&client).await?, Some(10));
    /// # Ok(()) }
    /// ```
    pub fn drop_request(self) -> Released {
        self.meet(Some(InjectedFault::DropRequest))
    }

    /// Answers the request, which is not applied, with this HTTP status and error code.
    pub fn fail(self, status: u16, code: &str) -> Released {
        self.meet(Some(InjectedFault::Fail { status, code: code.to_owned() }))
    }

    /// Answers the transaction, which is not applied, as cancelled with a reason of this code for
    /// each action.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let pause = engine.faults().pause("TransactWriteItems");
    /// let transaction = Transaction::new().check_exists(order(1));
    /// let held = tokio::spawn({
    ///     let client = client.clone();
    ///     async move { transaction.send(&client).await }
    /// });
    /// pause.reached().await;
    /// pause.cancel(&["ValidationError"]).done().await;
    /// assert!(held.await?.unwrap_err().reasons()[0].is_invalid());
    /// # Ok(()) }
    /// ```
    pub fn cancel(self, codes: &[&str]) -> Released {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        self.meet(Some(InjectedFault::Cancel { codes }))
    }

    /// Closes the client's connection without a byte of answer, and goes on holding the request,
    /// which is applied when it is released: as one that the network delivers late.
    pub fn hang_up(&mut self) {
        if let Some(connection) = self.connection.take() {
            // An error means that the engine is gone.
            let _ = connection.send(());
        }
    }

    fn meet(self, fault: Option<InjectedFault>) -> Released {
        let Self { release, done, .. } = self;
        if let Some(fault) = fault {
            // An error means that the engine is gone.
            let _ = release.send(fault);
        }
        Released { done }
    }
}

/// A request that is no longer held: made by [`Pause::release`] and its like.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let pause = engine.faults().pause("DeleteItem");
/// let delete = Order::delete(order(1)).if_exists();
/// let held = tokio::spawn({
///     let client = client.clone();
///     async move { delete.send(&client).await }
/// });
/// pause.reached().await;
/// held.abort(); // the caller is gone, and its request is not
/// pause.release().done().await;
/// assert_eq!(Order::get(order(1)).send(&client).await?, None);
/// # Ok(()) }
/// ```
pub struct Released {
    done: oneshot::Receiver<()>,
}

impl Released {
    /// Waits until the request has been applied, or turned out not to be.
    pub async fn done(self) {
        // Done by dropping the sender, which is an error here.
        let _ = self.done.await;
    }
}

impl fmt::Debug for Released {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Released")
    }
}

impl fmt::Debug for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pause").field("reached", &*self.held.borrow()).finish_non_exhaustive()
    }
}

/// The engine's side of a [`Pause`].
pub(super) struct Gate {
    reached: watch::Sender<bool>,
    released: oneshot::Receiver<InjectedFault>,
    connected: oneshot::Receiver<()>,
    held_until: oneshot::Sender<()>,
}

impl Gate {
    /// Holds the request until it is released; gives the fault that it then meets, and what is to be
    /// dropped when it is done. What is to answer it is dropped where its connection is to close.
    pub(super) async fn pass<T>(
        self,
        respond: &mut Option<T>,
    ) -> (Option<InjectedFault>, Option<oneshot::Sender<()>>) {
        let Self { reached, mut released, connected, held_until } = self;
        reached.send_replace(true);
        let fault = tokio::select! {
            biased;
            Ok(()) = connected => {
                *respond = None;
                released.await
            }
            fault = &mut released => fault,
        };
        // Released without a fault by dropping the sender, which is an error here.
        (fault.ok(), Some(held_until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_met_in_order_and_by_operation() {
        let faults = Faults::default();
        faults.drop_request("GetItem");
        faults.lose_response("PutItem");
        faults.drop_request("PutItem");
        assert_eq!(faults.pending(), 3);

        assert!(faults.take("Query").is_none());
        assert!(matches!(faults.take("PutItem"), Some(InjectedFault::LoseResponse)));
        assert!(matches!(faults.take("PutItem"), Some(InjectedFault::DropRequest)));
        assert!(faults.take("PutItem").is_none());
        assert!(matches!(faults.take("GetItem"), Some(InjectedFault::DropRequest)));
        assert_eq!(faults.pending(), 0);
    }
}
