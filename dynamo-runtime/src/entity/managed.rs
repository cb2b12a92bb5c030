//! The attributes that the library writes itself: versions, times of writes, and the time of expiry.

use std::time::SystemTime;

use super::Entity;
use crate::key::KeyError;
use crate::value::{EpochSeconds, Timestamp, Version};

/// The attributes that the library writes itself.
#[doc(hidden)]
pub trait Managed {
    fn version(&self) -> Option<Version> {
        None
    }

    fn stamp(&mut self, stamp: &Stamp) {
        let _ = stamp;
    }

    /// Checks the keys of the table and of the indexes against DynamoDB's limits.
    fn check_keys(&self) -> Result<(), KeyError>;
}

/// The values of the managed attributes for one write.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    now: Timestamp,
    version: Version,
    is_new: bool,
}

impl Stamp {
    pub(crate) fn created(now: Timestamp) -> Self {
        Self { now, version: Version::FIRST, is_new: true }
    }

    /// Of an item that is there already, or may be.
    pub(crate) fn written(now: Timestamp, version: Version) -> Self {
        Self { now, version, is_new: false }
    }

    /// Whether a time of the entity is set to that of the write.
    pub(crate) fn sets_a_time<E: Entity>(&self) -> bool {
        E::SCHEMA.updated_at.is_some() || (self.is_new && E::SCHEMA.created_at.is_some())
    }
}

/// A field that can hold the version: a [`Version`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the version",
    label = "not a version",
    note = "use `Version` for the field with `#[dynamo(version)]`"
)]
pub trait VersionField: sealed::Known {
    fn version(&self) -> Version;

    fn stamp(&mut self, stamp: &Stamp);
}

impl VersionField for Version {
    fn version(&self) -> Version {
        *self
    }

    fn stamp(&mut self, stamp: &Stamp) {
        *self = stamp.version;
    }
}

/// A field that can hold the time of a write: a [`Timestamp`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the time of a write",
    label = "not a time",
    note = "use `Timestamp` for the field with `#[dynamo(created_at)]` or `#[dynamo(updated_at)]`"
)]
pub trait TimeField: sealed::Known {
    fn stamp_creation(&mut self, stamp: &Stamp);

    fn stamp_write(&mut self, stamp: &Stamp);
}

impl TimeField for Timestamp {
    fn stamp_creation(&mut self, stamp: &Stamp) {
        if stamp.is_new {
            *self = stamp.now;
        }
    }

    fn stamp_write(&mut self, stamp: &Stamp) {
        *self = stamp.now;
    }
}

/// A field that can hold the time of expiry: a [`Timestamp`] or an `Option` of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the time of expiry",
    label = "not a time of expiry",
    note = "use `Timestamp` or `Option<Timestamp>` for the field with `#[dynamo(ttl)]`"
)]
pub trait Expiry: sealed::Known {
    #[doc(hidden)]
    type Encoding;

    /// What is stored are whole seconds, so the entity as written has whole seconds too.
    #[doc(hidden)]
    fn stamp(&mut self, stamp: &Stamp);
}

impl Expiry for Timestamp {
    type Encoding = EpochSeconds;

    fn stamp(&mut self, _: &Stamp) {
        *self = Self::from_epoch_seconds(self.epoch_seconds()).unwrap_or(*self);
    }
}

impl Expiry for Option<Timestamp> {
    type Encoding = EpochSeconds;

    fn stamp(&mut self, stamp: &Stamp) {
        if let Some(timestamp) = self {
            timestamp.stamp(stamp);
        }
    }
}

/// Which types the library can write itself is known here: another one could keep its version or its
/// expiry to itself.
mod sealed {
    pub trait Known {}
    impl Known for super::Version {}
    impl Known for super::Timestamp {}
    impl Known for Option<super::Timestamp> {}
}

/// The current time, as far as a [`Timestamp`] can hold it.
pub(crate) fn timestamp(now: SystemTime) -> Timestamp {
    Timestamp::try_from(now).unwrap_or_else(|_| Timestamp::now())
}
