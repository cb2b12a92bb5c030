//! What reads bytes from outside and is not public, for the fuzz targets only.

use crate::client::read_error_body;
use crate::codec::{DecodeError, DecodeItem, equality, response};

/// The number of the entities of a page.
pub fn page<E: for<'de> DecodeItem<'de>>(body: &[u8]) -> Result<u64, DecodeError> {
    response::page::<E>(body, response::Expected::ANY).map(|page| page.items.len() as u64)
}

/// The number of the entities of a page that are only counted.
pub fn count(body: &[u8]) -> Result<u64, DecodeError> {
    response::count(body, response::Expected::ANY).map(|counted| counted.count)
}

/// The entity in a member of a response.
pub fn item<E: for<'de> DecodeItem<'de>>(
    body: &[u8],
    member: &str,
) -> Result<Option<E>, DecodeError> {
    response::member_item(body, member)
}

/// Whether two items are equal.
pub fn same_item(left: &[u8], right: &[u8]) -> Result<bool, DecodeError> {
    equality::same_item(left, right)
}

/// Reads a response of status 400 to each operation.
pub fn error_body(body: &[u8]) {
    read_error_body(body);
}
