//! Values that are not the language's own: ours, and by feature those of other crates.

mod any_value;
#[cfg(feature = "bytes-1")]
mod bytes;
#[cfg(feature = "chrono-04")]
mod chrono;
#[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
mod date;
mod embedding;
mod epoch_seconds;
mod expiry;
#[cfg(feature = "jiff-1")]
mod jiff;
mod number;
mod revision;
#[cfg(feature = "rust-decimal-1")]
mod rust_decimal;
mod sensitive;
#[cfg(feature = "serde")]
mod serde;
#[cfg(feature = "time-03")]
mod time;
mod time_form;
mod timestamp;
#[cfg(feature = "url-2")]
mod url;
#[cfg(feature = "uuid-1")]
mod uuid;
mod version;

pub use any_value::AnyValue;
pub(crate) use embedding::MAX_DIMENSIONS;
pub use embedding::{Embedding, EmbeddingError, EmbeddingValue};
#[doc(hidden)]
pub use epoch_seconds::EpochSeconds;
pub(crate) use expiry::ExpiredTimes;
pub use number::{Number, NumberError};
pub(crate) use revision::{NoNextVersion, Revision};
pub use revision::{VersionBytes, VersionToken};
pub use sensitive::Sensitive;
pub(crate) use time_form::TimeForm;
#[doc(hidden)]
pub use time_form::{Epoch, Rfc3339, TimeIn};
pub use timestamp::{Timestamp, TimestampError};
pub use version::Version;

/// The instants of other crates, which are stored as a [`Timestamp`] is.
///
/// They are read to the nanosecond. What a `Timestamp` would round is not written: what is read
/// must be what was written. `add_nanos` gives the time that is so much later.
#[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
macro_rules! instants {
    ($type:ty, $add_nanos:expr) => {
        impl $crate::codec::Encode for $type {
            fn encode(&self, writer: &mut $crate::codec::Writer) {
                match $crate::value::exactly(*self) {
                    Ok(timestamp) => timestamp.encode(writer),
                    Err(error) => writer.refuse(error.reason()),
                }
            }

            $crate::codec::impls::own!();
        }

        impl $crate::codec::Decode<'_> for $type {
            fn decode(
                reader: &mut $crate::codec::Reader<'_>,
            ) -> Result<Self, $crate::codec::DecodeError> {
                let start = reader.position();
                let (timestamp, nanos) = Timestamp::decode_nanos(reader)?;
                let add_nanos: fn($type, u16) -> Option<$type> = $add_nanos;
                timestamp
                    .try_into()
                    .ok()
                    .and_then(|time| add_nanos(time, nanos))
                    .ok_or_else(|| DecodeError::refused(start, TimestampError::OUT_OF_RANGE.reason()))
            }
        }

        impl $crate::value::time_form::PointInTime for $type {
            fn timestamp(&self) -> Result<Timestamp, TimestampError> {
                $crate::value::exactly(*self)
            }

            fn at(timestamp: Timestamp, nanos: u16) -> Result<Self, TimestampError> {
                let add_nanos: fn($type, u16) -> Option<$type> = $add_nanos;
                let time = timestamp.try_into().ok();
                time.and_then(|time| add_nanos(time, nanos)).ok_or(TimestampError::OUT_OF_RANGE)
            }
        }

        $crate::codec::impls::stored_as!(Text, false, "timestamp": $type);
        $crate::codec::impls::elements_of!(TextSet: $type);

        impl $crate::key::KeyPart for $type {
            const FORM: $crate::key::PartForm = <Timestamp as $crate::key::KeyPart>::FORM;

            fn key_size(&self) -> usize {
                $crate::value::timestamp::TEXT_SIZE
            }

            fn write_part(&self, text: &mut $crate::key::PartText) {
                match $crate::value::exactly(*self) {
                    Ok(timestamp) => $crate::key::KeyPart::write_part(&timestamp, text),
                    Err(error) => text.refuse(error.reason()),
                }
            }

            fn read_part(part: &str) -> Option<Self> {
                <Timestamp as $crate::key::KeyPart>::read_part(part)?.try_into().ok()
            }
        }
    };
}

#[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
use instants;

/// The time as a `Timestamp`, which must hold all of it.
#[cfg(any(feature = "chrono-04", feature = "jiff-1", feature = "time-03"))]
fn exactly<T>(time: T) -> Result<Timestamp, TimestampError>
where
    T: TryInto<Timestamp, Error = TimestampError> + TryFrom<Timestamp> + PartialEq + Copy,
{
    let timestamp: Timestamp = time.try_into()?;
    match T::try_from(timestamp) {
        Ok(same) if same == time => Ok(timestamp),
        _ => Err(TimestampError::FINER_THAN_MICROS),
    }
}
