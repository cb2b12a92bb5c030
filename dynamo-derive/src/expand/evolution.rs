//! How items are read and written that another program or an older one wrote.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::attributes::encoding;
use super::field::{field, slot};
use super::group::names;
use super::names::{place_of, private, private_at};
use crate::model::{Attribute, Beside, Field, Record, Unknown, stored, unknown};

/// What reads attributes under their older names.
pub(super) struct Older {
    /// A place for each name.
    pub(super) slots: TokenStream,
    /// What fills it.
    pub(super) arms: TokenStream,
    /// What moves it to the attribute's own place.
    pub(super) takeovers: TokenStream,
}

pub(super) fn older(fields: &[Field]) -> Older {
    let p = private();
    let mut older = Older {
        slots: TokenStream::new(),
        arms: TokenStream::new(),
        takeovers: TokenStream::new(),
    };
    for attribute in stored(fields) {
        let Attribute { ty, name, aliases, .. } = attribute;
        let encoding = encoding(attribute);
        let current = slot(attribute);
        for (place, alias) in aliases.iter().enumerate() {
            let slot = older_slot(attribute, place);
            let bytes = Literal::byte_string(alias.as_bytes());
            let read = field(attribute, &slot);
            older.slots.extend(quote_spanned! {place_of(ty)=>
                let mut #slot = #p::Field::<#encoding, #ty>::new();
            });
            older.arms.extend(quote_spanned! {place_of(ty)=>
                #bytes => #read,
            });
            older.takeovers.extend(quote! {
                __item.take_over(&mut #current, #slot, #name, #alias)?;
            });
        }
    }
    older
}

/// Where an attribute waits under one of its older names.
fn older_slot(attribute: &Attribute, place: usize) -> Ident {
    format_ident!("__{}_{place}", attribute.ordinal)
}

/// What becomes of the attributes that are no field's.
pub(super) struct Other {
    /// A place for them.
    pub(super) kept: Option<TokenStream>,
    pub(super) arm: TokenStream,
}

pub(super) fn other(fields: &[Field], are_denied: bool) -> Other {
    if let Some(Unknown { ty, .. }) = unknown(fields) {
        let place = place_of(ty);
        let at = private_at(place);
        return Other {
            kept: Some(quote_spanned! {place=>
                let mut __unknown: #ty = #at::UnknownField::none();
            }),
            arm: quote_spanned! {place=>
                #at::UnknownField::keep(&mut __unknown, &mut __item, __name)
            },
        };
    }
    let arm = if are_denied { quote!(__item.refuse()) } else { quote!(__item.skip(__name)) };
    Other { kept: None, arm }
}

/// Writes the attributes that are no field's and no key.
pub(super) fn write_unknown(fields: &[Field], beside: Beside<'_>) -> Option<TokenStream> {
    let Unknown { ident, ty } = unknown(fields)?;
    let place = place_of(ty);
    let at = private_at(place);
    let names = names(fields, &beside.names());
    Some(quote_spanned! {place=>
        #at::UnknownField::write(
            &self.#ident,
            &#names,
            __writer,
        );
    })
}

/// Reads an item that is not of this shape as one of the older shape.
pub(super) fn upgrade(record: &Record) -> Option<TokenStream> {
    let older = record.upgrade.as_ref()?;
    let p = private();
    let at = private_at(place_of(older));
    let upgrade = quote_spanned!(place_of(older)=> #at::upgrade::<Self, #older>(__reader));
    Some(quote! {
        fn decode_item(
            __reader: &mut #p::Reader<'__de>,
        ) -> #p::Result<Self, #p::DecodeError> {
            #upgrade
        }
    })
}
