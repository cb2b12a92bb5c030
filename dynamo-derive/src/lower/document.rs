//! `#[derive(Document)]` to its model.

use quote::ToTokens;
use syn::{Data, DeriveInput, Fields, FieldsNamed};

use super::{Failed, check_skip_stands_alone, concluded, drafts, names, newtype, target};
use crate::attr::document::{self as attr, DocumentAttributes};
use crate::errors::Errors;
use crate::model::{Document, Record};

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
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
                check_nothing_is_named(&attributes, errors);
                let field = fields.unnamed.first()?;
                let newtype = newtype::lower(input, attributes.runtime, field, errors);
                return Some(Document::Newtype(Box::new(newtype)));
            }
            Fields::Unnamed(fields) if fields.unnamed.is_empty() => {
                (fields.to_token_stream(), "no field")
            }
            Fields::Unnamed(fields) => (fields.to_token_stream(), "several fields without names"),
            Fields::Unit => (input.ident.to_token_stream(), "no field"),
        },
        Data::Enum(data) => (data.enum_token.to_token_stream(), "variants"),
        Data::Union(data) => (data.union_token.to_token_stream(), "the fields of a union"),
    };
    let name = &input.ident;
    errors.report(
        &place,
        format_args!("a document has named fields or is one field, and `{name}` has {found}"),
        format_args!("type `struct {name} {{ city: String, .. }}` or `struct {name}(String);`"),
    );
    None
}

fn record(
    input: &DeriveInput,
    attributes: DocumentAttributes,
    fields: &FieldsNamed,
    errors: &mut Errors,
) -> Record {
    let drafts = drafts(fields, |attributes| attr::field(attributes, errors));
    for draft in &drafts {
        check_skip_stands_alone(draft, errors);
    }
    let rename_all = attributes.rename_all.map(|(_, case)| case);
    let fields = names::attributes(&drafts, rename_all, errors);
    Record {
        target: target::of_fields(input, attributes.runtime, &fields),
        fields,
        attributes: attributes.attributes.map(|(_, name)| name),
    }
}

/// A struct of one field without a name has no attributes of its own.
fn check_nothing_is_named(attributes: &DocumentAttributes, errors: &mut Errors) {
    let rename_all = attributes.rename_all.iter().map(|(word, _)| word);
    let holder = attributes.attributes.iter().map(|(word, _)| word);
    for word in rename_all.chain(holder) {
        errors.report(
            word,
            format_args!(
                "a struct of one field is stored as that field, so `{word}` has no effect"
            ),
            format_args!("remove `{word}`; or give the field a name, for a map of one attribute"),
        );
    }
}
