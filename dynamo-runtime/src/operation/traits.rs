//! What the signatures of the operations name and a program does not: the bounds of their functions
//! and the types that stand for a state of one.
//!
//! They are implemented by the derive, for all that declares it, or by this crate alone. The compile
//! error of each says what is missing.

pub use super::conditioned::{ConditionFor, Conditioned, PutConditionFor};
pub use super::cursor::CursorFor;
pub use super::exactly_once::{SingleWrite, TakesNothingBack};
pub use super::index::{ConsistentlyReadable, Index};
pub use super::returning::Returning;
pub use super::score::{Metric, Score};
pub use super::sort::{
    ComesBeforeNext, Given, Gives, PartOfKey, RawPart, SortCondition, Sorted, SortedAt, SortedBy,
    WholeKey, WithoutSort,
};
pub use super::transaction::{
    AddTo, GivesNothingBack, Many, One, OneMore, Slot, Slots, TransactionGets,
};
pub use super::vector_index::{ToleratesZeroVector, VectorIndex};
pub use super::vector_search::{Bounded, IntoSearchFilter};
pub use crate::entity::{
    AllowsScan, AllowsUnconditionalDelete, AllowsUnconditionalPut, AllowsUnconditionalUpsert,
    IntoKeyPart, KeyFor, SingleKey, Upsertable, Versioned,
};
pub use crate::key::IndexKeyPart;
pub use crate::projection::OwnedProjection;
pub use crate::record::{
    CanBeAbsent, Computed, Embedded, NoPart, NotKey, NotManaged, OnlyPart, Record, SetAlone,
};
