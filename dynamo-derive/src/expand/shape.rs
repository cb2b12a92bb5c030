//! What an attribute holds, as data.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::attributes::encoding;
use super::names::{asked_at, place_of, private, private_at};
use crate::model::{
    Absence, Attribute, Constant, Content, Entity, Field, Form, NamedForm, TaggedEnum,
};

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
    let mut told = TokenStream::new();
    // Those that are told by one call.
    let mut together: Vec<&Attribute> = Vec::new();
    for field in fields {
        match field {
            Field::Skipped(_) | Field::Unknown(_) => {}
            Field::Stored(attribute) if attribute.form == Form::InKey => {}
            Field::Flattened(group) => {
                told.extend(tell_together(&std::mem::take(&mut together)));
                let place = place_of(&group.ty);
                let ty = asked_at(&group.ty, place);
                told.extend(quote_spanned!(place=> __attributes.group::<#ty>();));
            }
            Field::Stored(attribute) => match of_serde(attribute) {
                None => {
                    together.push(attribute);
                }
                Some(word) => {
                    told.extend(tell_together(&std::mem::take(&mut together)));
                    let (name, aliases, has_default) = facts(attribute);
                    let word = Ident::new(word, Span::call_site());
                    told.extend(quote!(__attributes.#word(#name, &[#(#aliases),*], #has_default);));
                }
            },
        }
    }
    told.extend(tell_together(&together));
    quote! {
        |__attributes: &mut #p::ShapeAttributes<'_>| {
            let _ = &__attributes;
            #told
            #beside
        }
    }
}

fn tell_together(attributes: &[&Attribute]) -> Option<TokenStream> {
    let each = attributes.iter().map(|attribute| {
        let place = place_of(&attribute.ty);
        let at = private_at(place);
        let ty = asked_at(&attribute.ty, place);
        let encoding = encoding(attribute);
        let (name, aliases, has_default) = facts(attribute);
        quote_spanned! {place=>
            #at::AttributeFacts::of::<#encoding, #ty>(#name, &[#(#aliases),*], #has_default)
        }
    });
    (!attributes.is_empty()).then(|| quote!(__attributes.attributes(&[#(#each),*]);))
}

/// What tells of it, where its form is serde's: whether the type has serde's traits is asked where
/// it is written and read.
fn of_serde(attribute: &Attribute) -> Option<&'static str> {
    if matches!(attribute.form, Form::Serde) {
        Some("any")
    } else {
        (attribute.form.named() == Some(NamedForm::Json)).then_some("json")
    }
}

/// Its name, its older names, and whether it has a default.
fn facts(attribute: &Attribute) -> (&String, &[String], bool) {
    let has_default = !matches!(attribute.absence, Absence::OfType);
    (&attribute.name, &attribute.aliases, has_default)
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
