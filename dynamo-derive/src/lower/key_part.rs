//! `#[derive(KeyPart)]` to its model.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{Data, DeriveInput, Fields, Path};

use super::newtype::Parts;
use super::{numbers, variants};
use crate::attr::{self, KeyPartAttributes, StoredAs};
use crate::errors::{Errors, Failed, concluded};
use crate::model::{KeyPart, Newtype};

pub(crate) fn key_part(input: &DeriveInput) -> Result<KeyPart, Failed<KeyPart>> {
    let mut errors = Errors::default();
    let KeyPartAttributes { runtime, rename_all, stored_as } =
        attr::key_part(&input.attrs, &mut errors);
    let is_owned = check_no_lifetimes(input, &mut errors);
    let mended = if let Data::Enum(data) = &input.data {
        let runtime = runtime.as_ref();
        if let Some(word) = &stored_as.number {
            let named = rename_all.iter().map(|(word, _)| word);
            let text = stored_as.text.as_ref();
            numbers::lower(input, data, word, text, named, runtime, &mut errors)
                .map(|numbers| KeyPart::Number(Box::new(numbers)))
        } else {
            numbers::check_no_number_is_lost(input, data, &stored_as, &mut errors);
            let case = rename_all.map(|(_, case)| case);
            variants::key_part(input, data, case, runtime, &mut errors)
                .map(|text| KeyPart::Text(Box::new(text)))
        }
    } else {
        check_nothing_is_named(rename_all.map(|(word, _)| word), &mut errors);
        check_nothing_is_chosen(&stored_as, &mut errors);
        newtype(input, runtime.as_ref(), &mut errors)
            .map(|newtype| KeyPart::Newtype(Box::new(newtype)))
    };
    concluded(errors, mended.filter(|_| is_owned))
}

/// A struct of one field has no text of its own.
fn check_nothing_is_named(rename_all: Option<Ident>, errors: &mut Errors) {
    if let Some(word) = rename_all {
        errors.report(
            &word,
            "a struct of one field is stored as that field, so `rename_all` has no effect",
            "remove `rename_all`",
        );
    }
}

/// A struct of one field is stored as that field, whichever it is.
fn check_nothing_is_chosen(stored_as: &StoredAs, errors: &mut Errors) {
    for word in stored_as.number.iter().chain(&stored_as.text) {
        errors.report(
            word,
            format_args!(
                "a struct of one field is stored as that field, so `{word}` has no effect"
            ),
            format_args!("remove `{word}`"),
        );
    }
}

/// A key outlives the response that it is read from.
fn check_no_lifetimes(input: &DeriveInput, errors: &mut Errors) -> bool {
    for lifetime in input.generics.lifetimes() {
        errors.report(
            lifetime,
            "a key part takes no lifetimes",
            format_args!("let it own its value, as in `struct {}(String);`", input.ident),
        );
    }
    input.generics.lifetimes().next().is_none()
}

/// A key part is a struct of one field.
fn newtype(input: &DeriveInput, runtime: Option<&Path>, errors: &mut Errors) -> Option<Newtype> {
    let (place, found) = match &input.data {
        Data::Struct(data) => match Parts::of(&data.fields) {
            Ok(parts) => return Some(parts.lower(input, runtime, errors)),
            Err(0) => (no_fields(input, &data.fields), "no field"),
            Err(_) => (data.fields.to_token_stream(), "more than one"),
        },
        Data::Enum(_) => return None,
        Data::Union(data) => (data.union_token.to_token_stream(), "is a union"),
    };
    let name = &input.ident;
    let verb = if matches!(input.data, Data::Struct(_)) { "has " } else { "" };
    errors.report(
        &place,
        format_args!(
            "a key part is a struct of one field or an enum without fields, and `{name}` {verb}{found}"
        ),
        format_args!("type `struct {name}(String);` or `enum {name} {{ One, Other }}`"),
    );
    None
}

fn no_fields(input: &DeriveInput, fields: &Fields) -> TokenStream {
    match fields {
        Fields::Unit => input.ident.to_token_stream(),
        Fields::Named(_) | Fields::Unnamed(_) => fields.to_token_stream(),
    }
}
