//! `impl Projection`, and how it is read.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote, quote_spanned};

use super::{place_of, relocated};
use crate::model::{Projected, Projection};

pub(crate) fn projection(projection: &Projection) -> TokenStream {
    let Projection { runtime, ident, lifetime, of, attributes, fields } = projection;
    let p = quote!(#runtime::__private);
    let count = fields.len();
    let holder = attributes.as_ref().unwrap_or(of);
    let selected = fields.iter().map(|field| {
        let Projected { constant, .. } = field;
        let at = relocated(&p, place_of(constant));
        quote_spanned!(constant.span()=> #at::selected(&<#holder>::#constant))
    });
    // Where the constants are the entity's own, they are of it.
    let of_the_entity = attributes.as_ref().map(|_| {
        let each = fields.iter().map(|Projected { constant, .. }| {
            let at = relocated(&p, place_of(constant));
            quote_spanned!(constant.span()=> #at::of_the_entity::<#of, _, _>(&<#holder>::#constant);)
        });
        quote!(const _: () = { #(#each)* };)
    });
    // What is borrowed is borrowed from the response.
    let de = lifetime.as_ref().map_or_else(|| quote!('__de), |lifetime| quote!(#lifetime));
    let this = lifetime.as_ref().map_or_else(|| quote!(#ident), |it| quote!(#ident<#it>));
    let read = lifetime.as_ref().map_or_else(|| quote!(#ident), |_| quote!(#ident<'__de>));
    let of_this = lifetime.as_ref().map(|lifetime| quote!(<#lifetime>));
    let at = relocated(&p, place_of(of));
    let of_entity = quote_spanned!(place_of(of)=> #at::of_entity::<#of>());
    let owned = lifetime.is_none().then(|| {
        quote! {
            #[automatically_derived]
            impl #p::Owned<#of> for #ident {}
        }
    });
    let slots = fields.iter().enumerate().map(|(place, field)| {
        let Projected { ty, constant, .. } = field;
        let slot = slot(place);
        let at = relocated(&p, place_of(ty));
        let attribute = quote_spanned!(constant.span()=> &<#holder>::#constant);
        quote_spanned! {place_of(ty)=>
            let mut #slot = #at::Projected::<#ty, _>::of(#attribute);
        }
    });
    let reads = (0..count).map(|place| {
        let slot = slot(place);
        quote! {
            if #slot.read(&mut __item, &__name)? {
                continue;
            }
        }
    });
    let values = fields.iter().enumerate().map(|(place, field)| {
        let Projected { ident, .. } = field;
        let slot = slot(place);
        quote!(#ident: #slot.take(&__item)?)
    });
    quote! {
        #[allow(deprecated)]
        const _: () = {
            const _: () = #of_entity;
            #of_the_entity
            const __SELECTION: [#p::Selected; #count] = [#(#selected),*];

            #[automatically_derived]
            impl #of_this #p::Projection<#of> for #this {
                const SELECTION: ::core::option::Option<&'static [#p::Selected]> =
                    ::core::option::Option::Some(&__SELECTION);
                type Read<'__de> = #read;
            }
            #owned
            #[automatically_derived]
            impl<#de> #p::DecodeItem<#de> for #this {
                fn decode_attributes(
                    mut __item: #p::Members<'_, #de>,
                ) -> ::core::result::Result<Self, #p::DecodeError> {
                    #(#slots)*
                    while let ::core::option::Option::Some(__name) = __item.next_name()? {
                        #(#reads)*
                        __item.skip(__name)?;
                    }
                    ::core::result::Result::Ok(Self { #(#values,)* })
                }
            }
        };
    }
}

/// Where a field waits until the item ends.
fn slot(place: usize) -> Ident {
    format_ident!("__{place}")
}
