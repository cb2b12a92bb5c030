//! One field of an item as it is read.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote_spanned};

use super::attributes::{default, encoding};
use super::names::{place_of, private_at};
use crate::model::{Attribute, Purpose};

/// Where an attribute waits until the item ends.
pub(super) fn slot(attribute: &Attribute) -> Ident {
    format_ident!("__{}", attribute.ordinal)
}

/// Reads the value of the member that was just named into its place; a null is the default, where
/// there is one.
pub(super) fn field(attribute: &Attribute, slot: &Ident) -> TokenStream {
    let ty = &attribute.ty;
    let encoding = encoding(attribute);
    // The service counts a version up, which a null is not.
    let is_version = attribute.purpose == Some(Purpose::Version);
    match default(attribute).filter(|_| !is_version) {
        None => quote_spanned!(place_of(ty)=> __item.field::<#encoding, #ty>(&mut #slot)),
        Some(default) => quote_spanned! {place_of(ty)=>
            __item.field_or::<#encoding, #ty>(&mut #slot, || #default)
        },
    }
}

/// The value that was read, or what stands for it where there is none.
pub(super) fn take(attribute: &Attribute) -> TokenStream {
    let Attribute { ty, name, .. } = attribute;
    let slot = slot(attribute);
    match default(attribute) {
        None => {
            let encoding = encoding(attribute);
            let at = private_at(place_of(ty));
            quote_spanned! {place_of(ty)=>
                let #at::Some(#slot) = __item.held::<#encoding, #ty>(#slot) else {
                    return #at::Err(__item.missing_field(#name));
                };
            }
        }
        Some(default) => {
            quote_spanned!(place_of(ty)=> let #slot = __item.take_or(#slot, || #default);)
        }
    }
}
