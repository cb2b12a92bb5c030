//! `#[derive(Document)]` to its model.

use quote::ToTokens;
use syn::{Data, DeriveInput, Fields};

use super::newtype::Parts;
use super::record::record;
use super::variants;
use crate::attr::document::{self as attr, DocumentAttributes};
use crate::errors::{Errors, Failed, concluded};
use crate::model::Document;

pub(crate) fn document(input: &DeriveInput) -> Result<Document, Failed<Document>> {
    let mut errors = Errors::default();
    let mended = lower(input, &mut errors);
    concluded(errors, mended)
}

fn lower(input: &DeriveInput, errors: &mut Errors) -> Option<Document> {
    let attributes = attr::document(&input.attrs, errors);
    let (place, found) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => {
                let record = record(input, attributes, fields, errors);
                return Some(Document::Record(Box::new(record)));
            }
            Fields::Unnamed(fields) => match Parts::of(&data.fields) {
                Ok(parts) => {
                    check_nothing_is_named(&attributes, errors);
                    let newtype = parts.lower(input, attributes.runtime.as_ref(), errors);
                    return Some(Document::Newtype(Box::new(newtype)));
                }
                Err(0) => (fields.to_token_stream(), "no field"),
                Err(_) => (fields.to_token_stream(), "several fields without names"),
            },
            Fields::Unit => (input.ident.to_token_stream(), "no field"),
        },
        Data::Enum(data) => return variants::document(input, data, attributes, errors),
        Data::Union(data) => (data.union_token.to_token_stream(), "the fields of a union"),
    };
    let name = &input.ident;
    errors.report(
        &place,
        format_args!(
            "a document has named fields, one field, or variants, and `{name}` has {found}"
        ),
        format_args!("type `struct {name} {{ city: String, .. }}` or `struct {name}(String);`"),
    );
    None
}

/// A struct of one field without a name has no attributes of its own.
fn check_nothing_is_named(attributes: &DocumentAttributes, errors: &mut Errors) {
    let DocumentAttributes {
        rename_all,
        runtime: _,
        attributes,
        tag,
        rename_all_fields,
        evolution,
        stored_as,
    } = attributes;
    let cases = rename_all.iter().chain(rename_all_fields).map(|(word, _)| word);
    let holder = attributes.iter().map(|(word, _)| word);
    let tag = tag.iter().map(|(word, _)| word);
    let stored_as = stored_as.number.iter().chain(&stored_as.text);
    for word in cases.chain(holder).chain(tag).chain(stored_as).chain(evolution.words()) {
        errors.report(
            word,
            format_args!(
                "a struct of one field is stored as that field, so `{word}` has no effect"
            ),
            format_args!("remove `{word}`; or give the field a name, for a map of one attribute"),
        );
    }
}
