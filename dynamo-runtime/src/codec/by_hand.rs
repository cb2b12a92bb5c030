//! Checks that an implementation by hand writes what it declares.
//!
//! The library's own types and those of its derives are known to write one value of their type, and
//! nothing asks them. Any other writes into a writer of its own, so that it can neither see nor
//! change what stands around it, and what it has written is read before it is taken.

use super::descriptor::Descriptor;
use super::equality::{names_of_item, type_of_value};
use super::error::{EncodeError, EncodeProblem};
use super::reader::read;
use super::{AttributeNames, AttributeValue, Decode, Encode, Encoding, Plain, Writer};

const NO_VALUE: &str = "its `Encode` did not write exactly one attribute value";
const OTHER_TYPE: &str = "its `Encode` wrote another type than its `AttributeValue` says";
const ABSENT: &str = "its `Encode` leaves it out, and its type is not one that can be absent";
const OTHER_NAMES: &str = "the group did not write each of its attributes once, and no other";

impl Writer {
    /// Writes the one value that the implementation has to write.
    #[inline]
    pub(super) fn value<T: Encode + ?Sized>(&mut self, value: &T, expected: Option<Descriptor>) {
        if value.origin().is_known() {
            value.encode(self);
        } else {
            self.value_by_hand(expected, &mut |writer| value.encode(writer));
        }
    }

    #[cold]
    fn value_by_hand(&mut self, expected: Option<Descriptor>, encode: &mut dyn FnMut(&mut Self)) {
        let Some(own) = self.apart(encode) else { return };
        match read(&own.buffer, type_of_value) {
            Err(_) => self.refuse(NO_VALUE),
            Ok(found) if expected.is_some_and(|expected| expected != found) => {
                self.refuse(OTHER_TYPE);
            }
            Ok(_) => self.take_over(&own.buffer, own.item_size),
        }
    }

    /// Writes attributes of the item among others, each with one of these names.
    #[cold]
    pub(super) fn group_by_hand(
        &mut self,
        names: &AttributeNames,
        encode: &mut dyn FnMut(&mut Self),
    ) {
        let Some(own) = self.apart(&mut |writer| {
            writer.begin_object();
            encode(writer);
            writer.end_object();
        }) else {
            return;
        };
        match read(&own.buffer, names_of_item) {
            Ok(found) if found.iter().all(|name| names.contains(name)) => {
                let inside = own.buffer.get(1..own.buffer.len() - 1).unwrap_or_default();
                if !inside.is_empty() {
                    self.separate();
                    self.take_over(inside, own.item_size);
                }
            }
            _ => self.refuse(OTHER_NAMES),
        }
    }

    /// What is written where nothing else is; `None` if it is refused.
    fn apart(&mut self, encode: &mut dyn FnMut(&mut Self)) -> Option<Self> {
        let mut own = Self { depth: self.depth, ..Self::default() };
        encode(&mut own);
        let Some(error) = own.error.take() else { return Some(own) };
        self.error.get_or_insert(error);
        None
    }

    fn take_over(&mut self, json: &[u8], item_size: usize) {
        self.raw(json);
        self.item_size += item_size;
    }

    /// Refuses a value that is left out though its type says that it never is.
    #[cold]
    pub(super) fn refuse_absent(&mut self) {
        self.fail(EncodeProblem::Refused(ABSENT));
    }
}

/// Whether what is stored of the value is read as the value.
#[cold]
pub(crate) fn reads_back<T>(value: &T) -> bool
where
    T: AttributeValue + for<'de> Decode<'de> + PartialEq,
{
    let mut writer = Writer::default();
    <Plain as Encoding<T>>::encode(value, &mut writer);
    let json = writer.finish();
    json.is_ok_and(|json| read(&json, T::decode).is_ok_and(|found| found == *value))
}

impl EncodeError {
    /// That the item has a value of a data type that is none of DynamoDB's.
    #[cfg(feature = "sdk")]
    pub(crate) fn unknown_type() -> Self {
        Self::new(EncodeProblem::Refused("a value of the item is of no data type of DynamoDB's"))
    }

    /// That a value is left out though its type says that it never is.
    pub(crate) fn absent() -> Self {
        Self::new(EncodeProblem::Refused(ABSENT))
    }
}
