//! Every form in which an expiry may be stored, seen by every operation.

use crate::engine::eventually;
use std::num::NonZeroUsize;

use dynamo_runtime::codec::{AttributeValue, Encode, Writer, kind};
use dynamo_runtime::prelude::*;
use dynamo_runtime::{Error, WriteError};

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "leases", allow(scan, unconditional_upsert))]
#[dynamo(partition_key("pk") = "HOLDER#{holder}", sort_key("sk") = "LEASE#{number}")]
#[dynamo(index(by_room, name = "room-index", partition_key = room))]
struct Lease {
    holder: String,
    number: u32,
    room: Option<String>,
    #[dynamo(default)]
    uses: u32,
    #[dynamo(version, default)]
    version: Version,
    #[dynamo(ttl)]
    until: Option<Timestamp>,
}

/// The same item, as another program writes it.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "leases", allow(unconditional_put))]
#[dynamo(partition_key("pk") = "HOLDER#{holder}", sort_key("sk") = "LEASE#{number}")]
struct Foreign {
    holder: String,
    number: u32,
    room: String,
    uses: u32,
    version: u64,
    until: Form,
}

#[derive(Projection, Debug)]
#[dynamo(of = Lease)]
struct Until {
    #[expect(dead_code, reason = "it is read all the same")]
    until: Option<Timestamp>,
}

#[derive(Collection, Debug)]
enum Held {
    #[expect(dead_code, reason = "it is told apart, and counted")]
    Lease(Lease),
}

/// An attribute value of any type.
#[derive(Clone, Debug, PartialEq)]
enum Form {
    Absent,
    Null,
    Text(String),
    Number(String),
    Boolean,
    Binary,
    List(i64),
    Set(i64),
    Map,
}

impl Encode for Form {
    fn encode(&self, writer: &mut Writer) {
        match self {
            Self::Absent | Self::Null => writer.null(),
            Self::Text(text) => writer.string(text),
            Self::Number(number) => writer.decimal(number),
            Self::Boolean => writer.bool(true),
            Self::Binary => writer.binary(b"1"),
            Self::List(number) => writer.list([number], Encode::encode),
            Self::Set(number) => writer.set([number]),
            Self::Map => writer.map(|_| {}),
        }
    }

    fn is_absent(&self) -> bool {
        *self == Self::Absent
    }
}

impl dynamo_runtime::codec::Decode<'_> for Form {
    fn decode(
        reader: &mut dynamo_runtime::codec::Reader<'_>,
    ) -> Result<Self, dynamo_runtime::codec::DecodeError> {
        Err(dynamo_runtime::codec::DecodeError::refused(reader.position(), "it is only written"))
    }
}

impl AttributeValue for Form {
    type Kind = kind::Untyped;
    type ListKind = kind::List;
    type Operand = Self;
    const OPTIONAL: bool = true;
}

/// What an operation makes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    Absent,
    There,
    Unreadable,
}

/// What DynamoDB makes of a stored form: it deletes the item, or not, and then a `Timestamp` can
/// hold the time, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Expired,
    Alive,
    /// Alive, and the time is none that the field could hold.
    NoTime,
}

const FIVE_YEARS: i64 = 5 * 365 * 86_400;

fn forms(now: i64) -> Vec<(Form, Fate)> {
    use Fate::{Alive, Expired, NoTime};
    let number = |number: i64| Form::Number(number.to_string());
    let text = |text: &str| Form::Number(text.to_owned());
    vec![
        (Form::Absent, Alive),
        (Form::Null, Alive),
        (Form::Text(String::new()), NoTime),
        (Form::Text("tomorrow".to_owned()), NoTime),
        (Form::Text((now - 1).to_string()), NoTime),
        (Form::Boolean, NoTime),
        (Form::Binary, NoTime),
        (Form::List(now - 1), NoTime),
        (Form::Set(now - 1), NoTime),
        (Form::Map, NoTime),
        (number(0), Alive),
        (number(-1), Alive),
        (number(-62_135_596_800), Alive),
        (number(1 - now), Alive),
        (number(now - FIVE_YEARS - 1), Alive),
        (number(now - FIVE_YEARS), Expired),
        (number(now - FIVE_YEARS + 1), Expired),
        (number(now - 1), Expired),
        (number(now), Expired),
        (number(now + 1), Alive),
        (number(now + FIVE_YEARS), Alive),
        (text(&format!("{}.5", now - FIVE_YEARS - 1)), Alive),
        (text(&format!("{}.5", now - 1)), Expired),
        (text(&format!("{now}.0000001")), Alive),
        (text(&format!("{}E-1", (now - 1) * 10)), Expired),
        (text("9E9"), Alive),
        (number((now - 1) * 1000), NoTime),
        (number(253_402_300_799), Alive),
        (number(253_402_300_800), NoTime),
        (text("99999999999999999999999999999999999999"), NoTime),
        (text("-99999999999999999999999999999999999999"), NoTime),
    ]
}

const READS: [&str; 11] = [
    "get",
    "get of a projection",
    "fetch",
    "query",
    "query of an index",
    "collection",
    "scan",
    "parallel scan",
    "batch get",
    "page",
    "modify",
];
/// They do not decode the time.
const LOOKS: [&str; 4] = ["get of an attribute", "count", "count of an index", "count of a scan"];
const WRITES: [&str; 9] = [
    "create",
    "put",
    "replace",
    "update",
    "upsert",
    "unconditional upsert",
    "delete",
    "delete of an entity",
    "put if it exists",
];
const TRANSACTIONS: [&str; 8] = [
    "create",
    "put",
    "update",
    "upsert",
    "delete",
    "check",
    "check that it exists",
    "check that it is absent",
];

fn key() -> LeaseKey {
    LeaseKey { holder: "h".to_owned(), number: 1 }
}

fn lease() -> Lease {
    Lease {
        holder: "h".to_owned(),
        number: 1,
        room: Some("r".to_owned()),
        uses: 1,
        version: Version::FIRST,
        until: None,
    }
}

async fn store(client: &SecureClient, until: &Form) {
    let foreign = Foreign {
        holder: "h".to_owned(),
        number: 1,
        room: "r".to_owned(),
        uses: 1,
        version: 1,
        until: until.clone(),
    };
    Foreign::put_unconditionally(foreign).send(client).await.unwrap();
}

fn found<T>(result: Result<Option<T>, Error>) -> Seen {
    match result {
        Ok(Some(_)) => Seen::There,
        Ok(None) => Seen::Absent,
        Err(error) if error.is_decode() => Seen::Unreadable,
        Err(error) => panic!("{error}"),
    }
}

fn counted(count: u64) -> Seen {
    match count {
        0 => Seen::Absent,
        1 => Seen::There,
        _ => panic!("{count} items"),
    }
}

/// The one item of a stream; an error in its place is no end of it.
fn streamed<T>(items: Vec<Result<T, Error>>) -> Seen {
    assert!(items.len() < 2);
    found(items.into_iter().next().transpose())
}

fn written<T, E>(result: Result<T, WriteError<E>>) -> Seen {
    match result {
        Ok(_) => Seen::There,
        Err(error) if error.is_condition_failed() => Seen::Absent,
        Err(error) => panic!("{}", error.as_error()),
    }
}

/// All that a stream gives, errors too.
macro_rules! all {
    ($items:expr) => {{
        let (mut items, mut all) = ($items, Vec::new());
        while let Some(item) = items.next().await {
            all.push(item);
        }
        all
    }};
}

async fn read(client: &SecureClient, operation: &str) -> Seen {
    match operation {
        "get" => found(Lease::get(key()).send(client).await),
        "get of a projection" => found(Lease::get(key()).project::<Until>().send(client).await),
        "fetch" => {
            let fetched = Lease::get(key()).fetch_borrowed::<Lease>(client).await.unwrap();
            found(fetched.item())
        }
        "get of an attribute" => found(Lease::get(key()).attribute(Lease::USES).send(client).await),
        "query" => streamed(all!(Lease::query("h").items(client))),
        "query of an index" => streamed(all!(Lease::by_room("r").items(client))),
        "collection" => streamed(all!(Held::query("h").items(client))),
        "scan" => streamed(all!(Lease::scan().items(client))),
        "parallel scan" => {
            streamed(all!(Lease::scan().segments(NonZeroUsize::new(2).unwrap()).items(client)))
        }
        "page" => {
            let page = Lease::query("h").page(client).await;
            let fetched = Lease::query("h").fetch_borrowed::<Lease>(client).await.unwrap();
            let seen = found(page.map(|page| page.items.into_iter().next()));
            assert_eq!(streamed(fetched.each().unwrap()), seen);
            assert_eq!(found(fetched.items().map(|items| items.into_iter().next())), seen);
            seen
        }
        "count" => counted(Lease::query("h").count(client).await.unwrap()),
        "count of an index" => counted(Lease::by_room("r").count(client).await.unwrap()),
        "count of a scan" => counted(Lease::scan().count(client).await.unwrap()),
        "batch get" => {
            let gathered = Lease::batch_get([key()]).send(client).await.unwrap();
            match (gathered.found.len(), gathered.absent.len(), gathered.unreadable.len()) {
                (1, 0, 0) => Seen::There,
                (0, 1, 0) => Seen::Absent,
                (0, 0, 1) => Seen::Unreadable,
                _ => panic!("{gathered:?}"),
            }
        }
        "modify" => {
            let result = Lease::modify(key(), |_| Ok(())).send(client).await;
            match result {
                Err(error) if error.as_error().is_decode() => Seen::Unreadable,
                result => written(result),
            }
        }
        _ => panic!("{operation}"),
    }
}

async fn write(client: &SecureClient, operation: &str) -> Seen {
    match operation {
        // It is there for a `create` if that is refused.
        "create" => match written(Lease::create(lease()).send(client).await) {
            Seen::There => Seen::Absent,
            _ => Seen::There,
        },
        "put" => {
            let put = Lease::put(lease()).condition(Lease::USES.eq(1));
            written(put.send(client).await)
        }
        "put if it exists" => written(Lease::put(lease()).if_exists().send(client).await),
        "replace" => written(Lease::replace(lease()).send(client).await),
        "update" => {
            let update = Lease::update(key()).add(Lease::USES, 1).if_exists();
            written(update.send(client).await)
        }
        "upsert" => {
            let upsert = Lease::upsert(key()).add(Lease::USES, 1);
            written(upsert.condition(Lease::USES.eq(1)).send(client).await)
        }
        "unconditional upsert" => {
            let upsert = Lease::upsert_unconditionally(key()).add(Lease::USES, 1);
            written(upsert.send(client).await)
        }
        "delete" => written(Lease::delete(key()).if_exists().send(client).await),
        "delete of an entity" => written(Lease::delete_entity(&lease()).send(client).await),
        _ => panic!("{operation}"),
    }
}

async fn transact(client: &SecureClient, operation: &str) -> Seen {
    let transaction = Transaction::new();
    let is_applied = match operation {
        "create" => transaction.create(lease()).send(client).await.map(|_| ()),
        "put" => {
            let put = Lease::put(lease()).condition(Lease::USES.eq(1));
            transaction.put(put).send(client).await.map(|_| ())
        }
        "update" => {
            let update = Lease::update(key()).add(Lease::USES, 1).if_exists();
            transaction.update(update).send(client).await
        }
        "upsert" => {
            let upsert = Lease::upsert(key()).add(Lease::USES, 1);
            transaction.update(upsert.condition(Lease::USES.eq(1))).send(client).await
        }
        "delete" => transaction.delete(Lease::delete(key()).if_exists()).send(client).await,
        "check" => transaction.check(key(), Lease::USES.eq(1)).send(client).await,
        "check that it exists" => transaction.check_exists(key()).send(client).await,
        "check that it is absent" => transaction.check_absent(key()).send(client).await,
        _ => panic!("{operation}"),
    };
    let needs_none = matches!(operation, "create" | "check that it is absent");
    match is_applied {
        Ok(()) if needs_none => Seen::Absent,
        Ok(()) => Seen::There,
        Err(error) => {
            let [reason] = error.reasons() else { panic!("{error}") };
            assert!(reason.is_condition_failed(), "{error}");
            assert_eq!(reason.is_absent(), !needs_none, "{operation}: {error}");
            if needs_none { Seen::There } else { Seen::Absent }
        }
    }
}

fn of(fate: Fate, decodes: bool) -> Seen {
    match fate {
        Fate::Expired => Seen::Absent,
        Fate::NoTime if decodes => Seen::Unreadable,
        Fate::Alive | Fate::NoTime => Seen::There,
    }
}

/// A client whose clock stands still, and that time.
async fn stopped() -> (SecureClient, i64) {
    let now = std::time::SystemTime::now();
    let client = crate::engine::client().table::<Lease>().clock(move || now).build().await;
    (client, Timestamp::try_from(now).unwrap().epoch_seconds())
}

#[tokio::test]
async fn every_read_sees_every_stored_expiry_as_dynamodb_does() {
    let (client, now) = stopped().await;
    for (form, fate) in forms(now) {
        for (operations, decodes) in [(&READS[..], true), (&LOOKS[..], false)] {
            for operation in operations {
                store(&client, &form).await;
                let seen = read(&client, operation).await;
                assert_eq!(seen, of(fate, decodes), "{operation} of {form:?}");
            }
        }
        store(&client, &form).await;
        let seen = found(Lease::get(key()).including_expired().send(&client).await);
        let expected = if fate == Fate::NoTime { Seen::Unreadable } else { Seen::There };
        assert_eq!(seen, expected, "{form:?}");
    }
}

#[tokio::test]
async fn every_write_sees_every_stored_expiry_as_dynamodb_does() {
    let (client, now) = stopped().await;
    for (form, fate) in forms(now) {
        for operation in WRITES {
            store(&client, &form).await;
            let seen = write(&client, operation).await;
            assert_eq!(seen, of(fate, false), "{operation} of {form:?}");
        }
    }
}

#[tokio::test]
async fn every_transaction_sees_every_stored_expiry_as_dynamodb_does() {
    drop(crate::engine::embedded());
    let (client, now) = stopped().await;
    for (form, fate) in forms(now) {
        for operation in TRANSACTIONS {
            store(&client, &form).await;
            let seen = transact(&client, operation).await;
            assert_eq!(seen, of(fate, false), "{operation} of {form:?}");
        }
        store(&client, &form).await;
        let found = Transaction::get((Lease::get(key()),)).send(&client).await;
        let seen = match found {
            Ok((found,)) => found.map_or(Seen::Absent, |_| Seen::There),
            Err(error) => {
                assert!(error.as_error().is_decode(), "{error}");
                Seen::Unreadable
            }
        };
        assert_eq!(seen, of(fate, true), "{form:?}");
    }
}

#[tokio::test]
async fn an_item_whose_expiry_cannot_be_read_is_an_error_in_its_place() {
    let (client, now) = stopped().await;
    for (number, until) in [
        (1, Form::Absent),
        (2, Form::Number((now * 1000).to_string())),
        (3, Form::Number((now + 9).to_string())),
        (4, Form::Text("never".to_owned())),
        (5, Form::Null),
        (6, Form::Number((now - 9).to_string())),
    ] {
        let (holder, room) = ("h".to_owned(), "r".to_owned());
        let foreign = Foreign { holder, number, room, uses: 1, version: 1, until };
        Foreign::put_unconditionally(foreign).send(&client).await.unwrap();
    }
    let show = |item: Result<Lease, Error>| match item {
        Ok(lease) => lease.number.to_string(),
        Err(error) => error.path().unwrap().to_owned(),
    };
    let shown = ["1", "Items[1].until", "3", "Items[3].until", "5"];
    let items = all!(Lease::query("h").items(&client));
    assert_eq!(items.into_iter().map(show).collect::<Vec<_>>(), shown);
    let fetched = Lease::query("h").fetch_borrowed::<Lease>(&client).await.unwrap();
    assert_eq!(fetched.each().unwrap().into_iter().map(show).collect::<Vec<_>>(), shown);
    assert_eq!(fetched.items().unwrap_err().path(), Some("Items[1].until"));
    // Over pages of two, which end where such an item is.
    let (mut paged, mut query) = (Vec::new(), Lease::query("h").limit(2));
    loop {
        let page = query.fetch_borrowed::<Lease>(&client).await.unwrap();
        paged.extend(page.each().unwrap().into_iter().map(show));
        let Some(next) = page.next else { break };
        query = Lease::query("h").limit(2).after(next);
    }
    assert_eq!(paged, ["1", "Items[1].until", "3", "Items[1].until", "5"]);
    let mut scanned = all!(Lease::scan().segments(NonZeroUsize::new(3).unwrap()).items(&client))
        .into_iter()
        .map(show);
    assert_eq!(scanned.by_ref().count(), 5);
    // Who takes an error for the end gets no more than before, and no gap in silence.
    let error = Lease::query("h").items(&client).collect().await.unwrap_err();
    assert_eq!(error.path(), Some("Items[1].until"));
}

/// A lease of an older shape, which `Lease` cannot read.
#[derive(Entity, Clone, Debug)]
#[dynamo(table = "leases", allow(unconditional_put))]
#[dynamo(partition_key("pk") = "HOLDER#{holder}", sort_key("sk") = "LEASE#{number}")]
struct Older {
    holder: String,
    number: u32,
    room: String,
    uses: String,
    until: i64,
}

async fn store_older(client: &SecureClient, until: i64) {
    let (holder, room, uses) = ("h".to_owned(), "r".to_owned(), "many".to_owned());
    let older = Older { holder, number: 1, room, uses, until };
    Older::put_unconditionally(older).send(client).await.unwrap();
}

#[tokio::test]
async fn an_expired_item_of_an_older_shape_is_absent() {
    let (client, now) = stopped().await;
    for (until, expected) in [(now - 9, Seen::Absent), (now + 9, Seen::Unreadable)] {
        store_older(&client, until).await;
        for operation in READS {
            // What it asks for can be read.
            let expected = match (operation, expected) {
                ("get of a projection", Seen::Unreadable) => Seen::There,
                _ => expected,
            };
            if operation.contains("index") {
                eventually(expected, async || read(&client, operation).await).await;
            } else {
                assert_eq!(read(&client, operation).await, expected, "{operation}");
            }
        }
    }
    store_older(&client, now - 9).await;
    let lease = Lease::create(lease()).send(&client).await.unwrap();
    assert_eq!(Lease::get(key()).send(&client).await.unwrap(), Some(lease));
}

#[tokio::test]
async fn a_failed_condition_tells_an_expired_item_of_an_older_shape() {
    drop(crate::engine::embedded());
    let (client, now) = stopped().await;
    store_older(&client, now - 9).await;
    let error = Lease::delete(key()).if_exists().send(&client).await.unwrap_err();
    assert!(error.is_absent() && error.current().is_none());
    assert_eq!(error.current_unreadable().unwrap().path(), Some("Item.uses"));
    let error = Transaction::new().check_exists(key()).send(&client).await.unwrap_err();
    assert!(error.reasons()[0].is_absent());
    let (found,) = Transaction::get((Lease::get(key()),)).send(&client).await.unwrap();
    assert_eq!(found, None);
    store_older(&client, now + 9).await;
    let error = Lease::delete(key()).condition(Lease::USES.eq(1)).send(&client).await.unwrap_err();
    assert!(!error.is_absent() && error.current_unreadable().is_some());
}
