//! What a condition on keys says of each item that a query gives.

use super::Fragment;
use super::fragment::Token;
use crate::codec::response::{KeyBound, fulfils};

impl Fragment {
    /// The one key whose value this condition gives, if that is all of it.
    pub(crate) fn only_key(&self) -> Option<(&'static str, &[u8])> {
        match self.tokens.as_slice() {
            [Token::Name(name), Token::Operator(" = "), Token::Value(_)] => {
                Some((name, &self.values))
            }
            _ => None,
        }
    }

    /// Whether an item fulfils this condition on keys, as each item of the response does.
    pub(crate) fn is_fulfilled_by(&self, item: &str) -> bool {
        use Token::{Name, Operator, Text, Value};
        let mut values = self.values.as_slice();
        let mut value = |length: &usize| {
            let (value, rest) = values.split_at_checked(*length).unwrap_or((values, &[]));
            values = rest;
            value
        };
        let mut tokens = self.tokens.as_slice();
        while !tokens.is_empty() {
            let (is_fulfilled, rest) = match tokens {
                [
                    Name(name),
                    Operator(" BETWEEN "),
                    Value(least),
                    Text(" AND "),
                    Value(most),
                    rest @ ..,
                ] => {
                    let least = fulfils(item, name, KeyBound::AtLeast(value(least)));
                    (least && fulfils(item, name, KeyBound::AtMost(value(most))), rest)
                }
                [Name(name), Operator(operator), Value(length), rest @ ..] => {
                    let value = value(length);
                    let bound = match *operator {
                        " = " => KeyBound::Equal(value),
                        " >= " => KeyBound::AtLeast(value),
                        " <= " => KeyBound::AtMost(value),
                        " < " => KeyBound::Below(value),
                        _ => return false,
                    };
                    (fulfils(item, name, bound), rest)
                }
                [
                    Operator("begins_with("),
                    Name(name),
                    Text(", "),
                    Value(prefix),
                    Text(")"),
                    rest @ ..,
                ] => (fulfils(item, name, KeyBound::BeginsWith(value(prefix))), rest),
                _ => return false,
            };
            if !is_fulfilled {
                return false;
            }
            tokens = if let [Operator(" AND "), more @ ..] = rest { more } else { rest };
        }
        true
    }
}
