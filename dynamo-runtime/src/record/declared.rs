//! What an entity declares, as types: an implementation by hand can add nothing to it.
//!
//! Each trait of this kind has one implementation, for all that declare it. A second one by hand is
//! a conflict, and the declaration itself stands in an implementation that the derive has made.

use std::marker::PhantomData;

/// It does, or is.
#[derive(Debug)]
pub enum Yes {}

/// It does not, or is not.
#[derive(Debug)]
pub enum No {}

/// What an entity has and allows, each `Yes` or `No`.
#[derive(Debug)]
pub struct Declared<V, Scan, Put, Delete, Upsert>(PhantomData<(V, Scan, Put, Delete, Upsert)>);

/// That it is not so.
pub trait Negative {}

impl Negative for No {}

/// A declaration of a version.
pub trait DeclaresVersion {}
/// A declaration that allows scans.
pub trait DeclaresScan {}
/// A declaration that allows puts without a condition.
pub trait DeclaresPut {}
/// A declaration that allows deletes without a condition.
pub trait DeclaresDelete {}
/// A declaration that allows upserts without a condition.
pub trait DeclaresUpsert {}

/// A declaration that tolerates a zero vector.
pub trait DeclaresZeroVector {}

impl DeclaresZeroVector for Yes {}

impl<S, P, D, U> DeclaresVersion for Declared<Yes, S, P, D, U> {}
impl<V, P, D, U> DeclaresScan for Declared<V, Yes, P, D, U> {}
impl<V, S, D, U> DeclaresPut for Declared<V, S, Yes, D, U> {}
impl<V, S, P, U> DeclaresDelete for Declared<V, S, P, Yes, U> {}
impl<V, S, P, D> DeclaresUpsert for Declared<V, S, P, D, Yes> {}
