//! The requests of a batch get.

use std::collections::{HashMap, HashSet};
use std::marker::PhantomData;
use std::time::Duration;

use super::subject;
use crate::client::{Api, RawResponse, SecureClient};
use crate::codec::Stray;
use crate::codec::response::{Asked, BatchGot, ByTable, Expected, KeyNames, batch_got};
use crate::codec::{DecodeError, Writer};
use crate::entity::{Entity, Key, KeyWriter};
use crate::error::{Error, more_telling};
use crate::expression::Fragment;
use crate::operation::get::decode_alive;
use crate::operation::guards::now;
use crate::operation::identity::ItemIdentity;
use crate::operation::request::Request;
use crate::operation::response::Response;
use crate::operation::time_left::TimeLeft;
use crate::projection::{self, OwnedProjection};

/// The bound of the first pause before unprocessed keys are asked for again.
const FIRST_PAUSE: Duration = Duration::from_millis(50);

/// A key that is asked for, and its place among all of them.
pub(super) struct Wanted {
    position: usize,
    json: Vec<u8>,
    identity: ItemIdentity,
}

/// The keys without those that were given before.
pub(super) fn wanted<E: Entity>(given: Vec<E::Key>) -> Result<(Vec<Wanted>, Vec<E::Key>), Error> {
    let names = KeyNames::of(&E::SCHEMA);
    let (mut wanted, mut keys) = (Vec::with_capacity(given.len()), Vec::with_capacity(given.len()));
    let mut known = HashSet::with_capacity(given.len());
    for key in given {
        let mut writer = Writer::default();
        let mut key_writer = KeyWriter::new(&mut writer);
        key.write(&mut key_writer);
        key_writer.finish().map_err(|error| subject::<E>().error(error))?;
        let json = writer.finish().map_err(|error| subject::<E>().error(error))?;
        let identity = names.identify(&json).map_err(|error| subject::<E>().error(error))?;
        if known.insert(identity.clone()) {
            wanted.push(Wanted { position: keys.len(), json, identity });
            keys.push(key);
        }
    }
    Ok((wanted, keys))
}

/// What a key was found to have.
pub(super) enum FoundItem<E> {
    Item(E),
    Nothing,
    /// It does not fit the entity.
    Unreadable(Error),
}

/// What the requests for some keys gave.
pub(super) struct ReadChunk<E> {
    pub(super) found: Vec<(usize, FoundItem<E>)>,
    pub(super) response: Response<()>,
    /// Why no more was read, if keys are left.
    pub(super) stopped: Option<Error>,
}

/// How a batch get of `E` is sent.
pub(super) struct BatchReader<'a, E, P> {
    client: &'a SecureClient,
    is_consistent: bool,
    /// The attribute that says whether an item is expired, unless it does not matter.
    ttl: Option<&'static str>,
    projection: Fragment,
    time: TimeLeft,
    read: PhantomData<fn() -> (E, P)>,
}

impl<'a, E: Entity, P: OwnedProjection<E>> BatchReader<'a, E, P> {
    pub(super) fn new(
        client: &'a SecureClient,
        is_consistent: bool,
        ttl: Option<&'static str>,
        time: TimeLeft,
    ) -> Self {
        // The key says which item it is.
        let needed = KeyNames::of(&E::SCHEMA).each().chain(ttl);
        let projection = projection::expression(projection::paths_of::<E, P>().as_deref(), needed);
        Self { client, is_consistent, ttl, projection, time, read: PhantomData }
    }

    /// Reads the keys of one request, and again those that the service leaves.
    pub(super) async fn read(&self, chunk: &[Wanted]) -> Result<ReadChunk<P>, Error> {
        let mut left: Vec<&Wanted> = chunk.iter().collect();
        let mut read =
            ReadChunk { found: Vec::new(), response: Response::nothing(), stopped: None };
        let mut tries = 0;
        loop {
            tries += 1;
            match self.request(&left).await {
                Ok(response) => {
                    read.stopped = None;
                    let before = left.len();
                    left = self.take(&response, &left, &mut read.found)?;
                    read.response.add(Response::new((), &response));
                    if left.len() < before {
                        tries = 1;
                    }
                }
                Err(error) if error.is_throttled() || error.is_deadline() => {
                    read.stopped = more_telling(read.stopped, Some(error));
                }
                Err(error) => return Err(error),
            }
            if left.is_empty() || !self.time.pause(FIRST_PAUSE, tries).await {
                return Ok(read);
            }
        }
    }

    async fn request(&self, keys: &[&Wanted]) -> Result<RawResponse, Error> {
        let table = self.client.physical_table(E::SCHEMA.table);
        let size = keys.iter().map(|key| key.json.len() + 1).sum();
        let mut request =
            Request::of_several(self.client, Api::BatchGetItem, subject::<E>(), table, size);
        request.asks_for(Asked::MANY);
        let writer = request.writer();
        writer.member("RequestItems");
        writer.begin_object();
        writer.member(table);
        writer.begin_object();
        writer.member("Keys");
        writer.begin_array();
        for key in keys {
            writer.separate();
            writer.raw(&key.json);
        }
        writer.end_array();
        request.flag("ConsistentRead", self.is_consistent);
        request.expressions(|renderer, writer| {
            renderer.expression(writer, "ProjectionExpression", &self.projection);
        })?;
        request.writer().end_object();
        request.writer().end_object();
        request.finish(Some(self.time.remaining()))?.read(self.client).await
    }

    /// Takes the items of a response, and gives the keys that are left.
    fn take<'w>(
        &self,
        response: &RawResponse,
        asked: &[&'w Wanted],
        found: &mut Vec<(usize, FoundItem<P>)>,
    ) -> Result<Vec<&'w Wanted>, Error> {
        let table = self.client.physical_table(E::SCHEMA.table);
        // Each item is recognized by its key.
        let expected = Expected { table: Some(table), ..Expected::ANY };
        response
            .decode_asked(self.client, |body| {
                let BatchGot { items, unprocessed } = batch_got(body, expected)?;
                let (items, unprocessed) = (of_table(items, table)?, of_table(unprocessed, table)?);
                self.sort(response, &items, &unprocessed, asked, found)
            })
            .map(|response| response.value)
    }

    /// Each key is one of an item that was read, or one that is left; the others have no item.
    fn sort<'w>(
        &self,
        response: &RawResponse,
        items: &[&[u8]],
        unprocessed: &[&[u8]],
        asked: &[&'w Wanted],
        found: &mut Vec<(usize, FoundItem<P>)>,
    ) -> Result<Vec<&'w Wanted>, DecodeError> {
        let names = KeyNames::of(&E::SCHEMA);
        let now = now(self.client);
        let mut open: HashMap<&ItemIdentity, &'w Wanted> =
            asked.iter().map(|key| (&key.identity, *key)).collect();
        let mut left = Vec::with_capacity(unprocessed.len());
        for json in unprocessed {
            left.push(open.remove(&names.identify(json)?).ok_or_else(unasked)?);
        }
        for json in items {
            let key = open.remove(&names.identify(json)?).ok_or_else(unasked)?;
            let item = match decode_alive::<P>(json, self.ttl, now) {
                Ok(Some(item)) => FoundItem::Item(item),
                Ok(None) => FoundItem::Nothing,
                Err(error) => FoundItem::Unreadable(response.error(error)),
            };
            found.push((key.position, item));
        }
        found.extend(open.into_values().map(|key| (key.position, FoundItem::Nothing)));
        Ok(left)
    }
}

/// What a response has of the one table that was asked.
fn of_table<'de>(mut tables: ByTable<'de>, table: &str) -> Result<Vec<&'de [u8]>, DecodeError> {
    let of_table = tables.remove(table).unwrap_or_default();
    if tables.values().all(Vec::is_empty) {
        Ok(of_table)
    } else {
        Err(DecodeError::of_stray(Stray::OtherTable))
    }
}

fn unasked() -> DecodeError {
    DecodeError::of_stray(Stray::OtherItem)
}
