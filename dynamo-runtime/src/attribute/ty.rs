//! The types that DynamoDB stores an attribute as.

/// A type of DynamoDB's, as [`attribute_type`](super::Attribute::attribute_type) compares it.
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
/// let text = Note::TEXT.attribute_type(AttributeType::String);
/// assert_eq!(format!("{text:?}"), "attribute_type(text, ?)");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeType {
    /// `S`
    String,
    /// `N`
    Number,
    /// `B`
    Binary,
    /// `BOOL`
    Boolean,
    /// `NULL`
    Null,
    /// `L`
    List,
    /// `M`
    Map,
    /// `SS`
    StringSet,
    /// `NS`
    NumberSet,
    /// `BS`
    BinarySet,
}

impl AttributeType {
    /// DynamoDB's descriptor of it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "S",
            Self::Number => "N",
            Self::Binary => "B",
            Self::Boolean => "BOOL",
            Self::Null => "NULL",
            Self::List => "L",
            Self::Map => "M",
            Self::StringSet => "SS",
            Self::NumberSet => "NS",
            Self::BinarySet => "BS",
        }
    }
}
