//! The digest of a query, by which a cursor knows its own query; a test notices if a release changes it.

use super::guards::Guards;
use crate::expression::Fragment;
use crate::sha256::Sha256;

/// What distinguishes a query from another one.
pub(super) type QueryDigest = [u8; 32];

/// The first byte of what is digested, and of every sealed text: with another form it is another,
/// so that a cursor of an older form is refused and never taken for one of this.
///
/// 1 was made of the text of a `Debug`.
pub(super) const VERSION: u8 = 2;

/// The query's digest, wherever it begins and whatever it gives.
///
/// It is the SHA-256 of the version, the operation, the order (1 ascending, 0 descending), and the
/// [canonical](Fragment::canonical) bytes of the conditions on the keys, with their values, and of
/// the filter, without: the elements of a set stand in another order in each process. Each part
/// stands after its length as eight bytes, the most significant first.
pub(super) fn digest(
    operation: &str,
    is_forward: bool,
    keys: &Fragment,
    filter: &Guards,
) -> QueryDigest {
    let mut digest = Sha256::new();
    let mut add = |part: &[u8]| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    };
    add(&[VERSION]);
    add(operation.as_bytes());
    add(&[u8::from(is_forward)]);
    add(&keys.canonical());
    keys.encoded_values().for_each(&mut add);
    add(&filter.as_fragment().canonical());
    digest.finish()
}
