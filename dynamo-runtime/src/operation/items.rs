//! All items of a query or a scan, page after page.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use futures_core::Stream;

use super::exchange::Response;
use super::search::{Batch, Search};
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::Error;

type Reading<E> =
    Pin<Box<dyn Future<Output = (Box<Search<E>>, Result<Response<Batch<E>>, Error>)> + Send>>;

/// A stream of entities; it ends after the first error.
#[must_use = "nothing is read before it is polled"]
pub struct Items<E> {
    client: SecureClient,
    ready: vec::IntoIter<E>,
    state: State<E>,
}

enum State<E> {
    Idle(Box<Search<E>>),
    Reading(Reading<E>),
    Ended,
}

impl<E: Entity> Items<E> {
    pub(super) fn new(search: Search<E>, client: SecureClient) -> Self {
        let state = match search.limit {
            Some(0) => State::Ended,
            _ => State::Idle(Box::new(search)),
        };
        Self { client, ready: Vec::new().into_iter(), state }
    }

    /// The next entity; `None` at the end.
    ///
    /// # Errors
    /// A call failed, or an item does not fit the entity. The stream ends there.
    pub async fn next(&mut self) -> Option<Result<E, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All entities that are left.
    ///
    /// # Errors
    /// As [`next`](Self::next); what was read before is dropped.
    pub async fn collect(mut self) -> Result<Vec<E>, Error> {
        let mut all = Vec::new();
        while let Some(entity) = self.next().await {
            all.push(entity?);
        }
        Ok(all)
    }

    fn read(&self, search: Box<Search<E>>) -> Reading<E> {
        let client = self.client.clone();
        Box::pin(async move {
            let batch = search.batch(&client).await;
            (search, batch)
        })
    }

    fn advance(&mut self, mut search: Box<Search<E>>, batch: Batch<E>) {
        if let Some(limit) = &mut search.limit {
            *limit = limit.saturating_sub(batch.items.len());
        }
        self.ready = batch.items.into_iter();
        self.state = match batch.next {
            Some(next) if search.limit != Some(0) => {
                search.start = Some(next);
                State::Idle(search)
            }
            _ => State::Ended,
        };
    }
}

impl<E: Entity> Stream for Items<E> {
    type Item = Result<E, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(entity) = this.ready.next() {
                return Poll::Ready(Some(Ok(entity)));
            }
            match std::mem::replace(&mut this.state, State::Ended) {
                State::Ended => return Poll::Ready(None),
                State::Idle(search) => this.state = State::Reading(this.read(search)),
                State::Reading(mut reading) => {
                    let Poll::Ready((search, batch)) = reading.as_mut().poll(context) else {
                        this.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    match batch {
                        Ok(batch) => this.advance(search, batch.value),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    }
                }
            }
        }
    }
}

// Nothing in it is pinned by address: the future is boxed.
impl<E> Unpin for Items<E> {}

impl<E: Entity> fmt::Debug for Items<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}
