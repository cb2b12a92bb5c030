//! What an attribute is to its entity. In a document it is plain data.

use proc_macro2::{Literal, TokenStream};
use quote::{quote, quote_spanned};

use super::names::{ordinal, ordinal_of_group, place_of, private, private_at};
use crate::model::{Attribute, Entity, Index, KeyGroup, Target, groups};

pub(super) struct Role {
    /// The keys that it is part of.
    pub(super) keys: TokenStream,
    /// Whether a rule of its own keeps it in the item.
    pub(super) is_kept: bool,
    /// The runtime's check of it as the key of an index.
    pub(super) check: Option<&'static str>,
    /// What it is to the templated keys of indexes.
    pub(super) part: TokenStream,
    /// Whether it is a part of a key of an index, and of none of the table.
    pub(super) is_own_part: bool,
    /// What says that it has this role.
    pub(super) implementations: TokenStream,
}

impl Role {
    /// Of an attribute of a document: what an entity's could be, and it is not.
    pub(super) fn data(attribute: &Attribute, target: &Target) -> Self {
        let p = private();
        let ordinal = ordinal(attribute);
        let header = target.implement(&quote!(#p::RoleAt<#ordinal>));
        Self {
            keys: quote!(#p::NoKey),
            is_kept: false,
            check: None,
            part: quote!(#p::NoPart),
            is_own_part: false,
            implementations: quote! {
                #header {
                    type InKey = #p::No;
                    type Managed = #p::No;
                }
            },
        }
    }

    pub(super) fn of(attribute: &Attribute, entity: &Entity) -> Self {
        Self {
            keys: keys(entity, attribute),
            is_kept: entity.key.contains(attribute) || entity.is_managed(attribute),
            check: index_check(entity, attribute),
            part: part(entity, attribute),
            is_own_part: is_own_part(entity, attribute),
            implementations: implementations(entity, attribute),
        }
    }
}

/// No attribute of a group is a key, or written by the library.
pub(super) fn of_groups(entity: &Entity) -> TokenStream {
    groups(&entity.record.fields)
        .map(|group| role_at(entity, &ordinal_of_group(&entity.record, group), false, false))
        .collect()
}

fn role_at(entity: &Entity, ordinal: &Literal, in_key: bool, managed: bool) -> TokenStream {
    let ident = &entity.target().ident;
    let p = private();
    let [in_key, managed] = [in_key, managed].map(answer);
    quote! {
        #[automatically_derived]
        impl #p::RoleAt<#ordinal> for #ident {
            type InKey = #in_key;
            type Managed = #managed;
        }
    }
}

/// `Yes` or `No`, as a type.
pub(super) fn answer(it_is: bool) -> TokenStream {
    let p = private();
    if it_is { quote!(#p::Yes) } else { quote!(#p::No) }
}

fn implementations(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let ident = &entity.target().ident;
    let ordinal = ordinal(attribute);
    let in_key = entity.key.contains(attribute);
    let managed = entity.is_managed(attribute) || entity.is_unique(attribute);
    let role = role_at(entity, &ordinal, in_key, managed);
    let is_index_key = entity.indexes_of(attribute).next().is_some();
    let index_key = (is_index_key || entity.is_vector_partition_key(attribute)).then(|| {
        let place = place_of(&attribute.ty);
        let at = private_at(place);
        let trait_of = quote_spanned!(place=> #at::IndexKeyAt<#ordinal>);
        quote!(#[automatically_derived] impl #trait_of for #ident {})
    });
    let part = part_at(entity, attribute);
    quote!(#role #index_key #part)
}

/// The one place that asks of a part what it must be.
fn part_at(entity: &Entity, attribute: &Attribute) -> Option<TokenStream> {
    let place = place_of(&attribute.ty);
    let at = private_at(place);
    let ordinal = ordinal(attribute);
    let ident = &entity.target().ident;
    let trait_of = if entity.is_table_part(attribute) {
        quote_spanned!(place=> #at::TablePartAt<#ordinal>)
    } else if entity.is_index_part(attribute) || entity.is_unique(attribute) {
        quote_spanned!(place=> #at::IndexPartAt<#ordinal>)
    } else {
        return None;
    };
    Some(quote!(#[automatically_derived] impl #trait_of for #ident {}))
}

/// Whether an update that sets it must set keys of indexes too.
fn is_own_part(entity: &Entity, attribute: &Attribute) -> bool {
    entity.is_index_part(attribute) && !entity.key.contains(attribute)
}

fn part(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let p = private();
    match entity.group_of(attribute) {
        Some(KeyGroup { ty, .. }) => quote!(#ty),
        None if is_own_part(entity, attribute) => quote!(#p::OnlyPart),
        None => {
            if let Some(vector) = entity.embedding_of(attribute) {
                let vector = ordinal(vector);
                quote!(#p::Embedded<#vector>)
            } else {
                quote!(#p::NoPart)
            }
        }
    }
}

/// The keys that the attribute is part of: of the table and of each index.
fn keys(entity: &Entity, attribute: &Attribute) -> TokenStream {
    let p = private();
    let table = entity.key.is_field(attribute).then(|| quote!(#p::KeyOf<#p::Primary>));
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
    let is_sort_key = |index: &Index| index.sort_key().is_some_and(|key| key.is(attribute));
    let is_partition_key = |index: &Index| entity.index_partition_key(index).is(attribute);
    let is_table_sort_key = entity.key.sort_key.as_ref().is_some_and(|key| key.is(attribute));
    if is_table_sort_key {
        None
    } else if entity.indexes.iter().any(is_sort_key) {
        Some("check_index_sort_key")
    } else if entity.key.is_field(attribute) {
        None
    } else {
        let is_any = entity.indexes.iter().any(is_partition_key);
        (is_any || entity.is_vector_partition_key(attribute)).then_some("check_index_partition_key")
    }
}
