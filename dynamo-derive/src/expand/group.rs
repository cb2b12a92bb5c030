//! What a document is as a group: its attributes among those of another struct.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;

use super::attributes::ordinal;
use super::place_of;
use crate::model::{
    Attribute, Content, Entity, Field, Group, Record, TaggedEnum, Target, groups, stored, unknown,
};

/// A map can be a group, unless it says something of all that is in it.
pub(super) fn of_record(record: &Record) -> TokenStream {
    if record.denies_unknown || record.upgrade.is_some() || unknown(&record.fields).is_some() {
        return TokenStream::new();
    }
    let target = &record.target;
    let p = target.private();
    let names = names(target, &record.fields);
    let checks = checks(target, &record.fields);
    let this = target.this();
    let own = record.stored().map(|attribute| {
        let ordinal = ordinal(attribute);
        quote!(<#this as #p::AttributeAt<#ordinal>>::Absence)
    });
    let required = required(target, own.collect(), groups(&record.fields));
    let header = target.implement_defaulted(&quote!(#p::Group));
    let evaluated = (!checks.is_empty()).then(|| evaluated(target));
    quote! {
        #header {
            const NAMES: #p::AttributeNames = {
                #checks
                #names
            };
            type Required = #required;
        }
        #evaluated
    }
}

/// Collisions between an entity's attributes and those of its groups, and of
/// the groups among each other.
pub(super) fn checks_of_entity(entity: &Entity) -> TokenStream {
    let checks = checks(entity.target(), &entity.record.fields);
    if checks.is_empty() {
        return checks;
    }
    quote!(const _: () = { #checks };)
}

/// What a struct must be able to leave out: its own attributes, and those of
/// its groups.
pub(super) fn required<'a>(
    target: &Target,
    own: Vec<TokenStream>,
    groups: impl Iterator<Item = &'a Group>,
) -> TokenStream {
    let of_groups = groups.map(|Group { ty, .. }| {
        let place = place_of(ty);
        let at = target.private_at(place);
        quote_spanned!(place=> <#ty as #at::Group>::Required)
    });
    let all: Vec<_> = own.into_iter().chain(of_groups).collect();
    all.iter().rfold(quote!(()), |rest, absence| quote!((#absence, #rest)))
}

/// A map with a tag can be a group; an item without the tag cannot be read.
pub(super) fn of_tagged(tagged: &TaggedEnum) -> TokenStream {
    let TaggedEnum { target, tag, variants } = tagged;
    let p = target.private();
    let enum_name = target.ident.unraw();
    let each = variants.iter().filter_map(|variant| match &variant.content {
        Content::Nothing => None,
        Content::Fields(fields) => {
            let names = names(target, fields);
            let checks = checks(target, fields);
            Some(quote!({ #checks #names }))
        }
        Content::Document(ty) => {
            let message = format!(
                "the tag of `{enum_name}` and an attribute of what `{}` holds are both named ",
                variant.ident.unraw()
            );
            let names = names_of(target, ty);
            let tag = quote!(#p::AttributeNames { own: &[#tag], groups: &[] });
            let check = check(target, ty, &tag, &message);
            Some(quote!({ #check #names }))
        }
    });
    let header = target.implement_defaulted(&quote!(#p::Group));
    let evaluated = evaluated(target);
    quote! {
        #header {
            const NAMES: #p::AttributeNames =
                #p::AttributeNames { own: &[#tag], groups: &[#(#each),*] };
            type Required = Self;
        }
        #evaluated
    }
}

/// Has the names checked where the type is declared: what a parameter decides
/// is checked where it is used.
fn evaluated(target: &Target) -> Option<TokenStream> {
    let generics = &target.generics;
    if generics.type_params().next().is_some() || generics.const_params().next().is_some() {
        return None;
    }
    let ident = &target.ident;
    let p = target.private();
    let lifetimes = generics.lifetimes().map(|_| quote!('_));
    Some(quote!(const _: #p::AttributeNames = <#ident<#(#lifetimes),*> as #p::Group>::NAMES;))
}

/// The names of the fields, older ones too.
pub(super) fn names(target: &Target, fields: &[Field]) -> TokenStream {
    let p = target.private();
    let own = stored(fields).flat_map(Attribute::names);
    let groups = groups(fields).map(|group| names_of(target, &group.ty));
    quote!(#p::AttributeNames { own: &[#(#own),*], groups: &[#(#groups),*] })
}

fn names_of(target: &Target, group: &Type) -> TokenStream {
    let place = place_of(group);
    let at = target.private_at(place);
    quote_spanned!(place=> <#group as #at::Group>::NAMES)
}

fn checks(target: &Target, fields: &[Field]) -> TokenStream {
    let p = target.private();
    let name = target.ident.unraw();
    let own = stored(fields).flat_map(Attribute::names);
    let own = quote!(#p::AttributeNames { own: &[#(#own),*], groups: &[] });
    let groups: Vec<_> = groups(fields).collect();
    let checks = groups.iter().enumerate().map(|(position, group)| {
        let field = group.ident.unraw();
        let message = format!("`{field}` is flattened into `{name}`, and both have an attribute named ");
        let with_own = check(target, &group.ty, &own, &message);
        let with_others = groups.iter().take(position).map(|other| {
            let first = other.ident.unraw();
            let message = format!(
                "`{first}` and `{field}` are flattened into `{name}`, and both have an attribute named "
            );
            check(target, &group.ty, &names_of(target, &other.ty), &message)
        });
        quote!(#with_own #(#with_others)*)
    });
    quote!(#(#checks)*)
}

/// Told where the group is.
fn check(target: &Target, group: &Type, others: &TokenStream, message: &str) -> TokenStream {
    let names = names_of(target, group);
    let place = place_of(group);
    let at = target.private_at(place);
    quote_spanned!(place=> #at::assert_distinct(#others, #names, #message);)
}
