//! `#[dynamo(unique = "EMAIL#{email}")]` to the model's unique attributes.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::LitStr;

use super::fields::FieldDraft;
use super::template::Templates;
use crate::attr::{EntityAttributes, Permission, Purpose};
use crate::errors::Errors;
use crate::model::{Key, KeyAttribute, KeyGroup, Segment, Unique};

/// The attributes whose values are guarded.
pub(super) fn unique(
    drafts: &[FieldDraft<'_>],
    templates: &Templates<'_>,
    errors: &mut Errors,
) -> Vec<Unique> {
    let mut all = Vec::new();
    for draft in drafts {
        let Some((word, template)) = &draft.attributes.unique else { continue };
        if check_is_data(draft, word, errors)
            && let Some(segments) = templates.of_guard(template, errors)
            && let Some(unique) = check_one_part(draft, template, segments, errors)
        {
            all.push(unique);
        }
    }
    all
}

/// What is unique is a value that the program sets, under one name, and that is never made up.
fn check_is_data(draft: &FieldDraft<'_>, word: &Ident, errors: &mut Errors) -> bool {
    let attributes = &draft.attributes;
    let others = attributes.purposes.iter().map(|(other, _)| other);
    let others = others.chain(attributes.default.iter().map(|(other, _)| other));
    let others = others.chain(attributes.aliases.iter().map(|(other, _)| other));
    let others = others.chain(&attributes.serde).chain(&attributes.key_only);
    let mut is_data = true;
    for other in others {
        is_data = false;
        errors.report(
            other,
            format_args!("`{}` is unique, so it cannot be `{other}` too", draft.ident),
            format_args!("remove `{other}` or `{word}`; a value that may be absent is an `Option`"),
        );
    }
    is_data
}

/// The key of a guard is made of the value, and of nothing else.
fn check_one_part(
    draft: &FieldDraft<'_>,
    template: &LitStr,
    segments: Vec<Segment>,
    errors: &mut Errors,
) -> Option<Unique> {
    let mut parts = segments.iter().filter_map(|segment| match segment {
        Segment::Part(part) => Some(part),
        Segment::Fixed(_) => None,
    });
    if let (Some(part), None) = (parts.next(), parts.next())
        && part.ident == *draft.ident
    {
        let attribute = Rc::clone(part);
        return Some(Unique { attribute, segments, place: template.span() });
    }
    errors.report(
        template,
        format_args!("the key of the guard of `{}` is made of another field", draft.ident),
        format_args!(
            "name this field, and no other: `EMAIL#{{{}}}`, with a fixed text of its own",
            draft.ident
        ),
    );
    None
}

/// What a guard has in the place of each constant.
const GUARD: &str = "_unique";

/// What an entity with unique attributes must have, and must not allow. Says whether its keys are
/// templates, with which the guards are compared.
pub(super) fn check_entity(
    entity: &Ident,
    drafts: &[FieldDraft<'_>],
    attributes: &EntityAttributes,
    key: &Key,
    has_version: bool,
    errors: &mut Errors,
) -> bool {
    let unique =
        drafts.iter().find_map(|draft| Some((draft.ident, draft.attributes.unique.as_ref()?)));
    let Some((field, (word, _))) = unique else { return true };
    if !has_version {
        errors.report(
            word,
            format_args!("`{field}` is unique, and `{entity}` has no version"),
            "add a field `#[dynamo(version)] version: Version`: it tells that the guard to be moved is that of the value that was read",
        );
    }
    let has_templates = key.attributes().all(|key| matches!(key, KeyAttribute::Template(_)));
    if !has_templates {
        errors.report(
            word,
            format_args!("the guard of `{field}` is an item of the table, and a key that is a field could be equal to its key"),
            r#"make the keys of the table by templates: `partition_key("pk") = "USER#{user_id}"`"#,
        );
    }
    for draft in drafts {
        for (word, purpose) in &draft.attributes.purposes {
            if matches!(purpose, Purpose::Ttl) {
                errors.report(
                    word,
                    format_args!(
                        "`{field}` is unique, and an item that expires would leave its guard"
                    ),
                    "remove `ttl` or `unique`",
                );
            }
        }
    }
    for constant in attributes.constants.iter().filter(|constant| constant.text.value() == GUARD) {
        errors.report(
            &constant.text,
            format_args!("`{field}` is unique, and its guards have this text"),
            "choose another text: it tells the items of the entity from their guards",
        );
    }
    for (word, permission) in &attributes.allowed {
        if *permission != Permission::Scan {
            errors.report(
                word,
                format_args!("`{field}` is unique, and `{word}` writes without its guard"),
                format_args!("remove `{word}`"),
            );
        }
    }
    has_templates
}

/// What an update sets together with other parts of a key would leave its guard.
pub(super) fn check_groups(unique: &[Unique], groups: &[KeyGroup], errors: &mut Errors) {
    for group in groups {
        let of_group = |part: &Unique| group.parts.iter().any(|known| known.is(&part.attribute));
        for Unique { attribute, .. } in unique.iter().filter(|unique| of_group(unique)) {
            errors.report(
                &attribute.ident,
                format_args!(
                    "`{}` is unique, and a part of the key of `{}` with others",
                    attribute.ident, group.function
                ),
                "a unique attribute can be the only part of an index's key: give it a key of its own",
            );
        }
    }
}
