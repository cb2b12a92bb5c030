//! The typed attributes of a record: constants, and what each is.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::Attribute as RustAttribute;
use syn::ext::IdentExt;

use super::form;
use super::names::{
    asked_at, generated, option, ordinal, ordinal_of_group, place_of, private, private_at,
};
use super::role::Role;
use crate::model::{Absence, Attribute, Form, Group, Purpose, Record, Target, groups, in_item};

/// `pub enum UserAttributes {}`, where the constants do not go on the struct.
pub(super) fn ty(record: &Record) -> TokenStream {
    let Target { visibility, ident, .. } = &record.target;
    let Some(attributes) = &record.attributes else {
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
pub(super) fn constants(record: &Record) -> TokenStream {
    let target = &record.target;
    let this = target.this();
    let p = private();
    let constants = in_item(&record.fields).map(|attribute| {
        let Attribute { visibility, ty, carried, constant, .. } = attribute;
        let ordinal = ordinal(attribute);
        let docs = docs(carried, &doc(attribute));
        quote! {
            #docs
            #visibility const #constant: #p::Attribute<#this, #ty, #ordinal> = #p::attribute();
        }
    });
    let groups = groups(&record.fields).map(|group| {
        let Group { visibility, ty, carried, constant, ident, .. } = group;
        let ordinal = ordinal_of_group(record, group);
        let docs = docs(carried, &format!("The attributes of `{}`.", ident.unraw()));
        quote! {
            #docs
            #visibility const #constant: #p::AttributeGroup<#this, #ty, #ordinal> =
                #p::attribute_group();
        }
    });
    let holder = match &record.attributes {
        Some(holder) => quote!(#[automatically_derived] impl #holder),
        None => target.inherent(),
    };
    quote! {
        #holder {
            #(#constants)*
            #(#groups)*
        }
    }
}

/// What the user's field carries, and a paragraph of ours below.
fn docs(carried: &[RustAttribute], doc: &str) -> TokenStream {
    let gap = carried.iter().any(|user| user.path().is_ident("doc")).then(|| quote!(#[doc = ""]));
    quote! {
        #(#carried)*
        #gap
        #[doc = #doc]
    }
}

fn doc(attribute: &Attribute) -> String {
    let purpose = match attribute.purpose {
        None => "",
        Some(Purpose::PartitionKey) => ": the partition key",
        Some(Purpose::SortKey) => ": the sort key",
        Some(Purpose::Version) => ": the version",
        Some(Purpose::CreatedAt) => ": the time of the first write",
        Some(Purpose::UpdatedAt) => ": the time of the last write",
        Some(Purpose::Ttl) => ": the time of expiry",
    };
    format!("The attribute `{}`{purpose}.", attribute.name)
}

/// What the runtime asks of each attribute.
pub(super) fn implementations(
    record: &Record,
    role_of: impl Fn(&Attribute) -> Role,
) -> TokenStream {
    let target = &record.target;
    let p = private();
    let names = record.stored().map(|attribute| &attribute.name);
    let each = record.stored().map(|attribute| {
        let role = role_of(attribute);
        let at = attribute_at(target, attribute, &role);
        let implementations = role.implementations;
        quote!(#at #implementations)
    });
    let header = target.implement(&quote!(#p::Record));
    quote! {
        #header {
            const NAMES: &'static [&'static #p::str] = &[#(#names),*];
        }
        #(#each)*
    }
}

fn attribute_at(target: &Target, attribute: &Attribute, role: &Role) -> TokenStream {
    let p = private();
    let ty = &attribute.ty;
    let place = place_of(ty);
    let at = private_at(place);
    let ordinal = ordinal(attribute);
    let encoding = encoding(attribute);
    let keys = &role.keys;
    let absence = absence(attribute, role);
    let when_absent = default(attribute).map(|default| {
        let default = option(Some(default));
        quote! {
            const HAS_DEFAULT: #p::bool = true;
            fn when_absent() -> #p::Option<#ty> {
                #default
            }
        }
    });
    let aliases = (!attribute.aliases.is_empty()).then(|| {
        let aliases = &attribute.aliases;
        quote! {
            const ALIASES: &'static [&'static #p::str] = &[#(#aliases),*];
        }
    });
    let check = role.check.map(|check| {
        let check = Ident::new(check, Span::call_site());
        quote! {
            fn check(__value: &#ty) -> #p::Result<(), #p::KeyError> {
                #p::#check::<Self, #ordinal>(__value)
            }
        }
    });
    let operand = match (attribute.form, attribute.purpose) {
        (Form::Serde, _) => quote!(#ty),
        (Form::Named(named) | Form::NamedKey(named), _) => {
            form::operand(&asked_at(ty, place), named, place)
        }
        // What it is not is told of its encoding.
        (Form::OfType, Some(Purpose::Ttl)) => quote!(#p::Timestamp),
        (Form::OfType | Form::Key | Form::InKey, _) => {
            quote_spanned!(place=> <#ty as #at::Stored>::Operand)
        }
    };
    let part = &role.part;
    let note = role.is_own_part.then(|| {
        quote! {
            fn note(__value: &#ty, __parts: &mut #p::WrittenParts) {
                #p::note_part::<Self, #ordinal>(__value, __parts)
            }
        }
    });
    let key_form = matches!(attribute.form, Form::NamedKey(_)).then(|| {
        let form = option(Some(quote!(#p::KeyForm::of::<#encoding>())));
        quote!(const KEY_FORM: #p::Option<#p::KeyForm<#ty>> = #form;)
    });
    let types = quote_spanned! {place=>
        type Value = #ty;
        type Operand = #operand;
        type Encoding = #encoding;
        type Keys = #keys;
        type Absence = #absence;
        type Part = #part;
    };
    let header = target.implement_defaulted(&quote!(#p::AttributeAt<#ordinal>));
    quote! {
        #header {
            #types
            #aliases
            #key_form
            #when_absent
            #check
            #note
        }
    }
}

/// How the attribute is stored. The field's type says it, so that a type that
/// cannot be stored is one error, wherever this stands.
pub(super) fn encoding(attribute: &Attribute) -> TokenStream {
    let ty = &attribute.ty;
    let place = place_of(ty);
    let at = private_at(place);
    let encoding = own_encoding(attribute);
    if attribute.null_when_none {
        let ty = asked_at(ty, place);
        quote_spanned!(place=> <#ty as #at::NoneAsNull>::Encoding<#encoding>)
    } else {
        encoding
    }
}

fn own_encoding(attribute: &Attribute) -> TokenStream {
    let ty = &attribute.ty;
    let place = place_of(ty);
    let at = private_at(place);
    match (attribute.form, attribute.purpose) {
        (Form::Serde, _) => quote_spanned!(place=> #at::Serde),
        (Form::Named(named), _) => form::encoding(&asked_at(ty, place), named, "Encoding", place),
        (Form::NamedKey(named), _) => {
            form::encoding(&asked_at(ty, place), named, "KeyEncoding", place)
        }
        (Form::OfType, Some(Purpose::Ttl)) => {
            let ty = asked_at(ty, place);
            quote_spanned!(place=> <#ty as #at::Expiry>::Encoding)
        }
        (Form::Key, _) => quote_spanned!(place=> <#ty as #at::Stored>::KeyEncoding),
        (Form::OfType | Form::InKey, _) => quote_spanned!(place=> <#ty as #at::Stored>::Encoding),
    }
}

/// What an item without the attribute is read as, as a type.
fn absence(attribute: &Attribute, role: &Role) -> TokenStream {
    let p = private();
    let ty = &attribute.ty;
    match attribute.absence {
        // One error is enough for what is kept.
        Absence::OfType if !role.is_kept => quote!(#ty),
        Absence::OfType | Absence::Default | Absence::Function(_) => quote!(#p::Defaulted),
    }
}

/// The value of a field that has a default, where the item has none.
pub(super) fn default(attribute: &Attribute) -> Option<TokenStream> {
    let ty = &attribute.ty;
    match &attribute.absence {
        Absence::OfType => None,
        Absence::Default => {
            let place = place_of(ty);
            let at = private_at(place);
            Some(quote_spanned!(place=> <#ty as #at::HasDefault>::of_absent()))
        }
        Absence::Function(function) => Some(quote_spanned!(place_of(function)=> #function())),
    }
}
