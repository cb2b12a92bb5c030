//! What passes and is told of: trust that expires soon, and an operation that a declaration allows.

use std::time::{Duration, SystemTime};

use dynamo_runtime::Trust;
use dynamo_runtime::prelude::*;
use rcgen::CertifiedIssuer;
use time::OffsetDateTime;

use super::certificates::revocation_list;
use super::responses::success;
use crate::account;
use crate::identity::{Identity, authority, key, leaf, public_key_sha256, root, trust};
use crate::row::{Expected, Outcome, Row, Section};
use crate::server::{answering, configuration};

const WEEK: Duration = Duration::from_hours(7 * 24);

#[derive(Entity)]
#[dynamo(table = "settings", allow(scan))]
struct Setting {
    #[dynamo(partition_key)]
    name: String,
}

#[derive(Entity)]
#[dynamo(table = "settings")]
#[dynamo(index(by_owner, name = "gsi1", partition_key("gsi1pk") = "{owner}", stale = tolerated))]
struct OwnedSetting {
    #[dynamo(partition_key)]
    name: String,
    owner: String,
}

pub fn rows() -> Vec<Row> {
    vec![
        expiring("a root that expires within a week", || {
            let mut params = authority("the root");
            params.not_after = in_a_week();
            let root = CertifiedIssuer::self_signed(params, key()).unwrap();
            (Identity::new(&leaf("localhost"), &root), trust(&root))
        }),
        expiring("a pin that expires within a week", || {
            let (root, key) = (root(), key());
            let pinned =
                trust(&root).pin_spki_until(public_key_sha256(&key), SystemTime::now() + WEEK);
            let certificate = leaf("localhost").signed_by(&key, &root).unwrap();
            (Identity::of(certificate.der().clone(), &key), pinned)
        }),
        expiring("a revocation list that expires within a week", || {
            let root = root();
            let list = revocation_list(&root, &[], in_a_week());
            (Identity::new(&leaf("localhost"), &root), trust(&root).revoked_by(list).unwrap())
        }),
        dangerous(),
        stale(),
    ]
}

fn in_a_week() -> OffsetDateTime {
    OffsetDateTime::from(SystemTime::now() + WEEK)
}

fn expiring(
    name: &str,
    sides: impl Fn() -> (Identity, Trust) + Copy + Send + Sync + 'static,
) -> Row {
    let expected = Expected::Told("trust_expiring");
    Row::new(Section::Control, name, expected, move |call| async move {
        let (identity, trust) = sides();
        let (port, tally) = answering(configuration(identity), success(b"{}")).await;
        call.send(account::client(port, trust), &tally).await
    })
}

fn dangerous() -> Row {
    let expected = Expected::Told("dangerous_operation");
    Row::new(Section::Control, "a scan, where its entity allows it", expected, |_| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf("localhost"), &root));
        let answer = success(br#"{"Items":[],"Count":0,"ScannedCount":0}"#);
        let (port, tally) = answering(config, answer).await;
        let client = account::client(port, trust(&root));
        account::seen(client, &tally, |client| async move {
            match Setting::scan().page(&client).await {
                Ok(_) => Outcome::Succeeded(None),
                Err(error) => Outcome::Failed(error),
            }
        })
        .await
    })
}

fn stale() -> Row {
    let expected = Expected::Told("index_keys_rewritten");
    let name = "a whole write, where an index tolerates stale keys";
    Row::new(Section::Control, name, expected, |_| async move {
        let root = root();
        let config = configuration(Identity::new(&leaf("localhost"), &root));
        let (port, tally) = answering(config, success(b"{}")).await;
        let client = account::client(port, trust(&root));
        account::seen(client, &tally, |client| async move {
            let setting = OwnedSetting { name: "a".to_owned(), owner: "b".to_owned() };
            match OwnedSetting::replace(setting).send(&client).await {
                Ok(_) => Outcome::Succeeded(None),
                Err(error) => Outcome::Failed(error.into()),
            }
        })
        .await
    })
}
