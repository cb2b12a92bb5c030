//! The operations: each is a plain value until `.send(&client)`.

mod create;
mod cursor;
mod delete;
mod exchange;
mod get;
mod items;
mod modify;
mod prepared;
mod put;
mod query;
mod returning;
mod scan;
mod search;
mod unconditioned;
mod update;
mod write;

pub use create::Create;
pub use cursor::{Cursor, CursorError, CursorKey, CursorKeys};
pub use delete::Delete;
pub use exchange::Response;
pub use get::{Fetched, Get};
pub use items::Items;
pub use modify::{Modify, ModifyResult};
pub use put::Put;
pub use query::{
    ConsistentlyReadable, Index, Prefix, Primary, Query, SortCondition, Sorted, SortedBy, Unsorted,
    WithoutSort, begins_with,
};
pub use returning::{ReturnNew, ReturnNothing, ReturnOld, Returning};
pub use scan::Scan;
pub use search::{FetchedPage, Page};
#[doc(hidden)]
pub use unconditioned::{ConditionOn, PutConditionOn};
pub use update::Update;
pub use write::{AtVersion, Conditioned, HasCondition, IfExists, NoCondition, Unconditional};
