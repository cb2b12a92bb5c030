//! The path of an error is that of the innermost value or name around its place.

use serde_json::{Map, Value as Json, json};

use super::*;

/// Attribute values of every type, in each other.
fn values() -> impl Strategy<Value = Json> {
    let scalar = prop_oneof![
        "[a\"\\\\]{0,3}".prop_map(|text| json!({ "S": text })),
        Just(json!({"N": "1"})),
        Just(json!({"B": "AQ=="})),
        Just(json!({"BOOL": false})),
        Just(json!({"NULL": true})),
        prop::collection::vec("[ab]", 1..3).prop_map(|texts| json!({ "SS": texts })),
    ];
    scalar.prop_recursive(4, 16, 3, |inner| {
        prop_oneof![
            attributes(inner.clone()).prop_map(|map| json!({ "M": map })),
            // A text among the elements is no attribute value, and has its place.
            prop::collection::vec(prop_oneof![3 => inner, 1 => Just(json!("x"))], 0..4)
                .prop_map(|list| json!({ "L": list })),
        ]
    })
}

/// Names like those of types and of the members around items are names as any other.
fn attributes(value: impl Strategy<Value = Json>) -> impl Strategy<Value = Map<String, Json>> {
    let name = prop_oneof!["[a.\"\u{1}\u{202e}]{1,3}", "S|L|M|SS|Item|Items|Responses"];
    prop::collection::btree_map(name, value, 0..3).prop_map(|members| members.into_iter().collect())
}

/// JSON as it is written, and the path of each byte that a value or a name has.
struct Text {
    json: String,
    places: Vec<(usize, String)>,
    space: &'static str,
}

impl Text {
    fn new(space: &'static str) -> Self {
        Self { json: String::new(), places: Vec::new(), space }
    }

    fn token(&mut self, token: &str, path: &str) {
        let start = self.json.len();
        self.json.push_str(token);
        self.places.extend((start..self.json.len()).map(|place| (place, path.to_owned())));
        self.json.push_str(self.space);
    }

    fn between(&mut self, token: &str) {
        self.json.push_str(token);
        self.json.push_str(self.space);
    }

    fn attributes(&mut self, attributes: &Map<String, Json>, path: &str) {
        self.between("{");
        for (index, (name, value)) in attributes.iter().enumerate() {
            if index > 0 {
                self.between(",");
            }
            let mut path = path.to_owned();
            if !path.is_empty() {
                path.push('.');
            }
            path.extend(name.escape_debug());
            self.token(&Json::from(&**name).to_string(), &path);
            self.token(":", &path);
            self.value(value, &path);
        }
        if attributes.is_empty() && !path.is_empty() {
            self.token("}", path);
        } else {
            self.between("}");
        }
    }

    fn value(&mut self, value: &Json, path: &str) {
        let (descriptor, content) = value.as_object().unwrap().iter().next().unwrap();
        self.token("{", path);
        self.token(&Json::from(&**descriptor).to_string(), path);
        self.token(":", path);
        match (&**descriptor, content) {
            ("M", Json::Object(attributes)) => self.attributes(attributes, path),
            (_, Json::Array(elements)) => {
                self.token("[", path);
                for (index, element) in elements.iter().enumerate() {
                    let path = format!("{path}[{index}]");
                    match element {
                        Json::Object(_) => self.value(element, &path),
                        _ => self.token(&element.to_string(), &path),
                    }
                    if index + 1 < elements.len() {
                        self.token(",", &path);
                    }
                }
                self.between("]");
            }
            _ => self.token(&content.to_string(), path),
        }
        self.token("}", path);
    }
}

fn spaces() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just(""), Just(" \n")]
}

#[test]
fn after_what_is_empty() {
    for (item, path) in [
        (r#"{"a":{"L":[{"M":{}},"x"]}}"#, "a[1]"),
        (r#"{"a":{"L":[{},"x"]}}"#, "a[1]"),
        (r#"{"a":{"L":[{"L":[]},"x"]}}"#, "a[1]"),
        (r#"{"a":{"M":{"b":{}, "c":"x"}}}"#, "a.c"),
    ] {
        let error = DecodeError::refused(item.find("\"x").unwrap(), "no");
        assert_eq!(error.locate_in_item(item.as_bytes()).path(), Some(path), "{item}");
    }
}

proptest! {
    #[test]
    fn in_an_item(item in attributes(values()), space in spaces()) {
        let mut text = Text::new(space);
        text.attributes(&item, "");
        prop_assert!(Reader::new(text.json.as_bytes()).unwrap().raw_value().is_ok());
        for (place, path) in &text.places {
            let error = DecodeError::refused(*place, "no").locate_in_item(text.json.as_bytes());
            prop_assert_eq!(error.path(), Some(&**path), "{} of {}", place, text.json);
        }
        let error = DecodeError::refused(0, "no").locate_in_item(text.json.as_bytes());
        prop_assert_eq!(error.path(), None);
    }

    #[test]
    fn in_a_response(item in attributes(values()), space in spaces()) {
        for (before, path, after) in [
            (r#"{"Count":1,"Item":"#, "Item", "}"),
            (r#"{"a":[{},"b"],"Item":"#, "Item", "}"),
            (r#"{"Attributes":"#, "Attributes", "}"),
            (r#"{"LastEvaluatedKey":"#, "LastEvaluatedKey", "}"),
            (r#"{"Items":[{"S":{"L":[]}},"#, "Items[1]", "]}"),
            (r#"{"Responses":{"M":[],"S":["#, "Responses.S[0]", "]}}"),
            (r#"{"Responses":[{},{"Item":"#, "Responses[1].Item", "}]}"),
            (r#"{"CancellationReasons":[{"Item":"#, "CancellationReasons[0].Item", "}]}"),
            (r#"{"Records":[{"dynamodb":{"Keys":"#, "Records[0].dynamodb.Keys", "}}]}"),
            (r#"{"Records":[{"dynamodb":{"NewImage":"#, "Records[0].dynamodb.NewImage", "}}]}"),
            (r#"{"Records":[{"dynamodb":{"OldImage":"#, "Records[0].dynamodb.OldImage", "}}]}"),
        ] {
            let mut text = Text::new(space);
            text.json.push_str(before);
            text.attributes(&item, path);
            text.json.push_str(after);
            prop_assert!(Reader::new(text.json.as_bytes()).unwrap().raw_value().is_ok());
            for (place, path) in &text.places {
                let error = DecodeError::refused(*place, "no").locate(text.json.as_bytes());
                prop_assert_eq!(error.path(), Some(&**path), "{} of {}", place, text.json);
            }
        }
    }
}
