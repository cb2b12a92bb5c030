//! What is written is valid JSON and reads back as it was.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::*;

fn timestamps() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.epoch_micros()..=Timestamp::MAX.epoch_micros())
        .prop_map(|micros| Timestamp::from_epoch_micros(micros).unwrap())
}

fn orders() -> impl Strategy<Value = Order> {
    let text = (any::<String>(), any::<Option<String>>(), any::<String>());
    let numbers = (any::<u64>(), -1e100..1e100, any::<u64>());
    let lines = prop::collection::vec((any::<String>(), any::<u32>()), 0..4);
    let times = (timestamps(), prop::option::of(timestamps()));
    (text, numbers, any::<bool>(), any::<Vec<u8>>(), lines, times).prop_map(
        |(
            (reference, email, card),
            (total, discount, version),
            paid,
            receipt,
            lines,
            (placed_at, expires_at),
        )| Order {
            reference,
            email,
            placed_at,
            total,
            discount,
            paid,
            receipt,
            lines: lines
                .into_iter()
                .map(|(product, quantity)| Line { product, quantity })
                .collect(),
            card: Sensitive::new(card),
            version: Version::new(version),
            expires_at: expires_at
                .map(|time| Timestamp::from_epoch_seconds(time.epoch_seconds()).unwrap()),
        },
    )
}

/// In range of DynamoDB, over all magnitudes.
fn floats() -> impl Strategy<Value = f64> {
    any::<f64>()
        .prop_filter("in range", |float| *float == 0.0 || (1e-130..1e126).contains(&float.abs()))
}

#[track_caller]
fn assert_round_trip<T: Encode + for<'de> Decode<'de> + PartialEq + std::fmt::Debug>(value: &T) {
    let json = encode(value);
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok(), "{json}");
    assert_eq!(decode::<T>(&json).as_ref(), Ok(value), "{json}");
}

proptest! {
    #[test]
    fn an_item(order in orders()) {
        let json = encode_item(&order).unwrap();
        prop_assert!(serde_json::from_slice::<serde_json::Value>(&json).is_ok());
        prop_assert_eq!(decode_item::<Order>(&json), Ok(order));
    }

    #[test]
    fn text(text: String) {
        let json = encode(&text);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(&read["S"], &text);
        assert_round_trip(&text);
        let cow = reader::read(json.as_bytes(), Cow::<str>::decode).unwrap();
        prop_assert_eq!(cow, text);
    }

    #[test]
    fn text_as_others_escape_it(text: String) {
        let units: Vec<_> = text.encode_utf16().map(|unit| format!("\\u{unit:04X}")).collect();
        let escaped = units.concat();
        prop_assert_eq!(decode(&format!(r#"{{"S":"{escaped}"}}"#)), Ok(text));
    }

    #[test]
    fn text_of_what_must_or_may_be_escaped(text in "[\u{0}-\u{20}\"\\\\/\u{7f}\u{e4}\u{1f600}]{0,40}") {
        let read: serde_json::Value = serde_json::from_str(&encode(&text)).unwrap();
        prop_assert_eq!(&read["S"], &text);
        for others in [serde_json::json!({ "S": text }).to_string(), encode(&text)] {
            prop_assert_eq!(decode(&others.replace('/', "\\/")), Ok(text.clone()), "{}", others);
        }
    }

    #[test]
    fn integers(a: i8, b: u8, c: i16, d: u16, e: i32, f: u32, g: i64, h: u64) {
        assert_round_trip(&a);
        assert_round_trip(&b);
        assert_round_trip(&c);
        assert_round_trip(&d);
        assert_round_trip(&e);
        assert_round_trip(&f);
        assert_round_trip(&g);
        assert_round_trip(&h);
    }

    #[test]
    fn integers_of_up_to_38_digits(small in 0_u32..127, signed: i128, unsigned: u128) {
        let limit = 10_u128.pow(38);
        let unsigned = (unsigned >> small) % limit;
        assert_round_trip(&unsigned);
        assert_round_trip(&((signed >> small) % i128::try_from(limit).unwrap()));
    }

    #[test]
    fn integers_in_any_spelling(number: i64, zeros in 0_usize..25) {
        prop_assume!(number != 0);
        for json in [
            format!(r#"{{"N":"{number}.{}"}}"#, "0".repeat(zeros + 1)),
            format!(r#"{{"N":"{number}{}E-{zeros}"}}"#, "0".repeat(zeros)),
            format!(r#" {{ "N" : "{number}" }} "#),
        ] {
            prop_assert_eq!(decode(&json), Ok(number), "{}", json);
        }
        let fraction = format!(r#"{{"N":"{number}.5"}}"#);
        prop_assert!(decode::<i64>(&fraction).unwrap_err().is_out_of_range());
    }

    #[test]
    fn floats_of_every_size(double in floats(), single in any::<f32>()) {
        assert_round_trip(&double);
        if single.is_finite() {
            assert_round_trip(&single);
        }
        let json: serde_json::Value = serde_json::from_str(&encode(&double)).unwrap();
        prop_assert_eq!(json["N"].as_str().unwrap().parse(), Ok(double));
    }

    #[test]
    fn containers(bytes: Vec<u8>, list: Vec<Option<String>>, nested: Vec<Vec<bool>>, boxed: Box<u32>) {
        assert_round_trip(&bytes);
        assert_round_trip(&list);
        assert_round_trip(&nested);
        assert_round_trip(&boxed);
        assert_round_trip(&Some(bytes));
        assert_round_trip(&None::<String>);
    }

    #[test]
    fn times(time in timestamps()) {
        assert_round_trip(&time);
    }

    #[test]
    fn an_item_is_the_same_as_itself_in_another_spelling(order in orders()) {
        let json = encode_item(&order).unwrap();
        let sorted: serde_json::Value = serde_json::from_slice(&json).unwrap();
        let pretty = serde_json::to_vec_pretty(&sorted).unwrap();
        prop_assert_eq!(equality::same_item(&json, &pretty), Ok(true));
        let changed = Order { version: Version::new(order.version.number().unwrap() ^ 1), ..order };
        prop_assert_eq!(equality::same_item(&json, &encode_item(&changed).unwrap()), Ok(false));
    }
}

#[test]
fn the_ends_of_the_integers() {
    assert_round_trip(&i8::MIN);
    assert_round_trip(&i64::MIN);
    assert_round_trip(&i64::MAX);
    assert_round_trip(&u64::MAX);
    let most = 10_i128.pow(38) - 1;
    assert_round_trip(&most);
    assert_round_trip(&-most);
    // 39 digits, of which one is significant.
    assert_round_trip(&(most + 1));
    for error in [try_encode(&i128::MAX), try_encode(&i128::MIN), try_encode(&u128::MAX)] {
        assert!(error.unwrap_err().is_number_out_of_range());
    }
}

#[test]
fn floats_are_written_as_dynamodb_takes_them() {
    for (float, text) in [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-2.5, "-2.5"),
        (0.1, "0.1"),
        (1e15, "1000000000000000"),
    ] {
        assert_eq!(encode(&float), format!(r#"{{"N":"{text}"}}"#));
    }
    assert_eq!(encode(&0.1_f32), r#"{"N":"0.1"}"#);
    for float in [1e125, 9.99e125, 1e-130, 5e-324_f64.max(1e-130), 1e22, 123e-20] {
        assert_round_trip(&float);
        assert_round_trip(&-float);
    }
    for float in [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        1e126,
        -1e126,
        f64::MAX,
        9.9e-131,
        -f64::MIN_POSITIVE,
    ] {
        assert!(try_encode(&float).unwrap_err().is_number_out_of_range(), "{float}");
    }
    assert!(try_encode(&f32::NAN).is_err());
}

#[test]
fn absent_values() {
    assert!(None::<u8>.is_absent());
    assert!(Some(None::<u8>).is_absent());
    assert!(!Some(0_u8).is_absent());
    assert!(<&Option<u8>>::is_absent(&&None) && Box::new(None::<u8>).is_absent());
    assert!(!<&Option<u8>>::is_absent(&&Some(0)) && Arc::new(BTreeSet::<u8>::new()).is_absent());
    assert_eq!(Option::<String>::absent(), Some(None));
    assert_eq!(Box::<Option<u8>>::absent(), Some(Box::new(None)));
    assert_eq!(Arc::<Option<u8>>::absent(), Some(Arc::new(None)));
    assert_eq!(Box::<u8>::absent(), None);
    assert_eq!(String::absent(), None);
    assert_eq!(Vec::<String>::absent(), None);
    assert_eq!(encode(&vec![Some(true), None]), r#"{"L":[{"BOOL":true},{"NULL":true}]}"#);
    assert_eq!(decode::<Option<u8>>(r#" { "NULL" : true } "#), Ok(None));
    let empty = BTreeSet::<u8>::new();
    assert_eq!(encode(&(empty.clone(), None::<u8>)), r#"{"L":[{"NULL":true},{"NULL":true}]}"#);
    assert_eq!(encode(&vec![empty]), r#"{"L":[{"NULL":true}]}"#);
    assert_eq!(decode::<HashSet<u8>>(r#"{"NULL":true}"#), Ok(HashSet::new()));
    assert_eq!(decode::<BTreeSet<u8>>(r#"{"NULL":true}"#), Ok(BTreeSet::new()));
    assert_eq!(decode::<Option<u8>>(r#"{"\u004eULL":true}"#), Ok(None));
    assert_eq!(decode::<Option<u8>>(r#"{ "N":"7"}"#), Ok(Some(7)));
}

#[test]
fn text_is_borrowed_where_it_can_be() {
    let borrowed = |json: &'static str| {
        let text = reader::read(json.as_bytes(), Cow::<str>::decode).unwrap();
        matches!(text, Cow::Borrowed(_))
    };
    assert!(borrowed(r#"{"S":"käse"}"#));
    assert!(borrowed(r#"{ "S" : "käse" }"#));
    assert!(!borrowed(r#"{"S":"k\u00e4se"}"#));
}

#[test]
fn the_pieces_of_json_may_come_after_white_space() {
    let reader = || Reader::new(b" \t\r\n7 , true , [ 1 ] ").unwrap();
    assert_eq!(reader().json_u64(), Ok(7));
    assert_eq!(reader().raw_value(), Ok(&b"7"[..]));
    let mut list = Reader::new(br#" [ true , "x" , [ 1 ] ] "#).unwrap();
    let mut found = Vec::new();
    list.array(|reader| {
        found.push(match found.len() {
            0 => reader.json_bool()?.to_string(),
            1 => reader.json_string()?.into_owned(),
            _ => String::from_utf8(reader.raw_value()?.to_vec()).unwrap(),
        });
        Ok(())
    })
    .unwrap();
    assert_eq!(found, ["true", "x", "[ 1 ]"]);
    assert_eq!(list.finish(), Ok(()));
}

/// An element of a set by hand, which reads the JSON string itself.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct ByHand(String);

impl Encode for ByHand {
    fn encode(&self, writer: &mut Writer) {
        writer.string(&self.0);
    }
}

impl Decode<'_> for ByHand {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.json_string().map(|text| Self(text.into_owned()))
    }
}

impl AttributeValue for ByHand {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

impl SetElement for ByHand {
    type Set = kind::TextSet;
}

#[test]
fn what_follows_a_set_is_read_by_its_own_type() {
    let json = r#"{"L": [ { "SS": ["x"] } , { "S" : "y" } ] }"#;
    let read: (BTreeSet<ByHand>, String) = decode(json).unwrap();
    assert_eq!(read, ([ByHand("x".to_owned())].into(), "y".to_owned()));
    assert_round_trip(&read);
}

#[test]
fn any_text_can_be_passed_over() {
    for text in ["", "}", "}}", "\"}", "\\", "\\\"}", "{\"S\":\"x\"}", "\n}", "]"] {
        let json = encode(&vec![text.to_owned(), "x".to_owned()]);
        let raw = reader::read(json.as_bytes(), Reader::raw_value);
        assert_eq!(raw, Ok(json.as_bytes()), "{text}");
    }
}

#[test]
fn text_is_escaped_as_briefly_as_json_can() {
    let text = "\"\\\n\r\t/\u{0}\u{9}\u{1a}\u{1f}\u{20}\u{7f}";
    let json = "{\"S\":\"\\\"\\\\\\n\\r\\t/\\u0000\\t\\u001a\\u001f \u{7f}\"}";
    assert_eq!(encode(&text.to_owned()), json);
    assert_eq!(decode(json), Ok(text.to_owned()));
}

#[test]
fn a_decimal_is_written_as_it_is_unless_dynamodb_cannot_hold_it() {
    struct Decimal<'a>(&'a str);
    impl Encode for Decimal<'_> {
        fn encode(&self, writer: &mut Writer) {
            writer.decimal(self.0);
        }
    }
    let digits = "1".repeat(38);
    for text in ["1.50", "-15E-1", "9.9E125", "1E-130", "100e0", &digits, &format!("{digits}00")] {
        assert_eq!(encode(&Decimal(text)), format!(r#"{{"N":"{text}"}}"#));
    }
    for zero in ["0", "-0", "0.00", "-0E999"] {
        assert_eq!(encode(&Decimal(zero)), r#"{"N":"0"}"#);
    }
    for text in ["1E126", "-1E126", "9.9E-131", &format!("{digits}1"), &format!("-0.{digits}1")] {
        let error = try_encode(&Decimal(text)).unwrap_err();
        assert!(error.is_number_out_of_range(), "{text}");
    }
    for text in ["", "x", "+1", "01", "1.", "NaN", "1 "] {
        let error = try_encode(&Decimal(text)).unwrap_err();
        assert_eq!(error.to_string(), "the text of the number is no number", "{text}");
    }
}

#[test]
fn the_path_of_an_error_leads_through_a_key_without_showing_it() {
    // The index tells which entry the error is of.
    let map = |a, b| BTreeMap::from([("a".to_owned(), vec![a]), ("b".to_owned(), vec![0.0, b])]);
    for (map, path) in [
        (map(f64::NAN, 1.0), "?[0]"),
        (map(1.0, f64::NAN), "?[1]"),
        (map(f64::NAN, f64::NAN), "?[0]"),
    ] {
        assert_eq!(try_encode(&map).unwrap_err().path(), Some(path));
    }
}

/// An element by hand that writes something else than one text.
struct Wrong(fn(&mut Writer));

impl Encode for Wrong {
    fn encode(&self, writer: &mut Writer) {
        (self.0)(writer);
    }
}

impl AttributeValue for Wrong {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

impl SetElement for Wrong {
    type Set = kind::TextSet;
}

#[test]
fn an_element_that_is_not_of_the_type_of_its_set_is_refused() {
    let type_of_set = "`[0]`: the element is not of the type of its set";
    let no_value = "`[0]`: its `Encode` did not write exactly one attribute value";
    for (wrong, reason) in [
        (Wrong(|_| {}), no_value),
        (Wrong(|writer| writer.integer(1)), type_of_set),
        (Wrong(|writer| writer.list([()], |(), writer| writer.null())), type_of_set),
    ] {
        let mut writer = Writer::default();
        writer.set([&wrong]);
        let error = writer.finish().unwrap_err();
        assert_eq!(error.to_string(), reason);
        let mut writer = Writer::default();
        writer.map(|writer| writer.entry(&wrong, &true));
        assert!(writer.finish().is_err());
    }
}
