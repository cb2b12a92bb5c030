//! B. What does not compile, and what the choke point refuses.

use crate::row::{Row, Section};

pub fn rows() -> Vec<Row> {
    let choke = "dynamo-runtime/src/client/choke.rs";
    vec![
        Row::held_by(
            Section::Handle,
            "a request to another host, path or method",
            choke,
            "another_scheme_authority_path_or_method_is_refused",
        ),
        Row::does_not_compile(
            "a client of the SDK in place of the handle",
            "client/a_client_of_the_sdk",
        ),
    ]
}
