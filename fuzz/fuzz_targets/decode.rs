//! Bytes from outside as an item: an entity or an error, and an entity is written and read again
//! as the same.
#![no_main]

use dynamo_fuzz::{Loose, Types, check_item};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    check_item::<Loose>(bytes);
    check_item::<Types>(bytes);
});
