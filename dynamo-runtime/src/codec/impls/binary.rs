//! `B`, besides the lists of bytes, which are binary too.

use std::borrow::Cow;

use super::{elements_of, own, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};

impl Encode for Cow<'_, [u8]> {
    fn encode(&self, writer: &mut Writer) {
        writer.binary(self);
    }

    own!();
}

/// Never borrowed, since bytes arrive as Base64.
impl Decode<'_> for Cow<'_, [u8]> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.binary().map(Self::Owned)
    }
}

stored_as!(Binary: Cow<'_, [u8]>);
elements_of!(BinarySet: Cow<'_, [u8]>, Vec<u8>, Box<[u8]>, std::sync::Arc<[u8]>);

impl<const N: usize> crate::codec::SetElement for [u8; N] {
    type Set = crate::codec::kind::BinarySet;
}
