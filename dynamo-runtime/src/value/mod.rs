//! Value types that DynamoDB has no type of its own for.

mod sensitive;
mod timestamp;
mod version;

pub use sensitive::Sensitive;
pub use timestamp::{Timestamp, TimestampError};
pub use version::Version;
