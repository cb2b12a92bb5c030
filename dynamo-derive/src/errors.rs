//! All mistakes of one input, reported at once, each where it is.

use std::fmt::Display;

use proc_macro2::TokenStream;
use quote::ToTokens;

/// The mistakes found so far.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    found: Vec<syn::Error>,
}

impl Errors {
    /// Records a mistake: what is wrong, shown under `place`, and what to type instead.
    pub(crate) fn report(
        &mut self,
        place: &impl ToTokens,
        wrong: impl Display,
        help: impl Display,
    ) {
        self.found.push(mistake(place, wrong, help));
    }

    pub(crate) fn push(&mut self, mistake: syn::Error) {
        self.found.push(mistake);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// One `compile_error!` for each mistake, in the order they were found.
    pub(crate) fn to_compile_errors(&self) -> TokenStream {
        self.found.iter().map(syn::Error::to_compile_error).collect()
    }
}

/// A mistake. Stable proc macros have the message alone, so the help goes
/// below its first line.
pub(crate) fn mistake(
    place: &impl ToTokens,
    wrong: impl Display,
    help: impl Display,
) -> syn::Error {
    syn::Error::new_spanned(place, format!("{wrong}\n\nhelp: {help}"))
}

/// The names as a list in a message.
pub(crate) fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A type with mistakes, as far as it is valid.
pub(crate) struct Failed<T> {
    pub(crate) errors: Errors,
    /// The type without its mistakes, where so much of it is known.
    pub(crate) mended: Option<Box<T>>,
}

/// What was lowered, unless there are mistakes.
pub(crate) fn concluded<T>(errors: Errors, mended: Option<T>) -> Result<T, Failed<T>> {
    match mended {
        Some(lowered) if errors.is_empty() => Ok(lowered),
        mended => Err(Failed { errors, mended: mended.map(Box::new) }),
    }
}

#[cfg(test)]
impl Errors {
    /// The first line of each mistake.
    pub(crate) fn first_lines(&self) -> Vec<String> {
        let first_line = |error: &syn::Error| error.to_string().lines().next().unwrap().to_owned();
        self.found.iter().map(first_line).collect()
    }

    /// The whole text of each mistake.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.found.iter().map(syn::Error::to_string).collect()
    }
}
