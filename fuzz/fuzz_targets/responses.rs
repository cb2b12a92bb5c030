//! Bytes from outside as a whole response of DynamoDB, as an error that it answered with, and as
//! records of a stream: a result or an error.
#![no_main]

use dynamo_fuzz::{Loose, check_error};
use dynamo_runtime::fuzzing;
use dynamo_runtime::stream;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match fuzzing::page::<Loose>(bytes) {
        Ok(count) => assert_eq!(fuzzing::count(bytes).ok(), Some(count)),
        Err(error) => check_error(&error),
    }
    for member in ["Item", "Attributes"] {
        if let Err(error) = fuzzing::item::<Loose>(bytes, member) {
            check_error(&error);
        }
    }
    match fuzzing::same_item(bytes, bytes) {
        Ok(is_same) => assert!(is_same),
        Err(error) => check_error(&error),
    }
    match stream::records(bytes) {
        Ok(records) => records.iter().for_each(|record| drop(record.change::<Loose>())),
        Err(error) => check_error(&error),
    }
    fuzzing::error_body(bytes);
});
