//! The typed attributes: constants, and what each is.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::{generated, option, place_of};
use crate::model::{Absence, Attribute, Entity, Index};

/// `pub enum UserAttributes {}`, where the constants do not go on the entity.
pub(super) fn ty(entity: &Entity) -> TokenStream {
    let Entity { visibility, ident, .. } = entity;
    let Some(attributes) = &entity.attributes else {
        return TokenStream::new();
    };
    let attributes = generated(attributes);
    let doc = format!("The attributes of [`{}`].", ident.unraw());
    quote! {
        #[doc = #doc]
        #[allow(dead_code)]
        #visibility enum #attributes {}
    }
}

/// `impl User { pub const EMAIL: .. }`.
pub(super) fn constants(entity: &Entity) -> TokenStream {
    let Entity { ident, attributes, .. } = entity;
    let p = entity.private();
    let constants = entity.stored().map(|attribute| {
        let Attribute { visibility, ty, carried, constant, .. } = attribute;
        let ordinal = ordinal(attribute);
        let doc = doc(entity, attribute);
        // A paragraph of its own, below the user's.
        let gap =
            carried.iter().any(|user| user.path().is_ident("doc")).then(|| quote!(#[doc = ""]));
        quote! {
            #(#carried)*
            #gap
            #[doc = #doc]
            #visibility const #constant: #p::Attribute<#ident, #ty, #ordinal> = #p::attribute();
        }
    });
    let holder = attributes.as_ref().unwrap_or(ident);
    quote! {
        #[automatically_derived]
        impl #holder {
            #(#constants)*
        }
    }
}

fn doc(entity: &Entity, attribute: &Attribute) -> String {
    let is = |role: &Option<std::rc::Rc<Attribute>>| {
        role.as_ref().is_some_and(|role| role.ordinal == attribute.ordinal)
    };
    let purpose = if entity.key.partition_key.ordinal == attribute.ordinal {
        ": the partition key"
    } else if is(&entity.key.sort_key) {
        ": the sort key"
    } else if is(&entity.version) {
        ": the version"
    } else if is(&entity.created_at) {
        ": the time of the first write"
    } else if is(&entity.updated_at) {
        ": the time of the last write"
    } else if is(&entity.ttl) {
        ": the time of expiry"
    } else {
        ""
    };
    format!("The attribute `{}`{purpose}.", attribute.name)
}

/// What the runtime asks of each attribute.
pub(super) fn implementations(entity: &Entity) -> TokenStream {
    let ident = &entity.ident;
    let p = entity.private();
    let names = entity.stored().map(|attribute| &attribute.name);
    let each = entity.stored().map(|attribute| {
        let ordinal = ordinal(attribute);
        let at = attribute_at(entity, attribute);
        // A list of the attributes that are neither, by number, would help nobody.
        let is = |what| {
            quote! {
                #[automatically_derived]
                #[diagnostic::do_not_recommend]
                impl #what<#ordinal> for #ident {}
            }
        };
        let not_key = (!entity.key.contains(attribute)).then(|| is(quote!(#p::NotKey)));
        let not_managed = (!entity.is_managed(attribute)).then(|| is(quote!(#p::NotManaged)));
        let index_key = entity.indexes_of(attribute).next().map(|_| {
            let place = place_of(&attribute.ty);
            let at = entity.private_at(place);
            let trait_of = quote_spanned!(place=> #at::IndexKeyAt<#ordinal>);
            quote!(#[automatically_derived] impl #trait_of for #ident {})
        });
        quote!(#at #not_key #not_managed #index_key)
    });
    quote! {
        #[automatically_derived]
        impl #p::Record for #ident {
            const NAMES: &'static [&'static ::core::primitive::str] = &[#(#names),*];
        }
        #(#each)*
    }
}

fn attribute_at(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let ident = &entity.ident;
    let p = entity.private();
    let ty = &attribute.ty;
    let place = place_of(ty);
    let at = entity.private_at(place);
    let ordinal = ordinal(attribute);
    let encoding = encoding(entity, attribute);
    let keys = keys(entity, attribute);
    let absence = absence(entity, attribute);
    let when_absent = default(entity, attribute).map(|default| {
        let default = option(Some(default));
        quote! {
            fn when_absent() -> ::core::option::Option<#ty> {
                #default
            }
        }
    });
    let check = index_check(entity, attribute).map(|check| {
        let check = Ident::new(check, Span::call_site());
        quote! {
            fn check(__value: &#ty) -> ::core::result::Result<(), #p::KeyError> {
                #p::#check::<Self, #ordinal>(__value)
            }
        }
    });
    let types = quote_spanned! {place=>
        type Value = #ty;
        type Operand = <#ty as #at::Stored>::Operand;
        type Encoding = #encoding;
        type Keys = #keys;
        type Absence = #absence;
    };
    quote! {
        #[automatically_derived]
        impl #p::AttributeAt<#ordinal> for #ident {
            #types
            #when_absent
            #check
        }
    }
}

/// How the attribute is stored. The field's type says it, so that a type that
/// cannot be stored is one error, wherever this stands.
pub(super) fn encoding(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let ty = &attribute.ty;
    let place = place_of(ty);
    let at = entity.private_at(place);
    match &entity.ttl {
        Some(ttl) if ttl.ordinal == attribute.ordinal => {
            quote_spanned!(place=> <#ty as #at::Expiry>::Encoding)
        }
        _ => quote_spanned!(place=> <#ty as #at::Stored>::Encoding),
    }
}

/// What an item without the attribute is read as, as a type.
fn absence(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let p = entity.private();
    let ty = &attribute.ty;
    // Rules of their own keep these from being removed, and one error is enough.
    let is_kept = entity.key.contains(attribute) || entity.is_managed(attribute);
    match attribute.absence {
        Absence::OfType if !is_kept => quote!(#ty),
        Absence::OfType | Absence::Default | Absence::Function(_) => quote!(#p::Defaulted),
    }
}

/// The value of a field that has a default, where the item has none.
pub(super) fn default(entity: &Entity, attribute: &Attribute) -> Option<TokenStream> {
    let ty = &attribute.ty;
    match &attribute.absence {
        Absence::OfType => None,
        Absence::Default => {
            let place = place_of(ty);
            let at = entity.private_at(place);
            Some(quote_spanned!(place=> <#ty as #at::HasDefault>::of_absent()))
        }
        Absence::Function(function) => Some(quote_spanned!(place_of(function)=> #function())),
    }
}

/// The keys that the attribute is part of: of the table and of each index.
fn keys(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let p = entity.private();
    let table = entity.key.contains(attribute).then(|| quote!(#p::KeyOf<#p::Primary>));
    let indexes = entity.indexes_of(attribute).map(|index| {
        let marker = &index.marker;
        quote!(#p::KeyOf<#marker>)
    });
    let all: Vec<_> = table.into_iter().chain(indexes).collect();
    match all.as_slice() {
        [only] => quote!(#only),
        all => all.iter().rfold(quote!(#p::NoKey), |rest, key| quote!((#key, #rest))),
    }
}

/// The runtime's check of an attribute that is a key of an index, where the
/// table's own keys do not have to hold as much anyway.
pub(super) fn index_check(entity: &Entity, attribute: &Attribute) -> Option<&'static str> {
    let is_sort_key =
        |index: &Index| index.sort_key().is_some_and(|key| key.ordinal == attribute.ordinal);
    let is_partition_key =
        |index: &Index| entity.index_partition_key(index).ordinal == attribute.ordinal;
    let is_table_sort_key =
        entity.key.sort_key.as_ref().is_some_and(|key| key.ordinal == attribute.ordinal);
    if is_table_sort_key {
        None
    } else if entity.indexes.iter().any(is_sort_key) {
        Some("check_index_sort_key")
    } else if entity.key.contains(attribute) {
        None
    } else {
        entity.indexes.iter().any(is_partition_key).then_some("check_index_partition_key")
    }
}

/// The attribute's place among the stored ones, as a const argument.
pub(super) fn ordinal(attribute: &Attribute) -> Literal {
    Literal::usize_unsuffixed(attribute.ordinal)
}
