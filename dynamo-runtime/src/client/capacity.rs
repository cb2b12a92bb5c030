//! The capacity that operations consumed, where the client asks for it.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use super::{SecureClient, counters};
use crate::codec::response::consumed_capacity;
use crate::subject::Subject;

/// The capacity that an operation on an entity consumed, all its requests together.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ConsumedCapacity {
    /// The entity's name; `Transaction` or `BatchWrite` where a request is about several.
    pub entity: &'static str,
    /// The operation, as in `User::create`.
    pub operation: &'static str,
    /// The capacity units, of tables and indexes, for reading or for writing as the operation does.
    pub units: f64,
    /// The requests that succeeded.
    pub requests: u64,
}

/// The sums since the client was built.
#[derive(Default)]
pub(super) struct Ledger {
    /// By entity and operation.
    sums: Mutex<BTreeMap<(&'static str, &'static str), Sum>>,
}

#[derive(Clone, Copy, Default)]
struct Sum {
    units: f64,
    requests: u64,
}

impl Ledger {
    fn add(&self, entity: &'static str, operation: &'static str, units: f64) {
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        let sum = sums.entry((entity, operation)).or_default();
        sum.units += units;
        sum.requests += 1;
    }

    fn all(&self) -> Vec<ConsumedCapacity> {
        let sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        sums.iter()
            .map(|((entity, operation), sum)| {
                let Sum { units, requests } = *sum;
                ConsumedCapacity { entity, operation, units, requests }
            })
            .collect()
    }
}

impl SecureClient {
    /// The capacity that was consumed since the client was built, by entity and operation; empty
    /// unless it was built with
    /// [`return_capacity`](super::SecureClientBuilder::return_capacity).
    ///
    /// A request that fails consumes capacity too, and the service does not say how much.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let client = SecureClient::local().engine(&engine).return_capacity().build().await?;
    /// User::get(User::key("ann")).send(&client).await?;
    /// let sums = client.consumed_capacity();
    /// assert_eq!((sums[0].entity, sums[0].operation, sums[0].requests), ("User", "get", 1));
    /// # Ok(()) }
    /// ```
    pub fn consumed_capacity(&self) -> Vec<ConsumedCapacity> {
        self.inner.capacity.as_ref().map(Ledger::all).unwrap_or_default()
    }

    /// Whether each request is to tell what it consumed.
    pub(crate) fn returns_capacity(&self) -> bool {
        self.inner.capacity.is_some()
    }

    /// Adds the capacity that a response says was consumed, and gives it.
    ///
    /// What cannot be read of it is no error, for the operation succeeded.
    pub(super) fn account_for(&self, subject: Subject, body: &[u8]) -> Option<f64> {
        if !self.returns_capacity() {
            return None;
        }
        let units = consumed_capacity(body).ok().flatten()?;
        self.add_capacity(subject.entity, subject.operation, units);
        Some(units)
    }

    pub(super) fn add_capacity(&self, entity: &'static str, operation: &'static str, units: f64) {
        if let Some(ledger) = &self.inner.capacity {
            ledger.add(entity, operation, units);
            counters::add_capacity(entity, operation, units);
        }
    }
}
