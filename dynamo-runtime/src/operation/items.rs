//! All items of a query or a scan, page after page.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::search::{Place, Read, Search};
use crate::client::SecureClient;
use crate::entity::Entity;
use crate::error::Error;
use crate::projection::Owned;

type Reading<E, P> = Pin<Box<dyn Future<Output = (Box<Search<E>>, Result<Read<P>, Error>)> + Send>>;

/// A stream of entities, or of projections `P` of them.
///
/// An item that does not fit the entity is an error in its place, and the items after it follow. The
/// stream ends after the error of a call.
///
/// While the items of a page are taken, the next page is on its way. No more than these two are
/// held at a time.
#[must_use = "nothing is read before it is polled"]
pub struct Items<E, P = E> {
    client: SecureClient,
    ready: Read<P>,
    /// Where the page that is ready begins, and where it ends.
    begin: Place,
    end: Place,
    ahead: Ahead<E, P>,
    /// Whether a call failed.
    has_failed: bool,
}

/// The page after the one that is ready.
enum Ahead<E, P> {
    Unasked(Box<Search<E>>),
    OnItsWay(Reading<E, P>),
    Here(Box<Search<E>>, Result<Read<P>, Error>),
    Ended,
}

impl<E: Entity, P: Owned<E>> Items<E, P> {
    pub(super) fn new(search: Search<E>, client: SecureClient) -> Self {
        let begin = search.place.clone();
        let ahead = match search.place {
            Place::End => Ahead::Ended,
            Place::Start | Place::After(_) => Ahead::Unasked(Box::new(search)),
        };
        let (ready, end) = (Read::nothing(), begin.clone());
        Self { client, ready, end, begin, ahead, has_failed: false }
    }

    /// The next entity; `None` at the end.
    ///
    /// # Errors
    /// A call failed, and the stream ends there. Or this item does not fit the entity
    /// ([`Error::is_decode`]), and the next ones follow.
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

    /// Where the items begin that were not taken, or the page of the first of them.
    pub(super) fn checkpoint(&self) -> Place {
        let page = if self.ready.is_empty() { &self.end } else { &self.begin };
        page.clone()
    }

    /// Whether a call failed, so that items are left which it does not give.
    pub(super) fn has_failed(&self) -> bool {
        self.has_failed
    }

    /// Reads no further.
    pub(super) fn end(&mut self) {
        self.ahead = Ahead::Ended;
    }

    /// Asks for the next page, and takes it when it is here.
    fn look_ahead(&mut self, context: &mut Context<'_>) {
        let mut reading = match std::mem::replace(&mut self.ahead, Ahead::Ended) {
            Ahead::Unasked(search) => self.read(search),
            Ahead::OnItsWay(reading) => reading,
            settled @ (Ahead::Here(..) | Ahead::Ended) => {
                self.ahead = settled;
                return;
            }
        };
        self.ahead = match reading.as_mut().poll(context) {
            Poll::Ready((search, items)) => Ahead::Here(search, items),
            Poll::Pending => Ahead::OnItsWay(reading),
        };
    }

    fn read(&self, mut search: Box<Search<E>>) -> Reading<E, P> {
        let client = self.client.clone();
        Box::pin(async move {
            let items = search.read_each(&client).await;
            (search, items)
        })
    }
}

impl<E: Entity, P: Owned<E>> Stream for Items<E, P> {
    type Item = Result<P, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            this.look_ahead(context);
            if let Some(entity) = this.ready.next() {
                return Poll::Ready(Some(entity));
            }
            match std::mem::replace(&mut this.ahead, Ahead::Ended) {
                Ahead::Ended => return Poll::Ready(None),
                Ahead::Here(search, Ok(items)) => {
                    this.ready = items;
                    this.begin = std::mem::replace(&mut this.end, search.place.clone());
                    if !search.is_over() {
                        this.ahead = Ahead::Unasked(search);
                    }
                }
                Ahead::Here(_, Err(error)) => {
                    this.has_failed = true;
                    return Poll::Ready(Some(Err(error)));
                }
                waiting @ (Ahead::Unasked(_) | Ahead::OnItsWay(_)) => {
                    this.ahead = waiting;
                    return Poll::Pending;
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
