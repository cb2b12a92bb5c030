//! F. What must pass, so that no row above fails for another reason.

use crate::account;
use crate::identity::{Identity, leaf, root, trust};
use crate::row::{Expected, Row, Section, Seen};
use crate::server::{answering, configuration};

pub fn rows() -> Vec<Row> {
    let expected = Expected::Passes("TLSv1_3".to_owned());
    vec![Row::new(Section::Control, "TLS 1.3", expected, |call| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf("localhost"), &root));
        let (port, tally) = answering(config, super::responses::success(b"{}")).await;
        let outcome = call.send(account::client(port, trust(&root))).await;
        Seen::new(outcome, &tally)
    })]
}
