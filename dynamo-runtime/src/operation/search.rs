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
use crate::error::Error;
use crate::expression::Fragment;
use crate::value::Timestamp;

/// Some items of a query or a scan, and where it goes on.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Page<E, I> {
    /// The items, in the order of the sort key.
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

    pub(super) fn into_key(self) -> Arc<[u8]> {
        self.key
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
    pub(super) limit: Option<usize>,
    pub(super) start: Option<Arc<[u8]>>,
    pub(super) deadline: Option<Duration>,
    pub(super) entity: PhantomData<fn() -> E>,
}

/// What one request read.
pub(super) struct Batch<E> {
    pub(super) items: Vec<E>,
    pub(super) next: Option<Arc<[u8]>>,
}

impl<E: Entity> Search<E> {
    /// One page: as many items as `limit` says, or as one request reads.
    pub(super) async fn page<I>(
        mut self,
        client: &SecureClient,
    ) -> Result<Response<Page<E, I>>, Error> {
        let mut items = Vec::new();
        loop {
            let response = self.batch(client).await?;
            let (batch, response) = response.split();
            if let Some(limit) = &mut self.limit {
                *limit = limit.saturating_sub(batch.items.len());
            }
            items.extend(batch.items);
            self.start = batch.next;
            // Without a limit one request is a page; with one, a filter may have left out some.
            if self.start.is_none() || self.limit.is_none_or(|limit| limit == 0) {
                let next = self.start.as_ref().map(Cursor::new);
                return Ok(response.map(|()| Page { items, next }));
            }
        }
    }

    /// What one request reads. It is asked for no more than `limit` items, so that the place where
    /// it ends is always the place of the last item given.
    pub(super) async fn batch(&self, client: &SecureClient) -> Result<Response<Batch<E>>, Error> {
        let answer = self.send(client, false).await?;
        let page = answer.decode(response::page::<E>)?;
        Ok(page
            .map(|page| Batch { items: page.items, next: page.last_evaluated_key.map(Arc::from) }))
    }

    /// The number of items, over all pages.
    pub(super) async fn count(mut self, client: &SecureClient) -> Result<u64, Error> {
        let mut count = 0;
        loop {
            let answer = self.send(client, true).await?;
            let counted = answer.decode(response::count)?.value;
            count += counted.count;
            match counted.last_evaluated_key {
                Some(key) => self.start = Some(Arc::from(key)),
                None => return Ok(count),
            }
        }
    }

    async fn send(&self, client: &SecureClient, is_count: bool) -> Result<Answer, Error> {
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
        } else if let Some(limit) = self.limit {
            request.number("Limit", limit.max(1) as u64);
        }
        if let Some(start) = &self.start {
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
            start: self.start.clone(),
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
