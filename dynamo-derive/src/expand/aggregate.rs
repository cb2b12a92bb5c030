//! `impl Aggregate`, beside the enum of its entities.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::collection;
use super::names::{block, private};
use crate::model::{Aggregate, AggregateField, CollectionVariant, Count};

pub(super) fn aggregate(aggregate: &Aggregate) -> TokenStream {
    let Aggregate { visibility, ident, fields, items } = aggregate;
    let runtime = &items.runtime;
    let p = private();
    let item = &items.ident;
    let variants =
        items.members.iter().map(|CollectionVariant { ident, entity }| quote!(#ident(#entity)));
    let names: Vec<_> = (0..fields.len()).map(|place| format_ident!("__all_{place}")).collect();
    let sorts = items.members.iter().zip(&names).map(|(member, name)| {
        let variant = &member.ident;
        quote!(#item::#variant(__entity) => #name.push(__entity),)
    });
    let values = fields.iter().zip(&items.members).zip(&names).map(|((field, member), name)| {
        let AggregateField { ident, count } = field;
        let entity = &member.entity;
        let entity = quote!(#entity).to_string();
        let field = ident.unraw();
        let none = format!("the partition has no `{entity}` for the field `{field}`");
        let several = format!(
            "the partition has several items of `{entity}`, and the field `{field}` takes one"
        );
        match count {
            Count::One => quote!(#ident: #p::one(#name, #none, #several)?),
            Count::AtMostOne => quote!(#ident: #p::at_most_one(#name, #several)?),
            Count::Any => quote!(#ident: #name),
        }
    });
    let ranges = collection::ranges(ident, items);
    let collection = collection::items(items);
    let allowed =
        quote!(#[allow(deprecated, missing_docs, missing_debug_implementations, unreachable_pub)]);
    let implementations = quote! {
            #visibility enum #item {
                #(#variants),*
            }

            #collection
            #ranges

            #[automatically_derived]
            impl #p::Entities for #ident {
                fn describe(__entities: &mut #p::Descriptions) {
                    <#item as #p::Entities>::describe(__entities);
                }
            }

            #[automatically_derived]
            impl #p::Aggregate for #ident {
                type Item = #item;

                fn gather(
                    __items: #p::Vec<Self::Item>,
                ) -> #p::Result<Self, #p::DecodeError> {
                    #(let mut #names = #p::Vec::new();)*
                    for __item in __items {
                        match __item {
                            #(#sorts)*
                        }
                    }
                    #p::Ok(Self { #(#values),* })
                }
            }
    };
    block(runtime, Some(&allowed), &implementations)
}
