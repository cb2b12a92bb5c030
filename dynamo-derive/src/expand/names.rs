//! The names that all generated code shares, and the places of the user's tokens.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::spanned::Spanned;
use syn::{Path, Type};

use crate::model::{self, Attribute, Record};

/// The runtime's module for generated code, as it is named [within](block) what is generated.
pub(super) fn private() -> Ident {
    private_at(Span::call_site())
}

/// The same at the place of the user's tokens, so that an error in what is called points there and
/// nowhere else.
pub(super) fn private_at(place: Span) -> Ident {
    Ident::new("__p", place)
}

/// The same where it has no name.
pub(super) fn private_of(runtime: &Path) -> TokenStream {
    quote!(#runtime::__private)
}

/// The implementations, which see the runtime's module by a short name: each token is read several
/// times.
pub(super) fn block(
    runtime: &Path,
    allowed: Option<&TokenStream>,
    implementations: &TokenStream,
) -> TokenStream {
    let p = private();
    quote! {
        #allowed
        const _: () = {
            use #runtime::__private as #p;
            #implementations
        };
    }
}

/// That what is written was generated, so that nothing needs to look at it again.
pub(super) fn origin() -> TokenStream {
    let p = private();
    quote! {
        #[inline]
        fn origin(&self) -> #p::Origin {
            #p::Origin::DERIVED
        }
    }
}

/// The type as generated code has it, all of it at this place: so that what asks the same of it in
/// several places is one error.
pub(super) fn asked_at(ty: &Type, place: Span) -> TokenStream {
    fn at(tokens: TokenStream, place: Span) -> TokenStream {
        let at_place = |mut token: TokenTree| {
            if let TokenTree::Group(group) = &token {
                token = Group::new(group.delimiter(), at(group.stream(), place)).into();
            }
            token.set_span(place);
            token
        };
        tokens.into_iter().map(at_place).collect()
    }
    at(ty.to_token_stream(), place)
}

/// The place of the user's tokens, for code that is not theirs: errors point
/// there, lints do not.
pub(super) fn place_of(tokens: &impl Spanned) -> Span {
    Span::call_site().located_at(tokens.span())
}

/// The user's name for something that is generated.
pub(super) fn generated(ident: &Ident) -> Ident {
    let mut ident = ident.clone();
    ident.set_span(place_of(&ident));
    ident
}

/// An `Option`, of something or nothing.
pub(super) fn option(value: Option<impl ToTokens>) -> TokenStream {
    let p = private();
    value.map_or_else(|| quote!(#p::None), |value| quote!(#p::Some(#value)))
}

/// The attribute's place among the stored ones, as a const argument.
pub(super) fn ordinal(attribute: &Attribute) -> Literal {
    Literal::usize_unsuffixed(attribute.ordinal)
}

/// The group's place after the stored attributes, as a const argument.
pub(super) fn ordinal_of_group(record: &Record, group: &model::Group) -> Literal {
    Literal::usize_unsuffixed(record.stored().count() + group.ordinal)
}

/// Why a text is refused.
pub(super) fn none_of<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<_> = names.map(|name| name.escape_debug()).collect();
    format!("the text is none of {}", listed(&names))
}

/// The names, each in quotes of a message.
pub(super) fn listed(names: &[impl ToString]) -> String {
    names.iter().map(|name| format!("`{}`", name.to_string())).collect::<Vec<_>>().join(", ")
}
