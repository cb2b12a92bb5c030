//! `M` with keys that are only known at run time.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use super::own;
use crate::codec::kind::{self, SetElement, TextSet};
use crate::codec::{
    AttributeValue, Decode, DecodeError, Encode, Reader, Shapes, ValueShape, Writer,
};

impl<K: SetElement<Set = TextSet>, V: AttributeValue, S> Encode for HashMap<K, V, S> {
    fn encode(&self, writer: &mut Writer) {
        writer.map(|writer| self.iter().for_each(|(key, value)| writer.entry(key, value)));
    }

    own!();
}

impl<'de, K, V, S> Decode<'de> for HashMap<K, V, S>
where
    K: SetElement<Set = TextSet> + Decode<'de> + Eq + Hash,
    V: Decode<'de>,
    S: BuildHasher + Default,
{
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let mut map = Self::default();
        reader.entries(|key, value| map.insert(key, value).is_none())?;
        Ok(map)
    }
}

impl<K: SetElement<Set = TextSet>, V: AttributeValue, S> AttributeValue for HashMap<K, V, S> {
    type Kind = kind::Map;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        ValueShape::Map(V::shape(shapes).into())
    }
}

impl<K: SetElement<Set = TextSet>, V: AttributeValue> Encode for BTreeMap<K, V> {
    fn encode(&self, writer: &mut Writer) {
        writer.map(|writer| self.iter().for_each(|(key, value)| writer.entry(key, value)));
    }

    own!();
}

impl<'de, K, V> Decode<'de> for BTreeMap<K, V>
where
    K: SetElement<Set = TextSet> + Decode<'de> + Ord,
    V: Decode<'de>,
{
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let mut map = Self::new();
        reader.entries(|key, value| map.insert(key, value).is_none())?;
        Ok(map)
    }
}

impl<K: SetElement<Set = TextSet>, V: AttributeValue> AttributeValue for BTreeMap<K, V> {
    type Kind = kind::Map;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        ValueShape::Map(V::shape(shapes).into())
    }
}
