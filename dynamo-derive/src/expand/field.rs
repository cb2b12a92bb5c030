//! The fields of an item as they are read.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::attributes::{default, encoding};
use super::codec::FIELDS_AT_ONCE;
use super::names::{place_of, private, private_at};
use crate::model::{Attribute, Purpose};

/// The value of an attribute, once the item has ended.
pub(super) fn slot(attribute: &Attribute) -> Ident {
    format_ident!("__{}", attribute.ordinal)
}

/// Where the attributes wait until the item ends.
pub(super) fn slots(attributes: &[&Attribute]) -> TokenStream {
    let p = private();
    let all = attributes.chunks(FIELDS_AT_ONCE).map(|attributes| {
        let slots = attributes.iter().map(|attribute| {
            let ty = &attribute.ty;
            let encoding = encoding(attribute);
            let place = place_of(ty);
            let at = private_at(place);
            match default(attribute) {
                None => quote_spanned!(place=> #at::Field::<#encoding, #ty>::new()),
                Some(default) => {
                    let new = if takes_null(attribute) { "new" } else { "without_null" };
                    let new = Ident::new(new, place);
                    quote_spanned!(place=> #at::FieldOr::<#encoding, #ty, _>::#new(|| #default))
                }
            }
        });
        quote!((#(#slots,)*))
    });
    nested(all.collect(), |first, more| quote!(#p::Fields(#first, #more)))
}

/// What has the values of the slots, as a pattern.
pub(super) fn values(attributes: &[&Attribute]) -> TokenStream {
    let all = attributes.chunks(FIELDS_AT_ONCE).map(|attributes| {
        let values = attributes.iter().map(|attribute| slot(attribute));
        quote!((#(#values,)*))
    });
    nested(all.collect(), |first, more| quote!((#first, #more)))
}

fn nested(
    all: Vec<TokenStream>,
    pair: impl Fn(TokenStream, TokenStream) -> TokenStream,
) -> TokenStream {
    let nested = all.into_iter().rev().reduce(|more, first| pair(first, more));
    nested.unwrap_or_else(|| quote!(()))
}

/// The slot of the attribute that is the one at this place of so many.
pub(super) fn in_slots(attribute: &Attribute, place: usize, count: usize) -> TokenStream {
    let chunk = place / FIELDS_AT_ONCE;
    let last = count.saturating_sub(1) / FIELDS_AT_ONCE;
    let more = (0..chunk).map(|_| quote!(.1));
    let first = (chunk < last).then(|| quote!(.0));
    let place = Literal::usize_unsuffixed(place % FIELDS_AT_ONCE);
    let slot = quote!(__fields #(#more)* #first.#place);
    match default(attribute) {
        None => quote!(&mut #slot),
        Some(_) => quote!(#slot.field()),
    }
}

/// Reads the value of the member that was just named into a place; a null is the default, where
/// there is one.
pub(super) fn field(attribute: &Attribute, slot: &Ident) -> TokenStream {
    let ty = &attribute.ty;
    let encoding = encoding(attribute);
    match default(attribute).filter(|_| takes_null(attribute)) {
        None => quote_spanned!(place_of(ty)=> __item.field::<#encoding, #ty>(&mut #slot)),
        Some(default) => quote_spanned! {place_of(ty)=>
            __item.field_or::<#encoding, #ty>(&mut #slot, || #default)
        },
    }
}

/// The service counts a version up, which a null is not.
fn takes_null(attribute: &Attribute) -> bool {
    attribute.purpose != Some(Purpose::Version)
}
