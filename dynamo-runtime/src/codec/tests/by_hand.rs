//! What an `Encode` by hand can write: one value of its type, or nothing is sent.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

use super::*;
use crate::codec::kind::Kind;

/// It writes whatever the function writes, and says that it is a text.
struct ByHand(fn(&mut Writer));

impl Encode for ByHand {
    fn encode(&self, writer: &mut Writer) {
        (self.0)(writer);
    }
}

impl AttributeValue for ByHand {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

/// Writes a value where it stands.
type Place<'a> = &'a dyn Fn(&mut Writer);

/// Everything that a value can be in, each with what is written before and after it.
fn everywhere(by_hand: &ByHand, check: impl Fn(Result<Vec<u8>, EncodeError>, &str, &str)) {
    let written = |write: &dyn Fn(&mut Writer)| {
        let mut writer = Writer::default();
        writer.begin_item();
        writer.attribute("a", "before");
        write(&mut writer);
        writer.attribute("z", "after");
        writer.end_item();
        writer.finish()
    };
    let boxed = || Box::new(ByHand(by_hand.0));
    let around = |inside: &str| (format!(r#""b":{inside}"#), String::new());
    let all: [(Place<'_>, (String, String)); 7] = [
        (&|writer| writer.attribute_as::<Plain, _>("b", by_hand), around("")),
        (&|writer| writer.attribute("b", by_hand), around("")),
        (&|writer| writer.attribute("b", &Some(boxed())), around("")),
        (
            &|writer| writer.attribute("b", &vec![boxed()]),
            (r#""b":{"L":["#.to_owned(), "]}".to_owned()),
        ),
        (
            &|writer| writer.attribute("b", &(1_u8, boxed())),
            (r#""b":{"L":[{"N":"1"},"#.to_owned(), "]}".to_owned()),
        ),
        (
            &|writer| writer.attribute("b", &BTreeMap::from([("k".to_owned(), boxed())])),
            (r#""b":{"M":{"k":"#.to_owned(), "}}".to_owned()),
        ),
        (&|writer| writer.attribute("b", &crate::Sensitive::new(boxed())), around("")),
    ];
    for (write, (before, after)) in all {
        check(written(write), &before, &after);
    }
}

/// A value whose implementation takes the writer around it in place of its own.
struct Swap<'a>(RefCell<&'a mut Writer>);

impl Encode for Swap<'_> {
    fn encode(&self, writer: &mut Writer) {
        mem::swap(*self.0.borrow_mut(), writer);
        writer.string("x");
    }
}

#[test]
fn one_value_of_the_type_is_written_as_it_is() {
    everywhere(&ByHand(|writer| writer.string("x")), |written, before, after| {
        let written = String::from_utf8(written.unwrap()).unwrap();
        let expected =
            format!(r#"{{"a":{{"S":"before"}},{before}{{"S":"x"}}{after},"z":{{"S":"after"}}}}"#);
        assert_eq!(written, expected);
    });
}

#[test]
fn anything_else_is_refused_wherever_it_is() {
    let wrong: [fn(&mut Writer); 11] = [
        |_| {},
        |writer| {
            writer.string("x");
            writer.string("y");
        },
        |writer| {
            writer.string("x");
            writer.attribute("pk", "TENANT#1");
        },
        |writer| writer.attribute("pk", "TENANT#1"),
        |writer| {
            writer.string("x");
            writer.clear();
        },
        |writer| drop(mem::take(writer)),
        |writer| {
            *writer = Writer::with_capacity(0);
            writer.attribute("pk", "TENANT#1");
        },
        |writer| writer.entry(&"k".to_owned(), &1_u8),
        |writer| writer.map(|writer| writer.string("x")),
        |writer| {
            writer.map(|writer| {
                writer.attribute("a", "x");
                writer.attribute("a", "y");
            });
        },
        |writer| {
            let mut other = Writer::default();
            other.attribute("inner", &Swap(RefCell::new(writer)));
        },
    ];
    for (place, write) in wrong.into_iter().enumerate() {
        everywhere(&ByHand(write), |written, before, _| {
            let error = written.expect_err(&format!("{place} in {before}")).to_string();
            assert!(error.contains("exactly one attribute value"), "{place}: {error}");
        });
    }
}

#[test]
fn another_type_than_it_says_is_refused_where_the_type_is_known() {
    let others: [fn(&mut Writer); 5] = [
        |writer| writer.integer(1),
        |writer| writer.null(),
        |writer| writer.bool(true),
        |writer| writer.map(|_| {}),
        |writer| writer.set(&["x".to_owned()]),
    ];
    for write in others {
        let mut writer = Writer::default();
        writer.attribute_as::<Plain, _>("b", &ByHand(write));
        let error = writer.finish().unwrap_err();
        let reason = "its `Encode` wrote another type than its `AttributeValue` says";
        assert_eq!(error.to_string(), format!("`b`: {reason}"));
        let mut writer = Writer::default();
        writer.attribute("b", &vec![ByHand(write)]);
        assert_eq!(writer.finish().unwrap_err().to_string(), format!("`b[0]`: {reason}"));
    }
}

#[test]
fn what_stands_around_it_is_out_of_its_reach() {
    everywhere(
        &ByHand(|writer| {
            assert_eq!((writer.as_bytes(), writer.item_size()), (&b""[..], 0));
            writer.string("x");
        }),
        |written, _, _| assert!(written.is_ok()),
    );
}

#[test]
fn its_own_refusal_is_kept_with_its_path() {
    let mut writer = Writer::default();
    writer.attribute("b", &vec![ByHand(|writer| writer.refuse("not today"))]);
    assert_eq!(writer.finish().unwrap_err().to_string(), "`b[0]`: not today");
}

/// It leaves itself out, and says that its type is not optional.
struct Absent;

impl Encode for Absent {
    fn encode(&self, writer: &mut Writer) {
        writer.null();
    }

    fn is_absent(&self) -> bool {
        true
    }
}

impl AttributeValue for Absent {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

#[test]
fn what_is_not_optional_cannot_be_left_out() {
    let mut writer = Writer::default();
    writer.attribute_as::<Plain, _>("b", &Absent);
    let error = writer.finish().unwrap_err();
    assert_eq!(
        error.to_string(),
        "`b`: its `Encode` leaves it out, and its type is not one that can be absent"
    );
    let mut writer = Writer::default();
    writer.attribute("b", &vec![Absent]);
    assert_eq!(writer.finish().unwrap_err().path(), Some("b[0]"));
    assert_eq!(encode(&vec![None::<Absent>]), r#"{"L":[{"NULL":true}]}"#);
}

/// A group that writes other names than it says.
struct Group(fn(&mut Writer));

impl EncodeItem for Group {
    const SIZE_HINT: usize = 0;

    fn encode_attributes(&self, writer: &mut Writer) {
        (self.0)(writer);
    }
}

impl crate::codec::Group for Group {
    const NAMES: crate::codec::AttributeNames =
        crate::codec::AttributeNames { own: &["a", "b"], groups: &[] };
    type Required = ();
}

#[test]
fn a_group_by_hand_writes_the_names_that_it_says_each_once() {
    let written = |write| {
        let mut writer = Writer::default();
        writer.begin_item();
        writer.attribute("pk", "x");
        crate::codec::Group::encode_group(&Group(write), &mut writer);
        writer.attribute("z", "y");
        writer.end_item();
        writer.finish().map(|json| String::from_utf8(json).unwrap())
    };
    let (start, end) = (r#"{"pk":{"S":"x"},"#, r#""z":{"S":"y"}}"#);
    let both = written(|writer| {
        writer.attribute("b", "1");
        writer.attribute("a", "2");
    });
    assert_eq!(both.unwrap(), format!(r#"{start}"b":{{"S":"1"}},"a":{{"S":"2"}},{end}"#));
    assert_eq!(written(|_| {}).unwrap(), format!("{start}{end}"));
    let wrong: [fn(&mut Writer); 5] = [
        |writer| writer.attribute("pk", "y"),
        |writer| {
            writer.attribute("a", "1");
            writer.attribute("a", "2");
        },
        |writer| writer.string("x"),
        |writer| writer.clear(),
        |writer| drop(mem::take(writer)),
    ];
    for (place, write) in wrong.into_iter().enumerate() {
        let error = written(write).expect_err(&place.to_string()).to_string();
        assert!(error.contains("each of its attributes once"), "{error}");
    }
}

#[test]
fn each_kind_is_told_by_what_is_written() {
    fn is<K: Kind>() -> Option<crate::codec::descriptor::Descriptor> {
        <K as kind::sealed::Sealed>::DESCRIPTOR
    }
    let found = |json: &str| {
        crate::codec::reader::read(json.as_bytes(), crate::codec::equality::type_of_value).ok()
    };
    assert_eq!(found(&encode(&"x")), is::<kind::Text>());
    assert_eq!(found(&encode(&1)), is::<kind::Number>());
    assert_eq!(found(&encode(&vec![1_u8])), is::<kind::Binary>());
    assert_eq!(found(&encode(&true)), is::<kind::Boolean>());
    assert_eq!(found(&encode(&vec![1_u16])), is::<kind::List>());
    assert_eq!(found(&encode(&BTreeMap::<String, u8>::new())), is::<kind::Map>());
    assert_eq!(found(&encode(&BTreeSet::from(["x".to_owned()]))), is::<kind::TextSet>());
    assert_eq!(found(&encode(&BTreeSet::from([1]))), is::<kind::NumberSet>());
    assert_eq!(found(&encode(&BTreeSet::from([vec![1_u8]]))), is::<kind::BinarySet>());
    assert_eq!(is::<kind::Untyped>(), None);
}
