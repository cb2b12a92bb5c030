//! One request and its response, the same way for all operations.

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use super::identity::KeyNames;
use crate::client::{
    Api, Call, CallError, CallErrorKind, PeerInfo, RawResponse, ReadCapacity, Replay, SecureClient,
};
use crate::codec::response::{Asked, AskedItem, AskedItems, AskedTables, consumed_capacity};
use crate::codec::{DecodeError, Writer};
use crate::entity::{Entity, Key, KeyWriter};
use crate::error::{Error, ErrorKind, Subject};
use crate::expression::{ExpressionError, Renderer};

/// What an operation gave, and what is known of its request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// What the operation gave.
    pub value: T,
    /// The service's identifier of the request.
    pub request_id: Option<String>,
    /// How often the request was tried.
    pub attempts: u32,
    /// Whether the write was sent again after a response of it was lost, so that it may have been
    /// applied twice, with another's write between the two: an item that was deleted by another
    /// since is created again, another's new item is deleted too.
    ///
    /// It stays false for a read, a transaction, and a write that is sent by `.exactly_once()` or
    /// `.at_most_once()`.
    pub may_be_applied_twice: bool,
    /// Who answered: the server's address, certificate and TLS.
    pub peer: Option<Arc<PeerInfo>>,
    /// The capacity units that it consumed, of tables and indexes, where the client asks for it by
    /// [`return_capacity`](crate::client::SecureClientBuilder::return_capacity).
    pub capacity: Option<f64>,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, raw: &RawResponse) -> Self {
        Self {
            value,
            request_id: raw.request_id.clone(),
            attempts: raw.attempts,
            may_be_applied_twice: raw.may_be_applied_twice,
            peer: raw.peer.clone(),
            capacity: raw.capacity,
        }
    }

    pub(crate) fn map<U>(self, map: impl FnOnce(T) -> U) -> Response<U> {
        let (value, rest) = self.split();
        rest.with(map(value))
    }

    pub(crate) fn split(self) -> (T, Response<()>) {
        let Self { value, request_id, attempts, may_be_applied_twice, peer, capacity } = self;
        let rest =
            Response { value: (), request_id, attempts, may_be_applied_twice, peer, capacity };
        (value, rest)
    }
}

impl Response<()> {
    /// Of no request.
    pub(crate) fn nothing() -> Self {
        Self {
            value: (),
            request_id: None,
            attempts: 0,
            may_be_applied_twice: false,
            peer: None,
            capacity: None,
        }
    }

    fn with<T>(self, value: T) -> Response<T> {
        let Self { value: (), request_id, attempts, may_be_applied_twice, peer, capacity } = self;
        Response { value, request_id, attempts, may_be_applied_twice, peer, capacity }
    }

    /// One more request of an operation: the last one's identifier, and the sums of all.
    pub(crate) fn add(&mut self, other: Self) {
        let capacity = match (self.capacity, other.capacity) {
            (Some(before), Some(more)) => Some(before + more),
            (before, more) => before.or(more),
        };
        let attempts = self.attempts + other.attempts;
        let may_be_applied_twice = self.may_be_applied_twice || other.may_be_applied_twice;
        *self = Self { attempts, may_be_applied_twice, capacity, ..other };
    }
}

/// A request's body while it is written, and what its operation is.
pub(crate) struct Request<'a> {
    client: &'a SecureClient,
    pub(crate) subject: Subject,
    table: &'a str,
    api: Api,
    /// Of a request on one item.
    key_names: Option<KeyNames>,
    asked: Asked,
    writer: Writer,
}

impl<'a> Request<'a> {
    /// Begins the body with the table's name.
    pub(crate) fn new<E: Entity>(
        client: &'a SecureClient,
        api: Api,
        operation: &'static str,
        size_hint: usize,
    ) -> Self {
        let table = client.physical_table(E::SCHEMA.table);
        let subject = Subject { entity: E::SCHEMA.entity, operation };
        let mut request = Self::of_several(client, api, subject, table, size_hint);
        request.text("TableName", table);
        // Without the quote after it.
        let end = request.length() - 1;
        request.asked.tables = AskedTables::One(end - table.len()..end);
        request.key_names = Some(KeyNames::of(&E::SCHEMA));
        request
    }

    /// Begins the body of a request on several items, of which this is a table.
    pub(crate) fn of_several(
        client: &'a SecureClient,
        api: Api,
        subject: Subject,
        table: &'a str,
        size_hint: usize,
    ) -> Self {
        let mut writer = Writer::with_capacity(size_hint + 256);
        writer.begin_object();
        let asked = Asked::default();
        Self { client, subject, table, api, key_names: None, asked, writer }
    }

    pub(crate) fn api(&self) -> Api {
        self.api
    }

    /// The table by its physical name.
    pub(crate) fn table(&self) -> &'a str {
        self.table
    }

    /// In bytes, of what is written.
    pub(crate) fn length(&self) -> usize {
        self.writer.as_bytes().len()
    }

    /// What the response must be about.
    pub(crate) fn asks_for(&mut self, asked: Asked) {
        self.asked = asked;
    }

    fn asks_for_item(&mut self, place: Range<usize>) {
        if let Some(names) = self.key_names {
            let item = AskedItem { names: names.as_response_has_them(), place };
            self.asked.items = AskedItems::One { item, has_key: true };
        }
    }

    /// What the service gives back of the item is a part of it.
    pub(crate) fn gives_back_a_part(&mut self) {
        if let AskedItems::One { has_key, .. } = &mut self.asked.items {
            *has_key = false;
        }
    }

    pub(crate) fn writer(&mut self) -> &mut Writer {
        &mut self.writer
    }

    pub(crate) fn flag(&mut self, member: &'static str, value: bool) {
        self.writer.member(member);
        self.writer.json_bool(value);
    }

    pub(crate) fn text(&mut self, member: &'static str, value: &str) {
        self.writer.member(member);
        self.writer.json_string(value);
    }

    pub(crate) fn number(&mut self, member: &'static str, value: u64) {
        self.writer.member(member);
        self.writer.json_u64(value);
    }

    /// Writes the key and gives back its bytes' place in the body.
    pub(crate) fn key<K: Key>(&mut self, key: &K) -> Result<Range<usize>, Error> {
        self.writer.member("Key");
        let start = self.length();
        let mut writer = KeyWriter::new(&mut self.writer);
        key.write(&mut writer);
        writer.finish().map_err(|error| self.subject.error(error))?;
        let place = start..self.length();
        self.asks_for_item(place.clone());
        Ok(place)
    }

    /// Writes the whole item and gives back its bytes' place in the body.
    pub(crate) fn item<E: Entity>(&mut self, entity: &E) -> Result<Range<usize>, Error> {
        entity.check_keys().map_err(|error| self.subject.error(error))?;
        self.writer.member("Item");
        let start = self.length();
        entity.encode_item(&mut self.writer);
        let place = start..self.length();
        self.asks_for_item(place.clone());
        Ok(place)
    }

    pub(crate) fn expressions<'f>(
        &mut self,
        render: impl FnOnce(&mut Renderer<'f>, &mut Writer),
    ) -> Result<(), Error> {
        let mut renderer = Renderer::default();
        render(&mut renderer, &mut self.writer);
        let finished: Result<(), ExpressionError> = renderer.finish(&mut self.writer);
        finished.map_err(|error| self.subject.error(error))
    }

    /// Ends the body, which is a part of another one.
    pub(crate) fn into_body(mut self) -> Result<Vec<u8>, Error> {
        self.writer.end_object();
        self.writer.finish().map_err(|error| self.subject.error(error))
    }

    /// Ends the body; it can be sent then.
    pub(crate) fn finish(
        self,
        replay: Replay,
        deadline: Option<Duration>,
    ) -> Result<Ready<'a>, Error> {
        let Self { client, subject, table, api, key_names: _, asked, mut writer } = self;
        if client.returns_capacity() {
            writer.member("ReturnConsumedCapacity");
            writer.json_string("TOTAL");
        }
        writer.end_object();
        let body = writer.finish().map_err(|error| subject.error(error))?;
        let read_capacity = client.returns_capacity().then_some(read_capacity as ReadCapacity);
        let call = Call { api, body: body.into(), asked, replay, deadline, read_capacity };
        Ok(Ready { subject, table, call })
    }
}

/// A request that is ready to be sent.
pub(crate) struct Ready<'a> {
    pub(crate) subject: Subject,
    table: &'a str,
    call: Call,
}

impl Ready<'_> {
    pub(crate) fn body(&self) -> bytes::Bytes {
        self.call.body.clone()
    }

    /// The same request once more, with this time.
    pub(crate) fn again(&self, deadline: Duration) -> Self {
        let Call { api, ref body, ref asked, replay, read_capacity, .. } = self.call;
        let (body, asked, deadline) = (body.clone(), asked.clone(), Some(deadline));
        let call = Call { api, body, asked, replay, deadline, read_capacity };
        Self { subject: self.subject, table: self.table, call }
    }

    /// Sends it, with whatever error the call has.
    pub(crate) async fn send(self, client: &SecureClient) -> Result<Answer, CallError> {
        let api = self.call.api;
        let raw = client.call(self.table, self.call).await?;
        Ok(Answer::new(client, self.subject, api, raw))
    }

    /// Sends a read, which leaves nothing behind that could be unknown.
    pub(crate) async fn read(self, client: &SecureClient) -> Result<Answer, Error> {
        let subject = self.subject;
        let sent = self.send(client).await;
        sent.map_err(|error| subject.call_error(error).with_unknown_outcome(false))
    }

    /// Sends a write, whose failed condition is told apart from every other error.
    pub(crate) async fn write(self, client: &SecureClient) -> Result<Answer, Refusal> {
        let subject = self.subject;
        self.send(client).await.map_err(|error| {
            if is_condition_failed(&error) {
                Refusal::Condition(error)
            } else {
                Refusal::Other(subject.call_error(error))
            }
        })
    }
}

/// What a response says of the consumed capacity: what cannot be read of it is no error, for the
/// operation succeeded.
fn read_capacity(body: &[u8]) -> Option<f64> {
    consumed_capacity(body).ok().flatten()
}

/// Why a write was not applied.
pub(crate) enum Refusal {
    Condition(CallError),
    Other(Error),
}

fn is_condition_failed(error: &CallError) -> bool {
    matches!(
        &error.kind,
        CallErrorKind::Service { code, .. } if code == "ConditionalCheckFailedException"
    )
}

/// A response, and the operation that it answers.
pub(crate) struct Answer {
    pub(crate) subject: Subject,
    api: Api,
    pub(crate) raw: RawResponse,
}

impl Answer {
    fn new(client: &SecureClient, subject: Subject, api: Api, raw: RawResponse) -> Self {
        if let Some(units) = raw.capacity {
            client.add_capacity(subject.entity, subject.operation, units);
        }
        Self { subject, api, raw }
    }

    pub(crate) fn decode<'a, T>(
        &'a self,
        decode: impl FnOnce(&'a [u8]) -> Result<T, DecodeError>,
    ) -> Result<Response<T>, Error> {
        match decode(&self.raw.body) {
            Ok(value) => Ok(Response::new(value, &self.raw)),
            Err(error) => Err(self.error(error)),
        }
    }

    /// As [`decode`](Self::decode), of an answer of many items, which is compared with its request
    /// while it is read.
    pub(crate) fn decode_asked<'a, T>(
        &'a self,
        client: &SecureClient,
        decode: impl FnOnce(&'a [u8]) -> Result<T, DecodeError>,
    ) -> Result<Response<T>, Error> {
        match decode(&self.raw.body) {
            Ok(value) => Ok(Response::new(value, &self.raw)),
            Err(error) => Err(match error.stray() {
                Some(stray) => self.error(ErrorKind::Call(client.reject(
                    self.api,
                    self.raw.peer.as_deref(),
                    stray,
                ))),
                None => self.error(error),
            }),
        }
    }

    pub(crate) fn error(&self, kind: impl Into<ErrorKind>) -> Error {
        let RawResponse { request_id, attempts, may_be_applied_twice, .. } = &self.raw;
        self.subject
            .error(kind)
            .with_request(request_id.as_deref(), *attempts)
            .applied_twice(*may_be_applied_twice)
    }
}
