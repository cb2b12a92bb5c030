//! A write of one item as it is sent: in a request of its own, or beside others in one.

use std::ops::Range;
use std::time::Duration;

use super::exchange::{Ready, Request};
use super::identity::{Identity, KeyNames};
use crate::client::{Api, Replay, SecureClient};
use crate::codec::response::AskedItem;
use crate::entity::Entity;
use crate::error::{Error, ReadCurrent, Subject};
use crate::expression::Fragment;
use crate::value::Timestamp;

/// A write of one item: its guards, its managed attributes and its audit are made in one place.
pub(super) trait Write: Send + Sync {
    /// Adds what the library writes itself and what must hold, and writes what is sent.
    ///
    /// Once only: it raises the version.
    fn prepare<'a>(
        &mut self,
        client: &'a SecureClient,
        now: Timestamp,
    ) -> Result<Prepared<'a>, Error>;

    /// The longest that the call may take.
    fn deadline(&self) -> Option<Duration>;

    /// Of an action of a transaction: reads why it was not applied.
    fn read_current(&self) -> ReadCurrent;
}

/// What is sent of a write, but for what it gives back.
pub(super) struct Prepared<'a> {
    request: Request<'a>,
    /// Where in the body the item or its key is.
    place: Range<usize>,
    /// Of the item or its key.
    item_size: usize,
    key_names: KeyNames,
    replay: Replay,
    /// Whether the item has a time that this write alone sets.
    is_told_by_its_time: bool,
}

impl<'a> Prepared<'a> {
    /// Ends the body with the expressions; a failed condition gives back the item as it is.
    pub(super) fn new<E: Entity>(
        mut request: Request<'a>,
        place: Range<usize>,
        update: &Fragment,
        condition: &Fragment,
        replay: Replay,
    ) -> Result<Self, Error> {
        let item_size = request.writer().item_size();
        if !condition.is_empty() {
            request.text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
        }
        request.expressions(|renderer, writer| {
            renderer.expression(writer, "UpdateExpression", update);
            renderer.expression(writer, "ConditionExpression", condition);
        })?;
        let key_names = KeyNames::of(&E::SCHEMA);
        Ok(Self { request, place, item_size, key_names, replay, is_told_by_its_time: false })
    }

    /// Of a read, which has all that it is sent with.
    pub(super) fn read<E: Entity>(mut request: Request<'a>, place: Range<usize>) -> Self {
        let item_size = request.writer().item_size();
        let key_names = KeyNames::of(&E::SCHEMA);
        let replay = Replay::Harmless;
        Self { request, place, item_size, key_names, replay, is_told_by_its_time: false }
    }

    /// Notes whether the item, as it is written, has a time that this write alone sets.
    pub(super) fn told_by_its_time(self, is_told_by_its_time: bool) -> Self {
        Self { is_told_by_its_time, ..self }
    }

    pub(super) fn is_told_by_its_time(&self) -> bool {
        self.is_told_by_its_time
    }

    /// Ready to be sent on its own, and where in its body the item or its key is.
    pub(super) fn alone(
        self,
        return_values: Option<&str>,
        deadline: Option<Duration>,
    ) -> Result<(Ready<'a>, Range<usize>), Error> {
        let Self { mut request, place, replay, .. } = self;
        if let Some(values) = return_values {
            request.text("ReturnValues", values);
            if values == "UPDATED_NEW" {
                request.gives_back_a_part();
            }
        }
        Ok((request.finish(replay, deadline)?, place))
    }

    /// To stand beside others in one request.
    pub(super) fn beside(self) -> Result<Beside<'a>, Error> {
        let Self { request, place, item_size, key_names, .. } = self;
        let (subject, table, action) = (request.subject, request.table(), action(request.api()));
        let body = request.into_body()?;
        let json = body.get(place.clone()).unwrap_or_default();
        let identity = key_names.identify(json).map_err(|error| subject.error(error))?;
        Ok(Beside { subject, action, table, key_names, identity, item_size, body, place })
    }
}

/// What a transaction calls it.
fn action(api: Api) -> &'static str {
    match api {
        Api::PutItem => "Put",
        Api::UpdateItem => "Update",
        Api::DeleteItem => "Delete",
        Api::TransactGetItems => "Get",
        _ => "ConditionCheck",
    }
}

/// A write that stands beside others in one request.
pub(super) struct Beside<'a> {
    pub(super) subject: Subject,
    /// What a transaction calls it.
    pub(super) action: &'static str,
    /// The table by its physical name.
    pub(super) table: &'a str,
    pub(super) key_names: KeyNames,
    pub(super) identity: Identity,
    /// Of the item or its key, in bytes of DynamoDB's reckoning.
    pub(super) item_size: usize,
    /// All of it, as an object.
    pub(super) body: Vec<u8>,
    place: Range<usize>,
}

impl Beside<'_> {
    /// As it is found again in a response to the body in which it begins at this place.
    pub(super) fn asked(&self, start: usize) -> AskedItem {
        let names = self.key_names.as_response_has_them();
        AskedItem { names, place: start + self.place.start..start + self.place.end }
    }

    /// The item or its key.
    pub(super) fn content(&self) -> &[u8] {
        self.body.get(self.place.clone()).unwrap_or_default()
    }
}
