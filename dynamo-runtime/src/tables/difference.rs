//! How a table differs from what its entities describe.

use std::fmt;

/// One thing in which a table differs from what its entities describe, or of which that cannot be
/// told.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Drift, Schema, Severity};
///
/// mod older {
///     # use dynamo_runtime::prelude::*;
///     #[derive(Entity)]
///     #[dynamo(table = "users")]
///     pub struct User {
///         #[dynamo(partition_key)]
///         pub id: u64,
///     }
/// }
///
/// #[derive(Entity)]
/// #[dynamo(table = "users")]
/// struct User {
///     #[dynamo(partition_key)]
///     user_id: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = SecureClient::local().table::<older::User>().build().await?;
/// let differences = Schema::of::<User>()?.differences(&client).await?;
/// let [difference] = &differences[..] else { panic!("one") };
/// assert_eq!(difference.table(), "users");
/// assert!(matches!(difference.drift(), Drift::PrimaryKey { entity: "User", .. }));
/// assert_eq!(difference.severity(), Severity::Breaks);
/// assert_eq!(difference.breaks(), "every operation of `User` fails with ValidationException");
/// assert!(difference.needs_new_table() && difference.mend().contains("keys cannot be changed"));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    pub(super) table: String,
    pub(super) drift: Drift,
}

/// How much a difference matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Severity {
    /// It changes nothing for the entities.
    Harmless,
    /// It cannot be told whether there is one.
    Unknown,
    /// The table is not as was asked for; the entities can be used.
    Drifted,
    /// Operations of the entities fail, or give what is wrong.
    Breaks,
}

/// Why something cannot be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unknown {
    /// The caller lacks this permission.
    Denied(&'static str),
    /// What answers does not know this operation.
    NoOperation(&'static str),
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(missing_docs, reason = "`has` is what the table has, `wants` what was asked for")]
pub enum Drift {
    /// There is no such table.
    NoTable,
    /// The table cannot be used now.
    NotActive { status: String },
    /// It has other keys, or keys of other types.
    PrimaryKey { entity: &'static str, has: String, wants: String },
    /// It lacks an index.
    NoIndex { entity: &'static str, index: &'static str },
    /// An index has other keys.
    IndexKey { entity: &'static str, index: &'static str, has: String, wants: String },
    /// An index of this name is global where a local one is meant, or the other way.
    IndexScope { entity: &'static str, index: &'static str, is_global: bool },
    /// A vector index of this name is another one.
    VectorIndex { entity: &'static str, index: &'static str, has: String, wants: String },
    /// An index cannot be queried now.
    IndexNotActive { index: &'static str, status: String },
    /// An index lacks attributes that the entities read from it.
    Projection { entity: &'static str, index: &'static str, lacks: Vec<String> },
    /// An index holds more than the entities read from it.
    WiderProjection { index: &'static str },
    /// It has an index that none of the entities uses.
    OtherIndex { index: String },
    /// Its items expire by another attribute, or not at all.
    Expiry { has: Option<String>, wants: &'static str },
    /// Its items expire, and the entities know of no expiry.
    OtherExpiry { has: String },
    /// Another stream, or none.
    Stream { has: Option<String>, wants: &'static str },
    /// Another encryption at rest.
    Encryption { has: String, wants: String },
    /// Backups of fewer days, or none.
    Recovery { has: Option<u64>, wants: u16 },
    /// It can be deleted by one call.
    Unprotected,
    /// Another class.
    Class { has: String, wants: &'static str },
    /// Another limit of what it takes, in read and write request units per second.
    MaxThroughput { has: Option<(u64, u64)>, wants: (u64, u64) },
    /// Less that it takes at once.
    WarmThroughput { has: Option<(u64, u64)>, wants: (u64, u64) },
    /// A tag that is not there, or has another value.
    Tag { key: String, has: Option<String>, wants: String },
    /// Another policy of the table itself.
    Policy,
    /// Its capacity is provisioned.
    Provisioned,
    /// A replica cannot be used now.
    Replica { region: String, status: String },
    /// Its replicas are strongly consistent: it takes no transaction, and no local index.
    NoTransactions,
    /// It cannot be told what the table has.
    CannotTell { what: &'static str, because: Unknown },
}

impl Difference {
    pub(super) fn new(table: &str, drift: Drift) -> Self {
        Self { table: table.to_owned(), drift }
    }

    /// The table's physical name.
    pub fn table(&self) -> &str {
        &self.table
    }

    /// What differs.
    pub fn drift(&self) -> &Drift {
        &self.drift
    }

    /// How much it matters.
    pub fn severity(&self) -> Severity {
        match &self.drift {
            Drift::Expiry { has: Some(_), .. }
            | Drift::NoTable
            | Drift::NotActive { .. }
            | Drift::PrimaryKey { .. }
            | Drift::NoIndex { .. }
            | Drift::IndexKey { .. }
            | Drift::IndexScope { .. }
            | Drift::VectorIndex { .. }
            | Drift::IndexNotActive { .. }
            | Drift::OtherExpiry { .. }
            | Drift::Projection { .. } => Severity::Breaks,
            Drift::Expiry { has: None, .. }
            | Drift::Stream { .. }
            | Drift::Encryption { .. }
            | Drift::Recovery { .. }
            | Drift::Unprotected
            | Drift::Class { .. }
            | Drift::MaxThroughput { .. }
            | Drift::WarmThroughput { .. }
            | Drift::Tag { .. }
            | Drift::Policy => Severity::Drifted,
            Drift::CannotTell { .. } => Severity::Unknown,
            Drift::WiderProjection { .. }
            | Drift::OtherIndex { .. }
            | Drift::Provisioned
            | Drift::Replica { .. }
            | Drift::NoTransactions => Severity::Harmless,
        }
    }

    /// Whether no change of the table mends it: it takes a new one.
    pub fn needs_new_table(&self) -> bool {
        matches!(self.drift, Drift::PrimaryKey { .. })
            || matches!(self.drift, Drift::IndexScope { is_global: true, .. })
    }

    /// What it breaks.
    pub fn breaks(&self) -> String {
        match &self.drift {
            Drift::NoTable => "every operation fails with ResourceNotFoundException".into(),
            Drift::NotActive { .. } => "operations fail until it is active".into(),
            Drift::PrimaryKey { entity, .. } => {
                format!("every operation of `{entity}` fails with ValidationException")
            }
            Drift::NoIndex { entity, index } | Drift::IndexKey { entity, index, .. } => {
                format!(
                    "queries of `{entity}` by the index `{index}` fail with ValidationException"
                )
            }
            Drift::VectorIndex { entity, index, .. } => {
                format!(
                    "searches of `{entity}` by the vector index `{index}` fail, or rank otherwise"
                )
            }
            Drift::IndexScope { entity, index, .. } => {
                format!("queries of `{entity}` by `{index}` are refused or give stale items")
            }
            Drift::IndexNotActive { index, .. } => {
                format!("queries of the index `{index}` fail until it is active")
            }
            Drift::Projection { entity, index, .. } => {
                format!("items of `{entity}` read from the index `{index}` lack attributes")
            }
            Drift::Expiry { has: None, .. } => {
                "what has expired is never deleted, and is paid for; reads leave it out".into()
            }
            Drift::Expiry { has: Some(other), .. } => {
                format!("what has expired is never deleted, and `{other}` deletes items")
            }
            Drift::OtherExpiry { has } => {
                format!("DynamoDB deletes items whose `{has}` is a number that has passed")
            }
            Drift::Stream { .. } => "what reads the stream gets other records, or none".into(),
            Drift::Encryption { .. } => "items are encrypted by another key than was asked".into(),
            Drift::Recovery { .. } => "what is deleted by mistake cannot be restored".into(),
            Drift::Unprotected => "one call deletes the table with all its items".into(),
            Drift::Class { .. } => "it costs more than it needs to".into(),
            Drift::MaxThroughput { .. } => "it throttles earlier or later than was asked".into(),
            Drift::WarmThroughput { .. } => "a sudden load is throttled".into(),
            Drift::Tag { .. } => "who looks for it by its tags does not find it".into(),
            Drift::Policy => "others may do more, or less, than was asked".into(),
            Drift::Provisioned => "it throttles above its provisioned capacity".into(),
            Drift::Replica { .. } => "reads and writes in that region fail".into(),
            Drift::NoTransactions => "a transaction on it fails with ValidationException".into(),
            Drift::WiderProjection { .. } | Drift::OtherIndex { .. } => {
                "nothing; it is paid for".into()
            }
            Drift::CannotTell { .. } => "nothing that is known".into(),
        }
    }

    /// How it is mended.
    pub fn mend(&self) -> String {
        match &self.drift {
            Drift::NoTable => "create it: `schema.create(&client)`".into(),
            Drift::NotActive { .. } | Drift::IndexNotActive { .. } | Drift::Replica { .. } => {
                "wait until it is active".into()
            }
            Drift::PrimaryKey { .. } => {
                "keys cannot be changed: make a table of another name and load the items into it, or correct the entity".into()
            }
            Drift::IndexScope { is_global: true, .. } => {
                "a local index can only be made with its table: make a table of another name, or declare the index global".into()
            }
            Drift::IndexScope { .. }
            | Drift::IndexKey { .. }
            | Drift::VectorIndex { .. }
            | Drift::Projection { .. } => {
                "an index cannot be changed: declare one of another name, add it by a plan, then delete this one".into()
            }
            Drift::Unprotected => {
                "apply a plan; or allow it: `TableSettings::without_deletion_protection`".into()
            }
            Drift::Expiry { has: Some(_), .. } => {
                "turn the other expiry off, wait for an hour, then apply a plan".into()
            }
            Drift::OtherExpiry { has } => {
                format!("give the entities an attribute `{has}` with `#[dynamo(ttl)]`, or turn it off")
            }
            Drift::Encryption { .. } => {
                "apply a plan; DynamoDB takes the change of a key a few times a day".into()
            }
            Drift::WiderProjection { index } => {
                format!("nothing needs to be done; the entities could read more from `{index}`")
            }
            Drift::OtherIndex { index } => {
                format!("verify all entities of the table together; if none uses `{index}`, delete it")
            }
            Drift::NoTransactions => {
                "use no `Transaction` on it; its replicas would have to be eventually consistent".into()
            }
            Drift::Provisioned => "nothing needs to be done".into(),
            Drift::CannotTell { because: Unknown::Denied(permission), .. } => {
                format!("allow `{permission}` on the table")
            }
            Drift::CannotTell { because: Unknown::NoOperation(_), .. } => {
                "ask DynamoDB itself: this engine does not know".into()
            }
            _ => "apply a plan: `schema.plan(&client)`".into(),
        }
    }
}

/// What it is, what it breaks, and how to mend it, in one line.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of_shape(f)?;
        write!(f, " (breaks: {}; mend: {})", self.breaks(), self.mend())
    }
}

impl Difference {
    /// What is told of keys and indexes; the rest is of settings.
    fn of_shape(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = &self.table;
        match &self.drift {
            Drift::NoTable => write!(f, "there is no table `{table}`"),
            Drift::NotActive { status } => write!(f, "the table `{table}` is {status}"),
            Drift::PrimaryKey { entity, has, wants } => {
                write!(
                    f,
                    "the table `{table}` is another one: it has the {has}; `{entity}` has the {wants}"
                )
            }
            Drift::NoIndex { entity, index } => {
                write!(
                    f,
                    "the table `{table}` is another one: it has no index `{index}`, which `{entity}` uses"
                )
            }
            Drift::IndexKey { entity, index, has, wants } => {
                write!(
                    f,
                    "the table `{table}` is another one: its index `{index}` has the {has}; in `{entity}` it has the {wants}"
                )
            }
            Drift::IndexScope { entity, index, is_global } => {
                let (has, wants) =
                    if *is_global { ("global", "local") } else { ("local", "global") };
                write!(
                    f,
                    "the index `{index}` of `{table}` is {has}, and in `{entity}` it is {wants}"
                )
            }
            Drift::VectorIndex { entity, index, has, wants } => {
                write!(
                    f,
                    "the vector index `{index}` of `{table}` is another one: it has the {has}; in `{entity}` it has the {wants}"
                )
            }
            Drift::IndexNotActive { index, status } => {
                write!(f, "the index `{index}` of `{table}` is {status}")
            }
            Drift::Projection { entity, index, lacks } => {
                let lacks = lacks.join("`, `");
                write!(
                    f,
                    "the index `{index}` of `{table}` lacks `{lacks}`, which `{entity}` reads from it"
                )
            }
            Drift::WiderProjection { index } => {
                write!(f, "the index `{index}` of `{table}` holds more than is read from it")
            }
            Drift::OtherIndex { index } => {
                write!(
                    f,
                    "the table `{table}` has an index `{index}` that these entities do not use"
                )
            }
            _ => self.of_settings(f),
        }
    }

    fn of_settings(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = &self.table;
        match &self.drift {
            Drift::Expiry { has: Some(has), wants } => write!(
                f,
                "the items of `{table}` expire by `{has}`, and those of the entity by `{wants}`: a table has one attribute for it"
            )?,
            Drift::Expiry { has: None, wants } => {
                write!(f, "the items of `{table}` do not expire, and are to by `{wants}`")?;
            }
            Drift::OtherExpiry { has } => {
                write!(
                    f,
                    "the items of `{table}` expire by `{has}`, which is no expiry of the entities"
                )?;
            }
            Drift::Stream { has, wants } => {
                let has = has.as_deref().unwrap_or("no stream");
                write!(f, "the table `{table}` has {has}, and is to have the stream {wants}")?;
            }
            Drift::Encryption { has, wants } => {
                write!(f, "the table `{table}` is encrypted by {has}, and is to be by {wants}")?;
            }
            Drift::Recovery { has, wants } => {
                let has = has.unwrap_or_default();
                write!(f, "the table `{table}` keeps backups of {has} days, and is to of {wants}")?;
            }
            Drift::Unprotected => {
                write!(f, "the table `{table}` is not protected against deletion")?;
            }
            Drift::Class { has, wants } => {
                write!(f, "the table `{table}` is of the class {has}, and is to be of {wants}")?;
            }
            Drift::MaxThroughput { has, wants } => {
                write!(
                    f,
                    "the table `{table}` takes at most {}, and is to take {}",
                    units(*has),
                    units(Some(*wants))
                )?;
            }
            Drift::WarmThroughput { has, wants } => {
                write!(
                    f,
                    "the table `{table}` takes at once {}, and is to take {}",
                    units(*has),
                    units(Some(*wants))
                )?;
            }
            Drift::Tag { key, has, wants } => {
                let has = has.as_deref().unwrap_or_default();
                write!(
                    f,
                    "the table `{table}` has the tag `{key}` = `{has}`, and is to have `{wants}`"
                )?;
            }
            Drift::Policy => write!(f, "the table `{table}` has another resource policy")?,
            Drift::Provisioned => write!(f, "the capacity of `{table}` is provisioned")?,
            Drift::Replica { region, status } => {
                write!(f, "the replica of `{table}` in {region} is {status}")?;
            }
            Drift::NoTransactions => {
                write!(f, "the replicas of `{table}` are strongly consistent")?;
            }
            Drift::CannotTell { what, because } => {
                let because = match because {
                    Unknown::Denied(permission) => {
                        format!("the permission `{permission}` is missing")
                    }
                    Unknown::NoOperation(operation) => format!("there is no operation {operation}"),
                };
                write!(f, "cannot tell the {what} of `{table}`: {because}")?;
            }
            _ => {}
        }
        Ok(())
    }
}

fn units(of: Option<(u64, u64)>) -> String {
    match of {
        None => "any number of units".into(),
        Some((reads, writes)) => format!("{reads} read and {writes} write units"),
    }
}
