//! The laws of templated keys, as properties.

mod query;
mod raw;
mod size;

use std::fmt::Debug;

use proptest::prelude::*;

use super::limits::KeyErrorKind;
use super::part::{IndexTemplatePart, TemplatePart, read};
use super::{KeyError, PartText, Parts, Segment, Template};
use crate::value::{Number, Timestamp};
use Segment::{Fixed, Part};

const NAMES: &[&str] = &["first", "second", "third", "fourth"];

/// Three parts of one type, the last of which may be absent.
#[derive(Clone, Debug)]
struct Texts(String, String, Option<String>);

impl Parts for Texts {
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        match ordinal {
            0 => self.0.write_part(text),
            1 => self.1.write_part(text),
            2 => match self.2.present() {
                Some(part) => part.write_part(text),
                None => text.leave_out(),
            },
            _ => {}
        }
    }
}

/// Parts of several types.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mixed(String, i64, Number, Vec<u8>);

impl Parts for Mixed {
    fn write_part(&self, ordinal: usize, text: &mut PartText) {
        match ordinal {
            0 => self.0.write_part(text),
            1 => TemplatePart::write_part(&self.1, text),
            2 => TemplatePart::write_part(&self.2, text),
            3 => TemplatePart::write_part(&self.3, text),
            _ => {}
        }
    }
}

const MIXED: Template =
    Template::new(&[Fixed("M"), Part(0), Fixed("then"), Part(1), Part(2), Part(3), Fixed("end")]);

fn text_of(template: Template, parts: &dyn Parts) -> String {
    template.text("pk", NAMES, parts).unwrap().unwrap()
}

fn part_text<T: TemplatePart>(value: &T) -> String {
    let mut text = PartText::default();
    value.write_part(&mut text);
    text.finish().unwrap()
}

/// Text that likes what is special in a key.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        prop::sample::select(vec!['#', '$', '%', ' ', '&', 'a', 'b', '~', '\0', '\u{10FFFF}']),
        any::<char>(),
    ];
    prop::collection::vec(character, 1..4).prop_map(|characters| characters.into_iter().collect())
}

fn number() -> impl Strategy<Value = Number> {
    let digits = -(10_i128.pow(20))..10_i128.pow(20);
    prop_oneof![
        (digits, -40..40_i32).prop_map(|(digits, power)| format!("{digits}E{power}")),
        (-12..12_i8, -2..2_i8).prop_map(|(digits, power)| format!("{digits}E{power}")),
    ]
    .prop_map(|text| text.parse().unwrap())
}

fn mixed() -> impl Strategy<Value = Mixed> {
    let small = prop_oneof![any::<i64>(), -2..2_i64];
    (text(), small, number(), prop::collection::vec(any::<u8>(), 1..3))
        .prop_map(|(text, integer, number, bytes)| Mixed(text, integer, number, bytes))
}

/// Each value has a text of its own, which is read back as it, and is as great among texts as the
/// value is among values.
fn holds_for<T: TemplatePart + Ord>(one: &T, other: &T) {
    let (first, second) = (part_text(one), part_text(other));
    assert_eq!(first.cmp(&second), one.cmp(other), "{one:?}: {first}, {other:?}: {second}");
    assert_eq!(read::<T>(&first).as_ref(), Some(one), "{first}");
    assert!(!first.contains(['#', '$']), "{first}");
}

proptest! {
    #[test]
    fn the_order_of_text_is_the_order_of_values(
        texts in (text(), text()),
        characters in any::<(char, char)>(),
        bytes in any::<(Vec<u8>, Vec<u8>)>(),
        arrays in any::<([u8; 2], [u8; 2])>(),
        flags in any::<(bool, bool)>(),
        numbers in (number(), number()),
        micros in any::<(i32, i32)>(),
    ) {
        holds_for(&texts.0, &texts.1);
        holds_for(&characters.0, &characters.1);
        holds_for(&bytes.0, &bytes.1);
        holds_for(&arrays.0, &arrays.1);
        holds_for(&flags.0, &flags.1);
        holds_for(&numbers.0, &numbers.1);
        let time = |micros| Timestamp::from_epoch_micros(i64::from(micros) * 1_000_007).unwrap();
        holds_for(&time(micros.0), &time(micros.1));
    }

    #[test]
    fn the_order_of_text_is_the_order_of_integers(
        a in any::<(u8, u8, i8, i8)>(),
        b in any::<(u16, u16, i16, i16)>(),
        c in any::<(u32, u32, i32, i32)>(),
        d in any::<(u64, u64, i64, i64)>(),
        e in any::<(u128, u128, i128, i128)>(),
    ) {
        macro_rules! each {
            ($($of:ident),*) => {$(
                holds_for(&$of.0, &$of.1);
                holds_for(&$of.2, &$of.3);
            )*};
        }
        each!(a, b, c, d, e);
    }

    #[test]
    fn distinct_parts_have_distinct_keys_in_their_order(one in mixed(), other in mixed()) {
        let (first, second) = (text_of(MIXED, &one), text_of(MIXED, &other));
        prop_assert_eq!(first.cmp(&second), one.cmp(&other));
    }

    #[test]
    fn a_stored_key_is_read_back_as_its_parts(parts in mixed()) {
        let key = text_of(MIXED, &parts);
        prop_assert_eq!(MIXED.read::<String>(&key, 0), Some(parts.0));
        prop_assert_eq!(MIXED.read::<i64>(&key, 1), Some(parts.1));
        prop_assert_eq!(MIXED.read::<Number>(&key, 2), Some(parts.2));
        prop_assert_eq!(MIXED.read::<Vec<u8>>(&key, 3), Some(parts.3));
        prop_assert_eq!(MIXED.read::<String>(&key, 4), None);
    }

    #[test]
    fn what_is_read_has_one_spelling(part in "[-0-9a-f%#$A-F~TZ:.& ]{0,30}") {
        fn once<T: TemplatePart + Debug>(part: &str) {
            if let Some(value) = read::<T>(part) {
                assert_eq!(part_text(&value), part);
            }
        }
        once::<String>(&part);
        once::<char>(&part);
        once::<Vec<u8>>(&part);
        once::<[u8; 2]>(&part);
        once::<bool>(&part);
        once::<Number>(&part);
        once::<Timestamp>(&part);
        once::<u8>(&part);
        once::<i8>(&part);
        once::<u128>(&part);
        once::<i128>(&part);
    }
}

fn hardest<T: TemplatePart + Ord>(values: &[T]) {
    for one in values {
        for other in values {
            holds_for(one, other);
        }
    }
}

#[test]
fn the_least_and_the_greatest_integers() {
    hardest(&[i8::MIN, -1, 0, 1, i8::MAX]);
    hardest(&[i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX]);
    hardest(&[i128::MIN, -1, 0, 1, i128::MAX]);
    hardest(&[u64::MIN, 9, 10, u64::MAX]);
    hardest(&[u128::MIN, 1, u128::MAX]);
}

#[test]
fn the_texts_of_the_documentation() {
    let documentation = include_str!("encoding.md");
    let check = |value: &str, text: &str| {
        let example = format!("`{value}` is `{text}`");
        assert!(documentation.contains(&example), "{example}");
    };
    check("a#b c", &part_text(&"a#b c".to_owned()));
    check("42_u16", &part_text(&42_u16));
    check("42_i16", &part_text(&42_i16));
    check("-42_i16", &part_text(&-42_i16));
    check("12.5", &part_text(&"12.50".parse::<Number>().unwrap()));
    check("-12.5", &part_text(&"-12.5".parse::<Number>().unwrap()));
    check("[0, 255]", &part_text(&[0_u8, 255]));
    assert_eq!(part_text(&Number::default()), "0");
    assert_eq!(part_text(&Timestamp::EPOCH), "1970-01-01T00:00:00.000000Z");
    assert_eq!([part_text(&false), part_text(&true)], ["false", "true"]);
    assert_eq!(part_text(&"a@example.com".to_owned()), "a@example.com");

    let widths = |texts: [String; 5]| texts.map(|text| text.len());
    let unsigned = [
        part_text(&0_u8),
        part_text(&u16::MAX),
        part_text(&1_u32),
        part_text(&u64::MAX),
        part_text(&0_u128),
    ];
    assert_eq!(widths(unsigned), [3, 5, 10, 20, 39]);
    let signed = [
        part_text(&0_i8),
        part_text(&i16::MIN),
        part_text(&-1_i32),
        part_text(&i64::MAX),
        part_text(&i128::MIN),
    ];
    assert_eq!(widths(signed), [3, 5, 10, 19, 39].map(|digits| digits + 1));
}

#[cfg(feature = "uuid-1")]
#[test]
fn a_uuid_is_read_in_lower_case_only() {
    let text = "67e55044-10b1-426f-9247-bb680e5fe0c8";
    let uuid: uuid::Uuid = text.parse().unwrap();
    assert_eq!(part_text(&uuid), text);
    assert_eq!(read(text), Some(uuid));
    assert_eq!(read::<uuid::Uuid>(&text.to_uppercase()), None);
}

#[cfg(feature = "chrono-04")]
#[test]
fn a_value_without_a_text_is_refused_by_its_name() {
    struct Late(chrono::NaiveDate);
    impl Parts for Late {
        fn write_part(&self, _: usize, text: &mut PartText) {
            TemplatePart::write_part(&self.0, text);
        }
    }
    let error = Template::new(&[Part(0)]).text("pk", NAMES, &Late(chrono::NaiveDate::MAX));
    assert_eq!(
        error.unwrap_err().to_string(),
        "the part `first` of the key attribute `pk`: the date is outside of the years 0001 to 9999"
    );
}

const TEXTS: Template = Template::new(&[Part(0), Part(1), Part(2)]);

#[test]
fn a_part_that_holds_a_delimiter_stays_one_part() {
    let of =
        |one: &str, other: &str| text_of(TEXTS, &Texts(one.into(), other.into(), Some("x".into())));
    assert_eq!(of("a", "b#c"), "a#b%23c#x");
    assert_eq!(of("a#b", "c"), "a%23b#c#x");
}

#[test]
fn a_key_without_one_of_its_parts_is_absent() {
    assert_eq!(TEXTS.text("pk", NAMES, &Texts("a".into(), "b".into(), None)), Ok(None));
}

#[test]
fn an_empty_part_is_refused() {
    let error = TEXTS.text("pk", NAMES, &Texts("a".into(), String::new(), None)).unwrap_err();
    assert_eq!(
        error,
        KeyError { attribute: "pk", kind: KeyErrorKind::EmptyPart { part: "second" } }
    );
    assert!(error.is_empty());
    assert_eq!(error.to_string(), "the part `second` of the key attribute `pk` is empty");
}

#[test]
fn a_part_that_the_value_does_not_have_is_refused() {
    let template = Template::new(&[Fixed("A"), Part(3)]);
    assert!(template.text("pk", NAMES, &Texts("a".into(), "b".into(), None)).is_err());
}

#[test]
fn a_key_of_another_form_is_not_split() {
    let order = Template::new(&[Fixed("ORDER"), Part(0), Part(1)]);
    assert_eq!(order.split("ORDER#a#b"), Some(vec!["a", "b"]));
    for other in
        ["", "ORDER", "ORDER#a", "ORDER#a#", "ORDER##b", "ORDER#a#b#c", "ORDERS#a#b", "order#a#b"]
    {
        assert_eq!(order.split(other), None, "{other}");
    }
}
