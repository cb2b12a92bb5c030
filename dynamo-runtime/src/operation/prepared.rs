//! A write of one item as it is sent: in a request of its own, or beside others in one.

use std::ops::Range;
use std::time::Duration;

use super::exchange::{Ready, Request};
use crate::client::{Replay, SecureClient};
use crate::error::Error;
use crate::expression::Fragment;
use crate::value::Timestamp;

/// A write of one item: its guards, its managed attributes and its audit are made in one place.
pub(super) trait Write {
    /// Adds what the library writes itself and what must hold, and writes what is sent.
    ///
    /// Once only: it raises the version.
    fn prepare<'a>(
        &mut self,
        client: &'a SecureClient,
        now: Timestamp,
    ) -> Result<Prepared<'a>, Error>;
}

/// What is sent of a write, but for what it gives back.
pub(super) struct Prepared<'a> {
    pub(super) request: Request<'a>,
    /// Where in the body the item or its key is.
    pub(super) place: Range<usize>,
    pub(super) replay: Replay,
}

impl<'a> Prepared<'a> {
    /// Ends the body with the expressions; a failed condition gives back the item as it is.
    pub(super) fn new(
        mut request: Request<'a>,
        place: Range<usize>,
        update: &Fragment,
        condition: &Fragment,
        replay: Replay,
    ) -> Result<Self, Error> {
        if !condition.is_empty() {
            request.text("ReturnValuesOnConditionCheckFailure", "ALL_OLD");
        }
        request.expressions(|renderer, writer| {
            renderer.expression(writer, "UpdateExpression", update);
            renderer.expression(writer, "ConditionExpression", condition);
        })?;
        Ok(Self { request, place, replay })
    }

    /// Ready to be sent on its own.
    pub(super) fn alone(
        self,
        return_values: Option<&str>,
        deadline: Option<Duration>,
    ) -> Result<Ready<'a>, Error> {
        let Self { mut request, replay, .. } = self;
        if let Some(values) = return_values {
            request.text("ReturnValues", values);
        }
        request.finish(replay, deadline)
    }
}
