//! The operations: each is a plain value until `.send(&client)`.

mod background;
mod batch_get;
mod batch_write;
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
mod items;
mod modify;
mod parallel_scan;
mod prepared;
mod put;
mod query;
mod refused;
mod returning;
mod scan;
mod search;
mod sort;
mod time_left;
mod transaction;
mod unconditioned;
mod update;
mod write;

pub use batch_get::{BatchGet, Gathered};
pub use batch_write::{BatchWrite, Writes, Written};
pub use create::Create;
pub use cursor::{Cursor, CursorError, CursorKey, CursorKeys};
pub use delete::Delete;
pub use exactly_once::{ExactlyOnce, SingleWrite, TakesNothingBack};
pub use exchange::Response;
pub use get::{Fetched, Get};
pub use get_attribute::GetAttribute;
pub use items::Items;
pub use modify::{Modify, ModifyResult};
pub use parallel_scan::{ParallelItems, ParallelScan, ScanCheckpoint};
pub use put::{Overwritten, Put, PutReturningOld};
pub use query::{
    ConsistentlyReadable, Index, Partition, Primary, Query, assert_tells_expiry, projected_by,
};
pub use returning::{ReturnNew, ReturnNothing, ReturnOld, Returning};
pub use scan::Scan;
pub use search::{FetchedPage, Page};
pub use sort::{
    ComesBeforeNext, Given, Gives, PartOfKey, Prefix, SortCondition, Sorted, SortedAt, SortedBy,
    Unsorted, WholeKey, WithoutSort, begins_with,
};
pub use transaction::{
    AddTo, GivesNothingBack, Many, One, OneMore, Slot, Slots, Transaction, TransactionGet,
    TransactionGets,
};
#[doc(hidden)]
pub use unconditioned::{ConditionOn, PutConditionOn};
pub use update::Update;
pub use write::{
    ConditionFor, Conditioned, HasCondition, NoCondition, PutConditionFor, Unconditional,
};
