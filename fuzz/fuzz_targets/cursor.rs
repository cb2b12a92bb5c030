//! Text from a caller as a cursor: nothing opens that was not sealed.
#![no_main]

use dynamo_runtime::operation::Primary;
use dynamo_runtime::prelude::*;
use dynamo_runtime::operation::{CursorKey, CursorKeys};
use libfuzzer_sys::fuzz_target;

#[derive(Entity)]
#[dynamo(table = "notes")]
struct Note {
    #[dynamo(partition_key)]
    owner: String,
}

fuzz_target!(|text: &str| {
    let keys = CursorKeys::new(CursorKey::from_bytes(&[1; 32]));
    assert!(keys.open::<Note, Primary>(text).is_err());
});
