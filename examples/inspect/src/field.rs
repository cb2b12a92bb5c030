//! One attribute as a field: its type, its words, and what is said beside it.

use std::collections::{BTreeMap, BTreeSet};

use crate::names;
use crate::number::Numbers;
use crate::sighting::{Shape, Sighting};
use crate::structs::Record;
use crate::text::{Meaning, Texts};

/// A field of a struct.
pub(crate) struct Field {
    /// The name in the table.
    pub(crate) attribute: String,
    pub(crate) name: String,
    pub(crate) rust_type: String,
    /// The words for `#[dynamo(..)]`, but for a name.
    pub(crate) words: Vec<String>,
    pub(crate) notes: Vec<String>,
}

impl Field {
    /// The rest of a key that begins with fixed text, where it is no attribute by itself.
    pub(crate) fn key_only(key: &str, fields: &[Self]) -> Self {
        let mut taken = fields.iter().map(|field| field.name.clone()).collect();
        let name = names::field(&format!("{key} part"), &mut taken);
        let attribute = format!("{key}{KEY_ONLY}");
        let words = vec!["key_only".to_owned()];
        Self { attribute, name, rust_type: "String".to_owned(), words, notes: Vec::new() }
    }

    /// Whether it is that of this key.
    pub(crate) fn is_part_of(&self, key: &str) -> bool {
        self.attribute.strip_suffix(KEY_ONLY) == Some(key)
    }

    /// Whether it has a name in the table.
    pub(crate) fn is_attribute(&self) -> bool {
        !self.attribute.ends_with(KEY_ONLY)
    }
}

/// What follows the name of the key in that of a field which is no attribute: no name has it.
const KEY_ONLY: &str = "\0";

/// What is known of an attribute from its place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// A key, or a part of one.
    Key,
    Field,
    /// An element of a list or of a map, of which no word can be said.
    Element,
}

/// A type with its words and notes, and the structs that it needs.
#[derive(Default)]
struct Told {
    rust_type: String,
    words: Vec<String>,
    notes: Vec<String>,
}

/// What is being written: the structs of documents are collected as they are found.
pub(crate) struct Structs {
    pub(crate) documents: Vec<Record>,
    pub(crate) names: BTreeSet<String>,
}

const VERSIONS: [&str; 7] = ["version", "_version", "__version", "v", "_v", "ver", "rev"];
/// No struct has more fields that came from the names in a map.
const MOST_FIELDS: usize = 40;

impl Structs {
    /// The fields of so many items or maps.
    pub(crate) fn fields(
        &mut self,
        of: &str,
        count: usize,
        attributes: &BTreeMap<String, Sighting>,
        is_key: &dyn Fn(&str) -> bool,
    ) -> Vec<Field> {
        let mut taken = BTreeSet::from(["rest".to_owned()]);
        let fields = attributes.iter().map(|(attribute, seen)| {
            let name = names::field(attribute, &mut taken);
            let place = if is_key(attribute) { Place::Key } else { Place::Field };
            let told = self.told(&format!("{of} {attribute}"), attribute, seen, place);
            let Told { mut rust_type, mut words, mut notes } = told;
            let is_set = rust_type.starts_with("BTreeSet<");
            let is_absent_at_times = seen.count < count;
            if is_absent_at_times {
                notes.insert(0, format!("in {} of {count}", seen.count));
            }
            if seen.nulls > 0 {
                notes.push(format!("null in {} of {}", seen.nulls, seen.count));
            }
            if (is_absent_at_times || seen.nulls > 0) && !is_set {
                rust_type = format!("Option<{rust_type}>");
                if seen.nulls > 0 && !is_absent_at_times {
                    words.push("null_when_none".to_owned());
                    notes.push("never absent, so `None` is written as a null".to_owned());
                }
            }
            Field { attribute: attribute.clone(), name, rust_type, words, notes }
        });
        fields.collect()
    }

    fn told(&mut self, path: &str, attribute: &str, seen: &Sighting, place: Place) -> Told {
        let plain = |rust_type: &str| Told { rust_type: rust_type.to_owned(), ..Told::default() };
        let noted =
            |rust_type: &str, note: &str| Told { notes: vec![note.to_owned()], ..plain(rust_type) };
        match &seen.shape {
            Shape::Nothing if place == Place::Element => {
                noted("AnyValue", "there was none, so no type is told")
            }
            Shape::Nothing => noted("AnyValue", "nulls alone, so no type is told"),
            Shape::Mixed => noted("AnyValue", "of several types"),
            Shape::Boolean => plain("bool"),
            Shape::TextSet => plain("BTreeSet<String>"),
            Shape::BinarySet => plain("BTreeSet<Vec<u8>>"),
            Shape::NumberSet(numbers) if numbers.rust_type() == "f64" => plain("BTreeSet<Number>"),
            Shape::NumberSet(numbers) => plain(&format!("BTreeSet<{}>", numbers.rust_type())),
            Shape::Binary { is_base64: true } if place == Place::Field => {
                let note = "the bytes are the Base64 of others, which the form gives";
                Told { words: vec!["form = base64_binary".to_owned()], ..noted("Vec<u8>", note) }
            }
            Shape::Binary { .. } => plain("Vec<u8>"),
            Shape::Text(texts) => text(texts, place),
            Shape::Number(numbers) => number(attribute, numbers, place),
            Shape::List(elements) => {
                // Words are said of a list of times, as of a time.
                let has_words = place == Place::Field && is_plain_time(elements);
                let place = if has_words { Place::Field } else { Place::Element };
                let element = self.told(path, "", elements, place);
                let is_null_at_times = elements.nulls > 0 && element.rust_type != "AnyValue";
                let rust_type = if is_null_at_times {
                    format!("Vec<Option<{}>>", element.rust_type)
                } else {
                    format!("Vec<{}>", element.rust_type)
                };
                let of_elements =
                    element.notes.into_iter().map(|note| format!("the elements: {note}"));
                Told { rust_type, words: element.words, notes: of_elements.collect() }
            }
            Shape::Map { count, attributes } => self.map(path, *count, attributes),
        }
    }

    /// A struct, where the names of the attributes look like those of fields; else a map.
    fn map(&mut self, path: &str, count: usize, attributes: &BTreeMap<String, Sighting>) -> Told {
        let is_name = |name: &String| {
            !name.starts_with(|it: char| it.is_ascii_digit())
                && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_')
        };
        let seen: usize = attributes.values().map(|attribute| attribute.count).sum();
        let is_struct = (1..=MOST_FIELDS).contains(&attributes.len())
            && attributes.keys().all(is_name)
            && seen * 2 >= attributes.len() * count;
        if !is_struct {
            let types: BTreeSet<_> = attributes
                .values()
                .map(|seen| {
                    let rust_type = self.told(path, "", seen, Place::Element).rust_type;
                    if seen.nulls > 0 { "AnyValue".to_owned() } else { rust_type }
                })
                .collect();
            let value =
                types.first().filter(|_| types.len() == 1).map_or("AnyValue", String::as_str);
            let notes = vec![format!("{} different names in {count}, so a map", attributes.len())];
            return Told {
                rust_type: format!("BTreeMap<String, {value}>"),
                words: Vec::new(),
                notes,
            };
        }
        let name = names::of_type(path, &mut self.names);
        let fields = self.fields(path, count, attributes, &|_| false);
        self.documents.push(Record::document(name.clone(), fields));
        Told { rust_type: name, ..Told::default() }
    }
}

/// Whether there are times alone, without a null.
fn is_plain_time(elements: &Sighting) -> bool {
    elements.nulls == 0
        && match &elements.shape {
            Shape::Number(numbers) => numbers.epoch_unit(false).is_some(),
            Shape::Text(texts) => matches!(texts.meaning(), Meaning::Time(_)),
            _ => false,
        }
}

fn text(texts: &Texts, place: Place) -> Told {
    let plain = |note: &str| {
        let notes = if note.is_empty() { Vec::new() } else { vec![note.to_owned()] };
        Told { rust_type: "String".to_owned(), words: Vec::new(), notes }
    };
    match texts.meaning() {
        Meaning::Time(form) if form.digits <= 6 && place == Place::Field => {
            let words = match (form.digits, form.offset) {
                (6, "Z") => Vec::new(),
                (digits, "Z") => vec![format!("form = rfc3339(digits = {digits})")],
                (6, offset) => vec![format!("form = rfc3339(offset = {offset:?})")],
                (digits, offset) => {
                    vec![format!("form = rfc3339(digits = {digits}, offset = {offset:?})")]
                }
            };
            Told { rust_type: "Timestamp".to_owned(), words, notes: Vec::new() }
        }
        Meaning::Time(_) => plain("times of one form: a `Timestamp` may say it"),
        Meaning::Times => plain("times in several forms, of which a `Timestamp` would write one"),
        Meaning::Uuid => plain("UUIDs: `uuid::Uuid`, by the feature `uuid-1`"),
        Meaning::Json => plain("JSON: a type of its own, by `form = json`"),
        Meaning::Base64 => plain("Base64, it seems: `Vec<u8>`, by `form = base64`"),
        Meaning::Text if texts.are_few() && place != Place::Key => {
            plain(&format!("{} different texts in {}: an enum?", texts.distinct.len(), texts.count))
        }
        Meaning::Text => plain(""),
    }
}

fn number(attribute: &str, numbers: &Numbers, place: Place) -> Told {
    let name = attribute.to_lowercase();
    let is_expiry = name.contains("ttl") || name.contains("expir");
    let mut notes = Vec::new();
    if let Some(unit) = numbers.epoch_unit(is_expiry).filter(|_| place == Place::Field) {
        notes.push("a time, by its values".to_owned());
        if is_expiry {
            notes.push(
                "if items expire by it, say `ttl`: they are then absent when they have".to_owned(),
            );
        }
        let words = vec![format!("form = {}", unit.form())];
        return Told { rust_type: "Timestamp".to_owned(), words, notes };
    }
    let rust_type = match numbers.rust_type() {
        "f64" if place == Place::Key => "Number",
        rust_type => rust_type,
    };
    if rust_type == "f64" && is_expiry {
        notes.push("seconds with a fraction? `ttl` reads them".to_owned());
    }
    if VERSIONS.contains(&name.as_str()) && numbers.are_small() {
        notes.push(
            "a version? A `Version` with the word `version` is checked and raised by each write"
                .to_owned(),
        );
    }
    Told { rust_type: rust_type.to_owned(), words: Vec::new(), notes }
}
