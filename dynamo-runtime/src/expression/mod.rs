//! Expressions: typed trees of one type for each entity, and the one renderer.
//!
//! A condition is kept as a flat run of tokens and the bytes of its values, so combining two is
//! appending, and no depth of nesting can overflow a stack.

mod arithmetic;
mod condition;
mod error;
mod fragment;
mod key_condition;
mod keys;
mod path;
mod render;
mod update;

pub use arithmetic::{Arithmetic, Counter, Room};
pub use condition::{AnyKeys, Condition, SameEntity, all_of, any_of};
pub use fragment::Fragment;
pub use keys::{Avoids, Distinct, DistinctFrom, Filters, Join, KeyOf, Keys, NoKey};
pub use path::DocumentPath;
pub use update::{Computed, NoPart, NotKey, NotManaged, OnlyPart, SetAlone};

pub(crate) use error::{ExpressionError, MAX_LIST_OPERANDS};
pub(crate) use render::Renderer;
pub(crate) use update::Actions;
