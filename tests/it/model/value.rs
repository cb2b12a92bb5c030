//! Attribute values and items as DynamoDB documents them.

use std::collections::{BTreeMap, BTreeSet};

use super::number::Num;

#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Text(String),
    Number(Num),
    Binary(Vec<u8>),
    Boolean(bool),
    Null,
    List(Vec<Value>),
    Map(Item),
    Texts(BTreeSet<String>),
    Numbers(BTreeSet<Num>),
}

pub type Item = BTreeMap<String, Value>;

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Name(String),
    Index(usize),
}

/// Where in an item a value is; the first step is a name.
pub type Path = Vec<Step>;

pub fn path(name: &str) -> Path {
    vec![Step::Name(name.to_owned())]
}

pub trait PathExt {
    fn name(self, name: &str) -> Path;
    fn index(self, index: usize) -> Path;
}

impl PathExt for Path {
    fn name(mut self, name: &str) -> Path {
        self.push(Step::Name(name.to_owned()));
        self
    }

    fn index(mut self, index: usize) -> Path {
        self.push(Step::Index(index));
        self
    }
}

/// What the path leads to, if it is there.
pub fn find<'a>(item: &'a Item, path: &[Step]) -> Option<&'a Value> {
    let [Step::Name(root), rest @ ..] = path else { return None };
    rest.iter().try_fold(item.get(root)?, |value, step| match (value, step) {
        (Value::Map(map), Step::Name(name)) => map.get(name),
        (Value::List(list), Step::Index(index)) => list.get(*index),
        _ => None,
    })
}

/// What holds the last step of the path, if it is there and has room for it.
pub fn holder<'a>(item: &'a mut Item, path: &[Step]) -> Option<Holder<'a>> {
    let (step, before) = path.split_last()?;
    let Some((Step::Name(root), rest)) = before.split_first() else {
        return Some(Holder::Map(item));
    };
    let value = rest.iter().try_fold(item.get_mut(root)?, |value, step| match (value, step) {
        (Value::Map(map), Step::Name(name)) => map.get_mut(name),
        (Value::List(list), Step::Index(index)) => list.get_mut(*index),
        _ => None,
    })?;
    match (value, step) {
        (Value::Map(map), Step::Name(_)) => Some(Holder::Map(map)),
        (Value::List(list), Step::Index(_)) => Some(Holder::List(list)),
        _ => None,
    }
}

pub enum Holder<'a> {
    Map(&'a mut Item),
    List(&'a mut Vec<Value>),
}

impl Value {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn number(number: impl Into<Num>) -> Self {
        Self::Number(number.into())
    }

    pub fn float(float: f64) -> Self {
        Self::Number(Num::of_float(float).unwrap())
    }

    /// The order that DynamoDB has of two values of one type, if it has one.
    pub fn order(&self, other: &Self) -> Option<std::cmp::Ordering> {
        match (self, other) {
            (Self::Text(left), Self::Text(right)) => Some(left.as_bytes().cmp(right.as_bytes())),
            (Self::Number(left), Self::Number(right)) => Some(left.cmp(right)),
            (Self::Binary(left), Self::Binary(right)) => Some(left.cmp(right)),
            _ => None,
        }
    }

    /// What `size` gives, for those that have one.
    pub fn size(&self) -> Option<usize> {
        match self {
            // The texts of the model are ASCII: what a character of others counts, engines disagree.
            Self::Text(text) => Some(text.len()),
            Self::Binary(bytes) => Some(bytes.len()),
            Self::List(list) => Some(list.len()),
            Self::Map(map) => Some(map.len()),
            Self::Texts(set) => Some(set.len()),
            Self::Numbers(set) => Some(set.len()),
            Self::Number(_) | Self::Boolean(_) | Self::Null => None,
        }
    }

    pub fn is_empty_set(&self) -> bool {
        matches!(self, Self::Texts(_) | Self::Numbers(_)) && self.size() == Some(0)
    }
}

/// The Rust value that an attribute value is read as, by its type.
pub trait OfValue {
    fn of(value: &Value) -> Self;
}

/// The attribute value that a Rust value is stored as.
pub trait ToValue {
    fn value(&self) -> Value;
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl OfValue for $integer {
            fn of(value: &Value) -> Self {
                let Value::Number(number) = value else { panic!("{value:?} is no number") };
                number.to_integer().and_then(|integer| integer.try_into().ok()).unwrap()
            }
        }
        impl ToValue for $integer {
            fn value(&self) -> Value {
                Value::number(*self)
            }
        }
    )*};
}
integers! { u8 i8 i16 i32 u16 u64 }

macro_rules! values {
    ($($rust:ty: $pattern:pat => $of:expr, $self:ident => $value:expr;)*) => {$(
        impl OfValue for $rust {
            fn of(value: &Value) -> Self {
                match value {
                    $pattern => $of,
                    _ => panic!("{value:?} is of another type"),
                }
            }
        }
        impl ToValue for $rust {
            fn value(&self) -> Value {
                let $self = self;
                $value
            }
        }
    )*};
}
values! {
    String: Value::Text(text) => text.clone(), text => Value::Text(text.clone());
    bool: Value::Boolean(boolean) => *boolean, boolean => Value::Boolean(*boolean);
    f64: Value::Number(number) => number.to_float(), float => Value::float(*float);
    Vec<u8>: Value::Binary(bytes) => bytes.clone(), bytes => Value::Binary(bytes.clone());
    Vec<String>: Value::List(list) => list.iter().map(String::of).collect(), list => Value::List(list.iter().map(ToValue::value).collect());
    Vec<f64>: Value::List(list) => list.iter().map(f64::of).collect(), list => Value::List(list.iter().map(ToValue::value).collect());
    Vec<Vec<f64>>: Value::List(list) => list.iter().map(Vec::<f64>::of).collect(), list => Value::List(list.iter().map(ToValue::value).collect());
    Vec<Option<u8>>: Value::List(list) => list.iter().map(Option::<u8>::of).collect(), list => Value::List(list.iter().map(ToValue::value).collect());
    BTreeSet<String>: Value::Texts(set) => set.clone(), set => Value::Texts(set.clone());
    BTreeSet<i16>: Value::Numbers(set) => set.iter().map(|number| i16::of(&Value::Number(*number))).collect(), set => Value::Numbers(set.iter().map(|number| Num::from(*number)).collect());
    BTreeMap<String, u8>: Value::Map(map) => map.iter().map(|(key, value)| (key.clone(), u8::of(value))).collect(), map => Value::Map(map.iter().map(|(key, value)| (key.clone(), value.value())).collect());
}

/// An element of a list, where what is absent is a null.
impl OfValue for Option<u8> {
    fn of(value: &Value) -> Self {
        (*value != Value::Null).then(|| u8::of(value))
    }
}

impl ToValue for Option<u8> {
    fn value(&self) -> Value {
        self.map_or(Value::Null, |number| number.value())
    }
}
