//! The crate's own values in other formats.

use dynamo_runtime::Number;
use dynamo_runtime::prelude::*;
use proptest::prelude::*;
use serde::{Deserialize, Serialize};

use crate::codec_agrees_with_sdk::timestamps;

#[derive(Serialize, Deserialize, Debug, PartialEq)]
struct View {
    at: Timestamp,
    version: Version,
    price: Number,
}

#[derive(Deserialize, Debug)]
struct Login {
    password: Sensitive<String>,
    pin: Sensitive<u16>,
}

proptest! {
    #[test]
    fn they_round_trip(at in timestamps(), version: u64, price in -1e20_f64..1e20) {
        let price = Number::try_from(price).unwrap();
        let view = View { at, version: Version::new(version), price };
        let json = serde_json::to_string(&view).unwrap();
        prop_assert_eq!(serde_json::from_str::<View>(&json).unwrap(), view);
    }
}

#[test]
fn their_forms() {
    let view = View {
        at: "2026-11-23T20:55:13.5+01:00".parse().unwrap(),
        version: Version::new(7),
        price: "0.10".parse().unwrap(),
    };
    let json = r#"{"at":"2026-11-23T19:55:13.500000Z","version":7,"price":"0.10"}"#;
    assert_eq!(serde_json::to_string(&view).unwrap(), json);
    for (version, json) in [(Version::UNSAVED, "null"), (Version::new(0), "0")] {
        assert_eq!(serde_json::to_string(&version).unwrap(), json);
        assert_eq!(serde_json::from_str::<Version>(json).unwrap(), version);
    }
    assert_eq!(serde_json::from_str::<Number>("-7").unwrap(), Number::from(-7));
    for refused in ["0.1", "\"x\"", "\"\"", "null", "\"1E126\""] {
        assert!(serde_json::from_str::<Number>(refused).is_err(), "{refused}");
    }
    for refused in ["\"yesterday\"", "7", "\"2026-02-30T00:00:00Z\""] {
        assert!(serde_json::from_str::<Timestamp>(refused).is_err(), "{refused}");
    }
    assert!(serde_json::from_str::<Version>("-1").is_err());
}

#[test]
fn what_is_sensitive_comes_in_and_is_not_shown_by_an_error() {
    let login: Login = serde_json::from_str(r#"{"password":"hunter2","pin":1234}"#).unwrap();
    assert_eq!((login.password.expose().as_str(), *login.pin.expose()), ("hunter2", 1234));
    for refused in [r#"{"password":"hunter2","pin":"31337"}"#, r#"{"password":31337,"pin":1}"#] {
        let error = serde_json::from_str::<Login>(refused).unwrap_err().to_string();
        assert!(error.contains("sensitive") && error.contains("line 1"), "{error}");
        assert!(!error.contains("31337") && !error.contains("hunter2"), "{error}");
    }
}
