//! What goes beside the errors, so that no second wave of errors follows.

use proc_macro2::TokenStream;

use crate::expand;
use crate::lower::Failed;

/// The errors, and all that the entity is without its mistakes: uses of it
/// elsewhere compile as far as they would have.
pub(crate) fn entity(failed: &Failed) -> TokenStream {
    let mut tokens = failed.errors.to_compile_errors();
    tokens.extend(failed.mended.as_deref().map(expand::entity));
    tokens
}
