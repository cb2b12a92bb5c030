//! The conditions on sort keys that queries of an entity have.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::attributes::ordinal;
use super::generated;
use crate::model::{Attribute, Entity, Index, Target};

/// `pub trait OrderQuery { .. }`, where the table or an index has a sort key.
pub(super) fn sort_keys(entity: &Entity) -> TokenStream {
    let Target { visibility, ident, .. } = entity.target();
    let query_trait = &entity.query_trait;
    let sort_keys = entity.sort_keys();
    if sort_keys.is_empty() {
        return TokenStream::new();
    }
    let p = entity.private();
    let doc = format!(
        "The sort keys of [`{}`] and its indexes, as conditions of a query.",
        ident.unraw()
    );
    let methods = sort_keys.iter().map(|attribute| {
        let doc = format!("Keeps the items whose `{}` fits.", attribute.name);
        let signature = signature(entity, attribute);
        quote!(#[doc = #doc] #signature;)
    });
    quote! {
        #[doc = #doc]
        #[allow(dead_code)]
        #visibility trait #query_trait: ::core::marker::Sized {
            /// The index that is queried.
            type Index: #p::Index<#ident>;
            /// Whether its sort key has a condition.
            type Sort;
            /// What it gives.
            type Output;
            #(#methods)*
        }
    }
}

pub(super) fn implementation(entity: &Entity) -> TokenStream {
    let Entity { query_trait, key, .. } = entity;
    let ident = &entity.target().ident;
    let sort_keys = entity.sort_keys();
    if sort_keys.is_empty() {
        return TokenStream::new();
    }
    let p = entity.private();
    let methods = sort_keys.iter().map(|attribute| {
        let ordinal = ordinal(attribute);
        let signature = signature(entity, attribute);
        quote! {
            #signature {
                #p::Query::sorted::<#ordinal, __C>(self, condition)
            }
        }
    });
    let table = key.sort_key.as_deref().map(|key| (quote!(#p::Primary), key));
    let indexes = entity.indexes.iter().filter_map(|index| {
        let Index { marker, .. } = index;
        Some((quote!(#marker), index.sort_key()?))
    });
    let sorted = table.into_iter().chain(indexes).map(|(index, key)| {
        let ordinal = ordinal(key);
        quote! {
            #[automatically_derived]
            #[diagnostic::do_not_recommend]
            impl #p::SortedBy<#ident, #ordinal> for #index {}
        }
    });
    quote! {
        #[automatically_derived]
        impl<__I, __S, __P> #query_trait for #p::Query<#ident, __I, __S, __P>
        where
            __I: #p::Index<#ident>,
            __P: #p::Owned<#ident>,
        {
            type Index = __I;
            type Sort = __S;
            type Output = __P;
            #(#methods)*
        }
        #(#sorted)*
    }
}

fn signature(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let ident = &entity.target().ident;
    let p = entity.private();
    let method = generated(&attribute.ident);
    let ty = &attribute.ty;
    let ordinal = ordinal(attribute);
    quote! {
        fn #method<__C>(
            self,
            condition: __C,
        ) -> #p::Query<#ident, Self::Index, #p::Sorted, Self::Output>
        where
            Self::Index: #p::SortedBy<#ident, #ordinal>,
            Self::Sort: #p::WithoutSort,
            __C: #p::SortCondition<<#ty as #p::AttributeValue>::Operand>
    }
}
