//! `#[derive(Projection)]` to its model.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::{Data, DeriveInput, Fields, GenericParam, Lifetime, Path};

use super::target::runtime;
use crate::attr::{self, ProjectionAttributes};
use crate::case::constant_name;
use crate::errors::Errors;
use crate::model::{Projected, Projection};

pub(crate) fn projection(input: &DeriveInput) -> Result<Projection, Errors> {
    let mut errors = Errors::default();
    let attributes = attr::projection(&input.attrs, &mut errors);
    let lifetime = check_generics(input, &mut errors);
    let fields = check_named_struct(input, &mut errors);
    let of = check_of(&input.ident, &attributes, &mut errors);
    match (of, fields) {
        (Some(of), Some(fields)) if errors.is_empty() => Ok(Projection {
            runtime: runtime(attributes.runtime),
            ident: input.ident.clone(),
            lifetime,
            attributes: attributes.attributes,
            of,
            fields,
        }),
        _ => Err(errors),
    }
}

/// A projection is of one entity or document.
fn check_of(
    projection: &Ident,
    attributes: &ProjectionAttributes,
    errors: &mut Errors,
) -> Option<Path> {
    if attributes.of.is_none() && !attributes.seen.contains("of") {
        errors.report(
            projection,
            format_args!(
                "`{projection}` does not say of which entity or document it is a projection"
            ),
            "name it above the struct: `#[dynamo(of = User)]`",
        );
    }
    attributes.of.clone()
}

/// A projection is one type, which may borrow from one response.
fn check_generics(input: &DeriveInput, errors: &mut Errors) -> Option<Lifetime> {
    let mut lifetime = None;
    for parameter in &input.generics.params {
        match parameter {
            GenericParam::Lifetime(parameter) if lifetime.is_none() => {
                if !parameter.bounds.is_empty() {
                    errors.report(
                        &parameter.bounds,
                        "the lifetime of a projection has no bounds: it is the response's",
                        "remove them",
                    );
                }
                lifetime = Some(parameter.lifetime.clone());
            }
            GenericParam::Lifetime(parameter) => errors.report(
                parameter,
                "a projection borrows from one response, so it has one lifetime",
                "use the first lifetime for this too",
            ),
            GenericParam::Type(parameter) => errors.report(
                parameter,
                "a projection takes no type parameters",
                "name the type in the field",
            ),
            GenericParam::Const(parameter) => errors.report(
                parameter,
                "a projection takes no const parameters",
                "write the value in the field",
            ),
        }
    }
    if let Some(clause) = &input.generics.where_clause {
        errors.report(clause, "a projection takes no `where` clause", "remove it");
    }
    lifetime
}

/// A projection is a struct with named fields, at least one.
fn check_named_struct(input: &DeriveInput, errors: &mut Errors) -> Option<Vec<Projected>> {
    let (place, found) = match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !fields.named.is_empty() => {
                return Some(projected(fields, errors));
            }
            Fields::Unnamed(fields) => (fields.to_token_stream(), "has fields without names"),
            Fields::Named(_) | Fields::Unit => (input.ident.to_token_stream(), "has no fields"),
        },
        Data::Enum(data) => (data.enum_token.to_token_stream(), "is an enum"),
        Data::Union(data) => (data.union_token.to_token_stream(), "is a union"),
    };
    let name = &input.ident;
    errors.report(
        &place,
        format_args!("a projection is a struct with named fields, and `{name}` {found}"),
        format_args!("type `struct {name} {{ email: String, .. }}`, with fields of the entity"),
    );
    None
}

fn projected(fields: &syn::FieldsNamed, errors: &mut Errors) -> Vec<Projected> {
    let mut projected: Vec<Projected> = Vec::new();
    for field in &fields.named {
        let Some(ident) = &field.ident else { continue };
        let is_part = attr::projected_field(&field.attrs, errors);
        let name = constant_name(&ident.unraw().to_string());
        let constant = Ident::new(&name, ident.span());
        if let Some(first) = projected.iter().find(|first| first.constant == constant) {
            errors.report(
                ident,
                format_args!("`{}` and `{ident}` are both the attribute `{name}`", first.ident),
                "remove one of them",
            );
        }
        projected.push(Projected { ident: ident.clone(), ty: field.ty.clone(), constant, is_part });
    }
    projected
}
