//! The type that a derive stands on.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{DeriveInput, Path, Type, parse_quote};

use crate::model::{Absence, Field, Form, Target};

/// A type with these fields.
pub(super) fn of_fields(input: &DeriveInput, runtime: Option<Path>, fields: &[Field]) -> Target {
    let stored = fields.iter().filter_map(|field| match field {
        // A parameter of which serde makes the form needs serde's traits, which its owner names.
        Field::Stored(attribute) if attribute.form == Form::OfType => Some(&attribute.ty),
        Field::Stored(_) | Field::Skipped(_) => None,
    });
    let defaulted = fields.iter().filter_map(|field| match field {
        Field::Stored(attribute) => match attribute.absence {
            Absence::Default => Some(&attribute.ty),
            Absence::OfType | Absence::Function(_) => None,
        },
        Field::Skipped(skipped) => Some(&skipped.ty),
    });
    new(input, runtime, stored, defaulted)
}

/// A type that is stored as this one.
pub(super) fn of_newtype(input: &DeriveInput, runtime: Option<Path>, stored: &Type) -> Target {
    new(input, runtime, std::iter::once(stored), std::iter::empty())
}

fn new<'a>(
    input: &DeriveInput,
    runtime: Option<Path>,
    stored: impl Iterator<Item = &'a Type>,
    defaulted: impl Iterator<Item = &'a Type>,
) -> Target {
    let named = |types: &[&Type]| {
        let parameters = input.generics.type_params().map(|parameter| &parameter.ident);
        let is_named =
            |parameter: &&Ident| types.iter().any(|ty| names(ty.to_token_stream(), parameter));
        parameters.filter(is_named).cloned().collect()
    };
    Target {
        runtime: self::runtime(runtime),
        visibility: input.vis.clone(),
        ident: input.ident.clone(),
        generics: input.generics.clone(),
        stored: named(&stored.collect::<Vec<_>>()),
        defaulted: named(&defaulted.collect::<Vec<_>>()),
    }
}

/// The crate that generated code calls.
pub(super) fn runtime(path: Option<Path>) -> Path {
    path.unwrap_or_else(|| parse_quote!(::dynamo_runtime))
}

fn names(tokens: TokenStream, parameter: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *parameter,
        TokenTree::Group(group) => names(group.stream(), parameter),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
