//! The operations: each is a plain value until `.send(&client)`.

mod background;
mod batch_get;
mod batch_write;
mod checkpoint;
mod create;
mod cursor;
mod delete;
mod digest;
mod exactly_once;
mod exchange;
mod get;
mod get_attribute;
mod identity;
mod in_flight;
mod index;
mod items;
mod modify;
mod operations;
mod parallel_scan;
mod place;
mod prepared;
mod put;
mod query;
mod refused;
mod returning;
mod scan;
mod search;
mod segment;
mod sort;
mod time_left;
pub mod traits;
mod transaction;
mod unconditioned;
mod update;
mod write;

pub use batch_get::{BatchGet, Gathered};
pub use batch_write::{BatchWrite, Writes, Written};
pub use checkpoint::ScanCheckpoint;
pub use create::Create;
pub use cursor::{Cursor, CursorError, CursorKey, CursorKeys};
pub use delete::Delete;
pub use exactly_once::ExactlyOnce;
pub use exchange::Response;
pub use get::{Fetched, Get};
pub use get_attribute::GetAttribute;
pub use index::Primary;
#[doc(hidden)]
pub use index::{assert_tells_expiry, projected_by};
pub use items::Items;
pub use modify::{Modify, ModifyResult};
pub use operations::Operations;
pub use parallel_scan::{ParallelItems, ParallelScan};
pub use put::{Overwritten, Put, PutReturningOld};
pub use query::Query;
pub use returning::{ReturnNew, ReturnNothing, ReturnOld};
pub use scan::Scan;
pub use search::{FetchedPage, Page};
pub use sort::{Prefix, Unsorted, begins_with};
pub use transaction::{Transaction, TransactionGet};
#[doc(hidden)]
pub use unconditioned::{ConditionOn, PutConditionOn};
pub use update::Update;
pub use write::{HasCondition, NoCondition, Unconditional};

pub(crate) use index::Index;
