//! What a condition on keys says of each item that a query gives.

use super::Fragment;
use super::fragment::Token;
use crate::codec::Writer;
use crate::codec::response::{KeyBound, fulfils};

impl Fragment {
    /// How an item starts that fulfils this condition and has the partition key first, as most do; nothing where the
    /// condition is about more than that key.
    pub(crate) fn usual_start(&self) -> Option<Vec<u8>> {
        match self.tokens.as_slice() {
            [] => Some(Vec::new()),
            [Token::Name(name), Token::Operator(" = "), Token::Value(_)] => {
                let mut start = Writer::with_capacity(name.len() + self.values.len() + 4);
                start.begin_object();
                start.member(name);
                start.raw(&self.values);
                start.finish().ok()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expression::DocumentPath;

    fn value(value: &str) -> Fragment {
        Fragment::default().written(&DocumentPath::from("x"), |writer| writer.string(value))
    }

    fn equal(name: &'static str, text: &str) -> Fragment {
        let path = DocumentPath::from(name);
        Fragment::default().path(&path).operator(" = ").append(value(text))
    }

    #[test]
    fn the_usual_start_of_an_item_is_that_of_one_key_as_json_has_it() {
        let start_of = |condition: &Fragment| {
            condition.usual_start().map(|start| String::from_utf8(start).unwrap())
        };
        assert_eq!(start_of(&Fragment::default()).as_deref(), Some(""), "a scan asks for any item");
        let one = start_of(&equal("id", "a\"b"));
        assert_eq!(one.as_deref(), Some(r#"{"id":{"S":"a\"b"}"#));
        let quoted = start_of(&equal(r#"i"d\u0061"#, "a"));
        assert_eq!(quoted.as_deref(), Some(r#"{"i\"d\\u0061":{"S":"a"}"#));
        let both = equal("id", "a").operator(" AND ").append(equal("at", "b"));
        assert_eq!(start_of(&both), None, "the sort key is to be looked at, too");
        let least = Fragment::default().path(&DocumentPath::from("id")).operator(" >= ");
        assert_eq!(start_of(&least.append(value("a"))), None);
    }
}
