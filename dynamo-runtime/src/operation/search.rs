//! Reading many items: what queries and scans share.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use super::exchange::{Answer, Request, Response};
use super::write::{Guards, alive, now};
use crate::client::{Api, Replay, SecureClient};
use crate::codec::response;
use crate::entity::Entity;
use crate::error::{Error, Subject};
use crate::expression::{ExpressionError, Fragment};
use crate::value::Timestamp;

/// Some items of a query or a scan, and where it goes on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<E, I> {
    /// The items: of a query in the order of the sort key, of a scan in none.
    pub items: Vec<E>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor<E, I>>,
}

/// A place in the index `I` of the entity `E`, as the service gave it.
pub struct Cursor<E, I> {
    /// The key of the last item that was read, verbatim.
    key: Arc<[u8]>,
    marker: PhantomData<fn() -> (E, I)>,
}

impl<E, I> Cursor<E, I> {
    fn new(key: &Arc<[u8]>) -> Self {
        Self { key: Arc::clone(key), marker: PhantomData }
    }

    pub(super) fn into_place(self) -> Place {
        Place::After(self.key)
    }
}

impl<E, I> Clone for Cursor<E, I> {
    fn clone(&self) -> Self {
        Self::new(&self.key)
    }
}

/// The key in it may be sensitive.
impl<E, I> fmt::Debug for Cursor<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor")
    }
}

/// A query or a scan of `E`, whichever index it reads.
pub(super) struct Search<E> {
    pub(super) api: Api,
    pub(super) operation: &'static str,
    pub(super) index: Option<&'static str>,
    pub(super) key_condition: Fragment,
    pub(super) filter: Guards,
    pub(super) is_forward: bool,
    pub(super) is_consistent: bool,
    pub(super) including_expired: bool,
    /// How many items are still wanted.
    pub(super) limit: Option<usize>,
    /// How many items the last request was told to look at.
    pub(super) looked_at: usize,
    pub(super) place: Place,
    pub(super) deadline: Option<Duration>,
    pub(super) entity: PhantomData<fn() -> E>,
}

/// Where a search goes on.
#[derive(Clone)]
pub(super) enum Place {
    Start,
    /// After the item with this key, as the service gave it.
    After(Arc<[u8]>),
    End,
}

impl Place {
    fn after(key: Option<Box<[u8]>>) -> Self {
        key.map_or(Self::End, |key| Self::After(Arc::from(key)))
    }
}

/// The most items that a request with a limit is told to look at.
const MOST_LOOKED_AT: usize = 1000;

/// The greatest `Limit`: an integer of 32 bits in DynamoDB's interface.
///
/// Source: [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#API_Query_RequestSyntax).
const MAX_LIMIT: usize = i32::MAX as usize;

impl<E: Entity> Search<E> {
    /// One page: as many items as `limit` says, or as one request reads.
    pub(super) async fn page<I>(
        mut self,
        client: &SecureClient,
    ) -> Result<Response<Page<E, I>>, Error> {
        let mut all = Vec::new();
        loop {
            let (items, response) = self.read(client).await?.split();
            all.extend(items);
            // Without a limit one request is a page; with one, a filter may have left out some.
            let is_page = self.limit.is_none_or(|limit| limit == 0);
            let next = match &self.place {
                Place::After(key) if is_page => Some(Cursor::new(key)),
                Place::Start | Place::After(_) => continue,
                Place::End => None,
            };
            return Ok(response.map(|()| Page { items: all, next }));
        }
    }

    /// Whether all that was wanted is read.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.place, Place::End) || self.limit == Some(0)
    }

    /// The items of one request; the search goes on after them.
    pub(super) async fn read(&mut self, client: &SecureClient) -> Result<Response<Vec<E>>, Error> {
        let look_at = self.look_at()?;
        let answer = self.send(client, look_at, false).await?;
        let response = answer.decode(response::page::<E>)?;
        let (page, response) = response.split();
        let mut items = page.items;
        self.place = Place::after(page.last_evaluated_key);
        if let Some(limit) = self.limit {
            if items.len() > limit {
                items.truncate(limit);
                let last = limit.saturating_sub(1);
                let key = answer.decode(|body| response::key_of_item(body, last, &self.keys()))?;
                self.place = Place::After(Arc::from(key.value));
            }
            self.limit = Some(limit - items.len());
        }
        Ok(response.map(|()| items))
    }

    /// How many items to look at for those that are still wanted: as many at first, and more with
    /// each request, since a filter may leave out most.
    fn look_at(&mut self) -> Result<Option<usize>, Error> {
        let Some(limit) = self.limit else { return Ok(None) };
        if limit == 0 {
            let subject = Subject { entity: E::SCHEMA.entity, operation: self.operation };
            return Err(subject.error(ExpressionError::NoLimit));
        }
        let more = self.looked_at.saturating_mul(2).min(MOST_LOOKED_AT);
        self.looked_at = limit.min(MAX_LIMIT).max(more);
        Ok(Some(self.looked_at))
    }

    /// The attributes that say where an item stands in the index: its keys and the table's.
    fn keys(&self) -> Vec<&'static str> {
        let schema = E::SCHEMA;
        let of_index =
            schema.index(self.index).map(|index| [Some(index.partition_key), index.sort_key]);
        let mut keys = Vec::with_capacity(4);
        let of_table = [Some(schema.partition_key), schema.sort_key];
        for key in of_table.into_iter().chain(of_index.into_iter().flatten()).flatten() {
            if !keys.contains(&key.name) {
                keys.push(key.name);
            }
        }
        keys
    }

    /// The number of items, over all pages.
    pub(super) async fn count(mut self, client: &SecureClient) -> Result<u64, Error> {
        let mut count = 0;
        loop {
            let answer = self.send(client, None, true).await?;
            let counted = answer.decode(response::count)?.value;
            count = u64::saturating_add(count, counted.count);
            self.place = Place::after(counted.last_evaluated_key);
            if matches!(self.place, Place::End) {
                return Ok(count);
            }
        }
    }

    async fn send(
        &self,
        client: &SecureClient,
        look_at: Option<usize>,
        is_count: bool,
    ) -> Result<Answer, Error> {
        let filter = self.filter(now(client));
        let mut request = Request::new::<E>(client, self.api, self.operation, 256);
        if let Some(index) = self.index {
            request.text("IndexName", index);
        }
        if self.is_consistent {
            request.flag("ConsistentRead", true);
        }
        if !self.is_forward {
            request.flag("ScanIndexForward", false);
        }
        if is_count {
            request.text("Select", "COUNT");
        } else if let Some(look_at) = look_at {
            request.number("Limit", look_at as u64);
        }
        if let Place::After(start) = &self.place {
            request.writer().member("ExclusiveStartKey");
            request.writer().raw(start);
        }
        request.expressions(|renderer, writer| {
            renderer.expression(writer, "KeyConditionExpression", &self.key_condition);
            renderer.expression(writer, "FilterExpression", &filter);
        })?;
        request.finish(Replay::Harmless, self.deadline)?.read(client).await
    }

    /// The service leaves out expired items: no key of an index is the time of expiry.
    fn filter(&self, now: Timestamp) -> Fragment {
        let mut filter = self.filter.clone();
        if let (Some(ttl), false) = (E::SCHEMA.ttl, self.including_expired) {
            filter.add(alive(ttl, now));
        }
        filter.into_fragment()
    }
}

impl<E> Clone for Search<E> {
    fn clone(&self) -> Self {
        Self {
            api: self.api,
            operation: self.operation,
            index: self.index,
            key_condition: self.key_condition.clone(),
            filter: self.filter.clone(),
            is_forward: self.is_forward,
            is_consistent: self.is_consistent,
            including_expired: self.including_expired,
            limit: self.limit,
            looked_at: self.looked_at,
            place: self.place.clone(),
            deadline: self.deadline,
            entity: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity> fmt::Debug for Search<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("entity", &E::SCHEMA.entity)
            .field("operation", &self.operation)
            .field("index", &self.index)
            .field("key_condition", &self.key_condition)
            .field("filter", &self.filter)
            .finish_non_exhaustive()
    }
}
