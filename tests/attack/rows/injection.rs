//! G. Hostile text where a caller's value goes.

use crate::row::{Row, Section};

pub fn rows() -> Vec<Row> {
    let held = |name, test| Row::held_by(Section::Injection, name, "tests/it/injection.rs", test);
    vec![
        held(
            "expressions, PartiQL, JSON, HTTP and control characters in keys, prefixes, conditions, filters, updates, \
             map keys, sets and lists",
            "known_attacks_are_sent_in_requests_of_the_same_shape",
        ),
        held("any text in the same places", "any_text_is_sent_in_requests_of_the_same_shape"),
        held(
            "a value that would make a condition or a filter true",
            "no_condition_holds_for_an_item_that_it_is_not_about",
        ),
        held("a value that an error would repeat", "no_error_repeats_what_was_sent"),
    ]
}
