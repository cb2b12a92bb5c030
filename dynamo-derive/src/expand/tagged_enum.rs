//! An enum whose variants have fields, which is stored as a map with a tag.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::names::{asked_at, none_of, place_of, private, private_at};
use super::{codec, group};
use crate::model::{Attribute, Content, Field, TaggedEnum, TaggedVariant, Target};

/// About how many bytes of JSON a tag has besides the two texts.
const TAG_SIZE_HINT: usize = 12;

/// As an item: the tag first, then what is beside it.
pub(super) fn item(tagged: &TaggedEnum) -> TokenStream {
    let TaggedEnum { target, tag, variants } = tagged;
    let p = private();
    let writes = variants.iter().map(|variant| write(target, tag, variant));
    let reads = variants.iter().map(read);
    let reason = none_of(variants.iter().map(|variant| variant.text.as_str()));
    let write = quote! {
        match self {
            #(#writes)*
        }
    };
    let read = quote! {
        let (__variant, mut __item) = __item.tagged(#tag)?;
        match __variant.name() {
            #(#reads)*
            _ => #p::Err(__variant.unknown(#reason)),
        }
    };
    let beside = |variant: &TaggedVariant| match &variant.content {
        Content::Fields(fields) => codec::size_hint(fields),
        Content::Nothing | Content::Document(_) => 0,
    };
    let beside = variants.iter().map(beside).max().unwrap_or_default();
    let size_hint = tag.len() + TAG_SIZE_HINT + beside;
    let item = codec::implementations(target, size_hint, &write, &read, None);
    let group = group::of_tagged(tagged);
    quote!(#item #group)
}

fn write(target: &Target, tag: &str, variant: &TaggedVariant) -> TokenStream {
    let TaggedVariant { ident, text, content } = variant;
    let checks = group::checks_of_variant(target, tag, variant);
    let tag = quote!(#checks __writer.attribute(#tag, #text););
    match content {
        Content::Nothing => quote!(Self::#ident => { #tag }),
        Content::Fields(fields) => {
            let bindings = fields.iter().map(|field| match field {
                Field::Stored(attribute) => {
                    let Attribute { ident, .. } = &**attribute;
                    let binding = binding(ident);
                    quote!(#ident: #binding)
                }
                Field::Flattened(group) => {
                    let ident = &group.ident;
                    let binding = binding(ident);
                    quote!(#ident: #binding)
                }
                // A variant keeps none, which was told.
                Field::Unknown(unknown) => {
                    let ident = &unknown.ident;
                    quote!(#ident: _)
                }
                Field::Skipped(skipped) => {
                    let ident = &skipped.ident;
                    quote!(#ident: _)
                }
            });
            let fields = codec::write(fields, |ident| {
                let binding = binding(ident);
                quote!(#binding)
            });
            quote! {
                Self::#ident { #(#bindings,)* } => {
                    #tag
                    #fields
                }
            }
        }
        Content::Document(ty) => {
            let place = place_of(ty);
            let at = private_at(place);
            let ty = asked_at(ty, place);
            let write =
                quote_spanned!(place=> <#ty as #at::Group>::encode_group(__document, __writer););
            quote! {
                Self::#ident(__document) => {
                    #tag
                    #write
                }
            }
        }
    }
}

fn read(variant: &TaggedVariant) -> TokenStream {
    let TaggedVariant { ident, text, content } = variant;
    let p = private();
    match content {
        Content::Nothing => {
            let read = codec::read(&[], &quote!(Self::#ident));
            quote!(#text => { #read })
        }
        Content::Fields(fields) => {
            let read = codec::read(fields, &quote!(Self::#ident));
            quote!(#text => { #read })
        }
        Content::Document(ty) => {
            let place = place_of(ty);
            let at = private_at(place);
            let read =
                quote_spanned!(place=> <#ty as #at::ReadGroup<'__de>>::decode_group(__item)?);
            quote!(#text => #p::Ok(Self::#ident(#read)),)
        }
    }
}

/// The field of a variant, out of the way of everything else.
fn binding(field: &Ident) -> Ident {
    format_ident!("__field_{}", field.unraw(), span = place_of(field))
}
