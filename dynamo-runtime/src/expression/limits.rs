//! What DynamoDB takes of an expression.

/// The most operands of `IN`: one less than the 100 that are documented, which DynamoDB was seen to
/// refuse.
///
/// Source: [Operator and function reference](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html);
/// the tests of ScyllaDB's Alternator, which are run against DynamoDB too.
pub(crate) const MAX_LIST_OPERANDS: usize = 99;

/// The most elements of a path, as many as an item has levels: the attribute itself is the first.
///
/// Source: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
pub(crate) const MAX_PATH_ELEMENTS: usize = 32;

/// The longest expression, in bytes.
///
/// Source for this and the next: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
pub(crate) const MAX_EXPRESSION_SIZE: usize = 4096;

/// The most operators and functions in an expression, of which `AND`, `OR` and `NOT` are some.
///
/// Source: [Count expression operators](https://docs.aws.amazon.com/code-library/latest/ug/dynamodb_example_dynamodb_Scenario_ExpressionOperatorCounting_section.html).
pub(crate) const MAX_OPERATORS: usize = 300;

/// The most bytes of the names and values of the expressions of a request: of "all substitution
/// variables", "the sum of the lengths of all `ExpressionAttributeNames` and
/// `ExpressionAttributeValues`", by the same page. They are counted as they are sent.
pub(crate) const MAX_VARIABLES_SIZE: usize = 2 * 1024 * 1024;
