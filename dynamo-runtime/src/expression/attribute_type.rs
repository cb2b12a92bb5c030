//! The types that DynamoDB stores an attribute as.

/// A type of DynamoDB's, as [`attribute_type`](crate::Attribute::attribute_type) compares it.
///
/// Source: [Condition and filter expressions](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html#Expressions.OperatorsAndFunctions.Functions).
///
/// ```
/// use dynamo_runtime::AttributeType;
/// use dynamo_runtime::prelude::*;
///
/// #[derive(Entity)]
/// #[dynamo(table = "notes")]
/// struct Note {
///     #[dynamo(partition_key)]
///     id: String,
///     text: Option<String>,
/// }
///
/// let text = Note::TEXT.attribute_type(AttributeType::S);
/// assert_eq!(format!("{text:?}"), "attribute_type(text, ?)");
/// ```
// Named by DynamoDB's descriptors: beside a variant `String` the compiler would write
// `std::string::String` in every message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeType {
    /// `S`: a string.
    S,
    /// `N`: a number.
    N,
    /// `B`: binary.
    B,
    /// `BOOL`: a Boolean.
    Bool,
    /// `NULL`: a null.
    Null,
    /// `L`: a list.
    L,
    /// `M`: a map.
    M,
    /// `SS`: a set of strings.
    Ss,
    /// `NS`: a set of numbers.
    Ns,
    /// `BS`: a set of binary values.
    Bs,
}

impl AttributeType {
    /// DynamoDB's descriptor of it.
    ///
    /// ```
    /// use dynamo_runtime::AttributeType;
    ///
    /// assert_eq!(AttributeType::Ss.as_str(), "SS");
    /// ```
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::S => "S",
            Self::N => "N",
            Self::B => "B",
            Self::Bool => "BOOL",
            Self::Null => "NULL",
            Self::L => "L",
            Self::M => "M",
            Self::Ss => "SS",
            Self::Ns => "NS",
            Self::Bs => "BS",
        }
    }
}
