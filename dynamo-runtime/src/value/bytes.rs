//! Feature `bytes-1`: `bytes::Bytes`.

use bytes::Bytes;

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::{KeyPart, PartText};

impl Encode for Bytes {
    fn encode(&self, writer: &mut Writer) {
        writer.binary(self);
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for Bytes {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.binary().map(Self::from)
    }
}

stored_as!(Binary: Bytes);
elements_of!(BinarySet: Bytes);

impl KeyPart for Bytes {
    fn key_size(&self) -> usize {
        self.len()
    }

    fn write_part(&self, text: &mut PartText) {
        text.binary(self);
    }

    fn read_part(part: &str) -> Option<Self> {
        Vec::read_part(part).map(Self::from)
    }
}
