//! What a template is made of.

/// What stands between two delimiters of a templated key, or between two parts of a raw one.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment {
    /// The same text in every key; without a delimiter, unless the key is raw.
    Fixed(&'static str),
    /// The attribute with this place among the entity's.
    Part(usize),
}
