use proptest::prelude::*;

use super::*;
use crate::codec::tests::{decode, encode};

fn timestamps() -> impl Strategy<Value = Timestamp> {
    (Timestamp::MIN.micros..=Timestamp::MAX.micros).prop_map(|micros| Timestamp { micros })
}

fn parse(text: &str) -> Result<Timestamp, TimestampError> {
    text.parse()
}

proptest! {
    #[test]
    fn text_round_trips(timestamp in timestamps()) {
        let text = timestamp.to_string();
        prop_assert_eq!(text.len(), 27);
        prop_assert_eq!(parse(&text), Ok(timestamp));
    }

    #[test]
    fn the_order_of_text_is_the_order_of_time(left in timestamps(), right in timestamps()) {
        prop_assert_eq!(left.cmp(&right), left.to_string().cmp(&right.to_string()));
    }

    #[test]
    fn system_time_round_trips(timestamp in timestamps()) {
        let time = SystemTime::try_from(timestamp).unwrap();
        prop_assert_eq!(Timestamp::try_from(time), Ok(timestamp));
        prop_assert_eq!(Timestamp::try_from(time + Duration::from_nanos(999)), Ok(timestamp));
    }

    #[test]
    fn an_offset_shifts_the_time(timestamp in timestamps(), hours in 0_i64..24, minutes in 0_i64..60) {
        let text = timestamp.to_string();
        let local = text.trim_end_matches('Z');
        let shift = Duration::from_secs(u64::try_from(hours * 3_600 + minutes * 60).unwrap());
        let ahead = parse(&format!("{local}+{hours:02}:{minutes:02}")).ok();
        prop_assert_eq!(ahead, timestamp.checked_sub(shift));
        let behind = parse(&format!("{local}-{hours:02}:{minutes:02}")).ok();
        prop_assert_eq!(behind, timestamp.checked_add(shift));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[0-9TZtz:.+-]{0,32}") {
        if let Ok(timestamp) = parse(&text) {
            prop_assert_eq!(parse(&timestamp.to_string()), Ok(timestamp));
        }
    }

    #[test]
    fn arithmetic_is_exact_or_none(timestamp in timestamps(), duration: Duration) {
        let later = i128::from(timestamp.micros) + i128::try_from(duration.as_micros()).unwrap();
        let expected = i64::try_from(later).ok().and_then(|micros| Timestamp::from_epoch_micros(micros).ok());
        prop_assert_eq!(timestamp.checked_add(duration), expected);
        prop_assert!(timestamp - duration <= timestamp && timestamp <= timestamp + duration);
    }
}

#[test]
fn known_times() {
    for (text, micros) in [
        ("1970-01-01T00:00:00Z", 0),
        ("1969-12-31T23:59:59.999999Z", -1),
        ("2026-11-23T19:55:13.123456Z", 1_795_463_713_123_456),
        ("2026-11-23t20:55:13.123456000+01:00", 1_795_463_713_123_456),
        ("2000-02-29T12:00:00.5-00:00", 951_825_600_500_000),
    ] {
        assert_eq!(parse(text).map(Timestamp::epoch_micros), Ok(micros), "{text}");
    }
    assert_eq!(Timestamp::MIN.to_string(), "0001-01-01T00:00:00.000000Z");
    assert_eq!(Timestamp::MAX.to_string(), "9999-12-31T23:59:59.999999Z");
    assert_eq!(format!("{:?}", Timestamp::EPOCH), "1970-01-01T00:00:00.000000Z");
}

#[test]
fn what_is_no_time_is_refused() {
    for text in [
        "",
        "2026-11-23",
        "2026-11-23T19:55:13",
        "2026-11-23 19:55:13Z",
        "2026-11-23T19:55Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00ZZ",
        "2026-01-01T00:00:00+24:00",
        "2026-01-01T00:00:00+0100",
        "+026-01-01T00:00:00Z",
        "２026-01-01T00:00:00Z",
    ] {
        assert_eq!(parse(text), Err(TimestampError::NOT_RFC3339), "{text}");
    }
    assert_eq!(parse("2026-01-01T00:00:00.1234567Z"), Err(TimestampError::FINER_THAN_MICROS));
    assert_eq!(parse("2026-01-01T00:00:00.1234560000Z"), Err(TimestampError::FINER_THAN_MICROS));
    for text in ["0000-12-31T23:59:59Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"] {
        assert!(parse(text).unwrap_err().is_out_of_range(), "{text}");
    }
}

#[test]
fn the_ends_hold() {
    for out_of_range in [i64::MIN, -62_135_596_801, 253_402_300_800, i64::MAX] {
        assert!(Timestamp::from_epoch_seconds(out_of_range).is_err());
    }
    assert!(Timestamp::from_epoch_micros(Timestamp::MAX.micros + 1).is_err());
    assert_eq!(Timestamp::MAX + Duration::MAX, Timestamp::MAX);
    assert_eq!(Timestamp::MAX - Duration::MAX, Timestamp::MIN);
    assert_eq!(Timestamp::MAX.checked_add(Duration::from_micros(1)), None);
    assert_eq!(Timestamp::MAX.checked_add(Duration::from_nanos(999)), Some(Timestamp::MAX));
}

#[test]
fn a_fraction_is_rounded_towards_the_past() {
    assert_eq!(parse("1969-12-31T23:59:59.5Z").unwrap().epoch_seconds(), -1);
    assert_eq!(parse("1970-01-01T00:00:00.5Z").unwrap().epoch_seconds(), 0);
    let before_the_epoch = UNIX_EPOCH - Duration::from_nanos(1);
    assert_eq!(Timestamp::try_from(before_the_epoch).map(Timestamp::epoch_micros), Ok(-1));
}

#[test]
fn now_is_between_two_readings_of_the_clock() {
    let before = Timestamp::try_from(SystemTime::now()).unwrap();
    let now = Timestamp::now();
    assert!(before <= now && now <= Timestamp::try_from(SystemTime::now()).unwrap());
}

#[test]
fn it_is_stored_as_text() {
    let timestamp = Timestamp::from_epoch_micros(1).unwrap();
    assert_eq!(encode(&timestamp), r#"{"S":"1970-01-01T00:00:00.000001Z"}"#);
    assert_eq!(decode(r#"{"S":"1970-01-01T01:00:00.000001+01:00"}"#), Ok(timestamp));
    assert!(decode::<Timestamp>(r#"{"N":"1"}"#).is_err());
}
