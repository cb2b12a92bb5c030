//! What a raw key loses, against all keys that it has.

use std::collections::HashMap;

use proptest::prelude::*;

use super::super::part::{TemplatePart, write};
use super::super::raw::{Collision, Loss};
use super::super::{Casing, PartForm, PartText, Parts, RawKey, Segment, Template, TextCondition};
use super::NAMES;
use Segment::{Fixed, Part};

/// A part of any type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Value {
    Text(String),
    Digits(u16),
    Number(i32),
    Word(bool),
}

impl Value {
    /// The value that is stored as this.
    fn stored(form: PartForm, text: &str) -> Option<Self> {
        match form {
            PartForm::Text => String::read_raw(text).map(Self::Text),
            PartForm::Digits(_) => u16::read_raw(text).map(Self::Digits),
            PartForm::Number => i32::read_raw(text).map(Self::Number),
            _ => bool::read_raw(text).map(Self::Word),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Values(Vec<Value>);

impl Parts for Values {
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        match &self.0[ordinal] {
            Value::Text(value) => write(value, text),
            Value::Digits(value) => write(value, text),
            Value::Number(value) => write(value, text),
            Value::Word(value) => write(value, text),
        }
    }
}

const DIGITS: PartForm = <u16 as TemplatePart>::FORM;
const NUMBER: PartForm = <i32 as TemplatePart>::FORM;
const WORD: PartForm = <bool as TemplatePart>::FORM;
const FORMS: [PartForm; 4] = [PartForm::Text, DIGITS, NUMBER, WORD];

fn raw(casing: Casing, forms: &[PartForm], widths: &[usize]) -> &'static RawKey {
    let forms = forms.to_vec().leak();
    let widths = widths.to_vec().leak();
    Box::leak(Box::new(RawKey { casing, is_lossy: false, forms, widths }))
}

fn text_of(template: Template, values: &Values) -> String {
    template.text("pk", NAMES, values).unwrap().unwrap()
}

/// Templates of up to three parts, with each of these between, before and after.
fn templates() -> Vec<Template> {
    let between = ["#", "-", "1", "#1", "a", "_x_"];
    let mut all = Vec::new();
    for count in 1..=3 {
        let forms = (0..count).fold(vec![Vec::new()], |all: Vec<Vec<PartForm>>, _| {
            all.iter().flat_map(|forms| FORMS.map(|form| [&forms[..], &[form]].concat())).collect()
        });
        for forms in forms {
            for fixed in between {
                for casing in [Casing::Kept, Casing::Lower] {
                    for width in [0, 3] {
                        let mut segments = vec![Fixed("k:")];
                        for part in 0..count {
                            if part > 0 {
                                segments.push(Fixed(fixed));
                            }
                            segments.push(Part(part));
                        }
                        let widths: Vec<_> = forms
                            .iter()
                            .map(|form| if *form == DIGITS { width } else { 0 })
                            .collect();
                        all.push(Template::raw(segments.leak(), raw(casing, &forms, &widths)));
                    }
                }
            }
        }
    }
    all
}

fn values_of(form: PartForm) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    match form {
        PartForm::Text => {
            ["a", "A", "1", "#", "a#1", "-1", "1-", "_x_a", "a1", "é"].map(text).into()
        }
        PartForm::Digits(_) => [1, 10, 11, 101].map(Value::Digits).into(),
        PartForm::Number => [1, -1, 10, -11, 110].map(Value::Number).into(),
        _ => [true, false].map(Value::Word).into(),
    }
}

fn all_values(raw: &RawKey) -> Vec<Values> {
    raw.forms.iter().fold(vec![Values(Vec::new())], |all, form| {
        let each = values_of(*form);
        all.iter()
            .flat_map(|values| {
                each.iter()
                    .map(|value| Values([&values.0[..], std::slice::from_ref(value)].concat()))
            })
            .collect()
    })
}

/// The two sets of parts that the compiler names.
fn examples(raw: &RawKey, collision: &Collision) -> [Values; 2] {
    let set = |texts: &[crate::codec::Message; 2]| {
        let parts = raw.forms.iter().enumerate().map(|(place, form)| {
            let named = collision.places.iter().position(|part| *part == Some(place));
            let text = named.map_or(form.sample(), |named| texts[named].as_str());
            Value::stored(*form, text).unwrap()
        });
        Values(parts.collect())
    };
    [set(&collision.one), set(&collision.other)]
}

#[test]
fn a_key_that_loses_nothing_is_of_one_set_of_parts_and_the_example_of_another_collides() {
    let (mut whole, mut lossy) = (0, 0);
    for template in templates() {
        let raw = template.as_raw().unwrap();
        match raw.loss(template.segments()) {
            Loss::None => {
                whole += 1;
                let mut known: HashMap<String, Values> = HashMap::new();
                for values in all_values(raw) {
                    let key = text_of(template, &values);
                    let parts = template.split(&key).unwrap();
                    let read: Option<Vec<_>> = raw
                        .forms
                        .iter()
                        .zip(parts)
                        .map(|(form, part)| Value::stored(*form, part))
                        .collect();
                    assert_eq!(read.as_ref(), Some(&values.0), "{key} of {template:?}");
                    assert!(template.could_be(&key), "{key} of {template:?}");
                    if let Some(other) = known.insert(key.clone(), values.clone()) {
                        panic!("{key} of {template:?} is of {values:?} and {other:?}");
                    }
                }
            }
            Loss::Case(_) | Loss::Boundary(..) => {
                lossy += 1;
                let collision = raw.collision(template.segments()).unwrap();
                let [one, other] = examples(raw, &collision);
                assert_ne!(one, other, "{template:?}");
                assert_eq!(text_of(template, &one), text_of(template, &other), "{template:?}");
                assert_eq!(template.split(&text_of(template, &one)), None, "{template:?}");
            }
            Loss::Undelimited(_) => {}
            Loss::Binary(part) => panic!("{part} of {template:?} is no binary"),
        }
    }
    assert!(whole > 100 && lossy > 100, "{whole} and {lossy}");
}

#[test]
fn a_query_by_the_first_parts_finds_the_keys_with_these_parts_and_no_others() {
    let mut count = 0;
    for template in templates() {
        let raw = template.as_raw().unwrap();
        let segments = template.segments();
        if raw.loss(segments) != Loss::None || raw.open_part(segments).is_some() {
            continue;
        }
        let all = all_values(raw);
        for given in 1..raw.forms.len() {
            for values in all.iter().step_by(5) {
                let mut begun = template.begin();
                for value in &values.0[..given] {
                    let text = match value {
                        Value::Text(value) => begun.text_of(value, "sk", "part"),
                        Value::Digits(value) => begun.text_of(value, "sk", "part"),
                        Value::Number(value) => begun.text_of(value, "sk", "part"),
                        Value::Word(value) => begun.text_of(value, "sk", "part"),
                    };
                    begun.give(&text.unwrap());
                }
                let TextCondition::Prefix(prefix) = begun.condition() else {
                    panic!("more parts follow: {template:?}");
                };
                count += 1;
                for other in &all {
                    let is_found = text_of(template, other).starts_with(&prefix);
                    assert_eq!(is_found, other.0[..given] == values.0[..given], "{template:?}");
                }
            }
        }
    }
    assert!(count > 1000, "{count}");
}

#[test]
fn where_keys_are_ordered_by_a_part_their_texts_have_its_order() {
    let mut count = 0;
    for template in templates() {
        let raw = template.as_raw().unwrap();
        let last = raw.forms.len() - 1;
        if !template.is_ordered_by(last) {
            continue;
        }
        count += 1;
        let samples = || raw.forms.iter().map(|form| Value::stored(*form, form.sample()).unwrap());
        let key = |value: &Value| {
            let mut values: Vec<_> = samples().collect();
            values[last] = value.clone();
            text_of(template, &Values(values))
        };
        let mut values = values_of(raw.forms[last]);
        values.sort_by_key(&key);
        let is_before = |pair: &[Value]| match (&pair[0], &pair[1]) {
            (Value::Text(one), Value::Text(other)) => one < other,
            (Value::Word(one), Value::Word(other)) => one < other,
            _ => false,
        };
        assert!(values.windows(2).all(is_before), "{template:?}: {values:?}");
    }
    assert!(count > 20, "{count}");
    let wide =
        |width| Template::raw(&[Fixed("n:"), Part(0)], raw(Casing::Kept, &[DIGITS], &[width]));
    assert!(wide(5).is_ordered_by(0) && !wide(4).is_ordered_by(0), "u16 has five digits");
    assert!(!wide(5).is_ordered_by(1));
}

proptest! {
    #[test]
    fn a_part_is_read_back_as_it_is_stored(text in ".{1,8}", number: i64, digits: u32, word: bool) {
        let key = |value: &dyn Fn(&mut PartText)| {
            let mut text = PartText::raw();
            value(&mut text);
            text.finish().unwrap()
        };
        prop_assert_eq!(key(&|part| write(&text, part)), text.clone());
        prop_assert_eq!(String::read_raw(&text), Some(text));
        prop_assert_eq!(key(&|part| write(&number, part)), number.to_string());
        prop_assert_eq!(i64::read_raw(&number.to_string()), Some(number));
        prop_assert_eq!(u32::read_raw(&digits.to_string()), Some(digits));
        prop_assert_eq!(u32::read_raw(&format!("0{digits}")), None);
        prop_assert_eq!(bool::read_raw(&word.to_string()), Some(word));
    }

    #[test]
    fn no_text_is_a_malformed_key(key in ".{0,12}") {
        for template in templates().into_iter().step_by(7) {
            // It is read back as what is written again, or not at all.
            let raw = template.as_raw().unwrap();
            if let Some(parts) = template.split(&key) {
                let values: Option<Vec<_>> =
                    raw.forms.iter().zip(&parts).map(|(form, part)| Value::stored(*form, part)).collect();
                if let Some(values) = values {
                    let written = text_of(template, &Values(values));
                    prop_assert!(written == key || raw.widths.iter().any(|width| *width > 0));
                }
            }
        }
    }
}
