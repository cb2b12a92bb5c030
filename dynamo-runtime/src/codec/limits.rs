//! What DynamoDB takes of an item.

/// The largest item that DynamoDB takes, in bytes of its own reckoning: 400 KB.
///
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html>
pub const MAX_ITEM_SIZE: usize = 400 * 1024;

/// The longest key of a map, by the same page.
pub(crate) const MAX_KEY_SIZE: usize = 65_535;
