//! Items that another program or an older one wrote: older names, unknown
//! attributes, older shapes.

use std::rc::Rc;

use proc_macro2::Ident;

use super::fields::FieldDraft;
use crate::attr::{Evolution, FieldAttributes};
use crate::errors::Errors;
use crate::model::{Field, Template, Unknown, unknown};

/// What the library compares itself, in keys and conditions, has one name.
pub(super) fn check_alias_is_of_data(draft: &FieldDraft<'_>, errors: &mut Errors) {
    let FieldAttributes { skip, flatten, unknown, .. } = &draft.attributes;
    let is_data = skip.is_none() && flatten.is_none() && unknown.is_none();
    let Some((_, purpose)) = draft.purpose().filter(|_| is_data) else { return };
    for (word, _) in &draft.attributes.aliases {
        let field = draft.ident;
        errors.report(
            word,
            format_args!("`{field}` is the {}, which has one name", purpose.name()),
            "keep the name that is in the table, by `rename`; or write the items anew under the \
             new name",
        );
    }
}

/// What makes a key is written with it, and has one name; nor is a key the older name of a field.
pub(super) fn check_alias_is_of_no_key(
    drafts: &[FieldDraft<'_>],
    templates: &[Rc<Template>],
    errors: &mut Errors,
) {
    for draft in drafts {
        let field = draft.ident;
        let is_part =
            templates.iter().any(|template| template.parts().any(|part| part.ident == *field));
        for (word, alias) in &draft.attributes.aliases {
            if is_part {
                errors.report(
                    word,
                    format_args!("`{field}` is a part of a key, which has one name"),
                    "keep the name that is in the table, by `rename`; or write the items anew \
                     under the new name",
                );
            } else if templates.iter().any(|template| template.name == alias.value()) {
                errors.report(
                    alias,
                    format_args!("`{}` is a key that is made of fields", alias.value()),
                    format_args!("remove this `alias` of `{field}`"),
                );
            }
        }
    }
}

/// An unknown attribute is kept once.
pub(super) fn check_one_unknown(drafts: &[FieldDraft<'_>], errors: &mut Errors) {
    let mut keeping =
        drafts.iter().filter_map(|draft| Some((draft.ident, draft.attributes.unknown.as_ref()?)));
    let Some((first, _)) = keeping.next() else { return };
    for (second, word) in keeping {
        errors.report(
            word,
            format_args!("`{first}` keeps the unknown attributes already"),
            format_args!("keep `unknown` on one of `{first}` and `{second}`"),
        );
    }
}

/// What is denied is never there to be kept.
pub(super) fn check_unknown_is_kept_or_denied(
    fields: &[Field],
    evolution: &Evolution,
    errors: &mut Errors,
) {
    if let (Some(word), Some(Unknown { ident, .. })) = (&evolution.deny_unknown, unknown(fields)) {
        errors.report(
            word,
            format_args!("unknown attributes are denied here, and kept in `{ident}`"),
            format_args!("remove `deny_unknown`, or the field `{ident}`"),
        );
    }
}

/// An enum is told apart by its tag: what is said of a whole map is said of a struct.
pub(super) fn check_enum(name: &Ident, evolution: &Evolution, errors: &mut Errors) {
    for word in evolution.words() {
        errors.report(
            word,
            format_args!("`{word}` is about a struct, and `{name}` is an enum"),
            format_args!("remove `{word}`; or say it of a struct that is what a variant holds"),
        );
    }
}

/// The variants of an enum know what is in the map together.
pub(super) fn check_variant(fields: &[Field], errors: &mut Errors) {
    if let Some(Unknown { ident, .. }) = unknown(fields) {
        errors.report(
            ident,
            format_args!("a variant cannot keep the unknown attributes, as `{ident}` would"),
            "keep them in a struct",
        );
    }
}
