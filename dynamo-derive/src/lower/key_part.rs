//! `#[derive(KeyPart)]` to its model.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Data, DeriveInput, Fields};

use super::{Failed, concluded, newtype};
use crate::attr;
use crate::errors::Errors;
use crate::model::Newtype;

pub(crate) fn key_part(input: &DeriveInput) -> Result<Newtype, Failed<Newtype>> {
    let mut errors = Errors::default();
    let attributes = attr::key_part(&input.attrs, &mut errors);
    let is_plain = check_no_generics(input, &mut errors);
    let mended = check_newtype(input, &mut errors)
        .map(|field| newtype::lower(input, attributes.runtime, field, &mut errors))
        .filter(|_| is_plain);
    concluded(errors, mended)
}

/// A key part is one type.
fn check_no_generics(input: &DeriveInput, errors: &mut Errors) -> bool {
    let is_plain = input.generics.params.is_empty();
    if !is_plain {
        errors.report(
            &input.generics.params,
            "a key part takes no type parameters and no lifetimes",
            format_args!("name the type, as in `struct {}(String);`", input.ident),
        );
    }
    is_plain
}

/// A key part is a struct of one field.
fn check_newtype<'a>(input: &'a DeriveInput, errors: &mut Errors) -> Option<&'a syn::Field> {
    let (place, found) = match &input.data {
        Data::Struct(data) => {
            let mut fields = data.fields.iter();
            match (fields.next(), fields.next()) {
                (Some(field), None) => return Some(field),
                (Some(_), Some(_)) => (data.fields.to_token_stream(), "more than one"),
                (None, _) => (no_fields(input, &data.fields), "no field"),
            }
        }
        Data::Enum(data) => (data.enum_token.to_token_stream(), "is an enum"),
        Data::Union(data) => (data.union_token.to_token_stream(), "is a union"),
    };
    let name = &input.ident;
    let verb = if matches!(input.data, Data::Struct(_)) { "has " } else { "" };
    errors.report(
        &place,
        format_args!("a key part is a struct of one field, and `{name}` {verb}{found}"),
        format_args!("type `struct {name}(String);`"),
    );
    None
}

fn no_fields(input: &DeriveInput, fields: &Fields) -> TokenStream {
    match fields {
        Fields::Unit => input.ident.to_token_stream(),
        Fields::Named(_) | Fields::Unnamed(_) => fields.to_token_stream(),
    }
}
