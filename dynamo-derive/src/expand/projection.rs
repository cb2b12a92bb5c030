//! `impl Projection`, and how it is read.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::Path;

use super::names::{block, place_of, private, private_at};
use crate::model::{Projected, Projection};

pub(crate) fn projection(projection: &Projection) -> TokenStream {
    let Projection { runtime, ident, lifetime, of, attributes, fields } = projection;
    let p = private();
    let holder = attributes.as_ref().unwrap_or(of);
    let selected = fields.iter().map(|field| {
        let source = source(holder, field);
        quote!(#source.selected())
    });
    // Where the constants are on a type of their own, they are of this entity or document.
    let of_the_record = attributes.as_ref().map(|_| {
        let each = fields.iter().map(|Projected { constant, .. }| {
            let at = private_at(place_of(constant));
            quote_spanned!(constant.span()=> #at::of_the_record::<#of, _, _>(&<#holder>::#constant);)
        });
        quote!(const _: () = { #(#each)* };)
    });
    // What is borrowed is borrowed from the response.
    let de = lifetime.as_ref().map_or_else(|| quote!('__de), |lifetime| quote!(#lifetime));
    let this = lifetime.as_ref().map_or_else(|| quote!(#ident), |it| quote!(#ident<#it>));
    let read = lifetime.as_ref().map_or_else(|| quote!(#ident), |_| quote!(#ident<'__de>));
    let of_this = lifetime.as_ref().map(|lifetime| quote!(<#lifetime>));
    let at = private_at(place_of(of));
    let of_record = quote_spanned!(place_of(of)=> #at::of_record::<#of>());
    let owned = lifetime.is_none().then(|| {
        quote! {
            #[automatically_derived]
            impl #p::OwnedProjection<#of> for #ident {}
        }
    });
    let slots = fields.iter().enumerate().map(|(place, field)| {
        let slot = slot(place);
        let source = source(holder, field);
        quote!(let mut #slot = #source.field();)
    });
    let names = fields.iter().map(|field| {
        let source = source(holder, field);
        quote!(#source.selected().name())
    });
    let found = (0..fields.len()).map(|place| {
        let slot = slot(place);
        let place = Literal::usize_unsuffixed(place);
        quote!(_ if #slot.has_name(__name) => #place,)
    });
    let reads = (0..fields.len()).map(|place| {
        let slot = slot(place);
        let place = Literal::usize_unsuffixed(place);
        quote!(#place => #slot.read(&mut __item, &__name)?,)
    });
    let values = fields.iter().enumerate().map(|(place, field)| {
        let Projected { ident, .. } = field;
        let slot = slot(place);
        quote!(#ident: #slot.take(&__item)?)
    });
    let implementations = quote! {
            const _: () = #of_record;
            #of_the_record

            #[automatically_derived]
            impl #of_this #p::Projection<#of> for #this {
                // With braces, what is referred to lives as long as the constant.
                const SELECTION: #p::Option<&'static [#p::Selected]> =
                    #p::Some { 0: &[#(#selected),*] };
                type Read<'__de> = #read;
            }
            #owned
            #[automatically_derived]
            impl<#de> #p::DecodeItem<#de> for #this {
                fn decode_attributes(
                    mut __item: #p::Members<'_, #de>,
                ) -> #p::Result<Self, #p::DecodeError> {
                    #(#slots)*
                    while let #p::Some((__field, __name)) = __item.next_field(
                        const { &#p::FieldNames::new(const { &[#(#names),*] }) },
                        |__name| match () {
                            #(#found)*
                            _ => #p::FieldNames::OTHER,
                        },
                    )? {
                        match __field {
                            #(#reads)*
                            _ => __item.skip(__name)?,
                        }
                    }
                    #p::Ok(Self { #(#values,)* })
                }
            }
            #[automatically_derived]
            impl<#de> #p::ReadWithin<#de, #p::Plain, #this> for #of {
                const SELECTION: #p::Option<&'static [#p::Selected]> =
                    <#this as #p::Projection<#of>>::SELECTION;

                fn read_within(
                    __reader: &mut #p::Reader<#de>,
                ) -> #p::Result<#this, #p::DecodeError> {
                    #p::decode_map(__reader)
                }

                fn absent_within() -> #p::Option<#this> {
                    #p::absent_map()
                }
            }
    };
    block(runtime, Some(&quote!(#[allow(deprecated)])), &implementations)
}

/// What the field is read from, which the compiler checks here.
fn source(holder: &Path, field: &Projected) -> TokenStream {
    let Projected { ty, constant, is_part, .. } = field;
    let at = private_at(place_of(ty));
    let attribute = quote_spanned!(constant.span()=> &<#holder>::#constant);
    if *is_part {
        quote_spanned!(place_of(ty)=> #at::FieldSource::<#ty>::within(#attribute))
    } else {
        quote_spanned!(place_of(ty)=> #at::FieldSource::<#ty>::of(#attribute))
    }
}

/// Where a field waits until the item ends.
fn slot(place: usize) -> Ident {
    format_ident!("__{place}")
}
