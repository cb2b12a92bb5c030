//! The vector of numbers that stands for a text, a picture or anything else in a vector index.

use std::fmt;

use super::Sensitive;
use crate::codec::{
    AttributeValue, Decode, DecodeError, Encode, Reader, Shapes, ValueShape, Writer, kind,
};

/// The most dimensions of a vector index.
///
/// Source: [Quotas](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
pub(crate) const MAX_DIMENSIONS: usize = 4096;

/// A vector of `N` dimensions, 1 to 4096: what a model makes of a text, for a vector index.
///
/// It is stored as a list (L) of numbers (N), each the shortest text that is read as the same `f32`,
/// and read from a list of exactly `N` of them. It is one value: an update sets it as a whole, and no
/// path leads into it. It lies on the heap, so that an entity is not moved with it. Its `Debug` shows
/// the number of dimensions only, since an embedding gives its text away.
///
/// ```
/// use dynamo_runtime::Embedding;
///
/// let embedding = Embedding::from([0.6, -0.8]);
/// assert_eq!(embedding.as_array(), &[0.6, -0.8]);
/// assert_eq!(format!("{embedding:?}"), "Embedding(2 dimensions)");
///
/// // Of a model, at run time.
/// let found = Embedding::<2>::try_from(vec![0.6, -0.8])?;
/// assert_eq!(found, embedding);
/// let other = Embedding::<2>::try_from(vec![0.6]).unwrap_err();
/// assert_eq!(other.to_string(), "the embedding has 2 dimensions, and 1 number was given");
/// # Ok::<(), dynamo_runtime::value::EmbeddingError>(())
/// ```
///
/// A number that is not finite is an error: of `try_from`, and of what is made of an array, whose
/// length the compiler knows, when it is sent.
#[derive(Clone, PartialEq)]
pub struct Embedding<const N: usize>(Box<[f32; N]>);

impl<const N: usize> Embedding<N> {
    const FITS: () = assert!(
        1 <= N && N <= MAX_DIMENSIONS,
        "an embedding has 1 to 4096 dimensions: a vector index takes no others"
    );

    /// The numbers.
    ///
    /// ```
    /// use dynamo_runtime::Embedding;
    ///
    /// let embedding = Embedding::from([0.6, -0.8]);
    /// let length: f32 = embedding.as_array().iter().map(|number| number * number).sum();
    /// assert!((length - 1.0).abs() < 1e-6);
    /// ```
    pub fn as_array(&self) -> &[f32; N] {
        &self.0
    }

    /// The numbers, without a copy.
    ///
    /// ```
    /// use dynamo_runtime::Embedding;
    ///
    /// assert_eq!(*Embedding::from([0.6, -0.8]).into_array(), [0.6, -0.8]);
    /// ```
    pub fn into_array(self) -> Box<[f32; N]> {
        self.0
    }
}

impl<const N: usize> From<[f32; N]> for Embedding<N> {
    fn from(numbers: [f32; N]) -> Self {
        Self::from(Box::new(numbers))
    }
}

impl<const N: usize> From<Box<[f32; N]>> for Embedding<N> {
    fn from(numbers: Box<[f32; N]>) -> Self {
        const { Self::FITS };
        Self(numbers)
    }
}

impl<const N: usize> TryFrom<Vec<f32>> for Embedding<N> {
    type Error = EmbeddingError;

    fn try_from(numbers: Vec<f32>) -> Result<Self, EmbeddingError> {
        if let Some(place) = numbers.iter().position(|number| !number.is_finite()) {
            return Err(EmbeddingError(Unfit::NotFinite { place }));
        }
        let found = numbers.len();
        let numbers: Result<Box<[f32; N]>, _> = numbers.try_into();
        numbers.map(Self::from).map_err(|_| EmbeddingError(Unfit::Length { expected: N, found }))
    }
}

impl<const N: usize> TryFrom<&[f32]> for Embedding<N> {
    type Error = EmbeddingError;

    fn try_from(numbers: &[f32]) -> Result<Self, EmbeddingError> {
        numbers.to_vec().try_into()
    }
}

impl<const N: usize> AsRef<[f32]> for Embedding<N> {
    fn as_ref(&self) -> &[f32] {
        &*self.0
    }
}

impl<const N: usize> fmt::Debug for Embedding<N> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Embedding({N} dimensions)")
    }
}

impl<const N: usize> Encode for Embedding<N> {
    fn encode(&self, writer: &mut Writer) {
        writer.floats(&*self.0);
    }

    crate::codec::impls::own!();
}

impl<const N: usize> Decode<'_> for Embedding<N> {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.floats().map(Self::from)
    }
}

impl<const N: usize> AttributeValue for Embedding<N> {
    type Kind = kind::Vector;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
    const HAS_ONE_SPELLING: bool = false;

    fn shape(shapes: &mut Shapes) -> ValueShape {
        shapes.list::<f32>(Some(N))
    }
}

/// An [`Embedding`], or one that is marked as sensitive: the vector of a vector index.
#[diagnostic::on_unimplemented(
    message = "the vector of a vector index is an `Embedding`, and this is a `{Self}`",
    label = "not an embedding",
    note = "give the field the type `Embedding<1024>`, with the number of dimensions of your model",
    note = "where items without a vector are to be left out of the index, an `Option` of it is declared: `vector_index(.., sparse)`"
)]
pub trait EmbeddingValue: AttributeValue + sealed::Sealed {
    /// How many numbers it has.
    const DIMENSIONS: usize;

    #[doc(hidden)]
    fn numbers(&self) -> &[f32];
}

impl<const N: usize> EmbeddingValue for Embedding<N> {
    const DIMENSIONS: usize = N;

    fn numbers(&self) -> &[f32] {
        &*self.0
    }
}

impl<T: EmbeddingValue> EmbeddingValue for Sensitive<T> {
    const DIMENSIONS: usize = T::DIMENSIONS;

    fn numbers(&self) -> &[f32] {
        self.expose().numbers()
    }
}

mod sealed {
    use super::{Embedding, Sensitive};

    pub trait Sealed {}
    impl<const N: usize> Sealed for Embedding<N> {}
    impl<T> Sealed for Sensitive<T> {}
}

/// What makes numbers no embedding; never the numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbeddingError(Unfit);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Unfit {
    Length { expected: usize, found: usize },
    NotFinite { place: usize },
}

impl fmt::Display for EmbeddingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Unfit::Length { expected, found } => {
                let dimensions = if expected == 1 { "dimension" } else { "dimensions" };
                let given = if found == 1 { "number was" } else { "numbers were" };
                write!(
                    formatter,
                    "the embedding has {expected} {dimensions}, and {found} {given} given"
                )
            }
            Unfit::NotFinite { place } => {
                write!(formatter, "number {place} of the embedding, from 0, is infinite or NaN")
            }
        }
    }
}

impl std::error::Error for EmbeddingError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::tests::{decode, encode};

    #[test]
    fn it_is_stored_as_a_list_of_numbers() {
        let embedding = Embedding::from([0.1, -0.0, 1.0, 1e-7, f32::MAX]);
        let json = encode(&embedding);
        let texts = ["0.1", "0", "1", "1e-7", "3.4028235e+38"];
        let elements = texts.map(|text| format!(r#"{{"N":"{text}"}}"#)).join(",");
        assert_eq!(json, format!(r#"{{"L":[{elements}]}}"#));
        assert_eq!(decode(&json), Ok(embedding));
    }

    #[test]
    fn another_length_is_refused_with_both() {
        let error = decode::<Embedding<3>>(r#"{"L":[{"N":"1"},{"N":"2"}]}"#).unwrap_err();
        assert!(error.to_string().ends_with("expected a list of 3 numbers, found 2"), "{error}");
        let error = Embedding::<3>::try_from(&[1.0, 2.0][..]).unwrap_err();
        assert_eq!(error.to_string(), "the embedding has 3 dimensions, and 2 numbers were given");
        let error = Embedding::<1>::try_from(vec![]).unwrap_err();
        assert_eq!(error.to_string(), "the embedding has 1 dimension, and 0 numbers were given");
    }

    #[test]
    fn what_is_not_finite_is_refused() {
        for number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let error = Embedding::<2>::try_from(vec![0.5, number]).unwrap_err();
            let message = "number 1 of the embedding, from 0, is infinite or NaN";
            assert_eq!(error.to_string(), message);
            let mut writer = Writer::default();
            writer.attribute("embedding", &Embedding::from([0.5, number]));
            assert_eq!(writer.finish().unwrap_err().path(), Some("embedding[1]"));
        }
    }

    #[test]
    fn debug_shows_no_number() {
        let embedding = Embedding::from([0.125, 7.5]);
        assert_eq!(
            format!("{embedding:?} {embedding:#?}"),
            "Embedding(2 dimensions) Embedding(2 dimensions)"
        );
    }
}
