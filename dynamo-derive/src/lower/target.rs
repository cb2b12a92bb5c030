//! The type that a derive stands on.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{DeriveInput, Path, Type, parse_quote};

use crate::model::{Absence, Content, Field, Form, Target};

/// A type with these fields.
pub(super) fn of_fields<'a>(
    input: &DeriveInput,
    runtime: Option<&Path>,
    fields: impl IntoIterator<Item = &'a Field>,
) -> Target {
    let mut stored = Vec::new();
    let mut defaulted = Vec::new();
    for field in fields {
        match field {
            Field::Stored(attribute) => {
                // A parameter of which serde makes the form needs serde's traits, which its owner
                // names.
                if attribute.form != Form::Serde && attribute.form.named().is_none() {
                    stored.push(&attribute.ty);
                }
                if matches!(attribute.absence, Absence::Default) {
                    defaulted.push(&attribute.ty);
                }
            }
            Field::Skipped(skipped) => defaulted.push(&skipped.ty),
            Field::Unknown(_) => {}
            Field::Flattened(group) => stored.push(&group.ty),
        }
    }
    new(input, runtime, &stored, &defaulted)
}

/// A type that is stored as this one.
pub(super) fn of_value(input: &DeriveInput, runtime: Option<&Path>, stored: &Type) -> Target {
    new(input, runtime, &[stored], &[])
}

/// A type without values of other types.
pub(super) fn of_text(input: &DeriveInput, runtime: Option<&Path>) -> Target {
    new(input, runtime, &[], &[])
}

/// A type whose variants hold these.
pub(super) fn of_variants<'a>(
    input: &DeriveInput,
    runtime: Option<&Path>,
    contents: impl IntoIterator<Item = &'a Content>,
) -> Target {
    let mut target = of_text(input, runtime);
    for content in contents {
        let of_content = match content {
            Content::Nothing => continue,
            Content::Fields(fields) => of_fields(input, runtime, fields),
            Content::Document(document) => of_value(input, runtime, document),
        };
        for (all, more) in
            [(&mut target.stored, of_content.stored), (&mut target.defaulted, of_content.defaulted)]
        {
            let more: Vec<_> = more.into_iter().filter(|one| !all.contains(one)).collect();
            all.extend(more);
        }
    }
    target
}

fn new(
    input: &DeriveInput,
    runtime: Option<&Path>,
    stored: &[&Type],
    defaulted: &[&Type],
) -> Target {
    let named = |types: &[&Type]| {
        let parameters = input.generics.type_params().map(|parameter| &parameter.ident);
        let is_named =
            |parameter: &&Ident| types.iter().any(|ty| names(ty.to_token_stream(), parameter));
        parameters.filter(is_named).cloned().collect()
    };
    Target {
        runtime: self::runtime(runtime.cloned()),
        visibility: input.vis.clone(),
        ident: input.ident.clone(),
        generics: input.generics.clone(),
        stored: named(stored),
        defaulted: named(defaulted),
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
