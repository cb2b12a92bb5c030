//! Vector indexes.

use std::rc::Rc;

use proc_macro2::Ident;
use syn::Path;

use super::field::Attribute;
use crate::attr::DistanceWord;

pub(crate) struct VectorIndex {
    /// The function that searches it.
    pub(crate) function: Ident,
    /// The type that stands for it.
    pub(crate) marker: Ident,
    pub(crate) name: String,
    pub(crate) vector: Rc<Attribute>,
    pub(crate) distance: DistanceWord,
    pub(crate) partition_key: Option<Rc<Attribute>>,
    pub(crate) filters: Vec<Rc<Attribute>>,
    /// The projection of what it holds.
    pub(crate) projects: Path,
    /// What the vector is made of.
    pub(crate) of: Option<Rc<Attribute>>,
    /// Whether items without a vector, or without the partition key, are left out of it.
    pub(crate) is_sparse: bool,
    /// Whether a vector without an angle may be searched for.
    pub(crate) tolerates_zero: bool,
}
