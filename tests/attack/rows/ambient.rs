//! A. What the environment and the profiles would do to another client.

use crate::account;
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Row, Section, Seen};
use crate::server::{answering, configuration};

pub fn rows() -> Vec<Row> {
    vec![
        variable("AWS_ENDPOINT_URL", "http://localhost:1", refused("`AWS_ENDPOINT_URL` is set")),
        variable("HTTPS_PROXY", "http://localhost:1", Expected::Ignored("HTTPS_PROXY".to_owned())),
    ]
}

fn refused(says: &str) -> Expected {
    Expected::Unbuilt(says.to_owned())
}

/// A client is built and used with this variable set, against a server that is its own.
fn variable(name: &'static str, value: &'static str, expected: Expected) -> Row {
    let row = Row::new(Section::Ambient, format!("`{name}`"), expected, |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf("localhost"), &root));
        let (port, tally) = answering(config, super::responses::success(b"{}")).await;
        let outcome = call.send(account::client(port, trust(&root))).await;
        Seen::new(outcome, &tally)
    });
    row.with_variable(name, value)
}
