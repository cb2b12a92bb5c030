//! A model of the operations, written from DynamoDB's documentation, and the engine beside it:
//! random sequences on a few keys, in which results, errors and items must agree.
//!
//! A sequence that does not is made shorter, and printed with the seed that it came from. The number
//! of sequences and the seed are those of `MODEL_SEQUENCES` and `MODEL_SEED`.

mod conditions;
mod differences;
mod entities;
mod limits;
mod number;
mod operations;
mod run;
mod state;
mod strategies;
mod updates;
mod value;

use std::collections::BTreeMap;
use std::sync::Mutex;

use dynamo_runtime::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

use self::differences::differs;
use self::entities::{Modelled, Thing, Ticket};
use self::operations::{Current, OnThing, OnTicket, Operation, Outcome};
use self::run::{key, run, ticket_key};
use self::state::State;
use self::strategies::{DAYS, IDS, NUMBERS, TEAMS, TICKETS};
use self::value::{Item, Value};

/// In CI: some twenty seconds in a debug build.
const SEQUENCES: u32 = 150;
const MOST_OPERATIONS: usize = 25;

fn from_environment<T: std::str::FromStr>(variable: &str) -> Option<T> {
    std::env::var(variable).ok().and_then(|text| text.parse().ok())
}

/// What one operation of them all needs in a debug build.
const STACK_SIZE: usize = 32 * 1024 * 1024;

#[test]
fn the_engine_does_what_the_model_does() {
    let thread = std::thread::Builder::new().stack_size(STACK_SIZE).spawn(compare).unwrap();
    if let Err(difference) = thread.join() {
        std::panic::resume_unwind(difference);
    }
}

fn compare() {
    let seed = from_environment("MODEL_SEED").unwrap_or_else(random_seed);
    let sequences = from_environment("MODEL_SEQUENCES").unwrap_or(SEQUENCES);
    let config = Config {
        cases: sequences,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..Config::default()
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = crate::engine::client().table::<Thing>().table::<Ticket>();
    let client = runtime.block_on(client.build());
    let engine = runtime.block_on(Engine::probe(client));
    let result = TestRunner::new(config)
        .run(&strategies::sequence(MOST_OPERATIONS), |operations| {
            runtime.block_on(engine.check(&operations)).map_err(TestCaseError::fail)
        });
    if let Err(error) = result {
        panic!("MODEL_SEED={seed} gives it again: {error}");
    }
    engine.show();
    // So many meet all of them.
    if sequences >= SEQUENCES {
        engine.assert_met();
    }
}

fn random_seed() -> u64 {
    use std::hash::{BuildHasher, RandomState};

    RandomState::new().hash_one(())
}

/// The engine that the suite runs against, and what it lacks.
struct Engine {
    client: SecureClient,
    has_transactions: bool,
    /// Whether a failed condition comes with the item as it is.
    tells_current: bool,
    /// How often each kind of operation had each kind of outcome.
    met: Mutex<BTreeMap<(String, String), usize>>,
}

impl Engine {
    async fn probe(client: SecureClient) -> Self {
        let thing = Thing::of_item(&Item::from([
            ("id".to_owned(), Value::text("probe")),
            ("number".to_owned(), Value::number(0_u8)),
        ]));
        Thing::put_unconditionally(thing.clone()).send(&client).await.unwrap();
        let taken = Thing::create(thing.clone()).send(&client).await.unwrap_err();
        let transaction = Transaction::new().check_exists(thing.to_key()).send(&client).await;
        Thing::delete_unconditionally(thing.to_key()).send(&client).await.unwrap();
        let is_unknown = |error: dynamo_runtime::TransactionError| {
            error.as_error().code() == Some("UnknownOperationException")
        };
        Self {
            tells_current: taken.current().is_some(),
            has_transactions: !transaction.is_err_and(is_unknown),
            client,
            met: Mutex::default(),
        }
    }

    fn meet(&self, operation: &Operation, outcome: &Outcome) {
        let name = |shown: String| shown.split(['(', ' ']).next().unwrap_or_default().to_owned();
        let operation = match operation {
            Operation::Thing(operation) => name(format!("{operation:?}")),
            Operation::Ticket(operation) => format!("ticket {}", name(format!("{operation:?}"))),
            operation => name(format!("{operation:?}")),
        };
        *self.met.lock().unwrap().entry((operation, name(format!("{outcome:?}")))).or_default() +=
            1;
    }

    /// Prints what was met.
    fn show(&self) {
        for ((operation, outcome), count) in &*self.met.lock().unwrap() {
            println!("{count:6} {operation}: {outcome}");
        }
    }

    /// That the choice of operations leaves out nothing that matters.
    fn assert_met(&self) {
        let met = self.met.lock().unwrap();
        let has_met = |operation: &str, outcome: &str| {
            met.contains_key(&(operation.to_owned(), outcome.to_owned()))
        };
        for outcome in ["Done", "Found", "Invalid", "Failed", "Inapplicable"] {
            assert!(has_met("Update", outcome), "no update was {outcome}");
        }
        for outcome in ["Items", "Invalid", "Cancelled"] {
            assert!(has_met("Transact", outcome) || !self.has_transactions, "none was {outcome}");
        }
        for operation in ["Query", "ByLabel", "Scan", "ticket Query", "ticket ByState"] {
            assert!(has_met(operation, "Items"), "no {operation} gave items");
        }
        assert!(met.keys().any(|(_, outcome)| outcome == "Count"), "nothing was counted");
    }

    /// Runs the operations on both, from empty tables.
    async fn check(&self, operations: &[Operation]) -> Result<(), String> {
        self.clear().await;
        let mut model = State::default();
        for (place, operation) in operations.iter().enumerate() {
            if !self.can_run(operation) || differs(&model, operation) {
                continue;
            }
            let expected = self.seen(operation, model.apply(operation));
            let found = self.seen(operation, run(&self.client, operation).await);
            self.meet(operation, &expected);
            if expected != found {
                return Err(format!(
                    "operation {place}, {operation:#?}\n\nof the model: {expected:#?}\n\nof the engine: {found:#?}"
                ));
            }
        }
        self.check_all(&mut model).await
    }

    async fn clear(&self) {
        let things =
            IDS.iter().flat_map(|id| NUMBERS.map(|number| key(&((*id).to_owned(), number))));
        let tickets = TEAMS.iter().flat_map(|team| {
            DAYS.iter().flat_map(|day| {
                TICKETS.map(|number| ticket_key(&((*team).to_owned(), *day, number)))
            })
        });
        let batch = BatchWrite::new().delete_all(things).delete_all(tickets);
        batch.send(&self.client).await.unwrap().complete().unwrap();
    }

    /// That all items are as the model has them.
    async fn check_all(&self, model: &mut State) -> Result<(), String> {
        let scan = |read| {
            let search = operations::Search { filter: None, is_descending: false, read };
            Operation::Thing(OnThing::Scan(search))
        };
        let mut all = vec![scan(operations::Read::All)];
        for team in TEAMS {
            let search = operations::TicketSearch {
                filter: None,
                is_descending: false,
                including_expired: true,
                read: operations::Read::All,
            };
            let (team, days) = (team.to_owned(), operations::Sort::All);
            all.push(Operation::Ticket(OnTicket::Query { team, days, search }));
        }
        for operation in all {
            let expected = self.seen(&operation, model.apply(&operation));
            let found = self.seen(&operation, run(&self.client, &operation).await);
            if expected != found {
                return Err(format!(
                    "at the end, of the model: {expected:#?}\n\nof the engine: {found:#?}"
                ));
            }
        }
        Ok(())
    }

    fn can_run(&self, operation: &Operation) -> bool {
        self.has_transactions
            || !matches!(operation, Operation::Transact(_) | Operation::TransactGet(..))
    }

    /// The outcome as far as it is determined: without the order of a scan and of equal sort keys.
    fn seen(&self, operation: &Operation, outcome: Outcome) -> Outcome {
        match (operation, outcome) {
            (Operation::Thing(OnThing::Scan(_) | OnThing::BatchGet(_)), Outcome::Items(items)) => {
                Outcome::Items(in_order(items, |_| String::new()))
            }
            (Operation::Thing(OnThing::ByLabel { .. }), Outcome::Items(items)) => {
                Outcome::Items(in_order(items, |item| format!("{:?}", item.get("rank"))))
            }
            (Operation::Ticket(OnTicket::ByState { .. }), Outcome::Items(items)) => {
                Outcome::Items(in_order(items, |item| {
                    format!("{:?} {:?}", item.get("place"), item.get("owner"))
                }))
            }
            (_, Outcome::Failed(_)) if !self.tells_current => {
                Outcome::Failed(Current { is_absent: false, item: None })
            }
            (_, outcome) => outcome,
        }
    }
}

/// The items, of which those are sorted that have one sort key.
fn in_order(mut items: Vec<Item>, sort_key: impl Fn(&Item) -> String) -> Vec<Item> {
    let runs = items.chunk_by_mut(|left, right| sort_key(left) == sort_key(right));
    runs.for_each(|run| run.sort_by_cached_key(|item| format!("{item:?}")));
    items
}
