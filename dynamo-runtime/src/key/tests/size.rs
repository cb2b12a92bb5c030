//! The size of a key, against what is stored of it.

use proptest::prelude::*;

use super::text;
use crate::codec::{Encoding, Plain, Reader, Writer};
use crate::key::{KeyKind, KeyPart};
use crate::value::Timestamp;

/// What the service counts: the bytes of the UTF-8, or of the binary.
fn stored_size<T: KeyPart>(key: &T) -> usize {
    let mut writer = Writer::with_capacity(0);
    <Plain as Encoding<T>>::encode(key, &mut writer);
    let json = writer.finish().unwrap();
    let mut reader = Reader::new(&json).unwrap();
    match T::Kind::CODE {
        "S" => reader.string().unwrap().len(),
        _ => reader.binary().unwrap().len(),
    }
}

fn check<T: KeyPart>(key: &T) {
    assert_eq!(key.key_size(), stored_size(key), "{key:?}");
}

proptest! {
    #[test]
    fn a_key_has_the_size_of_what_is_stored(
        text in text(),
        character in any::<char>(),
        bytes in any::<Vec<u8>>(),
        array in any::<[u8; 3]>(),
        micros in any::<i32>(),
    ) {
        check(&text);
        check(&character);
        check(&bytes);
        check(&array);
        check(&Timestamp::from_epoch_micros(i64::from(micros) * 1_000_007).unwrap());
    }
}

#[cfg(feature = "uuid-1")]
#[test]
fn the_size_of_a_uuid() {
    check(&uuid::Uuid::from_u128(7));
}

#[cfg(feature = "bytes-1")]
#[test]
fn the_size_of_shared_bytes() {
    check(&bytes::Bytes::from_static(b"ab"));
}

#[cfg(feature = "chrono-04")]
#[test]
fn the_size_of_a_date_and_an_instant_of_chrono() {
    check(&chrono::NaiveDate::default());
    check(&chrono::DateTime::<chrono::Utc>::default());
}

#[cfg(feature = "jiff-1")]
#[test]
fn the_size_of_a_date_and_an_instant_of_jiff() {
    check(&jiff::civil::date(2026, 11, 23));
    check(&jiff::Timestamp::UNIX_EPOCH);
}

#[cfg(feature = "time-03")]
#[test]
fn the_size_of_a_date_and_an_instant_of_time() {
    check(&time::OffsetDateTime::UNIX_EPOCH.date());
    check(&time::OffsetDateTime::UNIX_EPOCH);
}
