//! What a document is as a group: its attributes among those of another struct.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Type;
use syn::ext::IdentExt;

use super::names::{asked_at, ordinal, origin, place_of, private, private_at};
use crate::model::{
    Attribute, Content, Entity, Field, Group, Record, TaggedEnum, TaggedVariant, Target, groups,
    in_item, unknown,
};

/// A map can be a group, unless it says something of all that is in it.
pub(super) fn of_record(record: &Record) -> TokenStream {
    let target = &record.target;
    let p = private();
    let checks = checks(target, &record.fields, &[]);
    if record.denies_unknown || record.upgrade.is_some() || unknown(&record.fields).is_some() {
        return checked_alone(target, &checks);
    }
    let names = names(&record.fields, &[]);
    let this = target.this();
    let own = record.stored().map(|attribute| {
        let ordinal = ordinal(attribute);
        quote!(<#this as #p::AttributeAt<#ordinal>>::Absence)
    });
    let required = required(own.collect(), groups(&record.fields));
    let origin = origin();
    let header = target.implement_defaulted(&quote!(#p::Group));
    let evaluated = (!checks.is_empty()).then(|| evaluated(target));
    quote! {
        #header {
            const NAMES: #p::AttributeNames = {
                #checks
                #names
            };
            type Required = #required;
            #origin
        }
        #evaluated
    }
}

/// Collisions between an entity's attributes, its made keys among them, and
/// those of its groups, and of the groups among each other.
pub(super) fn checks_of_entity(entity: &Entity) -> TokenStream {
    let beside = entity.beside().names();
    checked_alone(entity.target(), &checks(entity.target(), &entity.record.fields, &beside))
}

/// All names that an item of the entity can have.
pub(super) fn names_of_entity(entity: &Entity) -> TokenStream {
    names(&entity.record.fields, &entity.beside().names())
}

/// Evaluated where the type is declared; what a parameter decides is evaluated
/// where a value is written.
fn checked_alone(target: &Target, checks: &TokenStream) -> TokenStream {
    if checks.is_empty() || has_parameters(target) {
        return TokenStream::new();
    }
    quote!(const _: () = { #checks };)
}

/// What a parameter decides, evaluated where a value is written.
pub(super) fn checks_of_parameters(target: &Target, fields: &[Field]) -> TokenStream {
    evaluated_in_place(target, &checks(target, fields, &[]))
}

/// The same of a variant, whose tag is written beside it.
pub(super) fn checks_of_variant(
    target: &Target,
    tag: &str,
    variant: &TaggedVariant,
) -> TokenStream {
    evaluated_in_place(
        target,
        &match &variant.content {
            Content::Nothing => TokenStream::new(),
            Content::Fields(fields) => checks(target, fields, &[tag]),
            Content::Document(ty) => check_beside_tag(target, tag, variant, ty),
        },
    )
}

fn evaluated_in_place(target: &Target, checks: &TokenStream) -> TokenStream {
    if checks.is_empty() || !has_parameters(target) {
        return TokenStream::new();
    }
    quote!(const { #checks })
}

/// That the document of a variant has no attribute of the tag's name.
fn check_beside_tag(
    target: &Target,
    tag: &str,
    variant: &TaggedVariant,
    document: &Type,
) -> TokenStream {
    let p = private();
    let message = format!(
        "the tag of `{}` and an attribute of what `{}` holds are both named ",
        target.ident.unraw(),
        variant.ident.unraw()
    );
    let tag = quote!(#p::AttributeNames { own: &[#tag], groups: &[] });
    check(document, &tag, &message)
}

fn has_parameters(target: &Target) -> bool {
    let generics = &target.generics;
    generics.type_params().next().is_some() || generics.const_params().next().is_some()
}

/// What a struct must be able to leave out: its own attributes, and those of
/// its groups.
pub(super) fn required<'a>(
    own: Vec<TokenStream>,
    groups: impl Iterator<Item = &'a Group>,
) -> TokenStream {
    let of_groups = groups.map(|Group { ty, .. }| {
        let place = place_of(ty);
        let at = private_at(place);
        let ty = asked_at(ty, place);
        quote_spanned!(place=> <#ty as #at::Group>::Required)
    });
    let all: Vec<_> = own.into_iter().chain(of_groups).collect();
    all.iter().rfold(quote!(()), |rest, absence| quote!((#absence, #rest)))
}

/// A map with a tag can be a group; an item without the tag cannot be read.
pub(super) fn of_tagged(tagged: &TaggedEnum) -> TokenStream {
    let TaggedEnum { target, tag, variants } = tagged;
    let p = private();
    let each = variants.iter().filter_map(|variant| match &variant.content {
        Content::Nothing => None,
        Content::Fields(fields) => {
            let names = names(fields, &[]);
            let checks = checks(target, fields, &[tag]);
            Some(quote!({ #checks #names }))
        }
        Content::Document(ty) => {
            let names = names_of(ty);
            let check = check_beside_tag(target, tag, variant, ty);
            Some(quote!({ #check #names }))
        }
    });
    let origin = origin();
    let header = target.implement_defaulted(&quote!(#p::Group));
    let evaluated = evaluated(target);
    quote! {
        #header {
            const NAMES: #p::AttributeNames =
                #p::AttributeNames { own: &[#tag], groups: &[#(#each),*] };
            type Required = Self;
            #origin
        }
        #evaluated
    }
}

/// Has the names checked where the type is declared: what a parameter decides
/// is checked where it is used.
fn evaluated(target: &Target) -> Option<TokenStream> {
    if has_parameters(target) {
        return None;
    }
    let ident = &target.ident;
    let p = private();
    let lifetimes = target.generics.lifetimes().map(|_| quote!('_));
    Some(quote!(const _: #p::AttributeNames = <#ident<#(#lifetimes),*> as #p::Group>::NAMES;))
}

/// The names of the fields, older ones too, and of what is written beside them.
pub(super) fn names(fields: &[Field], beside: &[&str]) -> TokenStream {
    let p = private();
    let own = own_names(fields, beside);
    let groups = groups(fields).map(|group| names_of(&group.ty));
    quote!(#p::AttributeNames { own: &[#(#own),*], groups: &[#(#groups),*] })
}

fn own_names<'a>(fields: &'a [Field], beside: &[&'a str]) -> Vec<&'a str> {
    let of_fields = in_item(fields).flat_map(Attribute::names).map(String::as_str);
    of_fields.chain(beside.iter().copied()).collect()
}

fn names_of(group: &Type) -> TokenStream {
    let place = place_of(group);
    let at = private_at(place);
    let group = asked_at(group, place);
    quote_spanned!(place=> <#group as #at::Group>::NAMES)
}

fn checks(target: &Target, fields: &[Field], beside: &[&str]) -> TokenStream {
    let p = private();
    let name = target.ident.unraw();
    let own = own_names(fields, beside);
    let own = quote!(#p::AttributeNames { own: &[#(#own),*], groups: &[] });
    let groups: Vec<_> = groups(fields).collect();
    let checks = groups.iter().enumerate().map(|(position, group)| {
        let field = group.ident.unraw();
        let message = format!("`{field}` is flattened into `{name}`, and both have an attribute named ");
        let with_own = check(&group.ty, &own, &message);
        let with_others = groups.iter().take(position).map(|other| {
            let first = other.ident.unraw();
            let message = format!(
                "`{first}` and `{field}` are flattened into `{name}`, and both have an attribute named "
            );
            check(&group.ty, &names_of(&other.ty), &message)
        });
        quote!(#with_own #(#with_others)*)
    });
    quote!(#(#checks)*)
}

/// Told where the group is.
fn check(group: &Type, others: &TokenStream, message: &str) -> TokenStream {
    let names = names_of(group);
    let place = place_of(group);
    let at = private_at(place);
    quote_spanned!(place=> #at::assert_distinct(#others, #names, #message);)
}
