//! `#[derive(KeyPart)]` to its model.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::{Data, DeriveInput, Fields, Index, Member};

use super::runtime;
use crate::attr;
use crate::errors::Errors;
use crate::model::KeyPart;

pub(crate) fn key_part(input: &DeriveInput) -> Result<KeyPart, Errors> {
    let mut errors = Errors::default();
    let attributes = attr::key_part(&input.attrs, &mut errors);
    check_no_generics(input, &mut errors);
    let field = check_newtype(input, &mut errors);
    match field {
        Some(field) if errors.is_empty() => {
            let member = field.ident.clone().map_or(Member::Unnamed(Index::from(0)), Member::Named);
            Ok(KeyPart {
                runtime: runtime(attributes.runtime),
                ident: input.ident.clone(),
                member,
                ty: field.ty.clone(),
            })
        }
        _ => Err(errors),
    }
}

/// A key part is one type.
fn check_no_generics(input: &DeriveInput, errors: &mut Errors) {
    if !input.generics.params.is_empty() {
        errors.report(
            &input.generics.params,
            "a key part takes no type parameters and no lifetimes",
            format_args!("name the type, as in `struct {}(String);`", input.ident),
        );
    }
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
