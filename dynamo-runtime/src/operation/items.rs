//! All items of a query or a scan, page after page.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;

use super::background::{Abandoned, Background};
use super::page::ReadItems;
use super::position::Position;
use super::search::Search;
use crate::client::{CallErrorKind, SecureClient};
use crate::entity::Entity;
use crate::error::{Error, ErrorKind};
use crate::projection::OwnedProjection;

/// A stream of entities, or of projections `P` of them.
///
/// An item that does not fit the entity is an error in its place, and the items after it follow. The
/// stream ends after the error of a call.
///
/// While the items of a page are taken, the next page is read by a task of its own, on the Tokio
/// runtime that polls the stream. So the time that is taken over an item is not the service's: the
/// deadline is that of each request, from when it is sent until its response is read, however long
/// the page waits afterwards. No more than these two pages are held at a time, nothing is sent
/// before the stream is polled, and dropping it ends the task. Where the runtime is left for
/// another one, a page that was on its way is asked for again there.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "notes")]
/// # struct Note {
/// #     #[dynamo(partition_key)]
/// #     owner: String,
/// #     #[dynamo(sort_key)]
/// #     number: u32,
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let client = SecureClient::local().table::<Note>().build().await?;
/// # for number in 0..3 {
/// #     Note::create(Note { owner: "ann".to_owned(), number }).send(&client).await?;
/// # }
/// let mut notes = Note::query("ann").items(&client);
/// let mut numbers = Vec::new();
/// while let Some(note) = notes.next().await {
///     numbers.push(note?.number);
/// }
/// assert_eq!(numbers, [0, 1, 2]);
/// # Ok(()) })
/// # }
/// ```
#[must_use = "nothing is read before it is polled"]
pub struct Items<E, P = E> {
    client: SecureClient,
    ready: ReadItems<P>,
    /// Where the page that is ready begins, and where it ends.
    begin: Position,
    end: Position,
    ahead: Ahead<E, P>,
    /// Whether a call failed.
    has_failed: bool,
}

/// The page after the one that is ready.
enum Ahead<E, P> {
    Unasked(Box<Search<E>>),
    OnItsWay(ReadAhead<E, P>),
    Here(PageRead<E, P>),
    Ended,
}

/// A page that is read by a task of its own.
struct ReadAhead<E, P> {
    task: Background<PageRead<E, P>>,
    /// To ask for it again, if the task ends with its runtime.
    search: Box<Search<E>>,
}

/// What a request gave, and the search that goes on after it.
type PageRead<E, P> = (Box<Search<E>>, Result<ReadItems<P>, Error>);

impl<E: Entity, P: OwnedProjection<E>> Items<E, P> {
    pub(super) fn new(search: Search<E>, client: SecureClient) -> Self {
        let begin = search.place.clone();
        let ahead = match search.place {
            Position::End => Ahead::Ended,
            Position::Start | Position::After(_) => Ahead::Unasked(Box::new(search)),
        };
        let (ready, end) = (ReadItems::nothing(), begin.clone());
        Self { client, ready, end, begin, ahead, has_failed: false }
    }

    /// The next entity; `None` at the end.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let mut orders = Order::query("ann").items(&client);
    /// let first = orders.next().await.transpose()?;
    /// assert_eq!(first.map(|order| order.number), Some(1));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// A call failed, and the stream ends there. Or this item does not fit the entity
    /// ([`Error::is_decode`]), and the next ones follow.
    pub async fn next(&mut self) -> Option<Result<P, Error>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// All entities that are left.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let orders = Order::query("ann").items(&client).collect().await?;
    /// assert_eq!(orders.len(), 3);
    /// # Ok(()) }
    /// ```
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
    pub(super) fn checkpoint(&self) -> Position {
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
        self.ahead = match std::mem::replace(&mut self.ahead, Ahead::Ended) {
            Ahead::Unasked(search) => self.ask(search, context),
            Ahead::OnItsWay(reading) => self.wait(reading, context),
            settled @ (Ahead::Here(_) | Ahead::Ended) => settled,
        }
    }

    fn ask(&self, search: Box<Search<E>>, context: &mut Context<'_>) -> Ahead<E, P> {
        let client = self.client.clone();
        let mut reading = search.clone();
        let task = Background::start(async move {
            let items = reading.read_each(&client).await;
            (reading, items)
        });
        let unread = |search: Box<Search<E>>| {
            let error = search.subject.error(ErrorKind::Call(no_runtime()));
            Ahead::Here((search, Err(error)))
        };
        let Some(mut task) = task else {
            // The items that are here can be taken without a runtime.
            let is_needed = self.ready.is_empty();
            return if is_needed { unread(search) } else { Ahead::Unasked(search) };
        };
        match task.poll(context) {
            Poll::Ready(Ok(read)) => Ahead::Here(read),
            // It was shut down before.
            Poll::Ready(Err(Abandoned)) => unread(search),
            Poll::Pending => Ahead::OnItsWay(ReadAhead { task, search }),
        }
    }

    fn wait(&self, mut reading: ReadAhead<E, P>, context: &mut Context<'_>) -> Ahead<E, P> {
        match reading.task.poll(context) {
            Poll::Ready(Ok(read)) => Ahead::Here(read),
            Poll::Ready(Err(Abandoned)) => self.ask(reading.search, context),
            Poll::Pending => Ahead::OnItsWay(reading),
        }
    }
}

#[cold]
fn no_runtime() -> CallErrorKind {
    CallErrorKind::Internal("a stream of items is polled within a Tokio runtime".to_owned())
}

impl<E: Entity, P: OwnedProjection<E>> Stream for Items<E, P> {
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
                Ahead::Here((search, Ok(items))) => {
                    this.ready = items;
                    this.begin = std::mem::replace(&mut this.end, search.place.clone());
                    if !search.is_over() {
                        this.ahead = Ahead::Unasked(search);
                    }
                }
                Ahead::Here((_, Err(error))) => {
                    this.has_failed = true;
                    return Poll::Ready(Some(Err(error)));
                }
                waiting @ Ahead::OnItsWay(_) => {
                    this.ahead = waiting;
                    return Poll::Pending;
                }
                // With no items here, a page is asked for.
                Ahead::Unasked(search) => this.ahead = Ahead::Unasked(search),
            }
        }
    }
}

// Nothing in it is pinned by address: the task is.
impl<E, P> Unpin for Items<E, P> {}

impl<E: Entity, P> fmt::Debug for Items<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}
