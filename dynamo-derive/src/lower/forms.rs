//! Forms that are named on fields, and where they cannot be.

use std::rc::Rc;

use proc_macro2::Ident;

use super::fields::FieldDraft;
use crate::attr::{NamedForm, Purpose};
use crate::errors::Errors;
use crate::model::Template;

/// A field has one form.
pub(super) fn check_one_form(draft: &FieldDraft<'_>, errors: &mut Errors) {
    if let (Some(_), Some((word, _))) = (&draft.attributes.serde, &draft.attributes.form) {
        errors.report(
            word,
            format_args!("`{}` has two forms, by `serde` and by `form`", draft.ident),
            "keep one of them",
        );
    }
}

/// What the library writes itself are times, and DynamoDB reads the time of expiry.
pub(super) fn check_form_of_purpose(draft: &FieldDraft<'_>, errors: &mut Errors) {
    let Some((_, purpose)) = draft.purpose() else { return };
    let field = draft.ident;
    if let Some(word) = &draft.attributes.null_when_none
        && *purpose != Purpose::Ttl
    {
        errors.report(
            word,
            format_args!("`{field}` is the {}, which every write sets", purpose.name()),
            "remove `null_when_none`",
        );
    }
    let Some((word, form)) = &draft.attributes.form else { return };
    match purpose {
        Purpose::Ttl if *form == (NamedForm::Epoch { per_second: 1 }) => {}
        Purpose::Ttl => errors.report(
            word,
            format_args!(
                "`{field}` is the `ttl`, which DynamoDB reads as whole seconds, not as `{}`",
                form.name()
            ),
            "remove `form`; or, if its items are not to expire, remove `ttl`",
        ),
        Purpose::Version => errors.report(
            word,
            format_args!("`{field}` is the `version`, which has a form of its own"),
            "remove `form`",
        ),
        Purpose::CreatedAt | Purpose::UpdatedAt if !form.is_of_time() => errors.report(
            word,
            format_args!(
                "`{field}` is the {}, and `{}` is no form of a time",
                purpose.name(),
                form.name()
            ),
            "choose one of `epoch_seconds`, `epoch_millis`, `epoch_micros` and `rfc3339`",
        ),
        _ => {}
    }
}

/// A key is found by its value, and sorted by it.
pub(super) fn check_form_of_key(draft: &FieldDraft<'_>, keys: &[&Ident], errors: &mut Errors) {
    let field = draft.ident;
    let is_of_table = draft.purpose().is_some_and(|(_, purpose)| purpose.is_key());
    if !is_of_table && !keys.contains(&field) {
        return;
    }
    if let Some((word, form)) = &draft.attributes.form {
        let why = match form {
            NamedForm::Epoch { .. } | NamedForm::Rfc3339 { .. } => None,
            NamedForm::Base64 | NamedForm::Base64Binary => {
                Some("Base64 has another order than its bytes")
            }
            NamedForm::Json => Some("one value has many texts of JSON"),
        };
        if let Some(why) = why {
            errors.report(
                word,
                format_args!("`{field}` is a key, which cannot be `{}`: {why}", form.name()),
                format_args!(
                    "remove `form`; to keep the key as it is stored, make `{field}` what that is, \
                     a `String` or a `Vec<u8>`"
                ),
            );
        }
    }
    if let Some(word) = draft.attributes.null_when_none.as_ref().filter(|_| !is_of_table) {
        errors.report(
            word,
            format_args!("`{field}` is a key of an index, which DynamoDB does not take as a null"),
            "remove `null_when_none`: an item without the attribute is left out of the index",
        );
    }
}

/// The text of a part is its type's own, whose order is known.
pub(super) fn check_form_of_no_part(
    drafts: &[FieldDraft<'_>],
    templates: &[Rc<Template>],
    errors: &mut Errors,
) {
    for draft in drafts {
        let field = draft.ident;
        let Some((word, form)) = &draft.attributes.form else { continue };
        let of = templates.iter().find(|key| key.parts().any(|part| part.ident == *field));
        if let Some(key) = of {
            errors.report(
                word,
                format_args!(
                    "`{field}` is a part of the key `{}`, where it has the text of its type and \
                     not `{}`",
                    key.name,
                    form.name()
                ),
                format_args!("remove `form`, or store `{field}` in a second field with this form"),
            );
        }
    }
}
