//! `PynamoDB` with pynamodb-attributes: times in five forms, a discriminator, JSON in text, bytes that are
//! Base64 twice, and a version that both count.

use std::collections::BTreeSet;

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;
use serde_json::{Value, json};

use super::instant;
use crate::engine::EngineAddress;
use crate::program::Program;
use crate::table::Row;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "pynamodb", constant("kind") = "Member")]
struct ClubMember {
    #[dynamo(partition_key)]
    pk: String,
    name: String,
    #[dynamo(form = rfc3339(offset = "+0000"))]
    at: Timestamp,
    #[dynamo(form = epoch_seconds)]
    seconds: Timestamp,
    #[dynamo(form = epoch_millis)]
    millis: Timestamp,
    #[dynamo(form = rfc3339(offset = "+00:00"))]
    text: Timestamp,
    #[dynamo(ttl)]
    ttl: Option<Timestamp>,
    #[dynamo(form = json)]
    settings: Value,
    raw: Vec<u8>,
    #[dynamo(form = base64_binary)]
    old_raw: Vec<u8>,
    tags: BTreeSet<String>,
    place: ClubPlace,
    #[dynamo(version)]
    version: Version,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct ClubPlace {
    city: String,
    #[dynamo(form = rfc3339(offset = "+0000"))]
    since: Option<Timestamp>,
}

pub(super) async fn run(engine: &EngineAddress) -> Row {
    let client = engine.client(Tables::new().table::<ClubMember>()).await;
    let mut pynamodb = Program::start("pynamodb_program.py", "pynamodb", engine);

    pynamodb.call("write", "a");
    let read = ClubMember::get(ClubMember::key("a")).send(&client).await.unwrap().unwrap();
    assert_eq!((read.at, read.millis, read.text), (instant(), instant(), instant()));
    assert_eq!((read.seconds, read.place.since), (instant().floor_to_second(), Some(instant())));
    assert_eq!((read.raw.as_slice(), read.old_raw.as_slice()), (&b"hi"[..], &b"hi"[..]));
    assert_eq!((&read.settings, read.version), (&json!({ "a": 1 }), Version::FIRST));

    pynamodb.call("keep", "a");
    let replaced = ClubMember::replace(ClubMember { name: "Bob".into(), ..read.clone() });
    assert_eq!(replaced.send(&client).await.unwrap().version, Version::new(2));
    // The copy from before our write is refused there, as theirs is here.
    pynamodb.refuses("write_kept", "a", "ConditionalCheckFailed");
    let seen = pynamodb.call("read", "a");
    let expected = json!([
        "Member", "Bob", 2, "2026-11-30T12:34:56.789000+00:00", "2026-11-30T12:34:56+00:00", { "a": 1 }, "6869",
        "6869", ["a", "b"], true,
    ]);
    let names =
        ["class", "name", "version", "at", "seconds", "settings", "raw", "old_raw", "tags", "ttl"];
    assert_eq!(Value::from_iter(names.map(|name| seen[name].clone())), expected);
    assert_eq!(seen["place"]["since"], seen["at"]);
    pynamodb.call("change", "a");
    let stale = ClubMember::replace(ClubMember { version: Version::new(2), ..read.clone() });
    assert!(stale.send(&client).await.unwrap_err().is_condition_failed());

    ClubMember::create(ClubMember { pk: "b".into(), ..read }).send(&client).await.unwrap();
    pynamodb.call("change", "b");
    let delete =
        |version| ClubMember::delete(ClubMember::key("b")).at_version(Version::new(version));
    assert!(delete(1).send(&client).await.unwrap_err().is_condition_failed());
    delete(2).send(&client).await.unwrap();
    pynamodb.refuses("read", "b", "DoesNotExist");
    Row {
        library: "pynamodb",
        forms: "times `rfc3339(offset = \"+0000\")`, and by pynamodb-attributes `epoch_seconds`, `epoch_millis`, `rfc3339(offset = \"+00:00\")`; `version`; `constant` for the discriminator; `json`; `base64_binary`; a set; `ttl`",
        read: "all",
        written_back: "replace and delete at a version, create; each refuses the other's stale copy",
        read_by_them: "all",
    }
}
