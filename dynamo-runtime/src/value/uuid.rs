//! Feature `uuid-1`: `uuid::Uuid`.

use uuid::Uuid;
use uuid::fmt::Hyphenated;

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};
use crate::key::{KeyPart, PartForm, PartText};

/// As text with hyphens, in lower case.
impl Encode for Uuid {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }

    crate::codec::impls::own!();
}

/// From text with hyphens, in either case.
impl Decode<'_> for Uuid {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.position();
        let text = reader.string()?;
        match text.parse() {
            Ok(uuid) if text.len() == Hyphenated::LENGTH => Ok(uuid),
            _ => Err(DecodeError::refused(start, "not a UUID with hyphens")),
        }
    }
}

stored_as!(Text, false, "uuid": Uuid);
elements_of!(TextSet: Uuid);

impl KeyPart for Uuid {
    const FORM: PartForm = PartForm::OneLength("00000000-0000-0000-0000-000000000000");

    fn key_size(&self) -> usize {
        Hyphenated::LENGTH
    }

    fn write_part(&self, text: &mut PartText) {
        text.text(self.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }

    fn read_part(part: &str) -> Option<Self> {
        part.parse().ok()
    }
}
