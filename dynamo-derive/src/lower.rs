//! Attributes and fields to the model: the last place that may fail. Each rule
//! is a `check_..` function, and all of them run, so that all mistakes are
//! reported at once.

mod aggregate;
mod collection;
mod constants;
mod document;
mod entity;
mod evolution;
mod fields;
mod forms;
mod indexes;
mod key_part;
mod names;
mod newtype;
mod numbers;
mod projection;
mod raw_segments;
mod record;
mod segments;
mod target;
mod template;
mod unique;
mod variants;
mod vector_indexes;

#[cfg(test)]
mod tests;

use syn::{Data, DeriveInput};

use crate::errors::Errors;
use crate::model::Collection;

pub(crate) use document::document;
pub(crate) use entity::entity;
pub(crate) use key_part::key_part;
pub(crate) use projection::projection;

pub(crate) fn collection(input: &DeriveInput) -> Result<Collection, Errors> {
    match &input.data {
        Data::Struct(data) => aggregate::aggregate(input, data).map(Collection::Aggregate),
        Data::Enum(_) | Data::Union(_) => collection::items(input).map(Collection::Items),
    }
}
