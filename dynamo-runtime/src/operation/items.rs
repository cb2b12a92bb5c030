//! All items of a query or a scan, page after page.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use futures_core::Stream;

use super::exchange::Response;
use super::search::Search;
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::Error;
use crate::projection::Owned;

type Reading<E, P> =
    Pin<Box<dyn Future<Output = (Box<Search<E>>, Result<Response<Vec<P>>, Error>)> + Send>>;

/// A stream of entities, or of projections `P` of them; it ends after the first error.
#[must_use = "nothing is read before it is polled"]
pub struct Items<E, P = E> {
    client: SecureClient,
    ready: vec::IntoIter<P>,
    state: State<E, P>,
}

enum State<E, P> {
    Idle(Box<Search<E>>),
    Reading(Reading<E, P>),
    Ended,
}

impl<E: Entity, P: Owned<E>> Items<E, P> {
    pub(super) fn new(search: Search<E>, client: SecureClient) -> Self {
        Self { client, ready: Vec::new().into_iter(), state: State::Idle(Box::new(search)) }
    }

    /// The next entity; `None` at the end.
    ///
    /// # Errors
    /// A call failed, or an item does not fit the entity. The stream ends there.
    pub async fn next(&mut self) -> Option<Result<P, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All entities that are left.
    ///
    /// # Errors
    /// As [`next`](Self::next); what was read before is dropped.
    pub async fn collect(mut self) -> Result<Vec<P>, Error> {
        let mut all = Vec::new();
        while let Some(entity) = self.next().await {
            all.push(entity?);
        }
        Ok(all)
    }

    fn read(&self, mut search: Box<Search<E>>) -> Reading<E, P> {
        let client = self.client.clone();
        Box::pin(async move {
            let items = search.read(&client).await;
            (search, items)
        })
    }
}

impl<E: Entity, P: Owned<E>> Stream for Items<E, P> {
    type Item = Result<P, Error>;

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
                    let Poll::Ready((search, items)) = reading.as_mut().poll(context) else {
                        this.state = State::Reading(reading);
                        return Poll::Pending;
                    };
                    this.ready = match items {
                        Ok(items) => items.value.into_iter(),
                        Err(error) => return Poll::Ready(Some(Err(error))),
                    };
                    if !search.is_over() {
                        this.state = State::Idle(search);
                    }
                }
            }
        }
    }
}

// Nothing in it is pinned by address: the future is boxed.
impl<E, P> Unpin for Items<E, P> {}

impl<E: Entity, P> fmt::Debug for Items<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}
