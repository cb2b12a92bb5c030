//! The shape of stored items, written down, so that a change which breaks what is stored is seen.

mod changes;
mod facts;
mod file;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use super::schema::{Contradiction, Schema};
use crate::entity::Entities;

pub use changes::SchemaChange;

/// What `check` does besides: see [`check`].
const VARIABLE: &str = "SCHEMA_LOCK";

/// The facts of a schema on which stored items depend, each a line of `schema.lock.json`.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Lock, Schema};
///
/// mod before {
///     # use dynamo_runtime::prelude::*;
///     #[derive(Entity)]
///     #[dynamo(table = "users")]
///     pub struct User {
///         #[dynamo(partition_key)]
///         pub user_id: String,
///         pub age: u32,
///     }
/// }
///
/// #[derive(Entity)]
/// #[dynamo(table = "users")]
/// struct User {
///     #[dynamo(partition_key)]
///     user_id: String,
///     age: u8, // there may be greater ones
///     nickname: Option<String>, // old items have none, which is well
/// }
///
/// let before = Lock::of(&Schema::of::<before::User>()?);
/// let now = Lock::of(&Schema::of::<User>()?);
/// let changes = now.since(&before);
/// let breaking: Vec<_> = changes.iter().filter(|change| change.is_breaking()).collect();
/// assert_eq!(breaking.len(), 1);
/// assert!(breaking[0].to_string().starts_with("`User.age` was `N 0..=4294967295` and is `N 0..=255`"));
/// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    pub(super) facts: BTreeMap<String, String>,
    /// The breaking changes that were accepted, each with its reason.
    pub(super) accepted: BTreeMap<String, String>,
}

impl Lock {
    /// The facts of a schema.
    pub fn of(schema: &Schema) -> Self {
        Self { facts: facts::of(schema), accepted: BTreeMap::new() }
    }

    /// Each fact with its value.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Lock, Schema};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let lock = Lock::of(&Schema::of::<User>()?);
    /// assert!(lock.facts().any(|fact| fact == ("User.user_id", "S")));
    /// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
    /// ```
    pub fn facts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.facts.iter().map(|(fact, value)| (fact.as_str(), value.as_str()))
    }

    /// The breaking changes that were accepted, each with its reason.
    pub fn accepted(&self) -> impl Iterator<Item = (&str, &str)> {
        self.accepted.iter().map(|(change, reason)| (change.as_str(), reason.as_str()))
    }

    /// What has changed since an earlier lock, harmless changes too.
    pub fn since(&self, earlier: &Self) -> Vec<SchemaChange> {
        changes::between(&earlier.facts, &self.facts)
    }

    /// The lock that follows an earlier one whose breaking changes are accepted, with the reason.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Lock, Schema};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "accounts")]
    /// # struct Account { #[dynamo(partition_key)] id: String }
    /// let before = Lock::of(&Schema::of::<(User, Account)>()?);
    /// let now = Lock::of(&Schema::of::<User>()?).accepting(&before, "accounts were deleted");
    /// assert!(now.accepted().all(|(_, reason)| reason == "accounts were deleted"));
    /// assert!(now.accepted().count() > 0);
    /// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
    /// ```
    pub fn accepting(mut self, earlier: &Self, reason: &str) -> Self {
        self.accepted.clone_from(&earlier.accepted);
        for change in self.since(earlier) {
            if change.is_breaking() {
                self.accepted.insert(change.line(), reason.to_owned());
            }
        }
        self
    }
}

/// Compares the entities with the lock at the path, as a test of the program's own does:
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// # #[derive(Entity)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # let folder = std::env::temp_dir().join(format!("dynamo-lock-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("schema.lock.json");
/// // #[test] fn what_is_stored_can_be_read() {
/// // let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.lock.json");
/// dynamo_runtime::tables::check_lock::<User>(&path)?; // the first time it writes the file
/// assert!(path.exists()); // to be committed
/// dynamo_runtime::tables::check_lock::<User>(&path)?; // from then on it compares
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// As Cargo does with its own lock, it writes what is new and harmless into the file. The
/// environment variable `SCHEMA_LOCK` changes that: with `frozen` an outdated file is an error, and
/// nothing is written; with `accept:<reason>` breaking changes are written too, and their reason
/// stays in the file.
///
/// # Errors
/// There are breaking changes that nobody has accepted, the file cannot be read or written, or the
/// entities contradict each other.
pub fn check_lock<E: Entities>(path: impl AsRef<Path>) -> Result<(), LockError> {
    let wish = std::env::var(VARIABLE).unwrap_or_default();
    match wish.split_once(':') {
        Some(("accept", reason)) if !reason.trim().is_empty() => {
            update_lock::<E>(path, Some(reason.trim()))
        }
        _ if wish == "frozen" => match read::<E>(path.as_ref())? {
            (now, Some(earlier)) if now.facts == earlier.facts => Ok(()),
            (now, earlier) => Err(LockError::Outdated(now.since(&earlier.unwrap_or_default()))),
        },
        _ if wish.is_empty() => update_lock::<E>(path, None),
        _ => Err(LockError::Wish(wish)),
    }
}

/// As [`check_lock`], with the reason why breaking changes are accepted, if they are, as an argument.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::update_lock;
/// # #[derive(Entity)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # #[derive(Entity)]
/// # #[dynamo(table = "accounts")]
/// # struct Account { #[dynamo(partition_key)] id: String }
/// # let folder = std::env::temp_dir().join(format!("dynamo-update-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let path = folder.join("schema.lock.json");
/// update_lock::<(User, Account)>(&path, None)?;
/// assert!(update_lock::<User>(&path, None).is_err());
/// update_lock::<User>(&path, Some("accounts were deleted"))?;
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`check_lock`].
pub fn update_lock<E: Entities>(
    path: impl AsRef<Path>,
    reason: Option<&str>,
) -> Result<(), LockError> {
    let path = path.as_ref();
    let (now, earlier) = read::<E>(path)?;
    let Some(earlier) = earlier else { return file::write(path, &now) };
    let changes = now.since(&earlier);
    if changes.is_empty() {
        return Ok(());
    }
    let breaking: Vec<_> = changes.into_iter().filter(SchemaChange::is_breaking).collect();
    match reason {
        None if !breaking.is_empty() => Err(LockError::Breaking(breaking)),
        reason => file::write(path, &now.accepting(&earlier, reason.unwrap_or_default())),
    }
}

fn read<E: Entities>(path: &Path) -> Result<(Lock, Option<Lock>), LockError> {
    let schema = Schema::of::<E>().map_err(LockError::Contradiction)?;
    Ok((Lock::of(&schema), file::read(path)?))
}

/// Why entities are not those of a lock.
#[derive(Debug)]
#[non_exhaustive]
pub enum LockError {
    /// Stored items could not be read.
    Breaking(Vec<SchemaChange>),
    /// The file is not up to date, and is to be.
    Outdated(Vec<SchemaChange>),
    /// The file cannot be read or written.
    File(std::path::PathBuf, std::io::Error),
    /// The file is no lock: what is wrong with it.
    Malformed(std::path::PathBuf, String),
    /// `SCHEMA_LOCK` is none of the values that it can have.
    Wish(String),
    /// The entities contradict each other.
    Contradiction(Contradiction),
}

impl fmt::Display for LockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |f: &mut fmt::Formatter<'_>, changes: &[SchemaChange]| {
            changes.iter().try_for_each(|change| write!(f, "\n- {change}"))
        };
        match self {
            Self::Breaking(changes) => {
                f.write_str("what is stored may not be readable after these changes:")?;
                listed(f, changes)?;
                write!(
                    f,
                    "\n\nhelp: undo them; or, if no such item is stored, accept them with a reason: {VARIABLE}=\"accept:<reason>\" cargo test"
                )
            }
            Self::Outdated(changes) => {
                f.write_str("the lock is not up to date:")?;
                listed(f, changes)?;
                write!(f, "\n\nhelp: run the test without {VARIABLE}=frozen, and commit the file")
            }
            Self::File(path, error) => write!(f, "`{}`: {error}", path.display()),
            Self::Malformed(path, reason) => write!(f, "`{}` is no lock: {reason}", path.display()),
            Self::Wish(wish) => {
                write!(f, "{VARIABLE} is `{wish}`, and can be `frozen` or `accept:<reason>`")
            }
            Self::Contradiction(contradiction) => contradiction.fmt(f),
        }
    }
}

impl std::error::Error for LockError {}
