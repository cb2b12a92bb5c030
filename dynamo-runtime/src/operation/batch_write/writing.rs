//! The requests of a batch write.

use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

use super::SUBJECT;
use super::writes::UnsentWrites;
use crate::client::{Api, RawResponse, Replay, SecureClient};
use crate::codec::DecodeError;
use crate::codec::Stray;
use crate::codec::equality::same_item;
use crate::codec::response::{Asked, AskedItems, AskedTables, ByTable, batch_unwritten};
use crate::error::{Error, SeveralError, more_telling};
use crate::operation::identity::ItemIdentity;
use crate::operation::request::{Part, Request, WriteFailure};
use crate::operation::response::Response;
use crate::operation::time_left::TimeLeft;
use crate::value::Timestamp;

/// The most writes of a request.
///
/// Source for this and the next: [BatchWriteItem](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html).
const MAX_WRITES: usize = 25;
/// The largest request, in bytes, less some room for what is around the writes.
const MAX_SIZE: usize = 16 * 1024 * 1024 - 64 * 1024;

/// The bound of the first pause before unprocessed writes are sent again.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A write that is ready, and its place among all of them.
pub(super) struct BatchedWrite<'a> {
    position: usize,
    part: Part<'a>,
}

impl BatchedWrite<'_> {
    fn is_put(&self) -> bool {
        self.part.action == "Put"
    }

    /// Whether both do the same to one item.
    fn is_same(&self, other: &Self) -> bool {
        self.is_put() == other.is_put()
            && same_item(self.part.content(), other.part.content()).unwrap_or(false)
    }

    fn size(&self) -> usize {
        // {"DeleteRequest":{"Key":}},
        self.part.content().len() + 32 + self.part.table.len()
    }
}

/// Prepares the writes, and drops duplicates; the others keep their order.
pub(super) fn prepare<'a>(
    writes: UnsentWrites,
    client: &'a SecureClient,
    now: Timestamp,
) -> Result<(UnsentWrites, Vec<BatchedWrite<'a>>), Error> {
    let mut kept = UnsentWrites::default();
    let mut prepared: Vec<BatchedWrite<'a>> = Vec::with_capacity(writes.len());
    let mut known: HashMap<(&'a str, ItemIdentity), usize> = HashMap::with_capacity(writes.len());
    for write in writes.into_iter() {
        let (part, write) = write.into_part(client, now)?;
        let position = prepared.len();
        let first = *known.entry((part.table, part.identity.clone())).or_insert(position);
        let subject = part.subject;
        let next = BatchedWrite { position, part };
        match prepared.get(first) {
            None => {
                prepared.push(next);
                kept.add(write);
            }
            Some(first) if first.is_same(&next) => {}
            Some(_) => return Err(subject.error(SeveralError::WrittenTwice)),
        }
    }
    Ok((kept, prepared))
}

/// The writes of each request: at most 25, and at most 16 MB.
pub(super) struct Chunks<'p, 'a> {
    rest: &'p [BatchedWrite<'a>],
}

impl<'p, 'a> Chunks<'p, 'a> {
    pub(super) fn of(prepared: &'p [BatchedWrite<'a>]) -> Self {
        Self { rest: prepared }
    }
}

impl<'p, 'a> Iterator for Chunks<'p, 'a> {
    type Item = &'p [BatchedWrite<'a>];

    fn next(&mut self) -> Option<Self::Item> {
        let count = chunk_length(self.rest.iter().map(BatchedWrite::size));
        let (chunk, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        (!chunk.is_empty()).then_some(chunk)
    }
}

/// How many of these sizes go into one request: at least one, if there is one.
fn chunk_length(sizes: impl Iterator<Item = usize>) -> usize {
    let (mut count, mut total) = (0, 0_usize);
    for size in sizes.take(MAX_WRITES) {
        total = total.saturating_add(size);
        if count > 0 && total > MAX_SIZE {
            break;
        }
        count += 1;
    }
    count
}

/// What became of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WriteOutcome {
    Applied,
    Left,
    Unknown,
}

/// What the requests for some writes did.
pub(super) struct Done {
    pub(super) outcomes: Vec<(usize, WriteOutcome)>,
    pub(super) response: Response<()>,
    pub(super) error: Option<Error>,
}

/// How a batch write is sent.
pub(super) struct BatchWriter<'a> {
    pub(super) client: &'a SecureClient,
    pub(super) time: TimeLeft,
}

impl BatchWriter<'_> {
    /// Sends the writes of one request, and again those that the service leaves.
    pub(super) async fn write(&self, chunk: &[BatchedWrite<'_>]) -> Done {
        let mut open: Vec<&BatchedWrite<'_>> = chunk.iter().collect();
        let mut done = Done {
            outcomes: Vec::with_capacity(chunk.len()),
            response: Response::nothing(),
            error: None,
        };
        let mut tries = 0;
        loop {
            tries += 1;
            match self.request(&open).await {
                Ok(response) => {
                    done.error = None;
                    done.response.add(Response::new((), &response));
                    let before = open.len();
                    let left = response
                        .decode_asked(self.client, |body| left(&batch_unwritten(body)?, &open));
                    match left.map(|response| response.value) {
                        Ok(left) => {
                            let applied = open.iter().filter(|write| {
                                !left.iter().any(|left| left.position == write.position)
                            });
                            done.outcomes.extend(
                                applied.map(|write| (write.position, WriteOutcome::Applied)),
                            );
                            open = left;
                        }
                        Err(error) => {
                            let error = error.with_unknown_outcome(true);
                            return done.stopped(&open, WriteOutcome::Unknown, error);
                        }
                    }
                    if open.len() < before {
                        tries = 1;
                    }
                }
                Err(error) if error.is_outcome_unknown() => {
                    return done.stopped(&open, WriteOutcome::Unknown, error);
                }
                Err(error) if error.is_throttled() => {
                    done.error = more_telling(done.error, Some(error));
                }
                Err(error) => return done.stopped(&open, WriteOutcome::Left, error),
            }
            if open.is_empty() || !self.time.pause(FIRST_PAUSE, tries).await {
                done.outcomes.extend(open.iter().map(|write| (write.position, WriteOutcome::Left)));
                return done;
            }
        }
    }

    async fn request(&self, open: &[&BatchedWrite<'_>]) -> Result<RawResponse, Error> {
        let mut tables: BTreeMap<&str, Vec<&BatchedWrite<'_>>> = BTreeMap::new();
        for write in open {
            tables.entry(write.part.table).or_default().push(write);
        }
        let table = tables.keys().next().copied().unwrap_or_default();
        let size = open.iter().map(|write| write.size()).sum();
        let mut request =
            Request::of_several(self.client, Api::BatchWriteItem, SUBJECT, table, size);
        let writer = request.writer();
        writer.member("RequestItems");
        writer.begin_object();
        for (table, of_table) in &tables {
            writer.member(table);
            writer.begin_array();
            for write in of_table {
                let (outer, inner) =
                    if write.is_put() { ("PutRequest", "Item") } else { ("DeleteRequest", "Key") };
                writer.separate();
                writer.begin_object();
                writer.member(outer);
                writer.begin_object();
                writer.member(inner);
                writer.raw(write.part.content());
                writer.end_object();
                writer.end_object();
            }
            writer.end_array();
        }
        writer.end_object();
        let tables = tables.keys().map(|&table| table.to_owned()).collect();
        let tables = AskedTables::Each(tables);
        request.asks_for(Asked { tables, items: AskedItems::None });
        // A put or a delete without a condition undoes what others wrote between two attempts.
        request.replay(Replay::Harmful);
        let call = request.finish(Some(self.time.remaining()))?;
        call.write(self.client).await.map_err(|failure| match failure {
            WriteFailure::Other(error) => error,
            WriteFailure::Condition(error) => SUBJECT.call_error(error),
        })
    }
}

/// The writes that the service left.
fn left<'p, 'a>(
    unprocessed: &ByTable<'_>,
    asked: &[&'p BatchedWrite<'a>],
) -> Result<Vec<&'p BatchedWrite<'a>>, DecodeError> {
    let mut open: HashMap<(&str, ItemIdentity), &'p BatchedWrite<'a>> = asked
        .iter()
        .map(|write| ((write.part.table, write.part.identity.clone()), *write))
        .collect();
    let mut left = Vec::new();
    for (table, writes) in unprocessed {
        let names = asked.iter().find(|write| write.part.table == table);
        let names = names.ok_or_else(unasked)?.part.key_names;
        for json in writes {
            let item = (&**table, names.identify(json)?);
            left.push(open.remove(&item).ok_or_else(unasked)?);
        }
    }
    Ok(left)
}

fn unasked() -> DecodeError {
    DecodeError::of_stray(Stray::OtherItem)
}

impl Done {
    fn stopped(mut self, open: &[&BatchedWrite<'_>], outcome: WriteOutcome, error: Error) -> Self {
        self.outcomes.extend(open.iter().map(|write| (write.position, outcome)));
        self.error = more_telling(self.error, Some(error));
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lengths of all chunks.
    fn chunks(sizes: &[usize]) -> Vec<usize> {
        let (mut rest, mut lengths) = (sizes, Vec::new());
        while !rest.is_empty() {
            let length = chunk_length(rest.iter().copied());
            lengths.push(length);
            rest = &rest[length..];
        }
        lengths
    }

    #[test]
    fn a_request_is_filled_up_to_its_limits() {
        assert_eq!(chunks(&[1; 60]), [25, 25, 10]);
        assert_eq!(chunks(&[MAX_SIZE / 2; 5]), [2, 2, 1]);
        assert_eq!(chunks(&[MAX_SIZE / 2 + 1; 3]), [1, 1, 1]);
        assert_eq!(chunks(&[]), [0_usize; 0]);
    }

    proptest! {
        #[test]
        fn chunks_lose_nothing_and_keep_to_the_limits(
            sizes in proptest::collection::vec(1..=MAX_SIZE, 0..200),
        ) {
            let mut rest = sizes.as_slice();
            for length in chunks(&sizes) {
                let (chunk, after) = rest.split_at(length);
                prop_assert!((1..=MAX_WRITES).contains(&length));
                prop_assert!(chunk.iter().sum::<usize>() <= MAX_SIZE);
                // One more would not have gone in.
                let next = after.first().copied().unwrap_or(MAX_SIZE);
                let is_full = length == MAX_WRITES || chunk.iter().sum::<usize>() + next > MAX_SIZE;
                prop_assert!(is_full || after.is_empty());
                rest = after;
            }
            prop_assert!(rest.is_empty());
        }
    }
}
