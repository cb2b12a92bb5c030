//! One search over many items, request after request: what queries and scans share.

use std::fmt;
use std::marker::PhantomData;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use super::cursor::Cursor;
use super::digest::{QueryDigest, digest};
use super::guards::{Guards, alive, now, of_no_other};
use super::page::{BorrowedPage, Page, ReadItems, each, page_of};
use super::position::Position;
use super::request::Request;
use super::response::Response;
use super::segment::{Pace, ScanSegment};
use crate::client::{Api, RawResponse, SecureClient};
use crate::codec::response::Expected;
use crate::codec::{ConstantAttribute, DecodeError, response};
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::{ExpressionError, Fragment};
use crate::projection::{self, OwnedProjection, Projection};
use crate::record::Selected;
use crate::schema::IndexSchema;
use crate::subject::Subject;
use crate::value::Timestamp;

/// A query or a scan of `E`, whichever index it reads.
pub(super) struct Search<E> {
    pub(super) api: Api,
    /// What its errors are of: the entity, or the collection of entities.
    pub(super) subject: Subject,
    pub(super) index: Option<&'static str>,
    pub(super) key_condition: Fragment,
    pub(super) filter: Guards,
    pub(super) is_forward: bool,
    pub(super) is_consistent: bool,
    pub(super) including_expired: bool,
    /// The attribute that holds the time of expiry.
    pub(super) ttl: Option<&'static str>,
    /// What tells the items of the entity from those of others beside them.
    pub(super) constants: &'static [ConstantAttribute],
    /// How many items are still wanted.
    pub(super) limit: Option<usize>,
    /// The `Limit` of the last request.
    pub(super) looked_at: usize,
    pub(super) place: Position,
    /// The query that gave the cursor to go on from, until that is seen to be this one.
    pub(super) resumed: Option<QueryDigest>,
    /// The part of the table that is read, if not all of it.
    pub(super) segment: Option<ScanSegment>,
    pub(super) pace: Option<Arc<Pace>>,
    pub(super) deadline: Option<Duration>,
    pub(super) entity: PhantomData<fn() -> E>,
}

/// What a request asks for.
enum Select {
    /// How many of so many items, or of as many as the service looks at.
    Count { look_at: Option<usize> },
    /// The attributes of so many items, or of as many as the service gives.
    Items { projection: Fragment, look_at: Option<usize> },
}

/// The greatest `Limit` of a request when items are still wanted after a filter.
const MOST_LOOKED_AT: usize = 1000;

/// The greatest `Limit`: an integer of 32 bits in DynamoDB's interface.
///
/// Source: [Query](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html#API_Query_RequestSyntax).
const MAX_LIMIT: usize = i32::MAX as usize;

impl<E: Entity> Search<E> {
    /// One page: as many items as `limit` says, or as one request reads.
    pub(super) async fn page<I, P: OwnedProjection<E>>(
        mut self,
        client: &SecureClient,
    ) -> Result<Response<Page<E, I, P>>, Error> {
        let mut items = Vec::new();
        let mut total = Response::nothing();
        loop {
            let (read, response) = self.read(client).await?.split();
            // Most pages are those of one request, and moved as they are.
            if items.is_empty() {
                items = read;
            } else {
                items.extend(read);
            }
            total.add(response);
            if let ControlFlow::Break(next) = self.page_end() {
                return Ok(total.map(|()| Page { items, next }));
            }
        }
    }

    /// All items, over all pages.
    pub(super) async fn all<P: OwnedProjection<E>>(
        mut self,
        client: &SecureClient,
    ) -> Result<Response<Vec<P>>, Error> {
        let mut items = Vec::new();
        let mut total = Response::nothing();
        loop {
            let (read, response) = self.read(client).await?.split();
            items.extend(read);
            total.add(response);
            if self.is_over() {
                return Ok(total.map(|()| items));
            }
        }
    }

    /// As [`page`](Self::page), with the responses that its items are read from.
    pub(super) async fn fetch<I, P: Projection<E>>(
        mut self,
        client: &SecureClient,
    ) -> Result<BorrowedPage<E, I, P>, Error> {
        let mut responses = Vec::new();
        loop {
            let response = self.ask::<P>(client).await?;
            let counted = self.decode(client, &response, response::count)?.value;
            let count = usize::try_from(counted.count).unwrap_or(usize::MAX);
            let count = self.step(&response, count, &[], counted.last_evaluated_key)?;
            responses.push((response, count));
            if let ControlFlow::Break(next) = self.page_end() {
                return Ok(BorrowedPage { responses, next, projection: PhantomData });
            }
        }
    }

    /// Where the page ends, if it does here.
    fn page_end<I>(&self) -> ControlFlow<Option<Cursor<E, I>>> {
        // Without a limit one request is a page; with one, a filter may have left out some.
        let is_page = self.limit.is_none_or(|limit| limit == 0);
        match &self.place {
            Position::After(key) if is_page => {
                ControlFlow::Break(Some(Cursor::new(Arc::clone(key), self.digest())))
            }
            Position::Start | Position::After(_) => ControlFlow::Continue(()),
            Position::End => ControlFlow::Break(None),
        }
    }

    /// Whether all that was wanted is read.
    pub(super) fn is_over(&self) -> bool {
        matches!(self.place, Position::End) || self.limit == Some(0)
    }

    /// The items of one request; the search goes on after them.
    pub(super) async fn read<P: OwnedProjection<E>>(
        &mut self,
        client: &SecureClient,
    ) -> Result<Response<Vec<P>>, Error> {
        let response = self.ask::<P>(client).await?;
        let (page, metadata) = self.decode(client, &response, page_of::<E, P>)?.split();
        let items = self.wanted_of(&response, page)?;
        Ok(metadata.map(|()| items))
    }

    /// The items of one request, each by itself where not all can be read.
    pub(super) async fn read_each<P: OwnedProjection<E>>(
        &mut self,
        client: &SecureClient,
    ) -> Result<ReadItems<P>, Error> {
        let response = self.ask::<P>(client).await?;
        match self.decode(client, &response, page_of::<E, P>) {
            Ok(page) => Ok(ReadItems::All(self.wanted_of(&response, page.value)?.into_iter())),
            Err(error) if error.is_decode() => self.read_around(&response),
            Err(error) => Err(error),
        }
    }

    #[cold]
    fn read_around<P: OwnedProjection<E>>(
        &mut self,
        response: &RawResponse,
    ) -> Result<ReadItems<P>, Error> {
        let page = each::<P>(response, P::IS_OF)?;
        Ok(ReadItems::Each(self.wanted_of(response, page)?.into_iter()))
    }

    /// The items of a page that are wanted; the search goes on after them.
    fn wanted_of<T>(
        &mut self,
        response: &RawResponse,
        page: response::DecodedPage<T>,
    ) -> Result<Vec<T>, Error> {
        let response::DecodedPage { mut items, places, last_evaluated_key } = page;
        items.truncate(self.step(response, items.len(), &places, last_evaluated_key)?);
        Ok(items)
    }

    /// The response to one request for the attributes of `P`.
    async fn ask<P: Projection<E>>(&mut self, client: &SecureClient) -> Result<RawResponse, Error> {
        self.check_cursor()?;
        self.check_projected(P::SELECTION)?;
        let look_at = self.look_at()?;
        if let (Some(pace), Some(items)) = (&self.pace, look_at) {
            pace.wait(items).await;
        }
        let paths = projection::paths_of::<E, P>().filter(|_| !self.is_all_of_index(P::SELECTION));
        // A page that is cut goes on by the keys of its last item, and by those of the condition an
        // item is known to be one that was asked for.
        let cut_by = if self.limit.is_some() { self.keys() } else { Vec::new() };
        let needed = cut_by.into_iter().chain(self.key_condition.roots());
        let projection = projection::expression(paths.as_deref(), needed);
        self.send(client, Select::Items { projection, look_at }).await
    }

    /// Reads a response, which must be about the table and the keys that were asked for.
    fn decode<T>(
        &self,
        client: &SecureClient,
        response: &RawResponse,
        decode: impl FnOnce(&[u8], Expected<'_>) -> Result<T, DecodeError>,
    ) -> Result<Response<T>, Error> {
        // Most queries are of one partition key: its items are known without the condition's tokens.
        let usual_start = self.key_condition.usual_start();
        let expected = Expected {
            table: Some(client.physical_table(E::SCHEMA.table)),
            usual_start: usual_start.as_deref(),
            is_item: &|item: &str| self.key_condition.is_fulfilled_by(item),
        };
        response.decode_asked(client, |body| decode(body, expected))
    }

    /// Goes on after a response of so many items, which have these places in it if there are others
    /// between them, and gives how many of them are wanted.
    fn step(
        &mut self,
        response: &RawResponse,
        count: usize,
        places: &[usize],
        last_evaluated_key: Option<Box<[u8]>>,
    ) -> Result<usize, Error> {
        self.place = Position::after(last_evaluated_key);
        let Some(limit) = self.limit else { return Ok(count) };
        let wanted = count.min(limit);
        if count > limit {
            let last = limit.saturating_sub(1);
            let last = places.get(last).copied().unwrap_or(last);
            let key = response.decode(|body| response::key_of_item(body, last, &self.keys()))?;
            self.place = Position::After(Arc::from(key.value));
        }
        self.limit = Some(limit - wanted);
        Ok(wanted)
    }

    /// How many items to look at for those that are still wanted: as many at first, and more with
    /// each request, since a filter may leave out most.
    fn look_at(&mut self) -> Result<Option<usize>, Error> {
        let Some(limit) = self.limit else {
            return Ok(self.pace.as_ref().map(|pace| pace.items_a_request()));
        };
        if limit == 0 {
            return Err(self.invalid(ExpressionError::NoLimit));
        }
        let more = self.looked_at.saturating_mul(2).min(MOST_LOOKED_AT);
        self.looked_at = limit.min(MAX_LIMIT).max(more);
        Ok(Some(self.looked_at))
    }

    /// The attributes that say where an item stands in the index: its keys and the table's.
    fn keys(&self) -> Vec<&'static str> {
        let schema = E::SCHEMA;
        let of_index = schema.index(self.index).into_iter().flat_map(IndexSchema::keys);
        let mut keys = Vec::with_capacity(4);
        for key in std::iter::once(schema.partition_key).chain(schema.sort_key).chain(of_index) {
            if !keys.contains(&key.name) {
                keys.push(key.name);
            }
        }
        keys
    }

    /// The number of items of `P`, over all pages, up to the limit.
    pub(super) async fn count<P: Projection<E>>(
        mut self,
        client: &SecureClient,
    ) -> Result<u64, Error> {
        self.check_cursor()?;
        self.check_projected(Some(&[]))?;
        let mut count = 0;
        loop {
            let look_at = self.look_at()?;
            let counted = match P::IS_OF {
                None => {
                    let response = self.send(client, Select::Count { look_at }).await?;
                    self.decode(client, &response, response::count)?.value
                }
                // The service does not know whose they are: their keys and constants tell.
                Some(is_of) => {
                    let mut told_by = self.keys();
                    told_by.extend(P::told_by());
                    let projection = projection::expression(Some(&[]), told_by);
                    let response = self.send(client, Select::Items { projection, look_at }).await?;
                    let count = |body: &[u8], expected: Expected<'_>| {
                        response::count_of(body, is_of, expected)
                    };
                    self.decode(client, &response, count)?.value
                }
            };
            self.place = Position::after(counted.last_evaluated_key);
            count = u64::saturating_add(count, self.wanted(counted.count));
            if self.is_over() {
                return Ok(count);
            }
        }
    }

    /// How many of so many items are still wanted, which are wanted no more then.
    fn wanted(&mut self, count: u64) -> u64 {
        let Some(limit) = &mut self.limit else { return count };
        let wanted = usize::try_from(count).unwrap_or(usize::MAX).min(*limit);
        *limit -= wanted;
        wanted as u64
    }

    async fn send(&self, client: &SecureClient, asked: Select) -> Result<RawResponse, Error> {
        let filter = self.filter(now(client));
        let mut request = Request::new::<E>(client, self.api, self.subject.operation, 256);
        request.subject = self.subject;
        request.asks_for(response::Asked::MANY);
        if let Some(index) = self.index {
            request.text("IndexName", index);
        }
        if self.is_consistent {
            request.flag("ConsistentRead", true);
        }
        if !self.is_forward {
            request.flag("ScanIndexForward", false);
        }
        let (look_at, projection) = match asked {
            Select::Count { look_at } => {
                request.text("Select", "COUNT");
                (look_at, Fragment::default())
            }
            Select::Items { projection, look_at } => (look_at, projection),
        };
        if let Some(look_at) = look_at {
            request.number("Limit", look_at as u64);
        }
        if let Some(ScanSegment { number, total }) = self.segment {
            request.number("Segment", number as u64);
            request.number("TotalSegments", total as u64);
        }
        if let Position::After(start) = &self.place {
            request.writer().member("ExclusiveStartKey");
            request.writer().raw(start);
        }
        request.expressions(|renderer, writer| {
            renderer.expression(writer, "KeyConditionExpression", &self.key_condition);
            renderer.expression(writer, "FilterExpression", &filter);
            renderer.expression(writer, "ProjectionExpression", &projection);
        })?;
        request.finish(self.deadline)?.read(client).await
    }

    /// What an index does not have, no filter and no projection finds there.
    fn check_projected(&self, selection: Option<&[Selected]>) -> Result<(), Error> {
        let schema = &E::SCHEMA;
        let Some(index) = schema.index(self.index) else { return Ok(()) };
        let has = |attribute: &&str| index.has(attribute, schema);
        let filter = self.filter.clone().into_fragment();
        let is_partial = index.projected.is_some();
        let of_selection = selection.into_iter().flatten().map(Selected::name);
        let missing = filter.roots().chain(of_selection).find(|attribute| !has(attribute));
        let index = index.name;
        match (missing, selection) {
            (Some(attribute), _) => {
                Err(self.invalid(ExpressionError::NotProjected { attribute, index }))
            }
            (None, None) if is_partial => {
                Err(self.invalid(ExpressionError::NotAllProjected { index }))
            }
            (None, _) => Ok(()),
        }
    }

    /// Whether it is all that the index has, which needs no projection: so nothing is asked for
    /// that another version of the program has not given the index.
    fn is_all_of_index(&self, selection: Option<&[Selected]>) -> bool {
        let projected = E::SCHEMA.index(self.index).and_then(|index| index.projected);
        let (Some(projected), Some(selection)) = (projected, selection) else { return false };
        projected.iter().all(|held| selection.iter().any(|selected| selected.name() == held.name()))
    }

    pub(super) fn invalid(&self, error: ExpressionError) -> Error {
        self.subject.error(error)
    }

    /// A cursor goes on in the query that gave it, and in no other.
    fn check_cursor(&mut self) -> Result<(), Error> {
        match self.resumed.take() {
            Some(query) if query != self.digest() => {
                Err(self.invalid(ExpressionError::CursorOfAnotherQuery))
            }
            _ => Ok(()),
        }
    }

    /// What makes this the query that it is.
    pub(super) fn digest(&self) -> QueryDigest {
        digest(self.subject.operation, self.is_forward, &self.key_condition, &self.filter)
    }

    /// The service leaves out expired items, and those of other entities: no key of an index is the
    /// time of expiry or a constant.
    fn filter(&self, now: Timestamp) -> Fragment {
        let mut filter = self.filter.clone();
        if let (Some(ttl), false) = (self.ttl, self.including_expired) {
            filter.add(alive(ttl, now));
        }
        let index = E::SCHEMA.index(self.index);
        for constant in self.constants {
            if index.is_none_or(|index| index.has(constant.name, &E::SCHEMA)) {
                filter.add(of_no_other(*constant));
            }
        }
        filter.into_fragment()
    }
}

impl<E> Clone for Search<E> {
    fn clone(&self) -> Self {
        Self {
            api: self.api,
            subject: self.subject,
            index: self.index,
            key_condition: self.key_condition.clone(),
            filter: self.filter.clone(),
            is_forward: self.is_forward,
            is_consistent: self.is_consistent,
            including_expired: self.including_expired,
            ttl: self.ttl,
            constants: self.constants,
            limit: self.limit,
            looked_at: self.looked_at,
            place: self.place.clone(),
            resumed: self.resumed,
            segment: self.segment,
            pace: self.pace.clone(),
            deadline: self.deadline,
            entity: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity> fmt::Debug for Search<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Search")
            .field("entity", &self.subject.entity)
            .field("operation", &self.subject.operation)
            .field("index", &self.index)
            .field("key_condition", &self.key_condition)
            .field("filter", &self.filter)
            .finish_non_exhaustive()
    }
}
