//! The conditions on sort keys that queries of an entity have.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote;
use syn::ext::IdentExt;

use super::attributes::encoding;
use super::names::{generated, ordinal, private, private_of};
use super::template;
use crate::model::{Attribute, Entity, Index, KeyAttribute, Target};

/// `pub trait OrderQuery { .. }`, where the table or an index has a sort key.
pub(super) fn sort_keys(entity: &Entity) -> TokenStream {
    let Target { visibility, ident, .. } = entity.target();
    let query_trait = &entity.query_trait;
    let sort_keys = entity.sort_fields();
    if sort_keys.is_empty() {
        return TokenStream::new();
    }
    let doc = format!(
        "The sort keys of [`{}`] and its indexes, as conditions of a query.",
        ident.unraw()
    );
    let p = private_of(&entity.target().runtime);
    let methods = sort_keys.iter().map(|attribute| {
        let doc = format!("Keeps the items whose `{}` fits.", attribute.name);
        let ordinal = ordinal(attribute);
        let signature = signature(&p, entity, attribute);
        quote! {
            #[doc = #doc]
            #signature {
                #p::Query::sorted::<#ordinal, __C>(::core::convert::Into::into(self), condition)
            }
        }
    });
    // The methods are whole here, so that the implementation has nothing to be compared with them.
    quote! {
        #[doc = #doc]
        #[allow(dead_code)]
        #visibility trait #query_trait<__I, __S, __P>:
            ::core::convert::Into<#p::Query<#ident, __I, __S, __P>>
        where
            __I: #p::Index<#ident>,
            __P: #p::OwnedProjection<#ident>,
        {
            #(#methods)*
        }
    }
}

pub(super) fn implementation(entity: &Entity) -> TokenStream {
    let Entity { query_trait, key, .. } = entity;
    let ident = &entity.target().ident;
    let sort_keys = entity.sort_fields();
    if sort_keys.is_empty() {
        return TokenStream::new();
    }
    let p = private();
    let table = key.sort_key.as_ref().map(|key| (quote!(#p::Primary), key));
    let indexes = entity.indexes.iter().filter_map(|index| {
        let Index { marker, .. } = index;
        Some((quote!(#marker), index.sort_key()?))
    });
    let sorted = table.into_iter().chain(indexes).flat_map(|(index, key)| {
        let fields = key.fields();
        let last = fields.len() - usize::from(!fields.is_empty());
        let places = fields.into_iter().enumerate().map(|(place, field)| {
            let ordinal = ordinal(field);
            let given = |count: usize| {
                let count = Literal::usize_unsuffixed(count);
                quote!(#p::Given<#count>)
            };
            let before = if place == 0 { quote!(#p::Unsorted) } else { given(place) };
            let after = if place == last { quote!(#p::Sorted) } else { given(place + 1) };
            let form = match key {
                KeyAttribute::Field(_) | KeyAttribute::Fields(_) => whole_key(field),
                KeyAttribute::Template(template) if template.raw.is_none() => {
                    quote!(#p::PartOfKey)
                }
                KeyAttribute::Template(template) => {
                    let key = template::constant(entity, template);
                    quote!(#p::RawPart<{ #p::is_ordered_by(#key, #ordinal) }>)
                }
            };
            quote! {
                #[automatically_derived]
                impl #p::SortedAt<#ident, #ordinal> for #index {
                    type Before = #before;
                    type After = #after;
                    type Form = #form;
                }
            }
        });
        places.collect::<Vec<_>>()
    });
    quote! {
        #[automatically_derived]
        impl<__I, __S, __P> #query_trait<__I, __S, __P> for #p::Query<#ident, __I, __S, __P>
        where
            __I: #p::Index<#ident>,
            __P: #p::OwnedProjection<#ident>,
        {
        }
        #(#sorted)*
    }
}

/// An attribute that is a sort key by itself, in its form.
fn whole_key(field: &Attribute) -> TokenStream {
    let p = private();
    if field.form.named().is_none() {
        quote!(#p::WholeKey)
    } else {
        let encoding = encoding(field);
        quote!(#p::WholeKey<#encoding>)
    }
}

/// The method of a field, for a query of the index `__I` of which as much of the sort key has a
/// condition as `__S` says.
fn signature(p: &TokenStream, entity: &Entity, attribute: &Attribute) -> TokenStream {
    let ident = &entity.target().ident;
    let method = generated(&attribute.ident);
    let ty = &attribute.ty;
    let ordinal = ordinal(attribute);
    let sorted_by = quote!(#p::SortedBy<#ident, #ordinal>);
    let of_key = |what: &str| {
        let what = Ident::new(what, Span::call_site());
        quote!(<__I as #sorted_by>::#what)
    };
    let [before, after, form] = ["Before", "After", "Form"].map(of_key);
    quote! {
        fn #method<__C>(self, condition: __C) -> #p::Query<#ident, __I, <__C as #p::Gives>::Then<#after>, __P>
        where
            __I: #sorted_by,
            __S: #p::WithoutSort,
            #before: #p::ComesBeforeNext<__S>,
            __C: #p::SortCondition<<#ty as #p::AttributeValue>::Operand, #form> + #p::Gives
    }
}
