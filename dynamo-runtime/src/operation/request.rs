//! A request from the first byte of its body until the client makes the call.
//!
//! It has one name at each stage: a plain value such as `Update`, a [`Request`] while its body is
//! written, a [`Call`] when it is finished, and in the client a `Flight`, which is what is known of
//! the attempts. A response is a [`RawResponse`] while it is checked bytes, and a `Response<T>` when
//! it is decoded.

use std::ops::Range;
use std::time::Duration;

use super::identity::ItemIdentity;
use super::stamped::Stamped;
use crate::client::{Api, Call, CallError, CallErrorKind, RawResponse, Replay, SecureClient};
use crate::codec::Writer;
use crate::codec::response::{Asked, AskedItem, AskedItems, AskedTables, KeyNames};
use crate::entity::{Entity, Key, KeyWriter};
use crate::error::Error;
use crate::expression::{Actions, ExpressionError, Fragment, Renderer};
use crate::subject::Subject;

/// A request while its body is written.
pub(crate) struct Request<'a> {
    client: &'a SecureClient,
    pub(crate) subject: Subject,
    table: &'a str,
    api: Api,
    /// Of a request on one item; else there are none.
    key_names: KeyNames,
    /// Where in the body the item or its key is.
    item: Range<usize>,
    /// Of the item or its key, in bytes as DynamoDB counts them.
    item_size: usize,
    asked: Asked,
    replay: Replay,
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
        request.key_names = KeyNames::of(&E::SCHEMA);
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
        Self {
            client,
            subject,
            table,
            api,
            key_names: KeyNames::NONE,
            item: 0..0,
            item_size: 0,
            asked: Asked::default(),
            replay: Replay::Harmless,
            writer,
        }
    }

    /// In bytes, of what is written.
    pub(crate) fn length(&self) -> usize {
        self.writer.as_bytes().len()
    }

    /// What the response must be about.
    pub(crate) fn asks_for(&mut self, asked: Asked) {
        self.asked = asked;
    }

    /// What a duplicate of the request does: by default no harm.
    pub(crate) fn replay(&mut self, replay: Replay) {
        self.replay = replay;
    }

    /// What the service gives back of the item that it writes.
    pub(crate) fn return_values(&mut self, values: Option<&str>) {
        let Some(values) = values else { return };
        self.text("ReturnValues", values);
        if let ("UPDATED_NEW", AskedItems::One { has_key, .. }) = (values, &mut self.asked.items) {
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

    /// Writes the key of the item that the request is about.
    pub(crate) fn key<K: Key>(&mut self, key: &K) -> Result<(), Error> {
        self.writer.member("Key");
        let start = self.length();
        let mut writer = KeyWriter::new(&mut self.writer);
        key.write(&mut writer);
        writer.finish().map_err(|error| self.subject.error(error))?;
        self.asks_for_item(start);
        Ok(())
    }

    /// Writes the whole item.
    pub(crate) fn item<E: Entity>(&mut self, entity: &Stamped<E>) -> Result<(), Error> {
        let entity = entity.get();
        entity.check_keys().map_err(|error| self.subject.error(error))?;
        self.writer.member("Item");
        let start = self.length();
        entity.encode_item(&mut self.writer);
        self.asks_for_item(start);
        Ok(())
    }

    /// Writes the item or the key of a guard: texts, and one list of texts.
    pub(super) fn guard(
        &mut self,
        member: &'static str,
        texts: &[(&'static str, &str)],
        list: Option<(&'static str, &Vec<String>)>,
    ) {
        self.writer.member(member);
        let start = self.length();
        self.writer.begin_item();
        for (name, text) in texts {
            self.writer.attribute(name, *text);
        }
        if let Some((name, list)) = list {
            self.writer.attribute(name, list);
        }
        self.writer.end_item();
        self.asks_for_item(start);
    }

    fn asks_for_item(&mut self, start: usize) {
        self.item = start..self.length();
        self.item_size = self.writer.item_size();
        let item = AskedItem { names: self.key_names, place: self.item.clone() };
        self.asked.items = AskedItems::One { item, has_key: true };
    }

    /// Where in the body the item or its key is.
    pub(crate) fn place_of_item(&self) -> Range<usize> {
        self.item.clone()
    }

    /// The size of the item or its key, in bytes as DynamoDB counts them.
    pub(crate) fn item_size(&self) -> usize {
        self.item_size
    }

    /// Writes the condition of a write; where it fails, the item is given back as it is.
    pub(crate) fn condition(&mut self, condition: &Fragment) -> Result<(), Error> {
        self.returns_current(&[condition]);
        self.expressions(|renderer, writer| {
            renderer.expression(writer, "ConditionExpression", condition);
        })
    }

    /// Writes the expressions of an update, whose conditions must all hold.
    pub(crate) fn update(
        &mut self,
        actions: &Actions,
        conditions: &[&Fragment],
    ) -> Result<(), Error> {
        self.returns_current(conditions);
        self.expressions(|renderer, writer| {
            renderer.update(writer, actions);
            renderer.all_of(writer, "ConditionExpression", conditions);
        })
    }

    fn returns_current(&mut self, conditions: &[&Fragment]) {
        if conditions.iter().any(|condition| !condition.is_empty()) {
            self.text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
        }
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

    /// Ends the body, which can be sent then.
    pub(crate) fn finish(self, deadline: Option<Duration>) -> Result<Call<'a>, Error> {
        let Self { client, subject, table, api, asked, replay, mut writer, .. } = self;
        if client.returns_capacity() {
            writer.member("ReturnConsumedCapacity");
            writer.json_string("TOTAL");
        }
        writer.end_object();
        let body = writer.finish().map_err(|error| subject.error(error))?;
        Ok(Call { subject, table, api, body: body.into(), asked, replay, deadline })
    }

    /// Ends the body of a request on one item, which is a part of a transaction or a batch then.
    pub(super) fn into_part(self) -> Result<Part<'a>, Error> {
        let Self { subject, table, api, key_names, item, item_size, mut writer, .. } = self;
        writer.end_object();
        let body = writer.finish().map_err(|error| subject.error(error))?;
        let json = body.get(item.clone()).unwrap_or_default();
        let identity = key_names.identify(json).map_err(|error| subject.error(error))?;
        Ok(Part { subject, action: action(api), table, key_names, identity, item_size, body, item })
    }
}

impl Call<'_> {
    /// Makes the call of a read, which leaves nothing behind that could be unknown.
    pub(crate) async fn read(self, client: &SecureClient) -> Result<RawResponse, Error> {
        let subject = self.subject;
        let response = client.call(self).await;
        response.map_err(|error| subject.call_error(error).with_unknown_outcome(false))
    }

    /// Makes the call of a write, with a failed condition apart from every other error.
    pub(crate) async fn write(self, client: &SecureClient) -> Result<RawResponse, WriteFailure> {
        let subject = self.subject;
        client.call(self).await.map_err(|error| {
            if is_condition_failed(&error) {
                WriteFailure::Condition(error)
            } else {
                WriteFailure::Other(subject.call_error(error))
            }
        })
    }
}

/// Why a write was not applied.
pub(crate) enum WriteFailure {
    Condition(CallError),
    Other(Error),
}

fn is_condition_failed(error: &CallError) -> bool {
    matches!(
        &error.kind,
        CallErrorKind::Service { code, .. } if code == "ConditionalCheckFailedException"
    )
}

/// The name of the action in a transaction.
fn action(api: Api) -> &'static str {
    match api {
        Api::PutItem => "Put",
        Api::UpdateItem => "Update",
        Api::DeleteItem => "Delete",
        Api::TransactGetItems => "Get",
        _ => "ConditionCheck",
    }
}

/// A request on one item that is a part of a transaction or a batch.
pub(super) struct Part<'a> {
    pub(super) subject: Subject,
    /// Its name in a transaction.
    pub(super) action: &'static str,
    /// The table by its physical name.
    pub(super) table: &'a str,
    pub(super) key_names: KeyNames,
    pub(super) identity: ItemIdentity,
    /// Of the item or its key, in bytes as DynamoDB counts them.
    pub(super) item_size: usize,
    /// All of it, as an object.
    pub(super) body: Vec<u8>,
    /// Where in the body the item or its key is.
    item: Range<usize>,
}

impl Part<'_> {
    /// As it is found again in a response to the body in which it begins at this place.
    pub(super) fn asked(&self, start: usize) -> AskedItem {
        AskedItem { names: self.key_names, place: start + self.item.start..start + self.item.end }
    }

    /// The item or its key.
    pub(super) fn content(&self) -> &[u8] {
        self.body.get(self.item.clone()).unwrap_or_default()
    }
}
