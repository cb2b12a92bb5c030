//! What an implementation of a trait by hand gains: nothing.
//!
//! These are the traits that another crate can implement; all others are tried in `ui/fail/by_hand`,
//! and `ui.rs` holds that none is left out.

use dynamo_runtime::__private as generated;
use dynamo_runtime::Error;
use dynamo_runtime::attribute::ValueFor;
use dynamo_runtime::client::{Audit, AuditEvent};
use dynamo_runtime::codec::{AttributeValue, Decode, DecodeError, Encode, Reader, Writer, kind};
use dynamo_runtime::expression::{Arithmetic, Room};
use dynamo_runtime::operation::traits::{AddTo, ComesBeforeNext, SortedBy};
use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::LocalEngine;

/// A text by hand, which writes whatever the function writes.
#[derive(Clone, Copy, Debug)]
struct ByHand(fn(&mut Writer));

impl Encode for ByHand {
    fn encode(&self, writer: &mut Writer) {
        (self.0)(writer);
    }
}

impl Decode<'_> for ByHand {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.string().map(|_| Self(|writer| writer.string("x")))
    }
}

impl AttributeValue for ByHand {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "notes")]
#[dynamo(partition_key("pk") = "NOTE#{id}")]
#[dynamo(allow(unconditional_put))]
struct Note {
    id: String,
    text: ByHand,
    texts: Vec<ByHand>,
}

/// A part of a key by hand: all of them have one text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Alike(u64);

impl Encode for Alike {
    fn encode(&self, writer: &mut Writer) {
        writer.string("alike");
    }
}

impl Decode<'_> for Alike {
    fn decode(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        reader.string().map(|_| Self(1))
    }
}

impl AttributeValue for Alike {
    type Kind = kind::Text;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

impl KeyPart for Alike {
    fn key_size(&self) -> usize {
        5
    }

    fn write_part(&self, text: &mut generated::PartText) {
        text.text("alike");
    }

    fn read_part(_: &str) -> Option<Self> {
        Some(Self(1))
    }
}

/// A part of one is one, and no other.
#[derive(KeyPart, Clone, Debug, PartialEq, Eq, Hash)]
struct Wrapped(Alike);

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "pages")]
#[dynamo(partition_key("pk") = "PAGE#{id}")]
#[dynamo(index(by_owner, name = "owner-index", partition_key("gsi1pk") = "OWNER#{owner}#{team}"))]
struct Page {
    id: Alike,
    owner: String,
    team: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "leaves")]
struct Leaf {
    #[dynamo(partition_key)]
    id: Wrapped,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "visits", allow(scan))]
#[dynamo(index(by_place, name = "place-index", partition_key = place, sort_key = at))]
#[dynamo(index(by_length, name = "length-index", local, sort_key = length))]
struct Visit {
    #[dynamo(partition_key)]
    visitor: String,
    #[dynamo(sort_key)]
    at: u64,
    place: String,
    length: u64,
}

async fn engine() -> (LocalEngine, SecureClient) {
    let engine = crate::engine::embedded_engine().await;
    let client = crate::engine::embedded().engine(&engine).table::<Note>().table::<Page>();
    let client = client.table::<Leaf>().table::<Visit>().build().await.unwrap();
    engine.forget_requests();
    (engine, client)
}

#[track_caller]
fn refused(error: impl Into<Error>, reason: &str) {
    let error = error.into();
    assert!(error.is_invalid() && error.attempts() == 0, "{error}");
    assert!(error.to_string().contains(reason), "{error}");
}

#[tokio::test]
async fn a_value_that_is_not_one_of_its_type_is_never_sent() {
    let (engine, client) = engine().await;
    let one = ByHand(|writer| writer.string("x"));
    let note = |text, inner| Note { id: "n".into(), text, texts: vec![inner] };
    let key = || Note::key("n");
    for (write, reason) in [
        ((|_| {}) as fn(&mut Writer), "exactly one attribute value"),
        (
            |writer| {
                writer.string("x");
                writer.string("y");
            },
            "exactly one attribute value",
        ),
        (
            |writer| {
                writer.string("x");
                writer.attribute("pk", "NOTE#another");
            },
            "exactly one attribute value",
        ),
        (|writer| drop(std::mem::take(writer)), "exactly one attribute value"),
        (|writer| writer.integer(1), "another type"),
        (|writer| writer.null(), "another type"),
    ] {
        let wrong = ByHand(write);
        for note in [note(wrong, one), note(one, wrong)] {
            refused(Note::create(note.clone()).send(&client).await.unwrap_err(), reason);
            refused(Note::replace(note.clone()).send(&client).await.unwrap_err(), reason);
            refused(
                Note::put_unconditionally(note.clone()).send(&client).await.unwrap_err(),
                reason,
            );
            let batch = BatchWrite::new().put(note.clone());
            refused(batch.send(&client).await.unwrap_err(), reason);
            let transaction = Transaction::new().create(note);
            refused(transaction.send(&client).await.unwrap_err(), reason);
        }
        let exists = Note::TEXT.exists();
        let update = Note::update(key()).condition(exists.clone()).set(Note::TEXT, wrong);
        refused(update.send(&client).await.unwrap_err(), reason);
        let update = Note::update(key()).condition(exists).append(Note::TEXTS, [wrong]);
        refused(update.send(&client).await.unwrap_err(), reason);
        let delete = Note::delete(key()).condition(Note::TEXT.eq(wrong));
        refused(delete.send(&client).await.unwrap_err(), reason);
    }
    assert!(engine.requests().is_empty());
    Note::create(note(one, one)).send(&client).await.unwrap();
}

#[tokio::test]
async fn two_keys_by_hand_are_never_one() {
    let (engine, client) = engine().await;
    let page = |id| Page { id: Alike(id), owner: "o".into(), team: "t".into() };
    Page::create(page(1)).send(&client).await.unwrap();
    engine.forget_requests();
    let reason = "is not read back as the same value";
    refused(Page::create(page(2)).send(&client).await.unwrap_err(), reason);
    refused(Page::replace(page(2)).send(&client).await.unwrap_err(), reason);
    refused(Page::get(Page::key(Alike(2))).send(&client).await.unwrap_err(), reason);
    refused(Page::query(Alike(2)).send(&client).await.unwrap_err(), reason);
    let leaf = |id| Leaf { id: Wrapped(Alike(id)) };
    refused(Leaf::create(leaf(2)).send(&client).await.unwrap_err(), reason);
    refused(Leaf::get(leaf(2).to_key()).send(&client).await.unwrap_err(), reason);
    assert!(engine.requests().is_empty());
    Leaf::create(leaf(1)).send(&client).await.unwrap();
}

// An index that is not itself, one that is sorted by another attribute, and one of no name.

impl generated::DistinctFrom<VisitByPlace> for VisitByPlace {}

impl SortedBy<Visit, 3> for VisitByPlace {
    type Before = Anything;
    type After = generated::Sorted;
    type Form = generated::WholeKey;
}

struct Anything;

impl ComesBeforeNext<generated::Unsorted> for Anything {}

#[derive(Clone, Debug)]
struct Nowhere;

impl generated::Index<Visit> for Nowhere {
    const NAME: Option<&'static str> = Some("nowhere");
    type PartitionKey = String;
    fn partition(place: &String) -> generated::Partition {
        generated::Partition::of_index::<Visit, 2>(place)
    }
    type Item = Visit;
}

/// The index by place, as if it were of one partition.
#[derive(Clone, Debug)]
struct Place;

impl generated::Index<Visit> for Place {
    const NAME: Option<&'static str> = Some("place-index");
    type PartitionKey = String;
    fn partition(place: &String) -> generated::Partition {
        generated::Partition::of_index::<Visit, 2>(place)
    }
    type Item = Visit;
}

impl generated::ConsistentlyReadable for Place {}

#[tokio::test]
async fn a_query_is_of_what_the_entity_declares() {
    type Query<I> = generated::Query<Visit, I, generated::Unsorted>;
    let (engine, client) = engine().await;
    let filtered = Visit::by_place("here").filter(Visit::PLACE.eq("there"));
    refused(filtered.send(&client).await.unwrap_err(), "a filter is on a key of it");
    let sorted = Visit::by_place("here").length(3..);
    refused(sorted.items(&client).next().await.unwrap().unwrap_err(), "`length` is not the next");
    let of_place = || generated::Partition::of_index::<Visit, 2>("here");
    let nowhere = Query::<Nowhere>::index(of_place());
    refused(nowhere.send(&client).await.unwrap_err(), "not one of the table or the index");
    let of_length = generated::Partition::of_index::<Visit, 3>(3);
    let by_length = Query::<VisitByPlace>::index(of_length);
    refused(by_length.send(&client).await.unwrap_err(), "not one of the table or the index");
    let consistent = Query::<Place>::index(of_place()).consistent();
    refused(consistent.send(&client).await.unwrap_err(), "no consistent reads");
    let scan = Visit::scan_index::<Nowhere>();
    refused(scan.clone().send(&client).await.unwrap_err(), "the entity has no index `nowhere`");
    refused(scan.count(&client).await.unwrap_err(), "the entity has no index `nowhere`");
    let consistent = Visit::scan_index::<Place>().consistent();
    refused(consistent.items(&client).next().await.unwrap().unwrap_err(), "no consistent reads");
    assert!(engine.requests().is_empty());
    let visits = Query::<Place>::index(of_place()).send(&client).await.unwrap();
    assert!(visits.items.is_empty());
}

/// In another table.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "stays")]
struct Stay {
    #[dynamo(partition_key)]
    visitor: String,
    #[dynamo(sort_key)]
    at: u64,
}

#[derive(Collection, Clone, Debug, PartialEq)]
enum OfVisitor {
    Visit(Visit),
}

impl dynamo_runtime::collection::InCollection<OfVisitor> for Stay {}

#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(index = VisitByPlace)]
enum AtPlace {
    Visit(Visit),
}

impl dynamo_runtime::collection::OfTable for AtPlace {}

#[tokio::test]
async fn the_bounds_of_a_collection_are_keys_of_what_it_queries() {
    let (engine, client) = engine().await;
    let stay = StayKey { visitor: "7".into(), at: 1 };
    let visits = || OfVisitor::query("7");
    for query in [visits().starting_at(&stay), visits().ending_at(&stay), visits().under(&stay)] {
        refused(query.page(&client).await.unwrap_err(), "or a bound is none");
    }
    let visit = VisitKey { visitor: "here".into(), at: 1 };
    let at_place = AtPlace::query("here").starting_at(&visit);
    refused(at_place.page(&client).await.unwrap_err(), "or a bound is none");
    assert!(engine.requests().is_empty());
    let visit = VisitKey { visitor: "7".into(), at: 1 };
    assert!(visits().under(&visit).page(&client).await.unwrap().items.is_empty());
}

/// One of the two parts of the key of an index.
struct Half;

impl generated::IndexKey for Half {
    type Entity = Page;

    fn set(self, parts: &mut generated::KeyParts<'_>) {
        parts.set::<Page, 1>(&"another".to_owned());
    }
}

#[tokio::test]
async fn a_key_of_an_index_is_set_as_a_whole() {
    let (engine, client) = engine().await;
    let update = Page::update(Page::key(Alike(1))).condition(Page::OWNER.exists());
    let update = update.set_index_key(Half);
    refused(update.send(&client).await.unwrap_err(), "part `team`");
    assert!(engine.requests().is_empty());
}

// What says nothing but of a type of one's own.

struct Ours(u8);

impl ValueFor<String> for Ours {
    fn with<R>(self, run: impl FnOnce(&String) -> R) -> R {
        run(&self.0.to_string())
    }
}

#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Percent(u8);

impl Encode for Percent {
    fn encode(&self, writer: &mut Writer) {
        writer.integer(self.0);
    }
}

impl AttributeValue for Percent {
    type Kind = kind::Number;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = false;
}

impl Arithmetic for Percent {
    const ZERO: Self = Self(0);

    fn room_to_add(&self) -> Room<Self> {
        Room::AtMost(Self(100 - self.0))
    }

    fn room_to_subtract(&self) -> Room<Self> {
        Room::AtLeast(*self)
    }
}

impl dynamo_runtime::codec::Stored for Ours {
    type Encoding = generated::Plain;
    type KeyEncoding = dynamo_runtime::codec::NativeKey;
    type Operand = Ours;
}

impl AddTo<Ours> for Ours {
    type Output = Ours;

    fn add_to(self, written: Ours) -> Ours {
        written
    }
}

impl generated::TablePartAt<1> for Page {}
impl generated::IndexPartAt<0> for Page {}

impl<'de> generated::ReadWithin<'de, generated::Plain, Ours> for Ours {
    const SELECTION: Option<&'static [generated::Selected]> = None;

    fn read_within(reader: &mut Reader<'de>) -> Result<Ours, DecodeError> {
        reader.integer().map(Ours)
    }

    fn absent_within() -> Option<Ours> {
        None
    }
}

impl dynamo_runtime::codec::UpgradeFrom<u8> for Ours {
    fn upgrade_from(old: u8) -> Result<Self, &'static str> {
        Ok(Self(old))
    }
}

struct Silent;

impl Audit for Silent {
    fn record(&self, _: &AuditEvent) {}
}

#[tokio::test]
async fn what_is_given_is_a_value_of_the_attributes_type() {
    let engine = crate::engine::embedded_engine().await;
    let client = crate::engine::embedded().engine(&engine).audit(Silent).table::<Visit>();
    let client = client.build().await.unwrap();
    let visit = Visit { visitor: "7".into(), at: 1, place: "here".into(), length: 2 };
    Visit::create(visit.clone()).send(&client).await.unwrap();
    assert_eq!(Visit::query(Ours(7)).send(&client).await.unwrap().items, [visit]);
    assert!(Percent(30).room_to_add() == Room::AtMost(Percent(70)));
    assert!(Percent(30).room_to_subtract() == Room::AtLeast(Percent(30)));
}

/// It names entities, and can say nothing of them that their derives do not.
struct SeveralByHand;

impl dynamo_runtime::Entities for SeveralByHand {
    fn describe(entities: &mut dynamo_runtime::__private::Descriptions) {
        <crate::tables::ShopItem as dynamo_runtime::Entities>::describe(entities);
    }
}

#[test]
fn entities_that_are_named_by_hand_are_those_of_their_derives() {
    use dynamo_runtime::tables::Schema;

    let by_hand = Schema::of::<SeveralByHand>().unwrap();
    let derived = Schema::of::<crate::tables::ShopItem>().unwrap();
    assert_eq!(by_hand.tables(), derived.tables());
}
