//! `impl Collection`, and which entity each item is of.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Index;

use super::names::{block, place_of, private, private_at};
use crate::model::{CollectionItems, CollectionVariant};

/// A collection that is an enum.
pub(super) fn collection(collection: &CollectionItems) -> TokenStream {
    let runtime = &collection.runtime;
    let items = items(collection);
    let ranges = ranges(&collection.ident, collection);
    let ranges = block(runtime, Some(&quote!(#[allow(deprecated)])), &ranges);
    quote!(#items #ranges)
}

/// The enum of the items, of itself or of a struct.
pub(super) fn items(collection: &CollectionItems) -> TokenStream {
    let CollectionItems { runtime, ident, name, index, skips_others, members } = collection;
    let p = private();
    let queried = index.as_ref().map_or_else(|| quote!(#p::Primary), ToTokens::to_token_stream);
    let is_of = skips_others.then(|| {
        quote! {
            const IS_OF: #p::Option<#p::IsOf> =
                #p::Some(|__item| #p::is_member(&__MEMBERS, __item));
            fn told_by() -> #p::Vec<&'static #p::str> {
                #p::constants_of(&__MEMBERS)
            }
        }
    });
    let count = members.len();
    let first = members.first().map(|first| &first.entity);
    let entities = members.iter().map(|member| &member.entity);
    // The one place that asks for an entity, so that a type that is none is one error.
    let described = members.iter().map(|CollectionVariant { entity, .. }| {
        let place = place_of(entity);
        let at = private_at(place);
        quote_spanned!(place=> #at::entity_of_a_collection::<#entity>())
    });
    let places = (0..count).map(Index::from);
    let checks = checks(collection);
    let by_attributes = arms(members, &quote!(read_attributes), &quote!(__item));
    let by_item = arms(members, &quote!(read_item), &quote!(__reader));
    let conversions = members.iter().map(|member| {
        let CollectionVariant { ident: variant, entity } = member;
        quote! {
            #[automatically_derived]
            impl #p::From<#entity> for #ident {
                fn from(__entity: #entity) -> Self {
                    Self::#variant(__entity)
                }
            }
        }
    });
    let implementations = quote! {
            const __EACH: (#(#p::MemberOf<#entities>,)*) = (#(#described,)*);
            const __MEMBERS: [#p::CollectionMember; #count] = [#(__EACH.#places.member),*];
            #checks

            #[automatically_derived]
            impl #p::Collection for #ident {
                type First = #first;
                type Index = #queried;
                const MEMBERS: &'static [#p::CollectionMember] = &__MEMBERS;
            }

            #[automatically_derived]
            impl #p::Entities for #ident {
                fn describe(__entities: &mut #p::Descriptions) {
                    for __member in &__MEMBERS {
                        __member.describe(__entities);
                    }
                }
            }

            #[automatically_derived]
            impl #p::Projection<#first> for #ident {
                const SELECTION: #p::Option<&'static [#p::Selected]> =
                    #p::None;
                #is_of
                type Read<'__de> = #ident;
            }

            #[automatically_derived]
            impl #p::OwnedProjection<#first> for #ident {}

            #[automatically_derived]
            impl #p::StreamItem for #ident {
                const NAME: &'static #p::str = #name;
            }

            #[automatically_derived]
            impl<'__de> #p::DecodeItem<'__de> for #ident {
                fn decode_attributes(
                    __item: #p::Members<'_, '__de>,
                ) -> #p::Result<Self, #p::DecodeError> {
                    match #p::member_of(#name, &__MEMBERS, &__item)? {
                        #by_attributes
                    }
                }

                fn decode_item(
                    __reader: &mut #p::Reader<'__de>,
                ) -> #p::Result<Self, #p::DecodeError> {
                    let __member = {
                        let mut __ahead = #p::Clone::clone(__reader);
                        let __item = __ahead.item()?;
                        #p::member_of(#name, &__MEMBERS, &__item)?
                    };
                    match __member {
                        #by_item
                    }
                }
            }

            #(#conversions)*
    };
    block(runtime, Some(&quote!(#[allow(deprecated)])), &implementations)
}

/// What reads the item of each place; the last is what is left.
fn arms(members: &[CollectionVariant], read: &TokenStream, from: &TokenStream) -> TokenStream {
    let p = private();
    let arms = members.iter().enumerate().map(|(place, CollectionVariant { ident, .. })| {
        let pattern = if place + 1 == members.len() { quote!(_) } else { quote!(#place) };
        let place = Index::from(place);
        let read = quote!((__EACH.#place.#read)(#from));
        quote!(#pattern => #p::Result::map(#read, Self::#ident),)
    });
    arms.collect()
}

/// What the collection, as a type of this name, takes as the bounds of a query.
pub(super) fn ranges(ident: &Ident, collection: &CollectionItems) -> TokenStream {
    let p = private();
    let entities = collection.members.iter().map(|CollectionVariant { entity, .. }| {
        quote!(#[automatically_derived] impl #p::InCollection<#ident> for #entity {})
    });
    let of_table = collection
        .index
        .is_none()
        .then(|| quote!(#[automatically_derived] impl #p::OfTable for #ident {}));
    quote!(#(#entities)* #of_table)
}

/// That all are of one table and one partition, and no two could be taken for each other.
fn checks(collection: &CollectionItems) -> TokenStream {
    let p = private();
    let CollectionItems { index, members, .. } = collection;
    let mut checks = TokenStream::new();
    let mut name = quote!(#p::None);
    if let (Some(index), Some(CollectionVariant { entity, .. })) = (index, members.first()) {
        let place = place_of(index);
        let at = private_at(place);
        checks.extend(quote_spanned! {place=>
            const __INDEX: #p::Option<&'static #p::str> =
                <#index as #at::Index<#entity>>::NAME;
            const _: () = #at::assert_together(&__MEMBERS[0], &__MEMBERS[0], __INDEX);
        });
        name = quote!(__INDEX);
    }
    for (place, member) in members.iter().enumerate().skip(1) {
        let span = place_of(&member.entity);
        let at = private_at(span);
        checks.extend(quote_spanned! {span=>
            const _: () = #at::assert_together(&__MEMBERS[0], &__MEMBERS[#place], #name);
        });
        for earlier in 0..place {
            checks.extend(quote_spanned! {span=>
                const _: () = #at::assert_apart(&__MEMBERS[#earlier], &__MEMBERS[#place], #name);
            });
        }
    }
    checks
}
