//! What goes beside the errors, so that no second wave of errors follows.

use proc_macro2::TokenStream;

use crate::errors::Failed;

/// The errors, and all that the type is without its mistakes: uses of it
/// elsewhere compile as far as they would have.
pub(crate) fn beside<T>(failed: &Failed<T>, expand: impl Fn(&T) -> TokenStream) -> TokenStream {
    let mut tokens = failed.errors.to_compile_errors();
    tokens.extend(failed.mended.as_deref().map(expand));
    tokens
}
