//! The named fields of a document.

use syn::{DeriveInput, FieldsNamed};

use super::fields::{check_no_name_of_its_own, drafts};
use super::{evolution, forms, names, target};
use crate::attr::document::{self as attr, DocumentAttributes};
use crate::case::Case;
use crate::errors::Errors;
use crate::model::{Field, Record};

/// A document that is a struct.
pub(super) fn record(
    input: &DeriveInput,
    attributes: DocumentAttributes,
    fields: &FieldsNamed,
    errors: &mut Errors,
) -> Record {
    let DocumentAttributes {
        rename_all,
        runtime,
        attributes,
        tag,
        rename_all_fields,
        evolution,
        stored_as,
    } = attributes;
    let words = tag.iter().map(|(word, _)| word);
    let words = words.chain(rename_all_fields.iter().map(|(word, _)| word));
    for word in words.chain(&stored_as.number).chain(&stored_as.text) {
        errors.report(
            word,
            format_args!("`{word}` is about variants, and `{}` has none", input.ident),
            format_args!("remove `{word}`"),
        );
    }
    let fields = named_fields(fields, rename_all.map(|(_, case)| case), errors);
    evolution::check_unknown_is_kept_or_denied(&fields, &evolution, errors);
    Record {
        target: target::of_fields(input, runtime.as_ref(), &fields),
        fields,
        attributes: attributes.map(|(_, name)| name),
        denies_unknown: evolution.deny_unknown.is_some(),
        upgrade: evolution.upgrade.map(|(_, older)| older),
    }
}

/// The fields of a document, or of a variant of one.
pub(super) fn named_fields(
    fields: &FieldsNamed,
    rename_all: Option<Case>,
    errors: &mut Errors,
) -> Vec<Field> {
    let drafts = drafts(fields, |attributes| attr::field(attributes, errors));
    for draft in &drafts {
        check_no_name_of_its_own(draft, errors);
        evolution::check_alias_is_of_data(draft, errors);
        forms::check_one_form(draft, errors);
    }
    evolution::check_one_unknown(&drafts, errors);
    names::attributes(&drafts, rename_all, &[], errors)
}
