//! Whole tables from files and to files: typed, resumable, in bounded memory. Feature `load`.
//!
//! A file has a line for each item, as DynamoDB's own exports to S3 have: `{"Item":{"id":{"S":"a"}}}`;
//! or it is plain JSON or CSV, for people: [`ItemFormat`]. What ends in `.gz` is compressed by gzip,
//! and what ends in `.zst` by zstd.
//!
//! ```
//! # use dynamo_runtime::prelude::*;
//! use dynamo_runtime::load::{Dump, Load};
//!
//! #[derive(Entity, Clone, Debug, PartialEq)]
//! #[dynamo(table = "users", allow(scan, load))]
//! struct User {
//!     #[dynamo(partition_key)]
//!     id: String,
//!     #[dynamo(version)]
//!     version: Version,
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("dynamo-load-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! # let file = folder.join("users.jsonl");
//! let client = SecureClient::local().table::<User>().build().await?;
//! User::create(User { id: "ann".into(), version: Version::UNSAVED }).send(&client).await?;
//! assert_eq!(Dump::of::<User>(&file).send(&client).await?.items, 1);
//!
//! let another = SecureClient::local().table::<User>().build().await?;
//! let loaded = Load::of::<User>(&file).send(&another).await?;
//! assert_eq!((loaded.lines, loaded.put), (1, 1));
//! let ann = User::get(User::key("ann")).send(&another).await?;
//! assert_eq!(ann.map(|ann| ann.version), Some(Version::FIRST)); // as it was
//! # std::fs::remove_dir_all(&folder)?;
//! # Ok(()) }
//! ```

mod attributes;
mod batch;
mod dump;
mod entities;
mod error;
mod format;
mod line;
mod place;
mod plain;
mod rows;
mod run;
mod source;
mod zstd;

use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

pub use dump::{Dump, Dumped};
pub use error::LoadError;
pub use format::ItemFormat;
pub use run::Loaded;

use crate::client::SecureClient;
use crate::entity::{Allowed, Description, Descriptions, Entities};
use entities::check_allowed;

/// Writes the items of a file as they are, with their versions and times, over whatever is there:
/// made by [`Load::of`].
///
/// It is a dangerous operation, which each entity declares: `#[dynamo(allow(load))]`. Each line is
/// read as one of the entities before it is written, so that no item is stored which the program
/// could not read.
///
/// It can be ended anywhere, by an error, by dropping its future or by the end of the process. The
/// same load then goes on from there, and the table is the same as if it had not been ended. How far
/// it has come is in a file beside the source, which is removed at the end.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::load::{ItemFormat, Load};
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users", allow(scan, load))]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = std::env::temp_dir().join(format!("dynamo-rejects-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder)?;
/// # let (file, rejects) = (folder.join("users.jsonl"), folder.join("rejects.jsonl"));
/// let client = SecureClient::local().table::<User>().build().await?;
/// let lines = [r#"{"Item":{"user_id":{"S":"ann"}}}"#, r#"{"Item":{"user_id":{"N":"7"}}}"#];
/// std::fs::write(&file, lines.join("\n"))?;
///
/// let (sender, told) = std::sync::mpsc::channel();
/// let loaded = Load::of::<User>(&file)
///     .format(ItemFormat::DynamoDbJson) // which it is by its name, too
///     .rejects(&rejects)
///     .items_per_second(500_u32.try_into()?)
///     .progress(move |so_far| drop(sender.send(so_far.lines)))
///     .send(&client)
///     .await?;
/// assert_eq!((loaded.put, loaded.rejected), (1, 1));
/// assert_eq!(told.iter().last(), Some(2)); // lines were read at the end
/// assert!(std::fs::read_to_string(&rejects)?.contains("no `User`: ")); // and why it is none
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is written before `.send(&client)`"]
pub struct Load {
    source: PathBuf,
    format: ItemFormat,
    entities: Vec<Description>,
    rejects: Option<PathBuf>,
    rate: Option<NonZeroU32>,
    told: Option<LoadTold>,
    /// Of the embedded engine, which begins with it each time.
    is_seed: bool,
}

/// Who is told how far it has come.
type LoadTold = Box<dyn FnMut(&Loaded) + Send>;

impl Load {
    /// A load of the items of these entities from a file, or from the files of a folder in the order
    /// of their names: of an export of DynamoDB to S3, full or incremental, its folder `data`.
    pub fn of<E: Entities>(source: impl AsRef<Path>) -> Self {
        Self::described(source.as_ref(), Descriptions::of::<E>())
    }

    fn described(source: &Path, entities: Vec<Description>) -> Self {
        let format = ItemFormat::of_file(source);
        let source = source.to_owned();
        Self { source, format, entities, rejects: None, rate: None, told: None, is_seed: false }
    }

    /// What the embedded engine begins with.
    #[cfg(feature = "local")]
    pub(crate) fn seed(source: &Path, entities: &Descriptions) -> Self {
        Self { is_seed: true, ..Self::described(source, entities.each().to_vec()) }
    }

    /// Reads the items in this form, whatever the file's name ends in.
    pub fn format(mut self, format: ItemFormat) -> Self {
        self.format = format;
        self
    }

    /// Writes the lines that are no item of the entities to this file, each with the reason. Without
    /// it such a line is an error, and ends the load.
    pub fn rejects(mut self, file: impl Into<PathBuf>) -> Self {
        self.rejects = Some(file.into());
        self
    }

    /// Writes no more than so many items a second.
    pub fn items_per_second(mut self, items: NonZeroU32) -> Self {
        self.rate = Some(items);
        self
    }

    /// Tells how far it has come, after each few hundred items at most.
    pub fn progress(mut self, told: impl FnMut(&Loaded) + Send + 'static) -> Self {
        self.told = Some(Box::new(told));
        self
    }

    /// Loads what is left of the file.
    ///
    /// # Errors
    /// An entity does not allow it, the file cannot be read, a line is rejected and there is no file
    /// for it, or a call failed. The same load goes on from there.
    pub async fn send(self, client: &SecureClient) -> Result<Loaded, LoadError> {
        if !self.is_seed {
            check_allowed(&self.entities, Allowed::Load, "load")?;
        }
        for entity in &self.entities {
            let schema = &entity.entity.schema;
            client.audit_danger(schema.entity, "load", schema.table);
        }
        run::load(self, client).await
    }
}

impl std::fmt::Debug for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Load").field("source", &self.source).finish_non_exhaustive()
    }
}
