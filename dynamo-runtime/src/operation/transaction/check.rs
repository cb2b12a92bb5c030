//! What an item must fulfil that the transaction does not write.

use std::time::Duration;

use crate::client::{Api, SecureClient};
use crate::entity::Key;
use crate::error::{Error, ReadCurrent, read_current};
use crate::expression::Fragment;
use crate::operation::guards::Guards;
use crate::operation::request::Request;
use crate::operation::write::Write;
use crate::value::Timestamp;

pub(super) struct ConditionCheck<K> {
    key: K,
    required: Required,
}

enum Required {
    Absent,
    /// It exists, is alive and fulfils this.
    Present(Guards),
}

impl<K: Key> ConditionCheck<K> {
    pub(super) fn exists(key: K) -> Self {
        Self { key, required: Required::Present(Guards::default()) }
    }

    pub(super) fn fulfils(key: K, condition: Fragment) -> Self {
        let mut guards = Guards::default();
        guards.add(condition);
        Self { key, required: Required::Present(guards) }
    }

    pub(super) fn absent(key: K) -> Self {
        Self { key, required: Required::Absent }
    }
}

impl<K: Key> Write for ConditionCheck<K> {
    type Written = ();

    fn into_request(
        self,
        client: &SecureClient,
        now: Timestamp,
    ) -> Result<(Request<'_>, ()), Error> {
        let mut guards = Guards::default();
        let operation = match self.required {
            Required::Absent => {
                guards.absent_or_expired::<K::Entity>(now);
                "check_absent"
            }
            Required::Present(required) => {
                guards.item_exists::<K::Entity>();
                guards.add(required.into_fragment());
                guards.alive::<K::Entity>(now);
                "check"
            }
        };
        let mut request = Request::new::<K::Entity>(client, Api::TransactWriteItems, operation, 0);
        request.key(&self.key)?;
        request.condition(&guards.into_fragment())?;
        Ok((request, ()))
    }

    fn deadline(&self) -> Option<Duration> {
        None
    }

    fn read_current(&self) -> ReadCurrent {
        read_current::<K::Entity>
    }
}
