//! A struct of one field, which is stored as that field is.

use syn::{DeriveInput, Index, Member, Path};

use super::target;
use crate::attr::{self, FieldAttributes};
use crate::errors::Errors;
use crate::model::Newtype;

pub(super) fn lower(
    input: &DeriveInput,
    runtime: Option<&Path>,
    field: &syn::Field,
    errors: &mut Errors,
) -> Newtype {
    let attributes = attr::document::field(&field.attrs, errors);
    check_field_says_nothing(&attributes, errors);
    Newtype {
        target: target::of_value(input, runtime, &field.ty),
        member: field.ident.clone().map_or(Member::Unnamed(Index::from(0)), Member::Named),
        ty: field.ty.clone(),
    }
}

/// The field is the whole value, so it has no name and is never absent.
fn check_field_says_nothing(attributes: &FieldAttributes, errors: &mut Errors) {
    let FieldAttributes { purposes: _, rename, default, skip, serde, flatten, aliases, unknown } =
        attributes;
    let rename = rename.iter().map(|(word, _)| word);
    let default = default.iter().map(|(word, _)| word);
    let aliases = aliases.iter().map(|(word, _)| word);
    let words = rename.chain(default).chain(skip).chain(serde).chain(flatten);
    for word in words.chain(aliases).chain(unknown) {
        errors.report(
            word,
            format_args!(
                "a struct of one field is stored as that field, so `{word}` has no effect"
            ),
            format_args!("remove `{word}`; or say it where the struct is the type of a field"),
        );
    }
}
