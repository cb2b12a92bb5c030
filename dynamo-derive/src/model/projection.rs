//! Projections.

use proc_macro2::Ident;
use syn::{Lifetime, Path, Type};

/// Some attributes of an entity or of a document.
pub(crate) struct Projection {
    pub(crate) runtime: Path,
    pub(crate) ident: Ident,
    /// Of the response that it borrows from, if it does.
    pub(crate) lifetime: Option<Lifetime>,
    /// The entity or the document.
    pub(crate) of: Path,
    /// The type that has the constants of its attributes, if not itself.
    pub(crate) attributes: Option<Path>,
    pub(crate) fields: Vec<Projected>,
}

/// A field of a projection.
pub(crate) struct Projected {
    pub(crate) ident: Ident,
    pub(crate) ty: Type,
    /// The name of the attribute's constant.
    pub(crate) constant: Ident,
    /// Whether it is read as a projection of the document in the attribute.
    pub(crate) is_part: bool,
}
