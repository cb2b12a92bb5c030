//! I. What would outlast a call, or wear out what it runs on; and what has changed since a client was built.

use crate::row::{Row, Section};

pub fn rows() -> Vec<Row> {
    let held = |name, file, test| Row::held_by(Section::Resources, name, file, test);
    let names = "dynamo-runtime/src/client/tests/names.rs";
    let limits = "dynamo-runtime/src/client/tests/limits.rs";
    let last_errors = "dynamo-runtime/src/client/tests/last_errors.rs";
    let connections = "dynamo-runtime/src/client/tests/connections.rs";
    let verifier = "dynamo-runtime/src/client/verifier/tests.rs";
    let concurrency = "dynamo-runtime/src/client/tests/concurrency.rs";
    vec![
        held(
            "a resolver that swallows queries",
            names,
            "a_resolver_that_swallows_queries_is_asked_once_for_a_host",
        ),
        held(
            "a resolver that swallows the queries for a proxy",
            names,
            "a_proxys_host_is_looked_up_once_too",
        ),
        held(
            "a resolver that swallows the queries for a source of credentials",
            names,
            "the_host_of_a_source_of_credentials_is_looked_up_once_too",
        ),
        held(
            "a server that shakes no hands",
            limits,
            "a_server_that_shakes_no_hands_is_waited_for_as_long_as_for_a_connection",
        ),
        held(
            "a proxy that gives no tunnel and does not close",
            limits,
            "a_proxy_that_gives_no_tunnel_is_waited_for_as_long_as_for_a_connection",
        ),
        held(
            "a response without its last byte",
            limits,
            "an_answer_is_waited_for_to_its_last_byte",
        ),
        held(
            "a server that reads no further, and a caller that gives up",
            connections,
            "nothing_of_a_request_outlives_its_call",
        ),
        held(
            "a deadline that passes while all connections are in use",
            connections,
            "the_deadline_counts_while_a_call_waits_and_the_error_says_for_what",
        ),
        held(
            "a file of a token that hangs",
            "dynamo-runtime/src/client/credentials/token_file.rs",
            "a_file_that_hangs_holds_one_thread_up_and_no_more",
        ),
        held(
            "a call that is given up within a handshake",
            concurrency,
            "a_call_that_is_given_up_takes_its_connection_along",
        ),
        held(
            "a pause of hours that the service asks for",
            last_errors,
            "a_pause_that_outlasts_the_call_is_not_waited_for",
        ),
        held(
            "an error that a deadline would hide",
            last_errors,
            "a_deadline_tells_the_error_of_the_last_attempt_that_ended",
        ),
        held(
            "a root that has expired since the client was built",
            verifier,
            "a_root_that_has_expired_since_is_refused",
        ),
        held("a pin that has expired since", verifier, "a_pin_that_has_expired_since_is_none"),
        held(
            "a revocation list that has expired since",
            verifier,
            "a_list_that_is_not_current_any_more_covers_nothing",
        ),
    ]
}
