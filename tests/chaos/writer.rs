//! One of the writers, which alone writes the items of its partitions.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Error, Response};

use crate::DEADLINE;
use crate::faults::{Dice, Faults};
use crate::model::{Cell, CellKey, Chapter, Mark, MarkKey, Row, Slot, Slots, Tally, Told};

/// How many items a partition has before another one is begun.
const ITEMS: usize = 60;
/// What a machine that is busy may add to a deadline.
const GRACE: Duration = Duration::from_secs(5);

pub struct Writer {
    number: usize,
    client: SecureClient,
    dice: Dice,
    faults: Arc<Faults>,
    chapter: Chapter,
    chapters: usize,
    written: u64,
    tally: Tally,
}

impl Writer {
    pub fn new(number: usize, client: SecureClient, dice: Dice, faults: Arc<Faults>) -> Self {
        let chapter = Chapter { owner: format!("w{number}-0"), ..Chapter::default() };
        Self {
            number,
            client,
            dice,
            faults,
            chapter,
            chapters: 0,
            written: 0,
            tally: Tally::default(),
        }
    }

    pub async fn write_until(mut self, end: Instant) -> Tally {
        while Instant::now() < end {
            self.step().await;
            if self.chapter.cells.len().max(self.chapter.marks.len()) > ITEMS {
                self.turn_over();
            }
        }
        self.turn_over();
        self.tally
    }

    fn turn_over(&mut self) {
        self.chapters += 1;
        let owner = format!("w{}-{}", self.number, self.chapters);
        let next = Chapter { owner, ..Chapter::default() };
        self.tally.chapters.push(std::mem::replace(&mut self.chapter, next));
    }

    async fn step(&mut self) {
        match self.dice.below(18) {
            0 | 1 => self.create_cell().await,
            2 | 3 => self.create_mark().await,
            4 => self.get_cell().await,
            5 => self.get_mark().await,
            6 => self.update_cell().await,
            7 => self.add_to_mark().await,
            8 => self.put_mark().await,
            9 => self.replace_cell().await,
            10 => self.modify_cell().await,
            11 => self.delete_cell().await,
            12 => self.delete_mark().await,
            13 => self.page().await,
            14 => self.items().await,
            15 => self.batch_get().await,
            16 => self.batch_write().await,
            _ => self.transaction().await,
        }
    }

    fn cell_key(&self, number: u32) -> CellKey {
        CellKey { owner: self.chapter.owner.clone(), number }
    }

    fn mark_key(&self, number: u32) -> MarkKey {
        MarkKey { owner: self.chapter.owner.clone(), number }
    }

    /// A value that nobody has written before, sometimes a long one.
    fn value(&mut self) -> String {
        self.written += 1;
        let length = if self.dice.one_in(8) { self.dice.below(20_000) } else { 0 };
        format!("{}/{}/{}", self.number, self.written, "x".repeat(length))
    }

    /// An item that is there and may be written.
    fn present(&mut self, of: impl Fn(&Chapter) -> &Slots) -> Option<(u32, Row)> {
        let there: Vec<_> = of(&self.chapter)
            .iter()
            .filter_map(|(number, slot)| Some((*number, slot.item()?.clone())))
            .collect();
        let at = if there.is_empty() { return None } else { self.dice.below(there.len()) };
        there.into_iter().nth(at)
    }

    /// A key of which nothing is there.
    fn absent(&mut self, of: impl Fn(&Chapter) -> &Slots) -> u32 {
        let slots = of(&self.chapter);
        let gone = slots.iter().find(|(_, slot)| slot.is_free());
        match gone {
            Some((number, _)) if self.dice.one_in(2) => *number,
            _ => u32::try_from(slots.len()).unwrap(),
        }
    }

    /// Waits for a call, which must end by its deadline, and counts what came of it.
    async fn call<T>(
        &mut self,
        name: &'static str,
        limit: Duration,
        call: Pin<Box<dyn Future<Output = Result<T, Error>> + Send + '_>>,
    ) -> Option<Result<T, Error>> {
        let (start, met) = (Instant::now(), self.faults.met(self.number));
        let Ok(outcome) = tokio::time::timeout(limit + GRACE, call).await else {
            self.tally.violations.push(format!("{name}: it goes on past its deadline"));
            return None;
        };
        if limit == DEADLINE {
            self.tally.longest = self.tally.longest.max(start.elapsed());
        }
        let counts = self.tally.calls.entry(name).or_default();
        match &outcome {
            Ok(_) => counts[0] += 1,
            Err(error) => {
                counts[if error.is_outcome_unknown() { 2 } else { 1 }] += 1;
                *self.tally.errors.entry(kind(error)).or_default() += 1;
                // A machine that is busy lets a time pass without any fault.
                let is_of_fault = self.faults.met(self.number) > met || error.is_timeout();
                if error.is_outcome_unknown() && !is_of_fault {
                    let reason = "unknown though nothing went wrong";
                    self.tally.violations.push(format!("{name}: {reason}: {error}"));
                }
                if error.is_decode() || error.is_invalid() {
                    self.tally.violations.push(format!("{name}: {error}"));
                }
            }
        }
        // Without keys a call ends at once, and there are none for a while.
        if outcome.as_ref().is_err_and(Error::is_credentials) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Some(outcome)
    }

    /// A write, and whether a request of it may still arrive and have an effect.
    fn write<'a, T: Send + 'a, E: Into<Error>>(
        &'a mut self,
        name: &'static str,
        call: impl Future<Output = Result<Response<T>, E>> + Send + 'a,
    ) -> impl Future<Output = (Told, bool)> + Send + 'a {
        let call = Box::pin(async { call.await.map_err(Into::into) });
        async move {
            match self.call(name, DEADLINE, call).await {
                Some(Ok(response)) => (Told::Done, response.may_be_applied_twice),
                Some(Err(error)) if error.is_outcome_unknown() => (Told::Unknown, true),
                Some(Err(error)) => (Told::Failed, error.may_be_applied_twice()),
                None => (Told::Unknown, true),
            }
        }
    }

    async fn create_cell(&mut self) {
        let number = self.absent(|chapter| &chapter.cells);
        let row = Row { value: self.value(), count: 0 };
        let cell = Cell {
            owner: self.chapter.owner.clone(),
            number,
            value: row.value.clone(),
            count: 0,
            version: Version::UNSAVED,
        };
        let create = Cell::create(cell);
        let client = self.client.clone();
        let told = match self.dice.below(3) {
            0 => {
                self.write(
                    "create, exactly once",
                    create.exactly_once().send_with_metadata(&client),
                )
                .await
            }
            1 => {
                self.write(
                    "create, at most once",
                    create.at_most_once().send_with_metadata(&client),
                )
                .await
            }
            _ => self.write("create", create.send_with_metadata(&client)).await,
        };
        settle(&mut self.chapter.cells, number, Some(row), told);
    }

    async fn create_mark(&mut self) {
        let number = self.absent(|chapter| &chapter.marks);
        let row = Row { value: self.value(), count: 0 };
        let mark = self.mark(number, &row);
        let client = self.client.clone();
        let told = self.write("create", Mark::create(mark).send_with_metadata(&client)).await;
        settle(&mut self.chapter.marks, number, Some(row), told);
    }

    fn mark(&self, number: u32, row: &Row) -> Mark {
        let (owner, Row { value, count }) = (self.chapter.owner.clone(), row.clone());
        Mark { owner, number, value, count }
    }

    async fn get_cell(&mut self) {
        let number = self.any(|chapter| &chapter.cells);
        let client = self.client.clone();
        let get = Cell::get(self.cell_key(number)).send(&client);
        if let Some(Ok(found)) = self.call("get", DEADLINE, Box::pin(get)).await {
            let found = found.map(|cell| cell.row());
            let admitted = self
                .chapter
                .cells
                .get(&number)
                .map_or(found.is_none(), |slot| slot.admits(found.as_ref()));
            self.require(admitted, || format!("get: cell {number} is {found:?}"));
        }
    }

    async fn get_mark(&mut self) {
        let number = self.any(|chapter| &chapter.marks);
        let client = self.client.clone();
        let get = Mark::get(self.mark_key(number)).send(&client);
        if let Some(Ok(found)) = self.call("get", DEADLINE, Box::pin(get)).await {
            let found = found.map(|mark| mark.row());
            let admitted = self
                .chapter
                .marks
                .get(&number)
                .map_or(found.is_none(), |slot| slot.admits(found.as_ref()));
            self.require(admitted, || format!("get: mark {number} is {found:?}"));
        }
    }

    /// A key that may have an item.
    fn any(&mut self, of: impl Fn(&Chapter) -> &Slots) -> u32 {
        let slots = of(&self.chapter).len();
        u32::try_from(self.dice.below(slots + 1)).unwrap()
    }

    async fn update_cell(&mut self) {
        let Some((number, before)) = self.present(|chapter| &chapter.cells) else { return };
        let row = Row { value: self.value(), ..before.clone() };
        let client = self.client.clone();
        let update = Cell::update(self.cell_key(number)).set(Cell::VALUE, &row.value);
        // One in four is sent under a condition that does not hold.
        let is_false = self.dice.one_in(4);
        let expected = if is_false { "another value" } else { &before.value };
        let update = update.condition(Cell::VALUE.eq(expected));
        let told = if self.dice.one_in(2) {
            self.write("update", update.send_with_metadata(&client)).await
        } else {
            self.write("update, exactly once", update.exactly_once().send_with_metadata(&client))
                .await
        };
        if is_false {
            self.require(told.0 != Told::Done, || "update: a false condition held".to_owned());
            settle(&mut self.chapter.cells, number, Some(before), told);
        } else {
            settle(&mut self.chapter.cells, number, Some(row), told);
        }
    }

    async fn add_to_mark(&mut self) {
        let Some((number, before)) = self.present(|chapter| &chapter.marks) else { return };
        let row = Row { count: before.count + 1, ..before };
        let client = self.client.clone();
        let add = Mark::update(self.mark_key(number)).add(Mark::COUNT, 1).if_exists();
        let told = match self.dice.below(3) {
            0 => {
                self.write("add, exactly once", add.exactly_once().send_with_metadata(&client))
                    .await
            }
            1 => {
                self.write("add, at most once", add.at_most_once().send_with_metadata(&client))
                    .await
            }
            _ => self.write("add", add.send_with_metadata(&client)).await,
        };
        settle(&mut self.chapter.marks, number, Some(row), told);
    }

    async fn put_mark(&mut self) {
        let Some((number, before)) = self.present(|chapter| &chapter.marks) else { return };
        let row = Row { value: self.value(), count: before.count };
        let (client, mark) = (self.client.clone(), self.mark(number, &row));
        let told = if self.dice.one_in(2) {
            let put = Mark::put(mark).condition(Mark::VALUE.eq(&before.value));
            self.write("put", put.send_with_metadata(&client)).await
        } else {
            let put = Mark::put_unconditionally(mark);
            self.write("put without a condition", put.send_with_metadata(&client)).await
        };
        settle(&mut self.chapter.marks, number, Some(row), told);
    }

    async fn replace_cell(&mut self) {
        let Some((number, before)) = self.present(|chapter| &chapter.cells) else { return };
        let client = self.client.clone();
        let get = Cell::get(self.cell_key(number)).send(&client);
        let Some(Ok(found)) = self.call("get", DEADLINE, Box::pin(get)).await else { return };
        let is_known = found.as_ref().map(Cell::row) == Some(before);
        self.require(is_known, || format!("get: cell {number} is {found:?}"));
        let Some(mut cell) = found else { return };
        cell.value = self.value();
        let row = cell.row();
        let told = self.write("replace", Cell::replace(cell).send_with_metadata(&client)).await;
        settle(&mut self.chapter.cells, number, Some(row), told);
    }

    async fn modify_cell(&mut self) {
        let Some((number, before)) = self.present(|chapter| &chapter.cells) else { return };
        let row = Row { value: self.value(), count: before.count + 1 };
        let client = self.client.clone();
        let value = row.value.clone();
        let modify = Cell::modify(self.cell_key(number), move |cell| {
            cell.value.clone_from(&value);
            cell.count += 1;
            Ok(())
        });
        let told = self.write("modify", modify.send_with_metadata(&client)).await;
        settle(&mut self.chapter.cells, number, Some(row), told);
    }

    async fn delete_cell(&mut self) {
        let Some((number, before)) = self.present(|chapter| &chapter.cells) else { return };
        let client = self.client.clone();
        let delete = Cell::delete(self.cell_key(number)).condition(Cell::VALUE.eq(&before.value));
        let told = self.write("delete", delete.send_with_metadata(&client)).await;
        settle(&mut self.chapter.cells, number, None, told);
    }

    async fn delete_mark(&mut self) {
        let Some((number, _)) = self.present(|chapter| &chapter.marks) else { return };
        let client = self.client.clone();
        let told = if self.dice.one_in(2) {
            let delete = Mark::delete(self.mark_key(number)).if_exists();
            self.write("delete", delete.send_with_metadata(&client)).await
        } else {
            let delete = Mark::delete(self.mark_key(number)).if_exists().exactly_once();
            self.write("delete, exactly once", delete.send_with_metadata(&client)).await
        };
        settle(&mut self.chapter.marks, number, None, told);
    }

    async fn page(&mut self) {
        let client = self.client.clone();
        let limit = 1 + self.dice.below(30);
        let query = Mark::query(&self.chapter.owner).consistent().limit(limit);
        if let Some(Ok(page)) = self.call("page", DEADLINE, Box::pin(query.page(&client))).await {
            let found: BTreeMap<_, _> =
                page.items.iter().map(|mark| (mark.number, mark.row())).collect();
            // A page that has a next one tells nothing of what comes after its last item.
            let last = found.keys().next_back().copied();
            let end = if page.next.is_some() { last } else { Some(u32::MAX) };
            if let Some(end) = end {
                self.check_partition("page", |chapter| &chapter.marks, &found, end);
            }
        }
    }

    async fn items(&mut self) {
        let client = self.client.clone();
        let query = Cell::query(&self.chapter.owner).consistent();
        let collected = query.items(&client).collect();
        if let Some(Ok(cells)) = self.call("items", 20 * DEADLINE, Box::pin(collected)).await {
            let found = cells.iter().map(|cell| (cell.number, cell.row())).collect();
            self.check_partition("items", |chapter| &chapter.cells, &found, u32::MAX);
        }
    }

    /// All items of the partition up to this number.
    fn check_partition(
        &mut self,
        name: &str,
        of: impl Fn(&Chapter) -> &Slots,
        found: &BTreeMap<u32, Row>,
        end: u32,
    ) {
        let slots = of(&self.chapter);
        let wrong = slots
            .iter()
            .find(|(number, slot)| **number <= end && !slot.admits(found.get(number)))
            .map(|(number, slot)| format!("{name}: {:?}, not {slot:?}", found.get(number)));
        let planted = found.keys().find(|number| !slots.contains_key(number));
        let planted = planted.map(|number| format!("{name}: {number} was never written"));
        self.tally.violations.extend(wrong.into_iter().chain(planted));
    }

    async fn batch_get(&mut self) {
        let numbers: Vec<_> =
            (0..=self.dice.below(20)).map(|it| u32::try_from(it).unwrap()).collect();
        let client = self.client.clone();
        let keys = numbers.iter().map(|number| self.mark_key(*number));
        let get = Mark::batch_get(keys.collect::<Vec<_>>()).send(&client);
        if let Some(Ok(gathered)) = self.call("batch get", DEADLINE, Box::pin(get)).await {
            let found: BTreeMap<_, _> =
                gathered.found.iter().map(|mark| (mark.number, mark.row())).collect();
            for number in numbers {
                if gathered.unprocessed.contains(&self.mark_key(number)) {
                    continue;
                }
                let found = found.get(&number);
                let slot = self.chapter.marks.get(&number);
                let admitted = slot.map_or(found.is_none(), |slot| slot.admits(found));
                self.require(admitted, || format!("batch get: mark {number} is {found:?}"));
            }
        }
    }

    async fn batch_write(&mut self) {
        let (mut batch, mut rows) = (BatchWrite::new(), BTreeMap::new());
        let first = u32::try_from(self.chapter.marks.len()).unwrap();
        for number in first..first + 1 + u32::try_from(self.dice.below(5)).unwrap() {
            let row = Row { value: self.value(), count: 0 };
            batch = batch.put(self.mark(number, &row));
            rows.insert(number, Some(row));
        }
        if let Some((number, _)) = self.present(|chapter| &chapter.marks) {
            batch = batch.delete(self.mark_key(number));
            rows.insert(number, None);
        }
        let client = self.client.clone();
        let outcome = self.call("batch write", DEADLINE, Box::pin(batch.send(&client))).await;
        let mut told: BTreeMap<u32, Told> = BTreeMap::new();
        let is_unknown = outcome
            .as_ref()
            .is_none_or(|outcome| outcome.as_ref().err().is_some_and(Error::is_outcome_unknown));
        if let Some(Ok(written)) = &outcome {
            for (writes, of_them) in [
                (&written.applied, Told::Done),
                (&written.left, Told::Failed),
                (&written.unknown, Told::Unknown),
            ] {
                told.extend(writes.puts::<Mark>().map(|mark| (mark.number, of_them)));
                told.extend(writes.deletes::<Mark>().map(|key| (key.number, of_them)));
            }
            let all = told.len() == rows.len();
            self.require(all, || format!("batch write: some are forgotten: {written:?}"));
        }
        for (number, row) in rows {
            let otherwise = if is_unknown { Told::Unknown } else { Told::Failed };
            let told = told.get(&number).copied().unwrap_or(otherwise);
            settle(&mut self.chapter.marks, number, row, (told, told == Told::Unknown));
        }
    }

    /// A new cell and an addition to a mark, or a change of both.
    async fn transaction(&mut self) {
        let Some((mark, before)) = self.present(|chapter| &chapter.marks) else { return };
        let cell = u32::try_from(self.chapter.cells.len()).unwrap();
        let of_cell = Row { value: self.value(), count: 0 };
        let of_mark = Row { count: before.count + 1, ..before };
        let transaction = Transaction::new()
            .create(Cell {
                owner: self.chapter.owner.clone(),
                number: cell,
                value: of_cell.value.clone(),
                count: 0,
                version: Version::UNSAVED,
            })
            .update(Mark::update(self.mark_key(mark)).add(Mark::COUNT, 1).if_exists());
        let client = self.client.clone();
        let sent = Box::pin(async { transaction.send(&client).await.map_err(Error::from) });
        let told = match self.call("transaction", DEADLINE, sent).await {
            Some(Ok(_)) => (Told::Done, false),
            Some(Err(error)) if !error.is_outcome_unknown() => (Told::Failed, false),
            Some(Err(_)) | None => (Told::Unknown, true),
        };
        settle(&mut self.chapter.cells, cell, Some(of_cell), told);
        settle(&mut self.chapter.marks, mark, Some(of_mark), told);
        if told.0 == Told::Unknown {
            self.chapter.pairs.push((cell, mark));
        }
    }

    fn require(&mut self, holds: bool, violation: impl FnOnce() -> String) {
        if !holds {
            let violation = format!("{}, of {}", violation(), self.chapter.owner);
            self.tally.violations.push(violation);
        }
    }
}

/// Notes how a write ended after which the item is this row, or none.
fn settle(slots: &mut Slots, number: u32, row: Option<Row>, (told, may_arrive): (Told, bool)) {
    let slot = slots.entry(number).or_insert_with(Slot::absent);
    match told {
        Told::Done => slot.possible = vec![row],
        Told::Failed => {}
        Told::Unknown => slot.possible.push(row),
    }
    slot.is_frozen |= may_arrive;
}

fn kind(error: &Error) -> String {
    let kinds = [
        (error.is_timeout(), "timeout"),
        (error.is_throttled(), "throttled"),
        (error.is_connection(), "connection"),
        (error.is_refused(), "refused"),
        (error.is_integrity(), "integrity"),
        (error.is_credentials(), "credentials"),
        (error.is_condition_failed(), "condition failed"),
        (error.is_cancelled(), "cancelled"),
    ];
    let kinds: Vec<_> = kinds.iter().filter(|(holds, _)| *holds).map(|(_, name)| *name).collect();
    match (kinds.is_empty(), error.code()) {
        (true, Some("")) => "no code".to_owned(),
        (true, Some(code)) => code.to_owned(),
        _ => kinds.join(", "),
    }
}
