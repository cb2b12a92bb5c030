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
/// `lose_response` and then `pause`. An operation is named as DynamoDB names it, such as
/// `PutItem`.
#[derive(Default)]
pub struct Faults {
    waiting: Mutex<VecDeque<(String, Fault)>>,
}

pub(super) enum Fault {
    LoseResponse,
    DropRequest,
    Fail { status: u16, code: String },
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
        self.queue(operation, Fault::LoseResponse);
    }

    /// The next `operation` is not applied: the connection closes without a byte of answer.
    ///
    /// A client cannot tell it from [`lose_response`](Self::lose_response).
    pub fn drop_request(&self, operation: &str) {
        self.queue(operation, Fault::DropRequest);
    }

    /// The next `operation` is not applied, and answered with this HTTP status and error code,
    /// such as 400 and `ProvisionedThroughputExceededException`.
    ///
    /// A status outside 200 to 599 is sent as 500.
    pub fn fail(&self, operation: &str, status: u16, code: &str) {
        let code = code.to_owned();
        self.queue(operation, Fault::Fail { status, code });
    }

    /// The next `operation` is applied, and one bit of its response flipped, so that the response
    /// no longer agrees with its `x-amz-crc32`.
    ///
    /// Where the body has a letter or a digit, the last of these changes.
    pub fn corrupt_response(&self, operation: &str) {
        self.queue(operation, Fault::CorruptResponse);
    }

    /// The next `operation` is applied at once and answered only after `by`.
    pub fn delay(&self, operation: &str, by: Duration) {
        self.queue(operation, Fault::Delay(by));
    }

    /// The next transaction, `TransactWriteItems` or `TransactGetItems`, is not applied, and
    /// answered as cancelled with a reason of this code for each action, such as `None` and
    /// `TransactionConflict`.
    pub fn cancel(&self, operation: &str, codes: &[&str]) {
        let codes = codes.iter().map(|code| (*code).to_owned()).collect();
        self.queue(operation, Fault::Cancel { codes });
    }

    /// The next batch, `BatchGetItem` or `BatchWriteItem`, is applied but for what comes after its
    /// first keys or writes, so many; the others are answered as unprocessed, as under throttling.
    pub fn leave_unprocessed(&self, operation: &str, applied: usize) {
        self.queue(operation, Fault::LeaveUnprocessed { applied });
    }

    /// The next `operation` is not applied, and answered with this JSON as a success: what DynamoDB
    /// answers and this engine does not.
    pub fn answer(&self, operation: &str, json: &str) {
        self.queue(operation, Fault::Answer { json: json.to_owned() });
    }

    /// The next `operation` is held before it is applied, until the pause is released or dropped.
    ///
    /// A client that gives up meanwhile changes nothing: the request is applied when released, as
    /// one that was delayed on the network.
    pub fn pause(&self, operation: &str) -> Pause {
        let (reached, held) = watch::channel(false);
        let (release, released) = oneshot::channel();
        self.queue(operation, Fault::Pause(Gate { reached, released }));
        Pause { held, _release: release }
    }

    /// Forgets the faults that have not happened yet.
    pub fn clear(&self) {
        self.lock().clear();
    }

    /// The number of faults that have not happened yet.
    pub fn pending(&self) -> usize {
        self.lock().len()
    }

    pub(super) fn take(&self, operation: &str) -> Option<Fault> {
        let mut waiting = self.lock();
        let position = waiting.iter().position(|(of, _)| of == operation)?;
        waiting.remove(position).map(|(_, fault)| fault)
    }

    fn queue(&self, operation: &str, fault: Fault) {
        self.lock().push_back((operation.to_owned(), fault));
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<(String, Fault)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Faults").field("pending", &self.pending()).finish()
    }
}

/// A request that is held, or will be: see [`Faults::pause`].
#[must_use = "a pause that is dropped holds nothing"]
pub struct Pause {
    held: watch::Receiver<bool>,
    /// Dropping it releases the request, so a test that fails leaves none held.
    _release: oneshot::Sender<()>,
}

impl Pause {
    /// Waits until a request is held here, or the engine has stopped.
    pub async fn reached(&self) {
        // An error means that the engine is gone.
        let _ = self.held.clone().wait_for(|held| *held).await;
    }

    /// Lets the request go on to be applied and answered.
    pub fn release(self) {}
}

impl fmt::Debug for Pause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pause").field("reached", &*self.held.borrow()).finish_non_exhaustive()
    }
}

/// The engine's side of a [`Pause`].
pub(super) struct Gate {
    reached: watch::Sender<bool>,
    released: oneshot::Receiver<()>,
}

impl Gate {
    pub(super) async fn pass(self) {
        self.reached.send_replace(true);
        // Released by dropping the sender, which is an error here.
        let _ = self.released.await;
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
        assert!(matches!(faults.take("PutItem"), Some(Fault::LoseResponse)));
        assert!(matches!(faults.take("PutItem"), Some(Fault::DropRequest)));
        assert!(faults.take("PutItem").is_none());
        assert!(matches!(faults.take("GetItem"), Some(Fault::DropRequest)));
        assert_eq!(faults.pending(), 0);
    }
}
