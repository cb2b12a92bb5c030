//! What an attribute holds, as data.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::attributes::encoding;
use super::names::{asked_at, place_of, private};
use crate::model::{Absence, Constant, Content, Entity, Field, Form, NamedForm, TaggedEnum};

/// `|attributes| { .. }`, which tells of each field, and of each constant.
pub(super) fn of_entity(entity: &Entity) -> TokenStream {
    let constants = entity
        .constants
        .iter()
        .map(|Constant { name, text }| quote!(__attributes.constant(#name, #text);));
    tell(&entity.record.fields, &quote!(#(#constants)*))
}

/// `|attributes| { .. }`, which tells of each field.
pub(super) fn of_fields(fields: &[Field]) -> TokenStream {
    tell(fields, &TokenStream::new())
}

fn tell(fields: &[Field], beside: &TokenStream) -> TokenStream {
    let p = private();
    let each = fields.iter().filter_map(|field| match field {
        Field::Skipped(_) | Field::Unknown(_) => None,
        Field::Stored(attribute) if attribute.form == Form::InKey => None,
        Field::Flattened(group) => {
            let place = place_of(&group.ty);
            let ty = asked_at(&group.ty, place);
            Some(quote_spanned!(place=> __attributes.group::<#ty>();))
        }
        Field::Stored(attribute) => {
            let ty = &attribute.ty;
            let place = place_of(ty);
            let ty = asked_at(ty, place);
            let encoding = encoding(attribute);
            let name = &attribute.name;
            let aliases = &attribute.aliases;
            let has_default = !matches!(attribute.absence, Absence::OfType);
            // Whether the type has serde's traits is asked where it is written and read.
            if matches!(attribute.form, Form::Serde) {
                return Some(quote!(__attributes.any(#name, &[#(#aliases),*], #has_default);));
            }
            if attribute.form.named() == Some(NamedForm::Json) {
                return Some(quote!(__attributes.json(#name, &[#(#aliases),*], #has_default);));
            }
            Some(quote_spanned! {place=>
                __attributes.attribute::<#encoding, #ty>(#name, &[#(#aliases),*], #has_default);
            })
        }
    });
    quote! {
        |__attributes: &mut #p::ShapeAttributes<'_>| {
            let _ = &__attributes;
            #(#each)*
            #beside
        }
    }
}

/// `fn shape`, of a map of these fields.
pub(super) fn of_document(fields: &[Field]) -> TokenStream {
    let describe = of_fields(fields);
    shape(&quote!(__shapes.document::<Self>(#describe)))
}

/// `fn shape`, of a map with a tag.
pub(super) fn of_tagged(tagged: &TaggedEnum) -> TokenStream {
    let TaggedEnum { tag, variants, .. } = tagged;
    let variants = variants.iter().map(|variant| {
        let text = &variant.text;
        let describe = match &variant.content {
            Content::Nothing => quote!(|_| {}),
            Content::Fields(fields) => of_fields(fields),
            Content::Document(ty) => {
                let place = place_of(ty);
                let ty = asked_at(ty, place);
                quote_spanned!(place=> |__attributes| __attributes.group::<#ty>())
            }
        };
        quote!((#text, #describe))
    });
    shape(&quote!(__shapes.tagged::<Self>(#tag, &[#(#variants),*])))
}

/// `fn shape`, which gives this.
pub(super) fn shape(shape: &TokenStream) -> TokenStream {
    let p = private();
    quote! {
        fn shape(__shapes: &mut #p::Shapes) -> #p::ValueShape {
            #shape
        }
    }
}
