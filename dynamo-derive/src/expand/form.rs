//! The forms that are named on fields, as the runtime's types.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;

use super::names::private_at;
use crate::model::NamedForm;

/// What the runtime calls the form.
pub(super) fn marker(form: NamedForm, place: Span) -> TokenStream {
    let at = private_at(place);
    match form {
        NamedForm::Epoch { per_second } => {
            let per_second = Literal::u32_unsuffixed(per_second);
            quote_spanned!(place=> #at::Epoch<#per_second>)
        }
        NamedForm::Rfc3339 { digits, zone } => {
            let [digits, zone] = [digits, zone].map(Literal::usize_unsuffixed);
            quote_spanned!(place=> #at::Rfc3339<#digits, #zone>)
        }
        NamedForm::Base64 => quote_spanned!(place=> #at::Base64Text),
        NamedForm::Base64Binary => quote_spanned!(place=> #at::Base64Binary),
        NamedForm::Json => quote_spanned!(place=> #at::JsonText),
    }
}

/// How a field of this type is stored in the form: as data, or as a key.
pub(super) fn encoding(ty: &TokenStream, form: NamedForm, of: &str, place: Span) -> TokenStream {
    in_form(ty, form, of, place).unwrap_or_else(|| marker(form, place))
}

/// What a condition compares it with.
pub(super) fn operand(ty: &TokenStream, form: NamedForm, place: Span) -> TokenStream {
    in_form(ty, form, "Operand", place).unwrap_or_else(|| {
        let at = private_at(place);
        quote_spanned!(place=> #at::NotCompared)
    })
}

/// What the type says of the form, if one of the runtime's traits asks it.
fn in_form(ty: &TokenStream, form: NamedForm, what: &str, place: Span) -> Option<TokenStream> {
    let at = private_at(place);
    let marker = marker(form, place);
    let what = Ident::new(what, place);
    Some(match form {
        NamedForm::Epoch { .. } | NamedForm::Rfc3339 { .. } => {
            quote_spanned!(place=> <#ty as #at::TimeIn<#marker>>::#what)
        }
        NamedForm::Base64 | NamedForm::Base64Binary => {
            quote_spanned!(place=> <#ty as #at::BytesIn<#marker>>::#what)
        }
        NamedForm::Json => return None,
    })
}
