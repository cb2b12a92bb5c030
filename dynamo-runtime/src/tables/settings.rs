//! What a table has that no entity tells.

use std::collections::BTreeMap;

use crate::stream::StreamView;

/// What a table has that no entity tells: its protection, backups, encryption, streams and limits.
///
/// What is not set is left to DynamoDB when a table is made, and to itself when it is verified; but
/// for the protection against deletion, which a new table has unless it is turned off here.
///
/// ```
/// use dynamo_runtime::tables::{StreamView, TableSettings};
///
/// let settings = TableSettings::new()
///     .point_in_time_recovery(35)
///     .stream(StreamView::NewAndOldImages)
///     .tag("team", "orders");
/// assert_eq!(settings.recovery_days(), Some(35));
/// ```
///
/// A schema has them in what it makes, and in what it exports:
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Encryption, Schema, TableClass, TableSettings};
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// let settings = TableSettings::new()
///     .without_deletion_protection()
///     .encryption(Encryption::CustomerManaged("alias/users".into()))
///     .class(TableClass::InfrequentAccess)
///     .max_throughput(1_000, 500) // read and write request units a second
///     .warm_throughput(12_000, 4_000)
///     .resource_policy(r#"{"Version":"2012-10-17","Statement":[]}"#);
/// let template = Schema::of::<User>()?.settings::<User>(settings).to_cloud_formation()?;
/// for member in [
///     r#""DeletionProtectionEnabled": false"#,
///     r#""KMSMasterKeyId": "alias/users""#,
///     r#""TableClass": "STANDARD_INFREQUENT_ACCESS""#,
///     r#""MaxReadRequestUnits": 1000"#,
///     r#""WriteUnitsPerSecond": 4000"#,
///     r#""ResourcePolicy""#,
/// ] {
///     assert!(template.contains(member), "{member}");
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "settings are given to a schema: `schema.settings::<User>(..)`"]
pub struct TableSettings {
    pub(super) is_unprotected: bool,
    pub(super) recovery_days: Option<u16>,
    pub(super) encryption: Option<Encryption>,
    pub(super) stream: Option<StreamView>,
    pub(super) class: Option<TableClass>,
    pub(super) max_throughput: Option<Throughput>,
    pub(super) warm_throughput: Option<Throughput>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) resource_policy: Option<String>,
}

/// Which key encrypts a table at rest; without one it is DynamoDB's own.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encryption {
    /// The key of the account that KMS manages for DynamoDB.
    AwsManaged,
    /// A key of one's own: its id, ARN or alias.
    CustomerManaged(String),
}

/// What a table's storage costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableClass {
    /// For tables that are used.
    Standard,
    /// For tables that are mostly stored.
    InfrequentAccess,
}

/// Request units per second, for reading and for writing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Throughput {
    /// Read request units.
    pub reads: u64,
    /// Write request units.
    pub writes: u64,
}

impl TableSettings {
    pub(super) const DEFAULT: Self = Self {
        is_unprotected: false,
        recovery_days: None,
        encryption: None,
        stream: None,
        class: None,
        max_throughput: None,
        warm_throughput: None,
        tags: BTreeMap::new(),
        resource_policy: None,
    };

    /// As DynamoDB makes a table on demand, and protected against deletion.
    pub fn new() -> Self {
        Self::DEFAULT
    }

    /// Lets a new table be deleted by one call, as one of a test.
    pub fn without_deletion_protection(mut self) -> Self {
        self.is_unprotected = true;
        self
    }

    /// Keeps backups, from which each second of the last days can be restored: 1 to 35 of them.
    ///
    /// Source: [Point-in-time recovery](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/PointInTimeRecovery_Howitworks.html).
    pub fn point_in_time_recovery(mut self, days: u16) -> Self {
        self.recovery_days = Some(days);
        self
    }

    /// The days of the backups that are kept, if any are.
    pub fn recovery_days(&self) -> Option<u16> {
        self.recovery_days
    }

    /// Which key encrypts the table.
    pub fn encryption(mut self, encryption: Encryption) -> Self {
        self.encryption = Some(encryption);
        self
    }

    /// Records each change in a stream.
    pub fn stream(mut self, view: StreamView) -> Self {
        self.stream = Some(view);
        self
    }

    /// What its storage costs.
    pub fn class(mut self, class: TableClass) -> Self {
        self.class = Some(class);
        self
    }

    /// The most that it takes before it throttles, so that a mistake has a bounded price.
    ///
    /// Source: [Maximum throughput for on-demand tables](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html).
    pub fn max_throughput(mut self, reads: u64, writes: u64) -> Self {
        self.max_throughput = Some(Throughput { reads, writes });
        self
    }

    /// What it takes at once, before it has grown by use. It can be raised and never lowered.
    ///
    /// Source: [Warm throughput](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html).
    pub fn warm_throughput(mut self, reads: u64, writes: u64) -> Self {
        self.warm_throughput = Some(Throughput { reads, writes });
        self
    }

    /// A tag, as for who pays.
    pub fn tag(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.tags.insert(key.into(), value.into());
        self
    }

    /// The policy of the table itself, as a JSON document.
    pub fn resource_policy(mut self, document: impl Into<String>) -> Self {
        self.resource_policy = Some(document.into());
        self
    }
}

impl Default for TableSettings {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl TableClass {
    /// DynamoDB's name of it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Standard => "STANDARD",
            Self::InfrequentAccess => "STANDARD_INFREQUENT_ACCESS",
        }
    }
}
