//! Templated keys: their descriptions, and the types of their parts.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

use super::names::{generated, ordinal, private, private_at, private_of};
use crate::model::{
    Attribute, Entity, Form, KeyAttribute, KeyGroup, LetterCase, RawForm, Scope, Segment, Target,
    Template,
};

/// `pub struct OrderPartition { .. }` and `pub struct OrderByStatusKey { .. }`: parts that are
/// given together, by name.
pub(super) fn types(entity: &Entity) -> TokenStream {
    let name = entity.target().ident.unraw();
    let partitions = partitions(entity).into_iter().map(|(ty, parts, index)| {
        let of = index.map_or_else(
            || format!("The parts of the partition key of [`{name}`]."),
            |index| format!("The parts of the partition key of the index `{index}` of [`{name}`]."),
        );
        // An `Option` leaves an item out of the index, and no query finds that.
        let p = private_of(&entity.target().runtime);
        structure(entity, ty, &of, &parts, |part| {
            let ty = &part.ty;
            quote!(<#ty as #p::AttributeValue>::Operand)
        })
    });
    let groups = entity.key_groups.iter().map(|KeyGroup { ty, function, parts }| {
        let doc = format!(
            "The parts of the key of the index `{function}` of [`{name}`], which are set at once."
        );
        let parts: Vec<_> = parts.iter().map(|part| &**part).collect();
        structure(entity, ty, &doc, &parts, |part| {
            let ty = &part.ty;
            quote!(#ty)
        })
    });
    quote!(#(#partitions)* #(#groups)*)
}

fn structure(
    entity: &Entity,
    ty: &Ident,
    doc: &str,
    parts: &[&Attribute],
    type_of: impl Fn(&Attribute) -> TokenStream,
) -> TokenStream {
    let Target { visibility, .. } = entity.target();
    let fields = parts.iter().map(|part| {
        let Attribute { visibility, name, .. } = part;
        let ident = generated(&part.ident);
        let ty = type_of(part);
        let doc = format!("The attribute `{name}`.");
        quote!(#[doc = #doc] #visibility #ident: #ty)
    });
    quote! {
        #[doc = #doc]
        #[derive(::core::clone::Clone, ::core::fmt::Debug, ::core::cmp::PartialEq)]
        #visibility struct #ty {
            #(#fields,)*
        }
    }
}

/// The types of partition keys with several parts, with those and the index.
fn partitions(entity: &Entity) -> Vec<(&Ident, Vec<&Attribute>, Option<&str>)> {
    let table = (&entity.key, None);
    let indexes = entity.indexes.iter().filter_map(|index| match &index.scope {
        Scope::Global(key) => Some((key, Some(index.name.as_str()))),
        Scope::Local { .. } => None,
    });
    std::iter::once(table)
        .chain(indexes)
        .map(|(key, index)| (&key.partition_type, key.partition_key.fields(), index))
        .filter(|(_, parts, _)| parts.len() > 1)
        .collect()
}

/// The description of each templated key, under a name of this expansion.
pub(super) fn constants(entity: &Entity) -> TokenStream {
    let p = private();
    let constants = entity.templates.iter().map(|template| {
        let constant = constant(entity, template);
        let name = &template.name;
        let segments = segments(&template.segments);
        let (template, check) = match &template.raw {
            None => (quote!(#p::Template::new(#segments)), None),
            Some(raw) => {
                let raw = raw_form(entity, template, raw);
                let check = raw_check(entity, template, &segments, &raw);
                (quote!(#p::Template::raw(#segments, &#raw)), Some(check))
            }
        };
        quote! {
            const #constant: #p::KeyAttribute = #p::templated_key_attribute(#name, #template);
            #check
        }
    });
    constants.collect()
}

fn segments(segments: &[Segment]) -> TokenStream {
    let p = private();
    let segments = segments.iter().map(|segment| match segment {
        Segment::Fixed(text) => quote!(#p::Segment::Fixed(#text)),
        Segment::Part(part) => {
            let ordinal = ordinal(part);
            quote!(#p::Segment::Part(#ordinal))
        }
    });
    quote!(&[#(#segments),*])
}

/// The guarded attributes, for the entity's schema.
pub(super) fn unique(entity: &Entity) -> TokenStream {
    let p = private();
    let each = entity.unique.iter().map(|unique| {
        let name = &unique.attribute.name;
        let segments = segments(&unique.segments);
        quote!(#p::UniqueAttribute { name: #name, template: #p::Template::new(#segments) })
    });
    quote!(&[#(#each),*])
}

/// That no guard has the key of an item or of another guard: told where its template is.
pub(super) fn guard_checks(entity: &Entity) -> TokenStream {
    let ident = &entity.target().ident;
    let checks = entity.unique.iter().enumerate().map(|(place, unique)| {
        let span = Span::call_site().located_at(unique.place);
        let at = private_at(span);
        quote_spanned! {span=>
            const _: () = #at::assert_guard(&<#ident as #at::Entity>::SCHEMA, #place);
        }
    });
    checks.collect()
}

/// How a key in the form of another library is written.
fn raw_form(entity: &Entity, template: &Template, raw: &RawForm) -> TokenStream {
    let p = private();
    let ident = &entity.target().ident;
    let forms = template.parts().map(|part| {
        let ordinal = ordinal(part);
        let form =
            if entity.is_table_part(part) { quote!(part_form) } else { quote!(index_part_form) };
        quote!(#p::#form::<#ident, #ordinal>())
    });
    let RawForm { casing, is_lossy, widths } = raw;
    let casing = match casing {
        LetterCase::Kept => quote!(Kept),
        LetterCase::Lower => quote!(Lower),
        LetterCase::Upper => quote!(Upper),
    };
    let widths = widths.iter().map(|width| Literal::usize_unsuffixed(*width));
    quote! {
        #p::RawKey {
            casing: #p::Casing::#casing,
            is_lossy: #is_lossy,
            forms: &[#(#forms),*],
            widths: &[#(#widths),*],
        }
    }
}

/// That no more is lost than is declared: told where the template is.
fn raw_check(
    entity: &Entity,
    template: &Template,
    segments: &TokenStream,
    raw: &TokenStream,
) -> TokenStream {
    let place = Span::call_site().located_at(template.place);
    let at = private_at(place);
    let names = template.parts().map(|part| part.ident.unraw().to_string());
    let is_sort_key = entity.is_sort_key(template);
    quote_spanned! {place=>
        const _: () = #at::assert_raw_key(#segments, &#raw, #is_sort_key, &[#(#names),*]);
    }
}

/// The constant that describes the key.
pub(super) fn constant(entity: &Entity, template: &Template) -> TokenStream {
    let place = entity.templates.iter().position(|known| known.name == template.name);
    let constant = format_ident!("__KEY_{}", place.unwrap_or_default());
    quote!(#constant)
}

/// The templated keys, for the entity's schema.
pub(super) fn schema(entity: &Entity) -> TokenStream {
    let p = private();
    let templates = entity.templates.iter().map(|template| {
        let constant = constant(entity, template);
        let is_sort_key = entity.is_sort_key(template);
        let is_of_table = entity.key.is_template(template);
        let is_stale_tolerated = entity.is_stale_tolerated(template);
        let own_parts = entity.own_parts(template).into_iter().map(ordinal);
        quote! {
            #p::templated_key(
                #constant,
                #is_sort_key,
                #is_of_table,
                #is_stale_tolerated,
                &[#(#own_parts),*],
            )
        }
    });
    quote!(&[#(#templates),*])
}

/// What finds a partition of the table.
pub(super) fn partition(entity: &Entity) -> TokenStream {
    let p = private();
    let key = &entity.key.partition_key;
    let (ty, partition) = match (key, key.fields().as_slice()) {
        (KeyAttribute::Field(_) | KeyAttribute::Fields(_), fields) => {
            let conditions = fields.iter().map(|field| {
                let ordinal = ordinal(field);
                quote!(#p::Partition::of_table::<Self, #ordinal>(__key))
            });
            let types = fields.iter().map(|field| &field.ty);
            (quote!(#(#types)*), quote!(#(#conditions)*))
        }
        (KeyAttribute::Template(template), []) => {
            let constant = constant(entity, template);
            (quote!(()), quote!(#p::Partition::of_parts::<Self>(#constant, __key)))
        }
        (KeyAttribute::Template(template), [part]) => {
            let constant = constant(entity, template);
            let ty = &part.ty;
            let partition = quote!(#p::Partition::of_part::<Self, #ty>(#constant, __key));
            (quote!(#ty), partition)
        }
        (KeyAttribute::Template(template), _) => {
            let constant = constant(entity, template);
            let ty = &entity.key.partition_type;
            (quote!(#ty), quote!(#p::Partition::of_parts::<Self>(#constant, __key)))
        }
    };
    quote! {
        type PartitionKey = #ty;
        fn partition(__key: &Self::PartitionKey) -> #p::Partition {
            #partition
        }
    }
}

/// `fn set_parts`: an update that makes the item stores the parts of its key, too.
pub(super) fn set_parts(entity: &Entity) -> Option<TokenStream> {
    let ident = &entity.target().ident;
    let p = private();
    let parts = entity.key.fields().into_iter();
    let parts = parts.filter(|field| !entity.key.is_field(field) && field.form != Form::InKey);
    let sets: Vec<_> = parts
        .map(|part| {
            let field = &part.ident;
            let ordinal = ordinal(part);
            quote!(__parts.set::<#ident, #ordinal>(&self.#field);)
        })
        .collect();
    (!sets.is_empty()).then(|| {
        quote! {
            fn set_parts(&self, __parts: &mut #p::PartAttributes<'_>) {
                #(#sets)*
            }
        }
    })
}

/// What each type has of the parts of keys.
pub(super) fn implementations(entity: &Entity) -> TokenStream {
    let ident = &entity.target().ident;
    let p = private();
    let is_part = |field: &&Attribute| entity.is_table_part(field) || entity.is_index_part(field);
    let is_written = |field: &&Attribute| is_part(field) || entity.is_unique(field);
    let of_entity: Vec<_> = entity.stored().filter(is_written).collect();
    let of_key: Vec<_> = entity.key.fields().into_iter().filter(is_part).collect();
    let entity_parts = parts(entity, ident, &of_entity);
    let key_parts = parts(entity, &entity.key_type, &of_key);
    let partitions = partitions(entity)
        .into_iter()
        .filter(|(_, fields, _)| fields.iter().all(is_part))
        .map(|(ty, fields, _)| parts_of_partition(ty, &fields));
    let groups = entity.key_groups.iter().map(|KeyGroup { ty, parts, .. }| {
        let sets = parts.iter().map(|part| {
            let field = &part.ident;
            let ordinal = ordinal(part);
            quote!(__parts.set::<#ident, #ordinal>(&self.#field);)
        });
        quote! {
            #[automatically_derived]
            impl #p::IndexKey for #ty {
                type Entity = #ident;
                fn set(self, __parts: &mut #p::KeyParts<'_>) {
                    #(#sets)*
                }
            }
        }
    });
    quote!(#entity_parts #key_parts #(#partitions)* #(#groups)*)
}

/// The parts that a struct has under the names of the entity's fields.
fn parts(entity: &Entity, ty: &Ident, fields: &[&Attribute]) -> TokenStream {
    let ident = &entity.target().ident;
    let p = private();
    let write = |part: &Attribute| {
        let ordinal = ordinal(part);
        let write =
            if entity.is_table_part(part) { quote!(write_part) } else { quote!(write_index_part) };
        quote!(#p::#write::<#ident, #ordinal>)
    };
    parts_by(ty, fields, write)
}

/// The parts of a partition, of which none is an `Option`.
fn parts_of_partition(ty: &Ident, fields: &[&Attribute]) -> TokenStream {
    let p = private();
    parts_by(ty, fields, |_| quote!(#p::write_given_part))
}

fn parts_by(
    ty: &Ident,
    fields: &[&Attribute],
    write: impl Fn(&Attribute) -> TokenStream,
) -> TokenStream {
    let p = private();
    if fields.is_empty() {
        return quote! {
            #[automatically_derived]
            impl #p::Parts for #ty {}
        };
    }
    let arms = fields.iter().map(|part| {
        let field = &part.ident;
        let ordinal: Literal = ordinal(part);
        let write = write(part);
        quote!(#ordinal => #write(&self.#field, __text),)
    });
    quote! {
        #[automatically_derived]
        impl #p::Parts for #ty {
            fn write_part(
                &self,
                __ordinal: #p::usize,
                __text: &mut #p::PartText,
            ) {
                match __ordinal {
                    #(#arms)*
                    _ => {}
                }
            }
        }
    }
}
