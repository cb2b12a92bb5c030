//! Expressions: flat runs of tokens, of one type for each entity, and the one renderer.
//!
//! A condition is kept as a flat run of tokens and the bytes of its values, so combining two is
//! appending, and no depth of nesting can overflow a stack.

mod arithmetic;
mod attribute_type;
mod condition;
mod error;
mod fragment;
mod functions;
mod key_condition;
mod keys;
mod limits;
mod path;
mod render;
mod update;

pub use arithmetic::{Arithmetic, Countable, Room};
pub use attribute_type::AttributeType;
pub use condition::{AnyKeys, Condition, IntoCondition, IntoFilter, SameEntity, all_of, any_of};
pub use fragment::Fragment;
pub use keys::{Avoids, ConditionKeys, Distinct, DistinctFrom, Filters, Join, KeyOf, NoKey};
pub use path::DocumentPath;

pub(crate) use error::ExpressionError;
pub(crate) use limits::MAX_LIST_OPERANDS;
pub(crate) use render::Renderer;
pub(crate) use update::Actions;
