//! Tables as entities describe them: created, verified, locked, exported and drawn. Feature `schema`.
//!
//! The struct is the one source of what a table must be. [`Schema::of`] has it as data, merged over
//! all entities of each table; nothing here acts by itself.
//!
//! ```
//! # use dynamo_runtime::prelude::*;
//! use dynamo_runtime::tables::Schema;
//!
//! # #[derive(Entity, Clone, Debug, PartialEq)]
//! # #[dynamo(table = "shop")]
//! # struct Customer {
//! #     #[dynamo(partition_key)]
//! #     customer: String,
//! # }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let client = SecureClient::local().build().await?; // as yet without a table
//! assert!(client.verify::<Customer>().await.unwrap_err().is_different());
//!
//! Schema::of::<Customer>()?.create(&client).await?;
//! client.verify::<Customer>().await?; // the one line at a program's start
//! # Ok(()) }
//! ```

mod create;
mod describe;
mod difference;
mod error;
mod export;
mod live;
mod lock;
mod plan;
mod request;
mod schema;
mod settings;
mod step;
mod verify;
mod wait;

#[cfg(feature = "local")]
pub(crate) use create::create;
pub use describe::{IndexDescription, TableDescription};
pub use difference::{Difference, Drift, Severity, Unknown};
pub use error::TableError;
pub use export::{ArnScope, ExportError, Grant, Samples};
pub use lock::{Lock, LockError, SchemaChange, check_lock, update_lock};
pub use plan::Plan;
pub use schema::{
    Contradiction, EntityShape, IndexKeys, IndexProjection, Schema, Table, TableIndex, TableKey,
    TableVectorIndex,
};
pub use settings::{Encryption, TableClass, TableSettings, Throughput};
pub use step::PlanStep;
pub use verify::Verified;
pub use wait::Progress;

pub use crate::schema::DistanceFunction;
pub use crate::stream::StreamView;

pub use crate::codec::{AttributeShape, ValueShape};
