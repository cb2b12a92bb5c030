//! Bytes as Base64, as other programs store them: `#[dynamo(form = base64)]`.

use std::sync::Arc;

use super::kind::{EncodedBinary, EncodedText};
use super::{
    DecodeError, Decoding, Encoding, Form, Reader, Shapes, ValueShape, Writer, optional_as,
};

const NO_BASE64: &str = "not Base64 of the standard alphabet with padding";

/// A type of bytes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot have a form of bytes",
    label = "not bytes",
    note = "the forms `base64` and `base64_binary` are for `Vec<u8>`, an array of `u8`, `Box<[u8]>`, `Arc<[u8]>`, `bytes::Bytes` by its feature, and an `Option` of these"
)]
pub trait ByteValue: AsRef<[u8]> + Sized {
    /// What has these bytes, if they are as many as it needs.
    fn of_bytes(bytes: Vec<u8>) -> Option<Self>;
}

impl ByteValue for Vec<u8> {
    fn of_bytes(bytes: Vec<u8>) -> Option<Self> {
        Some(bytes)
    }
}

impl<const N: usize> ByteValue for [u8; N] {
    fn of_bytes(bytes: Vec<u8>) -> Option<Self> {
        bytes.try_into().ok()
    }
}

macro_rules! byte_values {
    ($($ty:ty),*) => {$(
        impl ByteValue for $ty {
            fn of_bytes(bytes: Vec<u8>) -> Option<Self> {
                Some(bytes.into())
            }
        }
    )*};
}

byte_values!(Box<[u8]>, Arc<[u8]>);
#[cfg(feature = "bytes-1")]
byte_values!(bytes::Bytes);

/// The bytes that the Base64 stands for.
fn decoded<T: ByteValue>(start: usize, base64: &[u8]) -> Result<T, DecodeError> {
    let bytes = base64_simd::STANDARD
        .decode_to_vec(base64)
        .map_err(|_| DecodeError::refused(start, NO_BASE64))?;
    T::of_bytes(bytes).ok_or_else(|| {
        DecodeError::refused(start, "what is stored has another length than the array")
    })
}

/// Bytes as a text (S) of Base64.
#[derive(Debug)]
pub enum Base64Text {}

impl Form for Base64Text {}

impl<T: ByteValue> Encoding<T> for Base64Text {
    type Kind = EncodedText;
    const SCALE: u32 = 1;
    const MAY_BE_ABSENT: bool = false;

    fn encode(value: &T, writer: &mut Writer) {
        writer.string(&base64_simd::STANDARD.encode_to_string(value));
    }

    fn is_absent(_: &T) -> bool {
        false
    }

    fn shape(_: &mut Shapes) -> ValueShape {
        ValueShape::scalar("S", "base64")
    }
}

impl<T: ByteValue> Decoding<'_, T> for Base64Text {
    fn decode(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
        let start = reader.position();
        decoded(start, reader.string()?.as_bytes())
    }

    fn absent() -> Option<T> {
        None
    }
}

/// Bytes as Base64 in binary (B), which is Base64 twice in DynamoDB's JSON.
#[derive(Debug)]
pub enum Base64Binary {}

impl Form for Base64Binary {}

impl<T: ByteValue> Encoding<T> for Base64Binary {
    type Kind = EncodedBinary;
    const SCALE: u32 = 1;
    const MAY_BE_ABSENT: bool = false;

    fn encode(value: &T, writer: &mut Writer) {
        writer.binary(base64_simd::STANDARD.encode_to_string(value).as_bytes());
    }

    fn is_absent(_: &T) -> bool {
        false
    }

    fn shape(_: &mut Shapes) -> ValueShape {
        ValueShape::scalar("B", "base64")
    }
}

impl<T: ByteValue> Decoding<'_, T> for Base64Binary {
    fn decode(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
        let start = reader.position();
        decoded(start, &reader.binary()?)
    }

    fn absent() -> Option<T> {
        None
    }
}

optional_as!([] Base64Text);
optional_as!([] Base64Binary);

/// A type of a field that can have the form `F` of bytes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot have a form of bytes",
    label = "not bytes",
    note = "the forms `base64` and `base64_binary` are for `Vec<u8>`, an array of `u8`, `Box<[u8]>`, `Arc<[u8]>`, `bytes::Bytes` by its feature, and an `Option` of these"
)]
pub trait BytesIn<F>: sealed::Bytes {
    /// How it is stored.
    type Encoding;
    /// What a condition compares it with.
    type Operand;
}

#[diagnostic::do_not_recommend]
impl<F, T: ByteValue> BytesIn<F> for T {
    type Encoding = F;
    type Operand = T;
}

impl<F, T: ByteValue> BytesIn<F> for Option<T> {
    type Encoding = F;
    type Operand = T;
}

/// Which types are bytes is known here.
mod sealed {
    use super::ByteValue;

    pub trait Bytes {}
    impl<T: ByteValue> Bytes for T {}
    impl<T> Bytes for Option<T> {}
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::codec::read;

    fn json<C: Encoding<Vec<u8>>>(bytes: &[u8]) -> Vec<u8> {
        let mut writer = Writer::default();
        C::encode(&bytes.to_vec(), &mut writer);
        writer.finish().unwrap()
    }

    #[test]
    fn bytes_are_base64_in_text_and_in_binary() {
        assert_eq!(json::<Base64Text>(b"hi"), br#"{"S":"aGk="}"#);
        assert_eq!(json::<Base64Binary>(b"hi"), br#"{"B":"YUdrPQ=="}"#);
    }

    #[test]
    fn what_is_no_base64_is_refused() {
        for json in [r#"{"S":"aGk"}"#, r#"{"S":"a_k="}"#, r#"{"S":"aGk= "}"#] {
            let error = read(json.as_bytes(), <Base64Text as Decoding<'_, Vec<u8>>>::decode);
            assert!(error.unwrap_err().to_string().ends_with(NO_BASE64), "{json}");
        }
        let plain = read(br#"{"B":"aGk="}"#, <Base64Binary as Decoding<'_, Vec<u8>>>::decode);
        assert!(plain.unwrap_err().to_string().ends_with(NO_BASE64), "plain binary");
        let short = read(br#"{"S":"aGk="}"#, <Base64Text as Decoding<'_, [u8; 3]>>::decode);
        assert!(short.unwrap_err().to_string().contains("another length"));
    }

    proptest! {
        #[test]
        fn all_bytes_are_read_back(bytes: Vec<u8>) {
            let text = read(&json::<Base64Text>(&bytes), Base64Text::decode);
            prop_assert_eq!(text, Ok(bytes.clone()));
            let binary = read(&json::<Base64Binary>(&bytes), Base64Binary::decode);
            prop_assert_eq!(binary, Ok(bytes));
        }
    }
}
