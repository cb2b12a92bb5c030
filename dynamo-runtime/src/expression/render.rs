//! The one place that writes a placeholder.

use super::fragment::{ExpressionError, Fragment, Token};
use crate::codec::Writer;

/// The longest expression, in bytes.
///
/// Source for this and the next: [Quotas in Amazon DynamoDB](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
pub(crate) const MAX_EXPRESSION_SIZE: usize = 4096;
/// The most operators and functions in an expression, of which `AND`, `OR` and `NOT` are some.
///
/// Source: [Count expression operators](https://docs.aws.amazon.com/code-library/latest/ug/dynamodb_example_dynamodb_Scenario_ExpressionOperatorCounting_section.html).
pub(crate) const MAX_OPERATORS: usize = 300;
/// The most bytes of the values of all expressions of a request.
pub(crate) const MAX_VALUES_SIZE: usize = 2 * 1024 * 1024;

/// Renders the expressions of one request, which share their placeholders.
#[derive(Default)]
pub(crate) struct Renderer<'a> {
    fragments: Vec<&'a Fragment>,
    names: Vec<&'static str>,
    values: usize,
    error: Option<ExpressionError>,
}

impl<'a> Renderer<'a> {
    /// Writes the member with the expression, or nothing where there is none.
    pub(crate) fn expression(
        &mut self,
        writer: &mut Writer,
        member: &'static str,
        fragment: &'a Fragment,
    ) {
        if let Some(error) = fragment.error() {
            self.error.get_or_insert_with(|| error.clone());
            return;
        }
        if fragment.is_empty() {
            return;
        }
        writer.member(member);
        let before = writer.as_bytes().len();
        writer.raw(b"\"");
        self.tokens(writer, &fragment.tokens);
        writer.raw(b"\"");
        let size = writer.as_bytes().len() - before - 2;
        let operators =
            fragment.tokens.iter().filter(|token| matches!(token, Token::Operator(_))).count();
        if size > MAX_EXPRESSION_SIZE {
            self.error.get_or_insert(ExpressionError::TooLong { size });
        }
        if operators > MAX_OPERATORS {
            self.error.get_or_insert(ExpressionError::TooManyOperators { count: operators });
        }
        self.fragments.push(fragment);
    }

    /// None of it needs an escape: our own text, and placeholders.
    fn tokens(&mut self, writer: &mut Writer, tokens: &[Token]) {
        for token in tokens {
            match token {
                Token::Name(name) => placeholder(writer, b"#", self.name(name)),
                Token::Value(_) => {
                    placeholder(writer, b":", self.values);
                    self.values += 1;
                }
                Token::Text(text) | Token::Operator(text) => writer.raw(text.as_bytes()),
            }
        }
    }

    fn name(&mut self, name: &'static str) -> usize {
        self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    /// Writes the names and values of all placeholders.
    pub(crate) fn finish(self, writer: &mut Writer) -> Result<(), ExpressionError> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let size = self.fragments.iter().map(|fragment| fragment.values.len()).sum();
        if size > MAX_VALUES_SIZE {
            return Err(ExpressionError::ValuesTooLarge { size });
        }
        if !self.names.is_empty() {
            writer.member("ExpressionAttributeNames");
            writer.begin_object();
            for (number, name) in self.names.iter().enumerate() {
                member(writer, b"#", number);
                writer.json_string(name);
            }
            writer.end_object();
        }
        if self.values > 0 {
            writer.member("ExpressionAttributeValues");
            writer.begin_object();
            self.write_values(writer);
            writer.end_object();
        }
        Ok(())
    }

    fn write_values(&self, writer: &mut Writer) {
        let mut number = 0;
        for fragment in &self.fragments {
            for value in fragment.encoded_values() {
                member(writer, b":", number);
                writer.raw(value);
                number += 1;
            }
        }
    }
}

fn member(writer: &mut Writer, sigil: &[u8], number: usize) {
    writer.separate();
    writer.raw(b"\"");
    placeholder(writer, sigil, number);
    writer.raw(b"\":");
}

fn placeholder(writer: &mut Writer, sigil: &[u8], number: usize) {
    writer.raw(sigil);
    writer.json_u64(number as u64);
}
