//! A response: its checked bytes are decoded into what an operation gives.

use std::sync::Arc;

use crate::client::{PeerInfo, RawResponse, SecureClient};
use crate::codec::DecodeError;
use crate::error::{Error, ErrorKind};

/// The result of an operation, and the metadata of its request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// The result.
    pub value: T,
    /// The service's identifier of the request.
    pub request_id: Option<String>,
    /// How many attempts were made.
    pub attempts: u32,
    /// Whether the write was retried after a response was lost, so that it may have been applied
    /// twice, with another writer's write between the two: an item that another writer has deleted
    /// is created again, and another writer's new item is deleted.
    ///
    /// It stays false for a read, a transaction, and a write that is sent by `.exactly_once()` or
    /// `.at_most_once()`.
    pub may_be_applied_twice: bool,
    /// The server that responded: its address, certificate and TLS.
    pub peer: Option<Arc<PeerInfo>>,
    /// The capacity units that it consumed, of tables and indexes, where the client asks for it by
    /// [`return_capacity`](crate::client::SecureClientBuilder::return_capacity).
    pub capacity: Option<f64>,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, raw: &RawResponse) -> Self {
        Self {
            value,
            request_id: raw.request_id.as_deref().map(str::to_owned),
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

impl RawResponse {
    pub(crate) fn decode<'a, T>(
        &'a self,
        decode: impl FnOnce(&'a [u8]) -> Result<T, DecodeError>,
    ) -> Result<Response<T>, Error> {
        match decode(&self.body) {
            Ok(value) => Ok(Response::new(value, self)),
            Err(error) => Err(self.error(error)),
        }
    }

    /// As [`decode`](Self::decode), of a response of many items, which is compared with its request
    /// while it is read.
    pub(crate) fn decode_asked<'a, T>(
        &'a self,
        client: &SecureClient,
        decode: impl FnOnce(&'a [u8]) -> Result<T, DecodeError>,
    ) -> Result<Response<T>, Error> {
        match decode(&self.body) {
            Ok(value) => Ok(Response::new(value, self)),
            Err(error) => Err(match error.stray() {
                Some(stray) => {
                    let peer = self.peer.as_deref();
                    self.error(ErrorKind::Call(client.reject(self.api, peer, stray)))
                }
                None => self.error(error),
            }),
        }
    }

    pub(crate) fn error(&self, kind: impl Into<ErrorKind>) -> Error {
        self.subject
            .error(kind)
            .with_request(self.request_id.as_deref(), self.attempts)
            .applied_twice(self.may_be_applied_twice)
    }
}
