//! What was seen of one attribute in all items.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::number::Numbers;
use crate::text::Texts;

pub(crate) type Item = Map<String, Value>;

/// The values of an attribute, or the elements of a list or of a map.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sighting {
    /// How many there were, nulls too.
    pub(crate) count: usize,
    pub(crate) nulls: usize,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug, Default)]
pub(crate) enum Shape {
    /// Nulls alone.
    #[default]
    Nothing,
    Text(Texts),
    Number(Numbers),
    Boolean,
    /// Whether each is the Base64 of something as well.
    Binary {
        is_base64: bool,
    },
    TextSet,
    NumberSet(Numbers),
    BinarySet,
    List(Box<Sighting>),
    /// Maps, so many, and each attribute that one of them has.
    Map {
        count: usize,
        attributes: BTreeMap<String, Sighting>,
    },
    /// Values of several types.
    Mixed,
}

impl Sighting {
    /// Takes in a value, as DynamoDB JSON has it.
    pub(crate) fn see(&mut self, value: &Value) {
        self.count += 1;
        let member = value.as_object().and_then(|value| value.iter().next());
        let Some((descriptor, value)) = member else {
            self.shape = Shape::Mixed;
            return;
        };
        if descriptor == "NULL" {
            self.nulls += 1;
            return;
        }
        if matches!(self.shape, Shape::Nothing) {
            self.shape = Shape::first(descriptor);
        }
        let text = || value.as_str().unwrap_or_default();
        let elements = || value.as_array().map(Vec::as_slice).unwrap_or_default();
        let each_text = || elements().iter().filter_map(Value::as_str);
        match (descriptor.as_str(), &mut self.shape) {
            ("S", Shape::Text(texts)) => texts.see(text()),
            ("N", Shape::Number(numbers)) => numbers.see(text()),
            ("NS", Shape::NumberSet(numbers)) => each_text().for_each(|number| numbers.see(number)),
            ("B", Shape::Binary { is_base64 }) => {
                *is_base64 &= crate::text::is_base64_twice(text());
            }
            ("L", Shape::List(seen)) => elements().iter().for_each(|element| seen.see(element)),
            ("M", Shape::Map { count, attributes }) => {
                *count += 1;
                for (name, value) in value.as_object().into_iter().flatten() {
                    attributes.entry(name.clone()).or_default().see(value);
                }
            }
            ("BOOL", Shape::Boolean) | ("SS", Shape::TextSet) | ("BS", Shape::BinarySet) => {}
            _ => self.shape = Shape::Mixed,
        }
    }
}

impl Shape {
    /// That of a first value.
    fn first(descriptor: &str) -> Self {
        match descriptor {
            "S" => Self::Text(Texts::default()),
            "N" => Self::Number(Numbers::default()),
            "BOOL" => Self::Boolean,
            "B" => Self::Binary { is_base64: true },
            "SS" => Self::TextSet,
            "NS" => Self::NumberSet(Numbers::default()),
            "BS" => Self::BinarySet,
            "L" => Self::List(Box::default()),
            "M" => Self::Map { count: 0, attributes: BTreeMap::new() },
            _ => Self::Mixed,
        }
    }
}
