//! Feature `url-2`: `url::Url`.
//!
//! It is no key: a URL that another program spelt otherwise is read, but would not be found again.

use url::Url;

use crate::codec::impls::{elements_of, stored_as};
use crate::codec::{Decode, DecodeError, Encode, Reader, Writer};

impl Encode for Url {
    fn encode(&self, writer: &mut Writer) {
        writer.string(self.as_str());
    }

    crate::codec::impls::own!();
}

impl Decode<'_> for Url {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let start = reader.position();
        Self::parse(&reader.string()?)
            .map_err(|_| DecodeError::refused(start, "not an absolute URL"))
    }
}

stored_as!(Text, false, "url": Url);
elements_of!(TextSet: Url);
