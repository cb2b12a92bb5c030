//! `SS`, `NS` and `BS`. An empty set is the absent attribute, both ways: DynamoDB has none.

use std::collections::{BTreeSet, HashSet};
use std::hash::{BuildHasher, Hash};

use super::own;
use crate::codec::kind::{self, SetElement};
use crate::codec::{
    AttributeValue, Decode, DecodeError, Encode, Reader, Shapes, ValueShape, Writer,
};

impl<T: SetElement, S> Encode for HashSet<T, S> {
    fn encode(&self, writer: &mut Writer) {
        writer.set(self);
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    own!();
}

/// A null is read as empty too: a list holds its empty sets as nulls.
impl<'de, T, S> Decode<'de> for HashSet<T, S>
where
    T: SetElement + Decode<'de> + Eq + Hash,
    S: BuildHasher + Default,
{
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let mut set = Self::default();
        if !reader.null()? {
            reader.set(|element| set.insert(element))?;
        }
        Ok(set)
    }

    fn absent() -> Option<Self> {
        Some(Self::default())
    }
}

impl<T: SetElement, S> AttributeValue for HashSet<T, S> {
    type Kind = T::Set;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = true;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        ValueShape::Optional(ValueShape::Set(T::shape(shapes).into()).into())
    }
}

impl<T: SetElement> Encode for BTreeSet<T> {
    fn encode(&self, writer: &mut Writer) {
        writer.set(self);
    }

    fn is_absent(&self) -> bool {
        self.is_empty()
    }

    own!();
}

/// A null is read as empty too: a list holds its empty sets as nulls.
impl<'de, T: SetElement + Decode<'de> + Ord> Decode<'de> for BTreeSet<T> {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        let mut set = Self::new();
        if !reader.null()? {
            reader.set(|element| set.insert(element))?;
        }
        Ok(set)
    }

    fn absent() -> Option<Self> {
        Some(Self::new())
    }
}

impl<T: SetElement> AttributeValue for BTreeSet<T> {
    type Kind = T::Set;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = true;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        ValueShape::Optional(ValueShape::Set(T::shape(shapes).into()).into())
    }
}
