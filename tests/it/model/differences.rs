//! Where the engines do otherwise than DynamoDB documents: the documentation decides, and no engine
//! is asked.

use super::operations::{OnThing, Operation, Returning};
use super::state::State;

struct Difference {
    /// What DynamoDB does.
    #[expect(dead_code, reason = "it is for the reader")]
    documented: &'static str,
    #[expect(dead_code, reason = "it is for the reader")]
    source: &'static str,
    concerns: fn(&State, &Operation) -> bool,
}

const DIFFERENCES: [Difference; 1] = [Difference {
    documented: "an upsert that makes an item returns no old one; the embedded engine returns its key",
    source: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html#DDB-UpdateItem-request-ReturnValues",
    concerns: |state, operation| match operation {
        Operation::Thing(OnThing::Upsert { id, returning: Returning::Old, .. }) => {
            !state.has_thing(id)
        }
        _ => false,
    },
}];

/// Whether the operation is one that DynamoDB does otherwise than the engines.
pub fn differs(state: &State, operation: &Operation) -> bool {
    DIFFERENCES.iter().any(|difference| (difference.concerns)(state, operation))
}
