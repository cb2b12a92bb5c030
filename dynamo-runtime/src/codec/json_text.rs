//! A value as JSON in a text, as other programs store it: `#[dynamo(form = json)]`.

use super::kind::EncodedText;
use super::{DecodeError, Decoding, Encoding, Form, NotCompared, Reader, Writer};

/// The JSON that the type's own `serde::Serialize` and `serde::Deserialize` give, as a text (S).
#[derive(Debug)]
pub enum JsonText {}

impl Form for JsonText {}

/// A type that serde writes as JSON, if the feature is on.
#[cfg_attr(
    feature = "serde",
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be written as JSON",
        label = "this type has no `serde::Serialize`",
        note = "derive it: `#[derive(serde::Serialize, serde::Deserialize)]`; or remove `form = json` from the field, for the type's own form"
    )
)]
#[cfg_attr(
    not(feature = "serde"),
    diagnostic::on_unimplemented(
        message = "`form = json` needs the feature `serde` of `dynamo-runtime`",
        label = "the feature is off",
        note = "turn it on in Cargo.toml: `dynamo-runtime = {{ .., features = [\"serde\"] }}`"
    )
)]
pub trait WrittenAsJson {
    /// The JSON, or `None` if the type's `Serialize` fails.
    fn json(&self) -> Option<String>;

    fn is_none(&self) -> bool;
}

/// A type that serde reads from JSON, if the feature is on.
#[cfg_attr(
    feature = "serde",
    diagnostic::on_unimplemented(
        message = "`{Self}` cannot be read from JSON",
        label = "this type has no `serde::Deserialize` that owns what it reads",
        note = "derive it: `#[derive(serde::Serialize, serde::Deserialize)]`; or remove `form = json` from the field, for the type's own form"
    )
)]
#[cfg_attr(
    not(feature = "serde"),
    diagnostic::on_unimplemented(
        message = "`form = json` needs the feature `serde` of `dynamo-runtime`",
        label = "the feature is off",
        note = "turn it on in Cargo.toml: `dynamo-runtime = {{ .., features = [\"serde\"] }}`"
    )
)]
pub trait ReadAsJson: Sized {
    /// What the JSON is read as.
    ///
    /// # Errors
    /// Why it is no value of this type, without a word of the JSON.
    fn of_json(json: &str) -> Result<Self, &'static str>;

    fn none() -> Option<Self>;
}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<T: serde::Serialize> WrittenAsJson for T {
    fn json(&self) -> Option<String> {
        serde_json::to_string(self).ok()
    }

    fn is_none(&self) -> bool {
        super::serde::is_none(self)
    }
}

#[cfg(feature = "serde")]
#[diagnostic::do_not_recommend]
impl<T: serde::de::DeserializeOwned> ReadAsJson for T {
    fn of_json(json: &str) -> Result<Self, &'static str> {
        serde_json::from_str(json).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => "the JSON in the text is not of the field's type",
            _ => "the text is not JSON",
        })
    }

    fn none() -> Option<Self> {
        super::serde::none()
    }
}

impl<T: WrittenAsJson> Encoding<T> for JsonText {
    type Kind = EncodedText;
    const SCALE: u32 = 2;
    // What must not be absent cannot be read from a null either.
    const NULL_IS_ABSENT: bool = true;

    fn encode(value: &T, writer: &mut Writer) {
        match value.json() {
            Some(json) => writer.string(&json),
            None => writer.refuse("the type's `Serialize` gives no JSON"),
        }
    }

    fn is_absent(value: &T) -> bool {
        value.is_none()
    }
}

/// The same value has many texts, so it is compared with none.
impl Encoding<NotCompared> for JsonText {
    type Kind = EncodedText;
    const SCALE: u32 = 2;

    fn encode(value: &NotCompared, _: &mut Writer) {
        match *value {}
    }

    fn is_absent(value: &NotCompared) -> bool {
        match *value {}
    }
}

impl<T: ReadAsJson> Decoding<'_, T> for JsonText {
    fn decode(reader: &mut Reader<'_>) -> Result<T, DecodeError> {
        let start = reader.position();
        if let Some(none) = T::none()
            && reader.null()?
        {
            return Ok(none);
        }
        let text = reader.string()?;
        T::of_json(&text).map_err(|reason| DecodeError::refused(start, reason))
    }

    fn absent() -> Option<T> {
        T::none()
    }
}
