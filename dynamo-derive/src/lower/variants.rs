//! Enums: of text, and of maps with a tag.

use std::collections::HashMap;

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{DataEnum, DeriveInput, Fields, Path, Variant};

use super::record::named_fields;
use super::{evolution, numbers, target};
use crate::attr::document::{self as attr, DocumentAttributes, VariantAttributes};
use crate::case::Case;
use crate::errors::Errors;
use crate::model::{Content, Document, TaggedEnum, TaggedVariant, TextEnum, stored};

/// A variant with what its attributes say.
struct VariantsDraft<'a> {
    variant: &'a Variant,
    attributes: VariantAttributes,
    /// What names it.
    text: String,
}

/// An enum without a tag is text, and one with a tag is a map.
pub(super) fn document(
    input: &DeriveInput,
    data: &DataEnum,
    attributes: DocumentAttributes,
    errors: &mut Errors,
) -> Option<Document> {
    let DocumentAttributes {
        rename_all,
        runtime,
        attributes: holder,
        tag,
        rename_all_fields,
        evolution,
        stored_as,
    } = attributes;
    evolution::check_enum(&input.ident, &evolution, errors);
    if let Some((word, _)) = &holder {
        errors.report(
            word,
            format_args!("the variants of `{}` have no constants", input.ident),
            format_args!("remove `{word}`"),
        );
    }
    if let Some(word) = &stored_as.number {
        let cases = rename_all.iter().chain(&rename_all_fields).map(|(word, _)| word);
        let named = cases.chain(tag.iter().map(|(word, _)| word));
        let text = stored_as.text.as_ref();
        return numbers::lower(input, data, word, text, named, runtime.as_ref(), errors)
            .map(|numbers| Document::Number(Box::new(numbers)));
    }
    let drafts = drafts(input, data, rename_all.map(|(_, case)| case), errors)?;
    if let Some((_, tag)) = tag {
        if let Some(word) = &stored_as.text {
            errors.report(
                word,
                format_args!("`{}` is stored as a map with a tag", input.ident),
                format_args!("remove `{word}` or `tag`"),
            );
        }
        if tag.value().is_empty() {
            errors.report(
                &tag,
                "the name of a tag cannot be empty",
                r#"type `#[dynamo(tag = "type")]`"#,
            );
        }
        let case = rename_all_fields.map(|(_, case)| case);
        let tagged = tagged(input, &drafts, tag.value(), runtime.as_ref(), case, errors)?;
        return Some(Document::Tagged(Box::new(tagged)));
    }
    if let Some((word, _)) = &rename_all_fields {
        errors.report(
            word,
            "`rename_all_fields` is about the fields of variants beside a tag",
            r#"name the tag, `#[dynamo(tag = "type")]`, or remove `rename_all_fields`"#,
        );
    }
    check_needs_no_tag(input, &drafts, errors);
    numbers::check_no_number_is_lost(input, data, &stored_as, errors);
    text(input, &drafts, runtime.as_ref(), errors).map(|text| Document::Text(Box::new(text)))
}

/// An enum that can be a key.
pub(super) fn key_part(
    input: &DeriveInput,
    data: &DataEnum,
    rename_all: Option<Case>,
    runtime: Option<&Path>,
    errors: &mut Errors,
) -> Option<TextEnum> {
    let drafts = drafts(input, data, rename_all, errors)?;
    for draft in &drafts {
        let is_other = draft.attributes.other.is_some();
        if !matches!(draft.variant.fields, Fields::Unit) && !is_other {
            errors.report(
                &draft.variant.fields,
                format_args!("a key is one text, and `{}` has fields", draft.variant.ident),
                "remove the fields; or hold every other text in one variant: `#[dynamo(other)] Other(String)`",
            );
        }
        if draft.text.is_empty() && !is_other {
            errors.report(
                draft.variant,
                format_args!(
                    "a key cannot be empty, and `{}` is stored as `\"\"`",
                    draft.variant.ident
                ),
                r#"give it a text: `#[dynamo(rename = "..")]`"#,
            );
        }
    }
    text(input, &drafts, runtime, errors)
}

fn drafts<'a>(
    input: &DeriveInput,
    data: &'a DataEnum,
    rename_all: Option<Case>,
    errors: &mut Errors,
) -> Option<Vec<VariantsDraft<'a>>> {
    if data.variants.is_empty() {
        errors.report(
            &input.ident,
            format_args!("`{}` has no variants, so no value can be stored", input.ident),
            format_args!("type `enum {} {{ One, Other }}`", input.ident),
        );
        return None;
    }
    let draft = |variant: &'a Variant| {
        let attributes = attr::variant(&variant.attrs, errors);
        let name = variant.ident.unraw().to_string();
        let text = match (&attributes.rename, rename_all) {
            (Some(text), _) => text.value(),
            (None, Some(case)) => case.apply_to_variant(&name),
            (None, None) => name,
        };
        VariantsDraft { variant, attributes, text }
    };
    let drafts: Vec<_> = data.variants.iter().map(draft).collect();
    check_each_text_once(&drafts, errors);
    Some(drafts)
}

/// Two variants cannot be stored as one text.
fn check_each_text_once(drafts: &[VariantsDraft<'_>], errors: &mut Errors) {
    let mut taken: HashMap<&str, &Ident> = HashMap::new();
    for draft in drafts.iter().filter(|draft| draft.attributes.other.is_none()) {
        let ident = &draft.variant.ident;
        if let Some(first) = taken.insert(&draft.text, ident) {
            let place = match &draft.attributes.rename {
                Some(text) => text.to_token_stream(),
                None => ident.to_token_stream(),
            };
            errors.report(
                &place,
                format_args!("`{first}` and `{ident}` are both stored as `{}`", draft.text),
                r#"give one of them another text: `#[dynamo(rename = "..")]`"#,
            );
        }
    }
}

/// Variants with fields are distinguished by a tag.
fn check_needs_no_tag(input: &DeriveInput, drafts: &[VariantsDraft<'_>], errors: &mut Errors) {
    let with_fields = drafts.iter().find(|draft| {
        draft.attributes.other.is_none() && !matches!(draft.variant.fields, Fields::Unit)
    });
    if let Some(draft) = with_fields {
        errors.report(
            &draft.variant.fields,
            format_args!(
                "`{}` has fields, and nothing says which variant of `{}` is stored",
                draft.variant.ident, input.ident
            ),
            r#"name the attribute that says it above the enum: `#[dynamo(tag = "type")]`"#,
        );
    }
}

/// The other texts are in one variant, which holds a text and has none of its own.
fn other(drafts: &[VariantsDraft<'_>], errors: &mut Errors) -> Option<Ident> {
    let mut found: Option<&Ident> = None;
    for VariantsDraft { variant, attributes, .. } in drafts {
        let Some(word) = &attributes.other else {
            continue;
        };
        if let Some(first) = found {
            errors.report(
                word,
                format_args!("one variant holds every other text, and `{first}` is it already"),
                format_args!("keep `other` on one of `{first}` and `{}`", variant.ident),
            );
            continue;
        }
        if let Some(rename) = &attributes.rename {
            errors.report(
                rename,
                format_args!(
                    "`{}` holds every other text, so it has none of its own",
                    variant.ident
                ),
                "remove `rename` or `other`",
            );
        }
        if !matches!(&variant.fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1) {
            errors.report(
                variant,
                format_args!(
                    "`{}` is to hold every other text, and has no place for it",
                    variant.ident
                ),
                format_args!("type `#[dynamo(other)] {}(String)`", variant.ident),
            );
        }
        found = Some(&variant.ident);
    }
    found.cloned()
}

fn text(
    input: &DeriveInput,
    drafts: &[VariantsDraft<'_>],
    runtime: Option<&Path>,
    errors: &mut Errors,
) -> Option<TextEnum> {
    let other = other(drafts, errors);
    let named = drafts.iter().filter(|draft| draft.attributes.other.is_none());
    let variants = named.map(|draft| (draft.variant.ident.clone(), draft.text.clone())).collect();
    let is_text = |draft: &VariantsDraft<'_>| match &draft.variant.fields {
        Fields::Unit => true,
        Fields::Unnamed(fields) => {
            fields.unnamed.len() == 1 && other.as_ref() == Some(&draft.variant.ident)
        }
        Fields::Named(_) => false,
    };
    let is_whole = drafts.iter().all(is_text);
    is_whole.then(|| TextEnum { target: target::of_text(input, runtime), variants, other })
}

fn tagged(
    input: &DeriveInput,
    drafts: &[VariantsDraft<'_>],
    tag: String,
    runtime: Option<&Path>,
    case: Option<Case>,
    errors: &mut Errors,
) -> Option<TaggedEnum> {
    let variants: Vec<_> = drafts
        .iter()
        .filter_map(|draft| {
            let content = content(draft, case, errors)?;
            check_tag_is_free(draft, &tag, &content, errors);
            let ident = draft.variant.ident.clone();
            Some(TaggedVariant { ident, text: draft.text.clone(), content })
        })
        .collect();
    let contents = variants.iter().map(|variant| &variant.content);
    let target = target::of_variants(input, runtime, contents);
    let is_whole = variants.len() == drafts.len();
    is_whole.then_some(TaggedEnum { target, tag, variants })
}

/// What stands beside the tag is named.
fn content(draft: &VariantsDraft<'_>, case: Option<Case>, errors: &mut Errors) -> Option<Content> {
    let VariantsDraft { variant, attributes, .. } = draft;
    if let Some(word) = &attributes.other {
        errors.report(
            word,
            "`other` is for an enum that is stored as text, and this one is a map with a tag",
            "remove `other`; a tag that no variant has is an error",
        );
    }
    match &variant.fields {
        Fields::Unit => Some(Content::Nothing),
        Fields::Named(fields) => {
            let fields = named_fields(fields, case, errors);
            evolution::check_variant(&fields, errors);
            Some(Content::Fields(fields))
        }
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let field = fields.unnamed.first()?;
            for attribute in &field.attrs {
                if attribute.path().is_ident("dynamo") {
                    errors.report(
                        attribute,
                        format_args!(
                            "what is in `{}` stands beside the tag, so nothing can be said of it",
                            variant.ident
                        ),
                        "remove the attribute",
                    );
                }
            }
            Some(Content::Document(Box::new(field.ty.clone())))
        }
        Fields::Unnamed(fields) => {
            let name = &variant.ident;
            errors.report(
                fields,
                format_args!("the fields beside a tag have names, and those of `{name}` have none"),
                format_args!(
                    "type `{name} {{ .. }}` with names, or `{name}(Document)` with one document"
                ),
            );
            None
        }
    }
}

/// The tag is an attribute of its own.
fn check_tag_is_free(draft: &VariantsDraft<'_>, tag: &str, content: &Content, errors: &mut Errors) {
    let Content::Fields(fields) = content else {
        return;
    };
    if let Some(attribute) =
        stored(fields).find(|attribute| attribute.names().any(|name| name == tag))
    {
        errors.report(
            &attribute.ident,
            format_args!(
                "the tag and the field `{}` of `{}` would both be stored as `{tag}`",
                attribute.ident, draft.variant.ident
            ),
            r#"give the tag or the field another name: `#[dynamo(rename = "..")]` on the field"#,
        );
    }
}
