//! Enums whose variants have numbers: stored as those, or as text, but never without a word.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{DataEnum, DeriveInput, Fields, Path, token};

use super::target;
use crate::attr::StoredAs;
use crate::attr::document as attr;
use crate::errors::Errors;
use crate::model::NumberEnum;

/// The types that `repr` can give the numbers of an enum.
const INTEGERS: [&str; 12] =
    ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

/// The enum as numbers, as `word` says; `named` are the words that give its variants texts.
pub(super) fn lower<'a>(
    input: &DeriveInput,
    data: &DataEnum,
    word: &Ident,
    text: Option<&Ident>,
    named: impl IntoIterator<Item = &'a Ident>,
    runtime: Option<&Path>,
    errors: &mut Errors,
) -> Option<NumberEnum> {
    let name = &input.ident;
    if let Some(text) = text {
        errors.report(
            text,
            format_args!("`{name}` cannot be stored both as text and as a number"),
            format_args!("keep one of `{word}` and `{text}`"),
        );
    }
    for named in named {
        errors.report(
            named,
            format_args!("`{named}` is about texts, and `{name}` is stored as numbers"),
            format_args!("remove `{named}` or `{word}`"),
        );
    }
    if data.variants.is_empty() {
        errors.report(
            name,
            format_args!("`{name}` has no variants, so no value can be stored"),
            format_args!("type `enum {name} {{ One = 1, Two = 2 }}`"),
        );
        return None;
    }
    let is_plain = input.generics.params.is_empty();
    if !is_plain {
        errors.report(
            &input.generics.params,
            "an enum that is stored as numbers takes no parameters",
            "remove them: no variant can hold a value",
        );
    }
    let has_numbers_only = check_variants(data, errors);
    (is_plain && has_numbers_only).then(|| NumberEnum {
        target: target::of_text(input, runtime),
        variants: data.variants.iter().map(|variant| variant.ident.clone()).collect(),
        integer: integer(input),
    })
}

/// Each variant is a number and nothing else, and says which.
fn check_variants(data: &DataEnum, errors: &mut Errors) -> bool {
    let mut has_numbers_only = true;
    for variant in &data.variants {
        let name = &variant.ident;
        let said = attr::variant(&variant.attrs, errors);
        let rename = said.rename.iter().map(ToTokens::to_token_stream);
        for text in rename.chain(said.other.iter().map(ToTokens::to_token_stream)) {
            errors.report(
                &text,
                format_args!("`{name}` is stored as its number, and has no text"),
                "remove this, or `number` above the enum",
            );
        }
        if !matches!(variant.fields, Fields::Unit) {
            has_numbers_only = false;
            errors.report(
                &variant.fields,
                format_args!("`{name}` is stored as its number, which leaves no place for fields"),
                "remove the fields",
            );
        } else if variant.discriminant.is_none() {
            errors.report(
                name,
                format_args!("`{name}` is stored as a number, and says none"),
                format_args!(
                    "type `{name} = ..`: a number that is counted changes with the variants before it"
                ),
            );
        }
    }
    has_numbers_only
}

/// Numbers that are given to variants and would not be stored: a word says what is meant.
pub(super) fn check_no_number_is_lost(
    input: &DeriveInput,
    data: &DataEnum,
    stored_as: &StoredAs,
    errors: &mut Errors,
) {
    if stored_as.text.is_some() {
        return;
    }
    let name = &input.ident;
    let given = data.variants.iter().find_map(|variant| {
        variant.discriminant.as_ref().map(|(_, number)| number.to_token_stream())
    });
    let (place, what) = match (given, repr(input)) {
        (Some(number), _) => (number, "gives its variants numbers"),
        (None, Some(repr)) => (repr.to_token_stream(), "is a number in memory"),
        (None, None) => return,
    };
    errors.report(
        &place,
        format_args!("`{name}` {what}, and would be stored as the texts of its variants"),
        "say which is meant, above the enum: `#[dynamo(number)]` or `#[dynamo(text)]`",
    );
}

/// The integer that `repr` makes of the enum.
fn repr(input: &DeriveInput) -> Option<Ident> {
    let mut integer = None;
    for attribute in input.attrs.iter().filter(|attribute| attribute.path().is_ident("repr")) {
        // What is wrong in it rustc tells.
        let _ = attribute.parse_nested_meta(|word| {
            if let Some(word) = word.path.get_ident().filter(|word| is_integer(word)) {
                integer = Some(word.clone());
            }
            if word.input.peek(token::Paren) {
                let content;
                syn::parenthesized!(content in word.input);
                content.parse::<TokenStream>()?;
            }
            Ok(())
        });
    }
    integer
}

fn is_integer(word: &Ident) -> bool {
    INTEGERS.iter().any(|integer| word == integer)
}

/// The type that the numbers are stored as: that of `repr`, whose size is the same on every machine.
fn integer(input: &DeriveInput) -> Ident {
    let place = proc_macro2::Span::call_site();
    match repr(input) {
        Some(repr) if repr == "usize" => Ident::new("u64", place),
        Some(repr) if repr != "isize" => Ident::new(&repr.to_string(), place),
        _ => Ident::new("i64", place),
    }
}
