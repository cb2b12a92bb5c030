//! The attributes that the library writes itself: versions, times of writes, and the time of expiry.

use std::time::SystemTime;

use super::Entity;
use crate::codec::{Encode as _, Writer};
use crate::key::KeyError;
use crate::value::{EpochSeconds, Revision, TimeForm, Timestamp, Version};

/// The attributes that the library writes itself.
#[doc(hidden)]
pub trait Managed {
    /// The type of its version: a number, where it has none.
    type Revision: Revision;

    /// The first version of an item.
    const FIRST_VERSION: Version = Version::FIRST;

    fn version(&self) -> Option<Self::Revision> {
        None
    }

    fn stamp(&mut self, stamp: &Stamp<Self::Revision>) {
        let _ = stamp;
    }

    /// How the time of the first write is stored.
    const CREATED_AT: StoredTime = StoredTime::OWN;

    /// How the time of the last write is stored.
    const UPDATED_AT: StoredTime = StoredTime::OWN;

    /// Checks the keys of the table and of the indexes against DynamoDB's limits.
    fn check_keys(&self) -> Result<(), KeyError>;
}

/// How a time that the library writes itself is stored.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct StoredTime {
    pub(crate) write: fn(Timestamp, &mut Writer),
    /// Whether it is stored to the microsecond, as a time must be that tells one write from another.
    pub(crate) is_exact: bool,
}

impl StoredTime {
    const OWN: Self = Self { write: |time, writer| time.encode(writer), is_exact: true };

    /// In the form `F`, rounded towards the past.
    pub const fn of<F: TimeForm>() -> Self {
        let write = |time: Timestamp, writer: &mut Writer| F::write(time.floor_to(F::UNIT), writer);
        Self { write, is_exact: F::UNIT == 1 }
    }
}

/// The values of the managed attributes for one write.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Stamp<R> {
    now: Timestamp,
    version: R,
    is_new: bool,
}

impl<R: Clone> Stamp<R> {
    /// The version that the write gives.
    pub fn version(&self) -> R {
        self.version.clone()
    }
}

impl<R: Revision> Stamp<R> {
    pub(crate) fn created(now: Timestamp, version: R) -> Self {
        Self { now, version, is_new: true }
    }

    /// Of an item that is there already, or may be.
    pub(crate) fn written(now: Timestamp, version: R) -> Self {
        Self { now, version, is_new: false }
    }

    /// Whether the item has something that this write alone gives it: a token, or a time to the
    /// microsecond.
    pub(crate) fn marks_the_write<E: Entity<Revision = R>>(&self) -> bool {
        if R::IS_OF_ONE_WRITE && E::SCHEMA.version.is_some() {
            return true;
        }
        let is_stored = |name: Option<_>, time: StoredTime| name.is_some() && time.is_exact;
        is_stored(E::SCHEMA.updated_at, E::UPDATED_AT)
            || (self.is_new && is_stored(E::SCHEMA.created_at, E::CREATED_AT))
    }
}

/// A version that is counted: a [`Version`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number, so it starts at none",
    label = "not counted",
    note = "remove `starts_at`, or use `Version` for the field"
)]
pub trait CountedVersion {}

impl CountedVersion for Version {}

/// The first version, where it is not 1.
pub const fn first_version<V: CountedVersion>(number: u64) -> Version {
    Version::new(number)
}

/// A field that can hold the time of a write: a [`Timestamp`].
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the time of a write",
    label = "not a time",
    note = "use `Timestamp` for the field with `#[dynamo(created_at)]` or `#[dynamo(updated_at)]`"
)]
pub trait TimeField: sealed::Known {
    fn stamp_creation<R>(&mut self, stamp: &Stamp<R>);

    fn stamp_write<R>(&mut self, stamp: &Stamp<R>);

    /// As the form `F` stores it.
    fn stamp_creation_in<F: TimeForm, R>(&mut self, stamp: &Stamp<R>);

    /// As the form `F` stores it.
    fn stamp_write_in<F: TimeForm, R>(&mut self, stamp: &Stamp<R>);
}

impl TimeField for Timestamp {
    fn stamp_creation<R>(&mut self, stamp: &Stamp<R>) {
        if stamp.is_new {
            *self = stamp.now;
        }
    }

    fn stamp_write<R>(&mut self, stamp: &Stamp<R>) {
        *self = stamp.now;
    }

    fn stamp_creation_in<F: TimeForm, R>(&mut self, stamp: &Stamp<R>) {
        if stamp.is_new {
            self.stamp_write_in::<F, R>(stamp);
        }
    }

    fn stamp_write_in<F: TimeForm, R>(&mut self, stamp: &Stamp<R>) {
        *self = stamp.now.floor_to(F::UNIT);
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
    fn stamp<R>(&mut self, stamp: &Stamp<R>);
}

impl Expiry for Timestamp {
    type Encoding = EpochSeconds;

    fn stamp<R>(&mut self, _: &Stamp<R>) {
        *self = Self::from_epoch_seconds(self.epoch_seconds()).unwrap_or(*self);
    }
}

impl Expiry for Option<Timestamp> {
    type Encoding = EpochSeconds;

    fn stamp<R>(&mut self, stamp: &Stamp<R>) {
        if let Some(timestamp) = self {
            timestamp.stamp(stamp);
        }
    }
}

/// Which types the library can write itself is known here: another one could keep its version or its
/// expiry to itself.
mod sealed {
    pub trait Known {}
    impl Known for super::Timestamp {}
    impl Known for Option<super::Timestamp> {}
}

/// The current time, as far as a [`Timestamp`] can hold it.
pub(crate) fn timestamp(now: SystemTime) -> Timestamp {
    Timestamp::try_from(now).unwrap_or_else(|_| Timestamp::now())
}
