//! The operations: each is a plain value until `.send(&client)`.
//!
//! # The examples
//!
//! Those of this crate's functions have in common, in lines that are hidden, a `client` of the
//! embedded `engine` with two tables. There are the user `ann`, and her orders `order(1)` to
//! `order(3)`, which are keys: all are open, and of 10, 20 and 30.
//!
//! ```
//! # use std::collections::{BTreeMap, BTreeSet};
//! # use dynamo_runtime::prelude::*;
//! #[derive(Document, Clone, Debug, PartialEq)]
//! struct Address {
//!     city: String,
//!     postcode: Option<String>,
//! }
//!
//! #[derive(Entity, Clone, Debug, Default, PartialEq)]
//! #[dynamo(table = "users")]
//! struct User {
//!     #[dynamo(partition_key)]
//!     user_id: String,
//!     email: String,
//!     address: Option<Address>,
//!     #[dynamo(version)]
//!     version: Version,
//! }
//!
//! #[derive(Entity, Clone, Debug, Default, PartialEq)]
//! #[dynamo(table = "orders")]
//! #[dynamo(allow(scan, unconditional_put, unconditional_delete, unconditional_upsert))]
//! struct Order {
//!     #[dynamo(partition_key)]
//!     customer: String,
//!     #[dynamo(sort_key)]
//!     number: u32,
//!     status: Option<String>,
//!     #[dynamo(default)]
//!     total: u32,
//!     #[dynamo(default)]
//!     notes: Vec<String>,
//!     #[dynamo(default)]
//!     tags: BTreeSet<String>,
//!     #[dynamo(default)]
//!     prices: BTreeMap<String, u32>,
//!     #[dynamo(ttl)]
//!     expires_at: Option<Timestamp>,
//! }
//! ```

mod backfill;
mod background;
mod batch_get;
mod batch_write;
mod checkpoint;
mod conditioned;
mod create;
mod cursor;
mod delete;
mod digest;
mod exactly_once;
mod get;
mod get_attribute;
mod guards;
mod identity;
mod in_flight;
mod index;
mod items;
mod modify;
mod operations;
mod page;
mod parallel_scan;
mod position;
mod put;
mod query;
mod refused;
mod request;
mod response;
mod returning;
mod scan;
mod score;
mod search;
mod segment;
mod sort;
mod stamped;
mod time_left;
pub mod traits;
mod transaction;
mod unconditioned;
mod unique;
mod update;
mod vector_index;
mod vector_search;
mod write;

pub use crate::schema::DistanceFunction;
pub use backfill::{Backfill, Backfilled};
pub use batch_get::{BatchGet, BatchGetOutput};
pub use batch_write::{BatchWrite, BatchWriteOutput, UnsentWrites};
pub use checkpoint::ScanCheckpoint;
pub use conditioned::{HasCondition, NoCondition, Unconditional};
pub use create::Create;
pub use cursor::{Cursor, CursorError, CursorKey, CursorKeys};
pub use delete::Delete;
pub use exactly_once::ExactlyOnce;
pub use get::{BorrowedItem, Get};
pub use get_attribute::GetAttribute;
#[cfg(feature = "load")]
pub(crate) use in_flight::InFlight;
pub use index::Primary;
#[doc(hidden)]
pub use index::{assert_tells_expiry, projected_by};
pub use items::Items;
pub use modify::{Modify, ModifyResult};
pub use operations::Operations;
pub use page::{BorrowedPage, Page};
pub use parallel_scan::{ParallelItems, ParallelScan};
pub use put::{Overwritten, Put, PutReturningOld};
pub use query::Query;
pub use response::Response;
pub use returning::{ReturnNew, ReturnNothing, ReturnOld};
pub use scan::Scan;
pub use score::{Cosine, Distance, DotProduct, DotScore, Euclidean};
pub use sort::{Prefix, Unsorted, begins_with};
pub use transaction::{Transaction, TransactionGet};
#[doc(hidden)]
pub use unconditioned::{ConditionOn, PutConditionOn};
pub use update::Update;
#[doc(hidden)]
pub use vector_index::{
    EmbeddedAt, FilterAt, SparseVectorAt, VectorAt, VectorPartitionAt, assert_vector_index,
    filter_key, vector_index,
};
#[doc(hidden)]
pub use vector_search::filter_attribute;
pub use vector_search::{AnyNumber, AtMost, FilterAttribute, Hit, SearchFilter, VectorSearch};

pub(crate) use index::Index;
