//! A value that is never shown.

use std::fmt;

use crate::codec::{AttributeValue, Decode, DecodeError, Encode, Origin, Reader, Writer};

/// A value that is stored like any other and shown nowhere: its `Debug` is `[redacted]`.
///
/// There is no `Display`, `Deref` or `AsRef`: the only ways to the value are
/// [`expose`](Self::expose) and [`into_inner`](Self::into_inner), which a review can search for.
///
/// ```
/// use dynamo_runtime::Sensitive;
///
/// let hash = Sensitive::new("$argon2id$..".to_owned());
/// assert_eq!(format!("{hash:?}"), "[redacted]");
/// assert_eq!(hash.expose(), "$argon2id$..");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sensitive<T>(T);

impl<T> Sensitive<T> {
    /// Marks a value as sensitive.
    ///
    /// ```
    /// use dynamo_runtime::Sensitive;
    ///
    /// const PEPPER: Sensitive<&str> = Sensitive::new("pepper");
    /// assert_eq!(format!("{PEPPER:?}"), "[redacted]");
    /// ```
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// The value itself, no longer marked.
    ///
    /// ```
    /// use dynamo_runtime::Sensitive;
    ///
    /// assert_eq!(Sensitive::new(7).into_inner(), 7);
    /// ```
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> From<T> for Sensitive<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Sensitive<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[redacted]")
    }
}

impl<T: Encode> Encode for Sensitive<T> {
    fn encode(&self, writer: &mut Writer) {
        writer.sensitive(|writer| self.0.encode(writer));
    }

    fn is_absent(&self) -> bool {
        self.0.is_absent()
    }

    fn origin(&self) -> Origin {
        self.0.origin()
    }
}

impl<'de, T: Decode<'de>> Decode<'de> for Sensitive<T> {
    fn decode(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        reader.sensitive(T::decode).map(Self)
    }

    fn absent() -> Option<Self> {
        T::absent().map(Self)
    }
}

impl<T: AttributeValue> AttributeValue for Sensitive<T> {
    type Kind = T::Kind;
    type ListKind = crate::codec::kind::List;
    type Operand = Sensitive<T::Operand>;
    const OPTIONAL: bool = T::OPTIONAL;
    const HAS_ONE_SPELLING: bool = T::HAS_ONE_SPELLING;

    fn shape(shapes: &mut crate::codec::Shapes) -> crate::codec::ValueShape {
        T::shape(shapes)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::codec::tests::{decode, encode};

    #[test]
    fn debug_shows_nothing() {
        let secret = Sensitive::from("hunter2".to_owned());
        assert_eq!(format!("{secret:?} {:?}", Some(&secret)), "[redacted] Some([redacted])");
        assert_eq!(format!("{secret:#?}"), "[redacted]");
    }

    #[test]
    fn it_is_stored_as_its_value() {
        let secret = Sensitive::new("hunter2".to_owned());
        assert_eq!(encode(&secret), r#"{"S":"hunter2"}"#);
        assert_eq!(decode::<Sensitive<String>>(r#"{"S":"hunter2"}"#), Ok(secret));
    }

    #[test]
    fn no_error_names_what_is_in_it() {
        let prices = |price| Sensitive::new(BTreeMap::from([("hunter2".to_owned(), price)]));
        let error = decode::<Sensitive<BTreeMap<String, u8>>>(r#"{"M":{"hunter2":{"N":"300"}}}"#);
        assert!(!format!("{0} {0:?}", error.unwrap_err()).contains("hunter2"));
        let mut writer = Writer::with_capacity(0);
        writer.attribute("prices", &prices(f64::NAN));
        let error = writer.finish().unwrap_err();
        assert_eq!(error.path(), Some("prices"));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        assert_eq!(encode(&prices(1.5)), r#"{"M":{"hunter2":{"N":"1.5"}}}"#);
    }

    #[test]
    fn an_optional_value_may_be_absent() {
        assert!(Sensitive::<Option<String>>::default().is_absent());
        assert_eq!(Sensitive::<Option<String>>::absent(), Some(Sensitive::new(None)));
        assert_eq!(Sensitive::<String>::absent(), None);
    }
}
