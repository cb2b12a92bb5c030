//! A condition on a sort key as an expression.

use super::SortBounds;
use crate::codec::{AttributeValue, Encoding, Plain};
use crate::expression::{DocumentPath, ExpressionError, Fragment};
use crate::key::{SortKeyPrefix, TemplatePart, TextCondition};

/// The condition on an attribute that is the sort key.
pub(super) fn whole<C: Encoding<T>, T>(name: &'static str, bounds: SortBounds<T>) -> Fragment {
    match bounds {
        SortBounds::Equal(value) => compare_as::<C, T>(name, " = ", &value),
        SortBounds::From(least) => compare_as::<C, T>(name, " >= ", &least),
        SortBounds::UpTo(most) => compare_as::<C, T>(name, " <= ", &most),
        SortBounds::Below(end) => compare_as::<C, T>(name, " < ", &end),
        SortBounds::Within(least, most) => Fragment::between::<C, T>(&name.into(), &least, &most),
        SortBounds::Prefix(prefix) => begins::<C, T>(name, &prefix),
    }
}

/// The condition on the next part of the templated sort key `key`; a value is then given.
pub(super) fn part<T: TemplatePart>(
    key: &'static str,
    name: &'static str,
    begun: &mut SortKeyPrefix,
    bounds: SortBounds<T>,
) -> Fragment {
    let state = begun.clone();
    let text = |part: &T| state.text_of(part, key, name);
    let condition = match bounds {
        SortBounds::Equal(value) => text(&value).map(|value| {
            begun.give(&value);
            begun.condition()
        }),
        SortBounds::From(least) => text(&least).map(|least| begun.range(Some(&least), None)),
        SortBounds::UpTo(most) => text(&most).map(|most| begun.range(None, Some(&most))),
        SortBounds::Within(least, most) => match (text(&least), text(&most)) {
            // The texts of parts have the order of the parts.
            (Ok(least), Ok(most)) if least > most => return reversed(name),
            (Ok(least), Ok(most)) => Ok(begun.range(Some(&least), Some(&most))),
            (Err(error), _) | (_, Err(error)) => Err(error),
        },
        SortBounds::Prefix(prefix) => match text(&prefix) {
            Err(error) if error.is_empty() => return empty_prefix(name),
            prefix => prefix.map(|prefix| begun.prefix(&prefix)),
        },
        // The types leave it out for a part.
        SortBounds::Below(_) => return reversed(name),
    };
    match condition {
        Ok(condition) => self::text(key, condition),
        Err(error) => Fragment::failed(error.into()),
    }
}

/// The condition on the text of the sort key.
pub(in crate::operation) fn text(name: &'static str, condition: TextCondition) -> Fragment {
    match condition {
        TextCondition::Any => Fragment::default(),
        TextCondition::Equal(text) => compare(name, " = ", &text),
        TextCondition::Prefix(text) => begins::<Plain, String>(name, &text),
        TextCondition::AtLeast(text) => compare(name, " >= ", &text),
        TextCondition::AtMost(text) => compare(name, " <= ", &text),
        TextCondition::Between(least, most) => between(name, &least, &most),
    }
}

fn compare<T: AttributeValue>(name: &'static str, operator: &'static str, value: &T) -> Fragment {
    compare_as::<Plain, T>(name, operator, value)
}

fn compare_as<C: Encoding<T>, T>(
    name: &'static str,
    operator: &'static str,
    value: &T,
) -> Fragment {
    let path = DocumentPath::from(name);
    Fragment::default().path(&path).operator(operator).value::<C, T>(&path, value)
}

fn between<T: AttributeValue>(name: &'static str, least: &T, most: &T) -> Fragment {
    Fragment::between::<Plain, T>(&name.into(), least, most)
}

/// The condition that the sort key is within bounds that are encoded already.
pub(in crate::operation) fn between_encoded(
    name: &'static str,
    least: Option<&[u8]>,
    most: Option<&[u8]>,
) -> Fragment {
    let path = DocumentPath::from(name);
    let operand = Fragment::default().path(&path);
    let bound =
        |fragment: Fragment, json: &[u8]| fragment.written(&path, |writer| writer.raw(json));
    match (least, most) {
        (Some(least), Some(most)) => {
            let bounds = bound(bound(Fragment::default(), least).text(" AND "), most);
            if bounds.is_descending() {
                return reversed(name);
            }
            operand.operator(" BETWEEN ").append(bounds)
        }
        (Some(least), None) => bound(operand.operator(" >= "), least),
        (None, Some(most)) => bound(operand.operator(" <= "), most),
        (None, None) => Fragment::default(),
    }
}

fn begins<C: Encoding<T>, T>(name: &'static str, prefix: &T) -> Fragment {
    let path = DocumentPath::from(name);
    let call = Fragment::default().operator("begins_with(").path(&path).text(", ");
    let call = call.value::<C, T>(&path, prefix);
    if call.has_empty_value() { empty_prefix(name) } else { call.text(")") }
}

fn empty_prefix(attribute: &'static str) -> Fragment {
    Fragment::failed(ExpressionError::EmptyPrefix { attribute: attribute.into() })
}

fn reversed(attribute: &'static str) -> Fragment {
    Fragment::failed(ExpressionError::ReversedBounds { attribute: attribute.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_condition_on_keys_is_checked_on_the_items_of_the_response() {
        let partition = || compare("id", " = ", &"a".to_owned());
        let begins = |prefix: &str| begins::<Plain, _>("at", &prefix.to_owned());
        let text = |text: &str| text.to_owned();
        let (m, n) = (br#"{"S":"m"}"#.as_slice(), br#"{"S":"n"}"#.as_slice());
        for (condition, found, others) in [
            (Fragment::default(), &["", "m", "z"][..], &[][..]),
            (compare("at", " = ", &text("m")), &["m"], &["l", "mm", ""]),
            (compare("at", " >= ", &text("m")), &["m", "n"], &["l"]),
            (compare("at", " <= ", &text("m")), &["m", "l"], &["mm"]),
            (compare("at", " < ", &text("m")), &["l"], &["m"]),
            (between("at", &text("m"), &text("n")), &["m", "mm", "n"], &["l", "nn"]),
            (between_encoded("at", Some(m), Some(n)), &["m", "mm", "n"], &["l", "nn"]),
            (between_encoded("at", Some(m), None), &["m"], &["l"]),
            (between_encoded("at", None, Some(n)), &["n"], &["nn"]),
            (begins("m"), &["m", "mm"], &["l", "nm"]),
            (self::text("at", TextCondition::Prefix(text("m"))), &["mm"], &["nm"]),
            // Of an index that has several sort keys.
            (begins("m").and(compare("to", " = ", &text("x"))), &["mm"], &["l"]),
        ] {
            let condition = partition().and(condition);
            assert!(condition.error().is_none(), "{condition:?}");
            let is_item = |id: &str, at: &str, to: &str| {
                condition.is_fulfilled_by(&format!(
                    r#"{{"to":{{"S":"{to}"}},"at":{{"S":"{at}"}},"id":{{"S":"{id}"}}}}"#
                ))
            };
            for at in found {
                assert!(is_item("a", at, "x"), "{condition:?}: {at}");
                assert!(!is_item("b", at, "x"), "{condition:?}: another partition");
                let has_to = condition.roots().any(|root| root == "to");
                assert_eq!(is_item("a", at, "y"), !has_to, "{condition:?}");
            }
            for at in others {
                assert!(!is_item("a", at, "x"), "{condition:?}: {at}");
            }
        }
        assert!(Fragment::default().is_fulfilled_by("{}"), "a scan");
        let unknown = compare("at", " <> ", &text("m"));
        assert!(!unknown.is_fulfilled_by(r#"{"at":{"S":"n"}}"#), "no condition goes unasked");
    }
}
