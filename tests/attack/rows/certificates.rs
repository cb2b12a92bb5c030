//! D. Certificates that are right in all but one thing.

use crate::account;
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Row, Section, Seen};
use crate::server::{answering, configuration};

pub fn rows() -> Vec<Row> {
    let expected = Expected::Refused("BadSignature".to_owned());
    vec![Row::new(
        Section::Certificate,
        "a root that bears the trusted one's name",
        expected,
        |call| async move {
            let config = configuration(Identity::new(&leaf("localhost"), &root()));
            let (port, tally) = answering(config, super::responses::success(b"{}")).await;
            let outcome = call.send(account::client(port, trust(&root()))).await;
            Seen::new(outcome, &tally)
        },
    )]
}
