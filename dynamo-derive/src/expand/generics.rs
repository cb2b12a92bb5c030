//! The start of each `impl`: the type with its parameters, and what is asked of
//! them.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericParam, WherePredicate, parse_quote};

use super::names::private;
use crate::model::Target;

impl Target {
    /// The type with its parameters.
    pub(super) fn this(&self) -> TokenStream {
        let ident = &self.ident;
        let (_, parameters, _) = self.generics.split_for_impl();
        quote!(#ident #parameters)
    }

    /// `impl Type`.
    pub(super) fn inherent(&self) -> TokenStream {
        self.header(None, &TokenStream::new(), Vec::new())
    }

    /// `impl what for Type`, whatever the parameters are.
    pub(super) fn implement(&self, what: &TokenStream) -> TokenStream {
        self.header(None, &quote!(#what for), Vec::new())
    }

    /// The same where the parameters can be stored.
    pub(super) fn implement_stored(&self, what: &TokenStream) -> TokenStream {
        self.header(None, &quote!(#what for), self.stored_bounds())
    }

    /// The same where those that are to have a default have one too.
    pub(super) fn implement_defaulted(&self, what: &TokenStream) -> TokenStream {
        let bounds = self.stored_bounds().into_iter().chain(self.default_bounds());
        self.header(None, &quote!(#what for), bounds.collect())
    }

    /// The same where they can be read from a response of the lifetime `'__de`, which outlives
    /// all that borrows from it.
    pub(super) fn implement_read(&self, what: &TokenStream) -> TokenStream {
        let p = private();
        let outlives = self.generics.lifetimes().map(|borrowed| -> WherePredicate {
            let borrowed = &borrowed.lifetime;
            parse_quote!('__de: #borrowed)
        });
        let read = self
            .stored
            .iter()
            .map(|parameter| -> WherePredicate { parse_quote!(#parameter: #p::Decode<'__de>) });
        let bounds = outlives.chain(self.stored_bounds()).chain(read).chain(self.default_bounds());
        self.header(Some(parse_quote!('__de)), &quote!(#what for), bounds.collect())
    }

    /// The same where the type is one of a key, which depends on its parameters if it has any.
    pub(super) fn implement_key(&self, what: &TokenStream) -> TokenStream {
        let p = private();
        let this = self.this();
        let stored = self.stored.iter();
        let mut bounds: Vec<_> = stored
            .map(|parameter| -> WherePredicate { parse_quote!(#parameter: #p::KeyPart) })
            .collect();
        if !self.generics.params.is_empty() {
            bounds.push(parse_quote! {
                #this: #p::Clone
                    + #p::Eq
                    + #p::Hash
                    + #p::Debug
                    + #p::Send
                    + #p::Sync
                    + 'static
            });
        }
        self.header(None, &quote!(#what for), bounds)
    }

    fn header(
        &self,
        response: Option<GenericParam>,
        what: &TokenStream,
        bounds: Vec<WherePredicate>,
    ) -> TokenStream {
        let this = self.this();
        let mut generics = self.generics.clone();
        if let Some(response) = response {
            generics.params.insert(0, response);
        }
        if !bounds.is_empty() {
            generics.make_where_clause().predicates.extend(bounds);
        }
        let (parameters, _, bounds) = generics.split_for_impl();
        quote!(#[automatically_derived] impl #parameters #what #this #bounds)
    }

    fn stored_bounds(&self) -> Vec<WherePredicate> {
        let p = private();
        let bound = |parameter| parse_quote!(#parameter: #p::AttributeValue);
        self.stored.iter().map(bound).collect()
    }

    fn default_bounds(&self) -> impl Iterator<Item = WherePredicate> {
        let p = private();
        self.defaulted.iter().map(move |parameter| parse_quote!(#parameter: #p::Default))
    }
}
