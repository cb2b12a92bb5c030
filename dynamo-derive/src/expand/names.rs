//! The names that all generated code shares, and the places of the user's tokens.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Type;
use syn::spanned::Spanned;

use crate::model::{self, Attribute, Entity, Record, Target};

impl Target {
    /// The module that generated code calls.
    pub(super) fn private(&self) -> TokenStream {
        let runtime = &self.runtime;
        quote!(#runtime::__private)
    }

    /// The same at the place of the user's tokens, so that an error in what is
    /// called points there and nowhere else.
    pub(super) fn private_at(&self, place: Span) -> TokenStream {
        relocated(&self.private(), place)
    }
}

impl Entity {
    pub(super) fn private(&self) -> TokenStream {
        self.target().private()
    }

    pub(super) fn private_at(&self, place: Span) -> TokenStream {
        self.target().private_at(place)
    }
}

/// That what is written was generated, so that nothing needs to look at it again.
pub(super) fn origin(target: &Target) -> TokenStream {
    let p = target.private();
    quote! {
        #[inline]
        fn origin(&self) -> #p::Origin {
            #p::Origin::DERIVED
        }
    }
}

/// The same tokens at another place.
pub(super) fn relocated(tokens: &TokenStream, place: Span) -> TokenStream {
    let relocated = tokens.clone().into_iter().map(|mut token| {
        token.set_span(token.span().located_at(place));
        token
    });
    relocated.collect()
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

/// `::core::option::Option`, of something or nothing.
pub(super) fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or_else(
        || quote!(::core::option::Option::None),
        |value| quote!(::core::option::Option::Some(#value)),
    )
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
