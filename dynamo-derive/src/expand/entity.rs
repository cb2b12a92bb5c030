//! `impl Entity`, and the traits that say what an entity has and allows.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;

use super::names::{asked_at, option, ordinal, place_of, private, private_at};
use super::role::{answer, index_check};
use super::{form, group, shape, template, vector_index};
use crate::model::{Attribute, Constant, Entity, Index, KeyAttribute, Permission, Scope, groups};

pub(super) fn implementations(entity: &Entity) -> TokenStream {
    let Entity { key_type, key, .. } = entity;
    let ident = &entity.target().ident;
    let p = private();
    let partition = template::partition(entity);
    let required = required(entity);
    let schema = schema(entity);
    let parts = key
        .fields()
        .into_iter()
        .map(|Attribute { ident, .. }| quote!(#ident: #p::Clone::clone(&self.#ident)));
    let managed = managed(entity);
    let declared = declared(entity);
    let described = described(entity);
    let guards = template::guard_checks(entity);
    quote! {
        #described
        #[automatically_derived]
        impl #p::Entity for #ident {
            type Key = #key_type;
            type Required = #required;
            type Declared = #declared;
            const SCHEMA: #p::EntitySchema = #schema;
            #partition
            fn to_key(&self) -> #key_type {
                #key_type { #(#parts),* }
            }
        }
        #managed
        #guards
    }
}

/// `impl Entities`: what it is as data.
fn described(entity: &Entity) -> TokenStream {
    let ident = &entity.target().ident;
    let p = private();
    let allows = entity.permissions.iter().map(|permission| match permission {
        Permission::Scan => quote!(Scan),
        Permission::UnconditionalPut => quote!(UnconditionalPut),
        Permission::UnconditionalDelete => quote!(UnconditionalDelete),
        Permission::UnconditionalUpsert => quote!(UnconditionalUpsert),
        Permission::Load => quote!(Load),
    });
    let attributes = shape::of_entity(entity);
    quote! {
        #[automatically_derived]
        impl #p::Entities for #ident {
            fn describe(__entities: &mut #p::Descriptions) {
                __entities.entity::<Self>(&[#(#p::Allowed::#allows),*], #attributes);
            }
        }
    }
}

/// What it has and allows, each as a type.
fn declared(entity: &Entity) -> TokenStream {
    let p = private();
    let allows = |permission| answer(entity.permissions.contains(&permission));
    let version = answer(entity.version.is_some());
    let scan = allows(Permission::Scan);
    let put = allows(Permission::UnconditionalPut);
    let delete = allows(Permission::UnconditionalDelete);
    let upsert = allows(Permission::UnconditionalUpsert);
    quote!(#p::Declared<#version, #scan, #put, #delete, #upsert>)
}

/// What an upsert must be able to leave out: all that it does not write itself.
fn required(entity: &Entity) -> TokenStream {
    let own =
        |attribute: &&Attribute| !entity.key.contains(attribute) && !entity.is_managed(attribute);
    let ident = &entity.target().ident;
    let p = private();
    let absences = entity.stored().filter(own).map(|attribute| {
        let ordinal = ordinal(attribute);
        quote!(<#ident as #p::AttributeAt<#ordinal>>::Absence)
    });
    group::required(absences.collect(), groups(&entity.record.fields))
}

fn schema(entity: &Entity) -> TokenStream {
    let Entity { table, key, version, created_at, updated_at, ttl, .. } = entity;
    let ident = &entity.target().ident;
    let p = private();
    let name = ident.unraw().to_string();
    let describe = |key: &KeyAttribute, field: &str| {
        let describe = Ident::new(field, Span::call_site());
        let fields = key.plain().iter().map(|field| {
            let ordinal = ordinal(field);
            quote!(#p::#describe::<#ident, #ordinal>())
        });
        let template = key.template().map(|template| template::constant(entity, template));
        let all: Vec<_> = fields.chain(template).collect();
        quote!(#(#all),*)
    };
    let table_key = |key| describe(key, "key_attribute");
    let index_keys = |key| describe(key, "index_key_attribute");
    let partition_key = table_key(&key.partition_key);
    let sort_key = option(key.sort_key.as_ref().map(table_key));
    let templates = template::schema(entity);
    let indexes = entity.indexes.iter().map(|index| {
        let Index { name, scope, marker, .. } = index;
        let scope = match scope {
            Scope::Global(_) => quote!(Global),
            Scope::Local { .. } => quote!(Local),
        };
        let partition_keys = index_keys(entity.index_partition_key(index));
        let sort_keys = index.sort_key().map(index_keys);
        quote! {
            #p::IndexSchema {
                name: #name,
                scope: #p::IndexScope::#scope,
                partition_keys: &[#partition_keys],
                sort_keys: &[#sort_keys],
                projected: #p::projected_by::<#ident, #marker>(),
            }
        }
    });
    let vector_indexes = vector_index::schema(entity);
    let names = group::names_of_entity(entity);
    let unique = template::unique(entity);
    let constants = entity
        .constants
        .iter()
        .map(|Constant { name, text }| quote!(#p::ConstantAttribute { name: #name, text: #text }));
    let [version, created_at, updated_at, ttl] = [version, created_at, updated_at, ttl]
        .map(|attribute| option(attribute.as_ref().map(|attribute| &attribute.name)));
    quote! {
        #p::EntitySchema {
            entity: #name,
            table: #table,
            names: &#names,
            constants: &[#(#constants),*],
            unique: #unique,
            partition_key: #partition_key,
            sort_key: #sort_key,
            templates: #templates,
            indexes: &[#(#indexes),*],
            vector_indexes: #vector_indexes,
            version: #version,
            created_at: #created_at,
            updated_at: #updated_at,
            ttl: #ttl,
        }
    }
}

/// `impl Managed`: what the library writes, and what it checks before.
fn managed(entity: &Entity) -> TokenStream {
    let Entity { version, created_at, updated_at, ttl, .. } = entity;
    let ident = &entity.target().ident;
    let p = private();
    let version_of = version.as_deref().map(|Attribute { ident, .. }| {
        let version = option(Some(quote!(#p::Clone::clone(&self.#ident))));
        quote! {
            fn version(&self) -> #p::Option<Self::Revision> {
                #version
            }
        }
    });
    let revision = version
        .as_deref()
        .map_or_else(|| quote!(#p::Version), |Attribute { ty, .. }| asked_at(ty, place_of(ty)));
    let first_version = entity.first_version.map(|first| {
        let first = Literal::u64_unsuffixed(first);
        let ty = version.as_deref().map(|Attribute { ty, .. }| {
            let place = place_of(ty);
            asked_at(ty, place)
        });
        quote!(const FIRST_VERSION: #p::Version = #p::first_version::<#ty>(#first);)
    });
    let stamps = [
        ("TimeField", "stamp_creation", created_at),
        ("TimeField", "stamp_write", updated_at),
        ("Expiry", "stamp", ttl),
    ];
    let times = [("CREATED_AT", created_at), ("UPDATED_AT", updated_at)];
    let times = times.into_iter().filter_map(|(name, attribute)| {
        let Attribute { form, ty, .. } = attribute.as_deref()?;
        let form = form::marker(form.named()?, place_of(ty));
        let name = Ident::new(name, Span::call_site());
        Some(quote!(const #name: #p::StoredTime = #p::StoredTime::of::<#form>();))
    });
    let version_stamp = version
        .as_deref()
        .map(|Attribute { ident, .. }| quote!(self.#ident = #p::Stamp::version(__stamp);));
    let stamps: Vec<_> = stamps
        .into_iter()
        .filter_map(|(field, stamp, attribute)| {
            let Attribute { ident, ty, form, .. } = attribute.as_deref()?;
            let place = place_of(ty);
            let at = private_at(place);
            let ty = asked_at(ty, place);
            let form = form.named().map(|form| form::marker(form, place));
            let [field, stamp] = match form {
                None => [field.to_owned(), stamp.to_owned()],
                Some(_) => [field.to_owned(), format!("{stamp}_in")],
            }
            .map(|name| Ident::new(&name, place));
            let form = form.map(|form| quote_spanned!(place=> ::<#form, _>));
            Some(quote_spanned! {place=>
                <#ty as #at::#field>::#stamp #form (&mut self.#ident, __stamp);
            })
        })
        .chain(version_stamp)
        .collect();
    let stamp = (!stamps.is_empty()).then(|| {
        quote! {
            fn stamp(&mut self, __stamp: &#p::Stamp<Self::Revision>) {
                #(#stamps)*
            }
        }
    });
    let check_keys = check_keys(entity);
    quote! {
        #[automatically_derived]
        impl #p::Managed for #ident {
            type Revision = #revision;
            #first_version
            #(#times)*
            #version_of
            #stamp
            #check_keys
        }
    }
}

fn check_keys(entity: &Entity) -> TokenStream {
    let ident = &entity.target().ident;
    let key = &entity.key;
    let p = private();
    let check = |check: &str, attribute: &Attribute| {
        let field = &attribute.ident;
        let check = Ident::new(check, Span::call_site());
        let ordinal = ordinal(attribute);
        quote!(#p::#check::<#ident, #ordinal>(&self.#field)?;)
    };
    let partition_key = key.partition_key.field().map(|key| check("check_partition_key", key));
    let sort_key = key.sort_key.as_ref().and_then(KeyAttribute::field);
    let sort_key = sort_key.map(|key| check("check_sort_key", key));
    let templates =
        (!entity.templates.is_empty()).then(|| quote!(#p::check_templates::<Self>(self)?;));
    let indexes = entity.stored().filter(|key| index_check(entity, key).is_some()).map(|key| {
        let field = &key.ident;
        let ordinal = ordinal(key);
        quote!(<#ident as #p::AttributeAt<#ordinal>>::check(&self.#field)?;)
    });
    quote! {
        fn check_keys(&self) -> #p::Result<(), #p::KeyError> {
            #partition_key
            #sort_key
            #templates
            #(#indexes)*
            #p::Ok(())
        }
    }
}
