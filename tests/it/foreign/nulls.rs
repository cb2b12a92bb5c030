//! Nulls, which other programs write for what is absent.

use std::collections::{BTreeMap, BTreeSet};

use dynamo_runtime::codec::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer, kind};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{AttributeType, Condition};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "profiles", allow(scan))]
struct Profile {
    #[dynamo(partition_key)]
    id: String,
    nick: Option<String>,
    score: Option<f64>,
    hits: Option<u32>,
    #[dynamo(default = seven)]
    level: u32,
    #[dynamo(default)]
    ratio: f64,
    #[dynamo(default)]
    labels: Vec<String>,
    notes: Option<Vec<String>>,
    #[dynamo(default)]
    tags: BTreeSet<String>,
    home: Option<Address>,
    #[dynamo(default)]
    names: BTreeMap<String, Option<String>>,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Address {
    city: Option<String>,
    #[dynamo(default = seven)]
    floor: u32,
}

fn seven() -> u32 {
    7
}

#[derive(Projection, Debug, PartialEq)]
#[dynamo(of = Profile)]
struct Shown {
    nick: Option<String>,
    level: u32,
    labels: Vec<String>,
    tags: BTreeSet<String>,
}

/// A null, or nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Nothing {
    Absent,
    Null,
}

impl Encode for Nothing {
    fn encode(&self, writer: &mut Writer) {
        writer.null();
    }

    fn is_absent(&self) -> bool {
        *self == Self::Absent
    }
}

impl Decode<'_> for Nothing {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.null().map(|_| Self::Null)
    }
}

impl AttributeValue for Nothing {
    type Kind = kind::Untyped;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = true;
}

/// The table's profile, as another program writes one without values.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "profiles", allow(unconditional_put))]
struct Foreign {
    #[dynamo(partition_key)]
    id: String,
    nick: Nothing,
    score: Nothing,
    hits: Nothing,
    level: Nothing,
    ratio: Nothing,
    labels: Nothing,
    notes: Nothing,
    tags: Nothing,
    home: ForeignAddress,
    names: BTreeMap<String, Nothing>,
}

#[derive(Document, Clone, Debug)]
struct ForeignAddress {
    city: Nothing,
    floor: Nothing,
}

fn foreign(nothing: Nothing) -> Foreign {
    Foreign {
        id: "p".to_owned(),
        nick: nothing,
        score: nothing,
        hits: nothing,
        level: nothing,
        ratio: nothing,
        labels: nothing,
        notes: nothing,
        tags: nothing,
        home: ForeignAddress { city: nothing, floor: nothing },
        names: BTreeMap::from([("entry".to_owned(), Nothing::Null)]),
    }
}

/// What a profile without values is read as.
fn empty() -> Profile {
    Profile {
        id: "p".to_owned(),
        nick: None,
        score: None,
        hits: None,
        level: 7,
        ratio: 0.0,
        labels: Vec::new(),
        notes: None,
        tags: BTreeSet::new(),
        home: Some(Address { city: None, floor: 7 }),
        names: BTreeMap::from([("entry".to_owned(), None)]),
    }
}

fn full() -> Profile {
    Profile {
        nick: Some("ada".to_owned()),
        score: Some(1.5),
        hits: Some(1),
        level: 1,
        ratio: 0.5,
        labels: vec!["a".to_owned()],
        notes: Some(vec!["n".to_owned()]),
        tags: BTreeSet::from(["t".to_owned()]),
        home: Some(Address { city: Some("London".to_owned()), floor: 1 }),
        names: BTreeMap::from([("entry".to_owned(), Some("e".to_owned()))]),
        ..empty()
    }
}

fn key() -> ProfileKey {
    Profile::key("p")
}

async fn profiles() -> SecureClient {
    crate::engine::client().table::<Profile>().build().await
}

async fn store(client: &SecureClient, nothing: Nothing) {
    Foreign::put_unconditionally(foreign(nothing)).send(client).await.unwrap();
}

#[tokio::test]
async fn a_null_is_read_as_what_is_absent() {
    let client = profiles().await;
    for nothing in [Nothing::Absent, Nothing::Null] {
        store(&client, nothing).await;
        assert_eq!(Profile::get(key()).send(&client).await.unwrap(), Some(empty()));
        let shown = Profile::get(key()).project::<Shown>().send(&client).await.unwrap();
        let Profile { nick, level, labels, tags, .. } = empty();
        assert_eq!(shown, Some(Shown { nick, level, labels, tags }), "{nothing:?}");
        let level = Profile::get(key()).attribute(Profile::LEVEL).send(&client).await.unwrap();
        assert_eq!(level, Some(7));
        let labels = Profile::get(key()).attribute(Profile::LABELS).send(&client).await.unwrap();
        assert_eq!(labels, Some(Vec::new()));
        let floor = Profile::get(key()).attribute(Profile::HOME.then(Address::FLOOR));
        assert_eq!(floor.send(&client).await.unwrap(), Some(7));
        let nick = Profile::get(key()).attribute(Profile::NICK).send(&client).await.unwrap();
        assert_eq!(nick, Some(None));
    }
}

/// Each attribute that can be absent: that it exists, that it does not, and that it is a null.
fn attributes() -> Vec<[Condition<Profile>; 3]> {
    macro_rules! each {
        ($($attribute:expr),*) => {
            vec![$([$attribute.exists(), $attribute.not_exists(), $attribute.is_null()]),*]
        };
    }
    each![
        Profile::NICK,
        Profile::SCORE,
        Profile::HITS,
        Profile::LEVEL,
        Profile::RATIO,
        Profile::LABELS,
        Profile::NOTES,
        Profile::TAGS,
        Profile::HOME.then(Address::CITY),
        Profile::HOME.then(Address::FLOOR)
    ]
}

#[tokio::test]
async fn conditions_and_filters_see_a_null_as_it_is_read() {
    let client = profiles().await;
    let holds = async |condition: Condition<Profile>| {
        let filtered = Profile::scan().filter(condition.clone()).count(&client).await.unwrap() == 1;
        let opposite = Profile::scan().filter(!condition.clone()).count(&client).await.unwrap();
        assert_eq!(opposite == 0, filtered, "{condition:?}");
        let update = Profile::update(key()).set(Profile::NAMES.entry("x"), None);
        match update.condition(condition.clone()).send(&client).await {
            Ok(()) => assert!(filtered, "{condition:?}"),
            Err(error) => assert!(error.is_condition_failed() && !filtered, "{condition:?}"),
        }
        filtered
    };
    for (nothing, is_there) in
        [(Some(Nothing::Absent), false), (Some(Nothing::Null), false), (None, true)]
    {
        match nothing {
            Some(nothing) => store(&client, nothing).await,
            None => {
                Profile::put(full()).if_exists().send(&client).await.unwrap();
            }
        }
        for [exists, not_exists, is_null] in attributes() {
            let shown = format!("{exists:?} where it is {nothing:?}");
            assert_eq!(holds(exists).await, is_there, "{shown}");
            assert_eq!(holds(not_exists).await, !is_there, "{shown}");
            assert_eq!(holds(is_null).await, nothing == Some(Nothing::Null), "{shown}");
        }
        // The other operators hold for a null where they do for what is absent.
        assert!(holds(Profile::NICK.ne("x")).await);
        assert_eq!(holds(Profile::NICK.eq("ada")).await, is_there);
        assert_eq!(holds(Profile::HITS.le(5)).await, is_there);
        assert_eq!(holds(Profile::NICK.contains("d")).await, is_there);
        assert_eq!(holds(Profile::NICK.size().le(9)).await, is_there);
    }
}

#[tokio::test]
async fn a_null_holds_its_place_in_a_map_or_a_list() {
    let client = profiles().await;
    store(&client, Nothing::Null).await;
    let count = async |condition: Condition<Profile>| {
        Profile::scan().filter(condition).count(&client).await.unwrap()
    };
    assert_eq!(count(Profile::NAMES.entry("entry").exists()).await, 1);
    assert_eq!(count(Profile::NAMES.entry("entry").not_exists()).await, 0);
    assert_eq!(count(Profile::NAMES.entry("entry").is_null()).await, 1);
    assert_eq!(count(Profile::NAMES.entry("other").exists()).await, 0);
}

#[tokio::test]
async fn the_type_of_what_is_stored_can_be_asked_for() {
    use AttributeType::{B, Bool, L, M, N, Ns, Null, S, Ss};
    let client = profiles().await;
    Profile::create(full()).send(&client).await.unwrap();
    let count = async |condition: Condition<Profile>| {
        Profile::scan().filter(condition).count(&client).await.unwrap()
    };
    macro_rules! is {
        ($attribute:expr, $expected:ident) => {
            for ty in [B, Bool, L, M, N, Ns, Null, S, Ss] {
                let holds = count($attribute.attribute_type(ty)).await == 1;
                assert_eq!(holds, ty == $expected, "{:?} is {ty:?}", $attribute);
            }
        };
    }
    is!(Profile::NICK, S);
    is!(Profile::SCORE, N);
    is!(Profile::LABELS, L);
    is!(Profile::TAGS, Ss);
    is!(Profile::HOME, M);
    store(&client, Nothing::Null).await;
    is!(Profile::NICK, Null);
    // So what another program wrote as another type can be found.
    let strange = Profile::NICK.exists().and(Profile::NICK.attribute_type(S).not());
    assert_eq!(count(strange).await, 0);
}

/// Every update that builds on what may be absent.
fn updates() -> Vec<(
    &'static str,
    dynamo_runtime::operation::Update<
        Profile,
        dynamo_runtime::operation::HasCondition,
        dynamo_runtime::operation::ReturnNothing,
    >,
)> {
    let update = || Profile::update(key());
    [
        ("nick", update().set_if_absent(Profile::NICK, "new")),
        ("level", update().set_if_absent(Profile::LEVEL, 2)),
        ("tags", update().set_if_absent(Profile::TAGS, BTreeSet::from(["new".to_owned()]))),
        ("home.city", update().set_if_absent(Profile::HOME.then(Address::CITY), "new")),
        ("score", update().add(Profile::SCORE, 1.0)),
        ("score", update().subtract(Profile::SCORE, 1.0)),
        ("hits", update().add(Profile::HITS, 1)),
        ("level", update().add(Profile::LEVEL, 1)),
        ("ratio", update().add(Profile::RATIO, 1.0)),
        ("home.floor", update().add(Profile::HOME.then(Address::FLOOR), 1)),
        ("labels", update().append(Profile::LABELS, ["new"])),
        ("notes", update().append(Profile::NOTES, ["new"])),
        ("notes", update().prepend(Profile::NOTES, ["new"])),
        ("tags", update().insert(Profile::TAGS, ["new"])),
        ("tags", update().discard(Profile::TAGS, ["new"])),
    ]
    .into_iter()
    .map(|(attribute, update)| (attribute, update.if_exists()))
    .collect()
}

#[tokio::test]
async fn an_update_that_builds_on_a_null_fails_its_condition_and_changes_nothing() {
    let client = profiles().await;
    for (_, update) in updates() {
        store(&client, Nothing::Absent).await;
        update.send(&client).await.unwrap();
    }
    Profile::put(full()).if_exists().send(&client).await.unwrap();
    for (attribute, update) in updates() {
        if attribute != "hits" {
            update.send(&client).await.unwrap();
        }
    }
    for (attribute, update) in updates() {
        store(&client, Nothing::Null).await;
        let shown = format!("{update:?}");
        let error = update.send(&client).await.unwrap_err();
        assert!(error.is_condition_failed(), "{attribute}: {shown}: {error}");
        assert_eq!(Profile::get(key()).send(&client).await.unwrap(), Some(empty()), "{shown}");
    }
}

#[tokio::test]
async fn such_an_error_says_which_attribute_is_a_null() {
    drop(crate::engine::embedded());
    let client = profiles().await;
    for (attribute, update) in updates() {
        store(&client, Nothing::Null).await;
        let error = update.send(&client).await.unwrap_err();
        assert_eq!(error.as_error().path(), Some(attribute), "{error}");
        let words = format!("`{attribute}` is a null, and only `set` and `remove` take one away");
        assert!(error.to_string().contains(&words), "{error}");
        assert_eq!(error.current(), Some(&empty()));
    }
    // A condition that fails for another reason says nothing of it.
    Profile::put(full()).if_exists().send(&client).await.unwrap();
    let update = Profile::update(key()).add(Profile::SCORE, 1.0);
    let error = update.condition(Profile::NICK.eq("x")).send(&client).await.unwrap_err();
    assert_eq!(error.as_error().path(), None);
}

#[tokio::test]
async fn a_null_is_set_and_removed_under_the_condition_that_it_does_not_exist() {
    let client = profiles().await;
    for nothing in [Nothing::Absent, Nothing::Null] {
        store(&client, nothing).await;
        let set = Profile::update(key()).set(Profile::NICK, "new");
        let set = set.condition(Profile::NICK.not_exists());
        set.clone().send(&client).await.unwrap();
        assert!(set.send(&client).await.unwrap_err().is_condition_failed());
        store(&client, nothing).await;
        let removed = Profile::update(key()).remove(Profile::SCORE).if_exists();
        removed.send(&client).await.unwrap();
        let added = Profile::update(key()).add(Profile::SCORE, 1.0).if_exists().returning_new();
        assert_eq!(added.send(&client).await.unwrap().score, Some(1.0));
    }
}

#[test]
fn what_cannot_be_absent_costs_no_more_than_it_did() {
    let required = [Profile::ID.exists(), Profile::ID.not_exists()].map(|it| format!("{it:?}"));
    assert_eq!(required, ["attribute_exists(id)", "attribute_not_exists(id)"]);
    let entry = Profile::NAMES.entry("x").not_exists();
    assert_eq!(format!("{entry:?}"), "attribute_not_exists(names.?)");
    let optional = [Profile::NICK.exists(), Profile::NICK.not_exists()].map(|it| format!("{it:?}"));
    assert_eq!(
        optional,
        [
            "attribute_exists(nick) AND NOT (attribute_type(nick, ?))",
            "attribute_not_exists(nick) OR attribute_type(nick, ?)",
        ]
    );
}
