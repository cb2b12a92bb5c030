//! Revocation lists: which of them counts, and who may sign one.

use dynamo_runtime::client::CertificateRule as Rule;

use super::{passes, refused, root_breaks, unbuilt};
use crate::row::Row;
use crate::x509::{Chain, Draft, KEY_USAGE, List, bits, generalized, utc};

const REVOKED: &str = "a certificate of its chain is revoked";
const SERVER: u8 = 77;

pub fn rows() -> Vec<Row> {
    let forms = [
        root_breaks(Rule::RevocationListNumber, "a list without a number", |it| {
            it.between.clear();
            it.lists = vec![(0, List { number: None, ..List::new(1, &[1]) })];
        }),
        root_breaks(Rule::RevocationListNumber, "a list with a critical number", |it| {
            it.between.clear();
            it.lists = vec![(0, List { is_number_critical: true, ..List::new(1, &[1]) })];
        }),
    ];
    forms.into_iter().flatten().chain(others()).chain(of_several()).collect()
}

fn others() -> Vec<Row> {
    vec![
        refused(REVOKED, "an old list that is clean, then one that revokes", |it| {
            lists(it, [List::new(1, &[1]), List::new(2, &[1, SERVER])]);
        }),
        refused(REVOKED, "a list that revokes, then an old one that is clean", |it| {
            lists(it, [List::new(2, &[1, SERVER]), List::new(1, &[1])]);
        }),
        passes("an old list that revokes, then one that does not any more", |it| {
            lists(it, [List::new(1, &[SERVER]), List::new(2, &[1])]);
        }),
        passes("a list that does not revoke any more, then the old one", |it| {
            lists(it, [List::new(2, &[1]), List::new(1, &[SERVER])]);
        }),
        passes("a list that has expired beside the current one", |it| {
            let expired = List { next_update: utc("200201000000Z"), ..List::new(1, &[1]) };
            lists(it, [expired, List::new(2, &[1])]);
        }),
        refused(REVOKED, "a number of two bytes is greater than one of one", |it| {
            let newer = List {
                number: Some(vec![1, 0]),
                this_update: utc("200201000000Z"),
                ..List::new(1, &[SERVER])
            };
            lists(it, [newer, List::new(9, &[1])]);
        }),
        refused(REVOKED, "a list of servers alone that revokes, beside a clean one of all", |it| {
            let of_servers = List { is_for_servers: true, ..List::new(1, &[SERVER]) };
            lists(it, [of_servers, List::new(2, &[1])]);
        }),
        refused("may not sign lists", "a list of one of two roots of one name", |it| {
            it.root.set(&KEY_USAGE, true, bits(2, &[0b0000_0100]));
            it.roots.push(Draft::authority("the root"));
            lists(it, [List::new(1, &[1]), List::new(2, &[1])]);
        }),
        unbuilt("contradict", "two lists of one number", |it| {
            let other = List { number: Some(vec![1]), ..List::new(2, &[SERVER]) };
            lists(it, [List::new(1, &[1]), other]);
        }),
        unbuilt("contradict", "two lists of one number and one time", |it| {
            let one = List { number: Some(vec![2]), ..List::new(2, &[1]) };
            lists(it, [one, List::new(2, &[SERVER])]);
        }),
        unbuilt("contradict", "a greater number of an older list", |it| {
            let other = List { number: Some(vec![9]), ..List::new(1, &[1]) };
            lists(it, [other, List::new(2, &[SERVER])]);
        }),
        unbuilt("a revocation list is not valid yet", "a list of the future", |it| {
            let later = List { this_update: generalized("21000101000000Z"), ..List::new(2, &[1]) };
            lists(it, [List::new(1, &[1]), later]);
        }),
        unbuilt("may not sign lists", "a list of a root that may not sign lists", |it| {
            it.root.set(&KEY_USAGE, true, bits(2, &[0b0000_0100]));
            lists(it, [List::new(1, &[1]), List::new(2, &[1])]);
        }),
        refused(
            "is not signed by the authority that it names",
            "a list of an intermediate that may not sign lists",
            |it| {
                it.between[0].set(&KEY_USAGE, true, bits(2, &[0b0000_0100]));
                it.lists = vec![(0, List::new(1, &[1])), (1, List::new(1, &[1]))];
            },
        ),
        unbuilt(
            "a certificate revocation list is malformed",
            "a list with an unknown extension",
            |it| {
                let unknown = List { unknown: Some(vec![5, 0]), ..List::new(1, &[1]) };
                lists(it, [unknown.clone(), unknown]);
            },
        ),
        unbuilt(
            "a certificate revocation list is malformed",
            "a list with a negative number",
            |it| {
                let negative = List { number: Some(vec![0x80]), ..List::new(1, &[1]) };
                lists(it, [negative.clone(), negative]);
            },
        ),
    ]
}

/// Lists of several authorities.
fn of_several() -> Vec<Row> {
    vec![
        refused(REVOKED, "an intermediate that its root has revoked", |it| {
            it.between[0].serial = vec![66];
            it.lists = vec![(0, List::new(1, &[66])), (1, List::new(1, &[1]))];
        }),
        passes("lists of the root and of the intermediate", |it| {
            it.lists = vec![(0, List::new(1, &[1])), (1, List::new(1, &[1]))];
        }),
        passes("a list without its issuer's key", |it| {
            let [one, two] =
                [1, 2].map(|number| List { has_key: false, ..List::new(number, &[1]) });
            lists(it, [one, two]);
        }),
        passes("a number of another authority's certificate that is revoked", |it| {
            it.lists = vec![(0, List::new(1, &[SERVER])), (1, List::new(1, &[1]))];
            it.between[0].serial = vec![66];
        }),
        passes("two authorities' lists of one number, without their keys", |it| {
            let list = |revoked| List { has_key: false, ..List::new(1, revoked) };
            it.lists = vec![(0, list(&[1])), (1, list(&[2]))];
        }),
        unbuilt(
            "may not sign lists",
            "a list of a root that may not sign lists, beside a root that may",
            |it| {
                it.root.set(&KEY_USAGE, true, bits(2, &[0b0000_0100]));
                it.roots.push(Draft::authority("another root"));
                lists(it, [List::new(1, &[1]), List::new(2, &[1])]);
            },
        ),
        passes("a list that revokes nothing", |it| {
            lists(it, [List::new(1, &[]), List::new(2, &[])]);
        }),
    ]
}

/// Of the root, which signs the server's certificate.
fn lists(chain: &mut Chain, lists: [List; 2]) {
    chain.between.clear();
    chain.lists = lists.into_iter().map(|list| (0, list)).collect();
}
