//! Every kind of write, each as it is sent by default, exactly once and at most once.

use std::pin::Pin;

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Response, TransactionError, WriteError};

use crate::course::{Course, Effect, Resent, Rules, Step};
use crate::entities::{
    Content, FIRST, OURS, Plain, PlainKey, THEIRS, Timed, TimedKey, Versioned, VersionedKey,
};
use crate::oracle::Told;

type Answer<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A kind of write.
pub struct Write {
    pub name: &'static str,
    pub entity: &'static str,
    pub delivery: &'static str,
    pub rules: Rules,
    /// The operation that it is sent as.
    pub operation: &'static str,
    /// What remains that no order explains.
    pub remains: Option<Remains>,
    pub send: fn(SecureClient, String) -> Answer<Told>,
    /// The same write by another one, sent as another operation; whether it succeeded.
    pub same: fn(SecureClient, String) -> Answer<bool>,
    pub store: Store,
}

/// What the courses have in common that no order explains.
#[derive(Clone, Copy)]
pub struct Remains {
    pub words: &'static str,
    /// The steps of the other writer without which it does not happen, in their order.
    steps: &'static [Step],
}

impl Remains {
    pub fn is_about(self, course: &Course) -> bool {
        let mut done = course.steps().into_iter().map(|(step, _)| step);
        self.steps.iter().all(|step| done.any(|done| done == *step))
    }
}

/// What the other writer does with an entity, and how its item is read.
#[derive(Clone, Copy)]
pub struct Store {
    pub create: fn(SecureClient, String) -> Answer<()>,
    pub read: fn(SecureClient, String) -> Answer<Option<Content>>,
    /// As single writes.
    pub alone: fn(SecureClient, String, Step) -> Answer<bool>,
    /// As transactions.
    pub in_transaction: fn(SecureClient, String, Step) -> Answer<bool>,
}

impl Write {
    pub fn title(&self) -> String {
        format!("{}, {}, {}", self.name, self.entity, self.delivery)
    }

    pub fn is_transaction(&self) -> bool {
        self.operation == "TransactWriteItems"
    }
}

fn told<T, E>(result: Result<Response<T>, WriteError<E>>) -> Told {
    match result {
        Ok(response) => Told::Ok { twice: response.may_be_applied_twice },
        Err(error) if error.is_outcome_unknown() => {
            Told::Unknown { twice: error.may_be_applied_twice() }
        }
        Err(error) if error.is_condition_failed() => Told::Failed,
        Err(error) => panic!("{error}"),
    }
}

fn told_of_transaction<T>(result: Result<Response<T>, TransactionError>) -> Told {
    match result {
        Ok(response) => Told::Ok { twice: response.may_be_applied_twice },
        Err(error) if error.is_outcome_unknown() => {
            Told::Unknown { twice: error.as_error().may_be_applied_twice() }
        }
        Err(error) if error.is_condition_failed() => Told::Failed,
        Err(error) => panic!("{error}"),
    }
}

async fn told_of_batch(batch: BatchWrite, client: SecureClient) -> Told {
    let response = batch.send_with_metadata(&client).await.unwrap();
    let twice = response.may_be_applied_twice;
    match (response.value.applied.len(), response.value.left.len(), response.value.unknown.len()) {
        (1, 0, 0) => Told::Ok { twice },
        (0, 1, 0) => Told::Failed,
        (0, 0, 1) => Told::Unknown { twice },
        other => panic!("{other:?}"),
    }
}

/// Whether it succeeded; anything but a failed condition is no answer.
fn is_done<T, E>(result: Result<T, WriteError<E>>) -> bool {
    match result {
        Ok(_) => true,
        Err(error) if error.is_condition_failed() => false,
        Err(error) => panic!("{error}"),
    }
}

macro_rules! store {
    ($entity:ident) => {{
        macro_rules! step {
            ($client:ident, $id:ident, $step:ident, $send:ident) => {
                Box::pin(async move {
                    let key = $entity::key(&*$id);
                    match $step {
                        Step::Change => {
                            let update = $entity::update(key).set($entity::VALUE, THEIRS);
                            $send!(update.if_exists(), &$client)
                        }
                        Step::Delete => $send!($entity::delete(key).if_exists(), &$client),
                        Step::Create => {
                            $send!($entity::create($entity::new(&$id, FIRST)), &$client)
                        }
                        Step::Same => unreachable!("the write has its own"),
                    }
                })
            };
        }
        Store {
            create: |client, id| {
                Box::pin(async move {
                    $entity::create($entity::new(&id, FIRST)).send(&client).await.unwrap();
                })
            },
            read: |client, id| {
                Box::pin(async move {
                    let item = $entity::get($entity::key(&*id)).send(&client).await.unwrap();
                    item.map(|item| item.content())
                })
            },
            alone: |client, id, step| step!(client, id, step, alone),
            in_transaction: |client, id, step| step!(client, id, step, in_transaction),
        }
    }};
}

macro_rules! alone {
    ($write:expr, $client:expr) => {
        is_done($write.send($client).await)
    };
}

macro_rules! in_transaction {
    ($write:expr, $client:expr) => {
        is_done($write.exactly_once().send($client).await)
    };
}

/// What tells one write of the entity from another, for the table.
trait Described {
    const DESCRIPTION: &'static str;
    const HAS_VERSION: bool;
    const HAS_TIME: bool;
}

impl Described for Plain {
    const DESCRIPTION: &'static str = "no version";
    const HAS_VERSION: bool = false;
    const HAS_TIME: bool = false;
}

impl Described for Versioned {
    const DESCRIPTION: &'static str = "version";
    const HAS_VERSION: bool = true;
    const HAS_TIME: bool = false;
}

impl Described for Timed {
    const DESCRIPTION: &'static str = "version and times";
    const HAS_VERSION: bool = true;
    const HAS_TIME: bool = true;
}

/// How a write is sent, what the model knows of it, and in which courses it may be applied twice.
struct Kind {
    name: &'static str,
    operation: &'static str,
    is_there: bool,
    is_modify: bool,
    /// What remains where it is sent again under its condition; without that it is not.
    guarded: Option<Remains>,
    effect: Effect,
}

impl Kind {
    fn rules<E: Described>(&self, resent: Resent) -> Rules {
        Rules {
            is_there: self.is_there,
            has_version: E::HAS_VERSION,
            has_time: E::HAS_TIME,
            is_modify: self.is_modify,
            has_conflicts: self.operation != "BatchWriteItem",
            resent,
            effect: self.effect,
        }
    }
}

/// Adds a single write in its three deliveries.
macro_rules! single {
    ($writes:ident, $entity:ident, $kind:expr, |$id:ident| $write:expr) => {{
        let kind: Kind = $kind;
        let resent = if kind.guarded.is_some() { Resent::Guarded } else { Resent::Never };
        let by_default = Write {
            name: kind.name,
            entity: $entity::DESCRIPTION,
            delivery: "by default",
            rules: kind.rules::<$entity>(resent),
            operation: kind.operation,
            remains: kind.guarded,
            send: |client, $id| {
                Box::pin(async move { told($write.send_with_metadata(&client).await) })
            },
            same: |client, $id| Box::pin(async move { in_transaction!($write, &client) }),
            store: store!($entity),
        };
        $writes.push(Write {
            delivery: "exactly once",
            rules: kind.rules::<$entity>(Resent::WithToken),
            operation: "TransactWriteItems",
            remains: None,
            send: |client, $id| {
                Box::pin(
                    async move { told($write.exactly_once().send_with_metadata(&client).await) },
                )
            },
            same: |client, $id| Box::pin(async move { alone!($write, &client) }),
            ..by_default
        });
        $writes.push(Write {
            delivery: "at most once",
            rules: kind.rules::<$entity>(Resent::Never),
            remains: None,
            send: |client, $id| {
                Box::pin(
                    async move { told($write.at_most_once().send_with_metadata(&client).await) },
                )
            },
            ..by_default
        });
        $writes.push(by_default);
    }};
}

const MADE_AGAIN: Remains = Remains {
    words: "another deletes the item between two arrivals: it is made again",
    steps: &[Step::Delete],
};
const NEW_DELETED: Remains = Remains {
    words: "another makes a new item between two arrivals: that is deleted too",
    steps: &[Step::Create],
};
const NEW_OF_VERSION_DELETED: Remains = Remains {
    words: "another makes a new item of the same version between two arrivals: that is deleted too",
    steps: &[Step::Create],
};
const NEW_OF_VERSION_WRITTEN: Remains = Remains {
    words: "another deletes the item and makes a new one of the same version between two arrivals: that is written over",
    steps: &[Step::Delete, Step::Create],
};

fn create(has_version: bool) -> Kind {
    Kind {
        name: "create",
        operation: "PutItem",
        is_there: false,
        is_modify: false,
        guarded: Some(MADE_AGAIN),
        effect: if has_version {
            |item| item.is_none().then_some(Some((OURS, 1)))
        } else {
            |item| item.is_none().then_some(Some((OURS, 0)))
        },
    }
}

fn put(name: &'static str) -> Kind {
    Kind {
        name,
        operation: "PutItem",
        is_there: true,
        is_modify: false,
        guarded: None,
        effect: |item| item.map(|_| Some((OURS, 0))),
    }
}

/// A whole item at version 1.
fn at_version(name: &'static str) -> Kind {
    Kind {
        guarded: Some(NEW_OF_VERSION_WRITTEN),
        effect: |item| item.is_some_and(|(_, version)| version == 1).then_some(Some((OURS, 2))),
        ..put(name)
    }
}

fn update(name: &'static str, effect: Effect) -> Kind {
    Kind { name, operation: "UpdateItem", is_there: true, is_modify: false, guarded: None, effect }
}

fn upsert(name: &'static str, effect: Effect) -> Kind {
    Kind { is_there: false, ..update(name, effect) }
}

fn delete(name: &'static str, guarded: Option<Remains>) -> Kind {
    Kind {
        name,
        operation: "DeleteItem",
        is_there: true,
        is_modify: false,
        guarded,
        effect: |item| item.map(|_| None),
    }
}

fn modify() -> Kind {
    let effect: Effect = |item| item.map(|(value, version)| Some((value + 1, version + 1)));
    Kind { is_modify: true, effect, ..at_version("modify") }
}

pub fn all() -> Vec<Write> {
    let mut writes = Vec::new();
    plain(&mut writes);
    versioned(&mut writes);
    timed(&mut writes);
    several(&mut writes);
    writes
}

fn plain(writes: &mut Vec<Write>) {
    fn key(id: &str) -> PlainKey {
        Plain::key(id)
    }
    fn ours(id: &str) -> Plain {
        Plain::new(id, OURS)
    }
    single!(writes, Plain, create(false), |id| Plain::create(ours(&id)));
    single!(writes, Plain, put("replace"), |id| Plain::replace(ours(&id)));
    single!(
        writes,
        Plain,
        Kind {
            effect: |item| item.filter(|(value, _)| *value == FIRST).map(|_| Some((OURS, 0))),
            ..put("put, its condition made false by it")
        },
        |id| Plain::put(ours(&id)).condition(Plain::VALUE.eq(FIRST))
    );
    single!(writes, Plain, put("put, its condition left true"), |id| {
        Plain::put(ours(&id)).condition(Plain::VALUE.ge(FIRST))
    });
    single!(
        writes,
        Plain,
        Kind { effect: |_| Some(Some((OURS, 0))), ..put("put without a condition") },
        |id| Plain::put_unconditionally(ours(&id))
    );
    single!(
        writes,
        Plain,
        update("update if it exists", |item| item.map(|_| Some((OURS, 0)))),
        |id| { Plain::update(key(&id)).set(Plain::VALUE, OURS).if_exists() }
    );
    single!(
        writes,
        Plain,
        update("addition if it exists", |item| item.map(|(value, _)| Some((value + 1, 0)))),
        |id| Plain::update(key(&id)).add(Plain::VALUE, 1).if_exists()
    );
    single!(
        writes,
        Plain,
        update("update, its condition made false by it", |item| {
            item.filter(|(value, _)| *value == FIRST).map(|_| Some((OURS, 0)))
        }),
        |id| Plain::update(key(&id)).set(Plain::VALUE, OURS).condition(Plain::VALUE.eq(FIRST))
    );
    single!(
        writes,
        Plain,
        update("addition, its condition left true", |item| {
            item.map(|(value, _)| Some((value + 1, 0)))
        }),
        |id| Plain::update(key(&id)).add(Plain::VALUE, 1).condition(Plain::VALUE.ge(FIRST))
    );
    single!(
        writes,
        Plain,
        upsert("upsert, its condition made false by it", |item| {
            item.is_none().then_some(Some((OURS, 0)))
        }),
        |id| Plain::upsert(key(&id)).set(Plain::VALUE, OURS).condition(Plain::VALUE.not_exists())
    );
    single!(
        writes,
        Plain,
        upsert("upsert without a condition", |item| {
            Some(Some((item.map_or(1, |(value, _)| value + 1), 0)))
        }),
        |id| Plain::upsert_unconditionally(key(&id)).add(Plain::VALUE, 1)
    );
    single!(writes, Plain, delete("delete if it exists", Some(NEW_DELETED)), |id| {
        Plain::delete(key(&id)).if_exists()
    });
    single!(writes, Plain, delete("delete under a condition", Some(NEW_DELETED)), |id| {
        Plain::delete(key(&id)).condition(Plain::VALUE.ge(FIRST))
    });
    single!(
        writes,
        Plain,
        Kind { effect: |_| Some(None), ..delete("delete without a condition", None) },
        |id| Plain::delete_unconditionally(key(&id))
    );
}

fn versioned(writes: &mut Vec<Write>) {
    fn key(id: &str) -> VersionedKey {
        Versioned::key(id)
    }
    fn ours(id: &str) -> Versioned {
        Versioned { value: OURS, ..Versioned::first(id) }
    }
    single!(writes, Versioned, create(true), |id| Versioned::create(Versioned::new(&id, OURS)));
    single!(writes, Versioned, at_version("replace"), |id| Versioned::replace(ours(&id)));
    single!(writes, Versioned, at_version("put under a condition"), |id| {
        Versioned::put(ours(&id)).condition(Versioned::VALUE.ge(FIRST))
    });
    single!(
        writes,
        Versioned,
        Kind { operation: "UpdateItem", ..at_version("update at a version") },
        |id| Versioned::update(key(&id)).set(Versioned::VALUE, OURS).at_version(Version::FIRST)
    );
    single!(
        writes,
        Versioned,
        update("addition if it exists", |item| {
            item.map(|(value, version)| Some((value + 1, version + 1)))
        }),
        |id| Versioned::update(key(&id)).add(Versioned::VALUE, 1).if_exists()
    );
    single!(
        writes,
        Versioned,
        Kind {
            guarded: Some(MADE_AGAIN),
            ..upsert("upsert at no version", |item| { item.is_none().then_some(Some((OURS, 1))) })
        },
        |id| Versioned::upsert(key(&id)).set(Versioned::VALUE, OURS).at_version(Version::UNSAVED)
    );
    single!(writes, Versioned, modify(), |id| Versioned::modify(key(&id), |item| {
        item.value += 1;
        Ok(())
    }));
    single!(
        writes,
        Versioned,
        Kind {
            effect: |item| item.is_some_and(|(_, version)| version == 1).then_some(None),
            ..delete("delete of an item in hand", Some(NEW_OF_VERSION_DELETED))
        },
        |id| Versioned::delete_entity(&Versioned::first(&id))
    );
    single!(writes, Versioned, delete("delete if it exists", Some(NEW_DELETED)), |id| {
        Versioned::delete(key(&id)).if_exists()
    });
}

fn timed(writes: &mut Vec<Write>) {
    fn key(id: &str) -> TimedKey {
        Timed::key(id)
    }
    fn ours(id: &str) -> Timed {
        Timed { value: OURS, ..Timed::first(id) }
    }
    single!(writes, Timed, create(true), |id| Timed::create(Timed::new(&id, OURS)));
    single!(writes, Timed, at_version("replace"), |id| Timed::replace(ours(&id)));
    single!(
        writes,
        Timed,
        Kind { operation: "UpdateItem", ..at_version("update at a version") },
        |id| Timed::update(key(&id)).set(Timed::VALUE, OURS).at_version(Version::FIRST)
    );
    single!(
        writes,
        Timed,
        Kind {
            guarded: Some(NEW_OF_VERSION_WRITTEN),
            ..update("addition at a version", |item| {
                item.filter(|(_, version)| *version == 1).map(|(value, _)| Some((value + 1, 2)))
            })
        },
        |id| Timed::update(key(&id)).add(Timed::VALUE, 1).at_version(Version::FIRST)
    );
    single!(
        writes,
        Timed,
        Kind {
            guarded: Some(MADE_AGAIN),
            ..upsert("upsert at no version", |item| { item.is_none().then_some(Some((OURS, 1))) })
        },
        |id| Timed::upsert(key(&id)).set(Timed::VALUE, OURS).at_version(Version::UNSAVED)
    );
    single!(writes, Timed, modify(), |id| Timed::modify(key(&id), |item| {
        item.value += 1;
        Ok(())
    }));
}

/// Transactions and batches.
fn several(writes: &mut Vec<Write>) {
    let transaction = |kind: Kind| Kind { operation: "TransactWriteItems", ..kind };
    let kind = transaction(create(true));
    writes.push(Write {
        name: "create in a transaction",
        entity: Versioned::DESCRIPTION,
        delivery: "by default",
        rules: kind.rules::<Versioned>(Resent::WithToken),
        operation: kind.operation,
        remains: None,
        send: |client, id| {
            Box::pin(async move {
                let create = Transaction::new().create(Versioned::new(&id, OURS));
                told_of_transaction(create.send_with_metadata(&client).await)
            })
        },
        same: |client, id| {
            Box::pin(async move { alone!(Versioned::create(Versioned::new(&id, OURS)), &client) })
        },
        store: store!(Versioned),
    });
    let kind = transaction(update("addition in a transaction", |item| {
        item.map(|(value, _)| Some((value + 1, 0)))
    }));
    writes.push(Write {
        name: kind.name,
        entity: Plain::DESCRIPTION,
        delivery: "by default",
        rules: kind.rules::<Plain>(Resent::WithToken),
        operation: kind.operation,
        remains: None,
        send: |client, id| {
            Box::pin(async move {
                let add = Plain::update(Plain::key(&*id)).add(Plain::VALUE, 1).if_exists();
                told_of_transaction(
                    Transaction::new().update(add).send_with_metadata(&client).await,
                )
            })
        },
        same: |client, id| {
            Box::pin(async move {
                alone!(Plain::update(Plain::key(&*id)).add(Plain::VALUE, 1).if_exists(), &client)
            })
        },
        store: store!(Plain),
    });
    let batch = |kind: Kind| Kind { operation: "BatchWriteItem", guarded: None, ..kind };
    let kind = batch(Kind { effect: |_| Some(Some((OURS, 0))), ..put("put in a batch") });
    writes.push(Write {
        name: kind.name,
        entity: Plain::DESCRIPTION,
        delivery: "by default",
        rules: kind.rules::<Plain>(Resent::Never),
        operation: kind.operation,
        remains: None,
        send: |client, id| {
            Box::pin(told_of_batch(BatchWrite::new().put(Plain::new(&id, OURS)), client))
        },
        same: |client, id| {
            Box::pin(
                async move { alone!(Plain::put_unconditionally(Plain::new(&id, OURS)), &client) },
            )
        },
        store: store!(Plain),
    });
    let kind = batch(Kind { effect: |_| Some(None), ..delete("delete in a batch", None) });
    writes.push(Write {
        name: kind.name,
        entity: Plain::DESCRIPTION,
        delivery: "by default",
        rules: kind.rules::<Plain>(Resent::Never),
        operation: kind.operation,
        remains: None,
        send: |client, id| {
            Box::pin(told_of_batch(BatchWrite::new().delete(Plain::key(&*id)), client))
        },
        same: |client, id| {
            Box::pin(
                async move { alone!(Plain::delete_unconditionally(Plain::key(&*id)), &client) },
            )
        },
        store: store!(Plain),
    });
}
