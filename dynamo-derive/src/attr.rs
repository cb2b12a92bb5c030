//! `#[dynamo(..)]` to spanned attributes.

mod collection;
pub(crate) mod document;
mod entity;
mod field;
mod form;
mod index;
mod key_part;
mod projection;
mod shared;
mod vector_index;

pub(crate) use collection::collection;
pub(crate) use entity::{ConstantWord, EntityAttributes, Permission, entity};
pub(crate) use field::{FieldAttributes, Purpose, field};
pub(crate) use form::NamedForm;
pub(crate) use index::{IndexAttribute, IndexKey};
pub(crate) use key_part::{KeyPartAttributes, key_part};
pub(crate) use projection::{ProjectionAttributes, projected_field, projection};
pub(crate) use shared::{Evolution, KeyForm, StoredAs, TemplateAttribute};
pub(crate) use vector_index::{DistanceWord, VectorIndexAttribute};
