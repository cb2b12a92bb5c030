//! Reading a whole table.

use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::time::Duration;

use super::checkpoint::ScanCheckpoint;
use super::cursor::CursorFor;
use super::guards::Guards;
use super::index::{ConsistentlyReadable, Index, Primary};
use super::items::Items;
use super::page::{BorrowedPage, Page};
use super::parallel_scan::{MAX_SEGMENTS, ParallelScan};
use super::position::Position;
use super::response::Response;
use super::search::Search;
use crate::client::{Api, SecureClient};
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::{ExpressionError, Fragment, IntoCondition};
use crate::projection::{OwnedProjection, Projection};
use crate::schema::IndexScope;
use crate::subject::Subject;

/// Reads a whole table or a whole index: made by [`scan`](crate::Operations::scan) and
/// [`scan_index`](crate::Operations::scan_index), for entities that allow it.
///
/// `I` is the index, and `P` what it gives: the entities themselves, or a projection of them.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// #[derive(Projection, Debug, PartialEq)]
/// #[dynamo(of = Order)]
/// struct Total {
///     total: u32,
/// }
///
/// let scan = Order::scan()
///     .filter(Order::TOTAL.ge(20))
///     .consistent()
///     .deadline(Duration::from_secs(2))
///     .project::<Total>();
/// assert_eq!(scan.items(&client).collect().await?.len(), 2);
///
/// let first = Order::scan().limit(2).send(&client).await?;
/// let cursor = first.next.ok_or("there are three orders")?;
/// let second = Order::scan().limit(2).after(cursor).page(&client).await?;
/// assert_eq!(second.items.len(), 1);
///
/// let past = Timestamp::now() - Duration::from_secs(60);
/// Order::update(order(1)).set(Order::EXPIRES_AT, past).if_exists().send(&client).await?;
/// assert_eq!(Order::scan().eventually_consistent().count(&client).await?, 2);
/// assert_eq!(Order::scan().including_expired().count(&client).await?, 3);
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.page(&client)`, `.items(&client)` or `.count(&client)`"]
pub struct Scan<E, I = Primary, P = E> {
    search: Search<E>,
    output: PhantomData<fn() -> (I, P)>,
}

impl<E: Entity, I: Index<E>> Scan<E, I, I::Item> {
    pub(crate) fn new() -> Self {
        let mut filter = Guards::default();
        if let Some(index) = I::NAME
            && E::SCHEMA.index(I::NAME).is_none()
        {
            // Only an implementation by hand gets here.
            filter.add(Fragment::failed(ExpressionError::NotItsIndex { index }));
        }
        let search = Search {
            api: Api::Scan,
            subject: Subject { entity: E::SCHEMA.entity, operation: "scan" },
            index: I::NAME,
            key_condition: Fragment::default(),
            filter,
            is_forward: true,
            // Of the indexes, only the local ones can be read so, and cost twice as much then.
            is_consistent: I::NAME.is_none(),
            including_expired: false,
            ttl: E::SCHEMA.ttl,
            constants: E::SCHEMA.constants,
            limit: None,
            looked_at: 0,
            place: Position::Start,
            resumed: None,
            segment: None,
            pace: None,
            deadline: None,
            entity: PhantomData,
        };
        Self { search, output: PhantomData }
    }
}

impl<E, I, P> Scan<E, I, P> {
    pub(super) fn into_search(self) -> Search<E> {
        self.search
    }
}

impl<E: Entity, I: Index<E>, P: OwnedProjection<E>> Scan<E, I, P> {
    /// Asks for the projection's attributes only, and gives the projection.
    ///
    /// DynamoDB reads, and charges, the whole items all the same.
    pub fn project<Q: OwnedProjection<E>>(self) -> Scan<E, I, Q> {
        Scan { search: self.search, output: PhantomData }
    }

    /// Keeps only the items that fulfil the condition; several must all hold.
    ///
    /// The service reads, and charges, what the filter leaves out.
    pub fn filter(mut self, condition: impl IntoCondition<E>) -> Self {
        self.search.filter.add(condition.into_condition().into_fragment());
        self
    }

    /// At most so many items, after the filter.
    pub fn limit(mut self, items: usize) -> Self {
        self.search.limit = Some(items);
        self
    }

    /// Goes on from there, in the query that gave the cursor.
    ///
    /// With the cursor of another query it is an error when it is sent.
    pub fn after(mut self, cursor: impl CursorFor<E, I>) -> Self {
        let (place, query) = cursor.into_cursor().into_place();
        self.search.place = place;
        self.search.resumed = Some(query);
        self
    }

    /// Reads what was written before; scans of the table do already.
    pub fn consistent(mut self) -> Self
    where
        I: ConsistentlyReadable,
    {
        let index = E::SCHEMA.index(self.search.index);
        if index.is_some_and(|index| index.scope == IndexScope::Global) {
            // Only an implementation by hand gets here.
            self.search.filter.add(Fragment::failed(ExpressionError::GlobalIndex));
        }
        self.search.is_consistent = true;
        self
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(mut self) -> Self {
        self.search.is_consistent = false;
        self
    }

    /// Gives expired items too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.search.including_expired = true;
        self
    }

    /// The longest that each request may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.search.deadline = Some(deadline);
        self
    }

    /// Reads one page: as many items as `limit` says, or what the service gives in one response.
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, a call failed, or an item does not fit the entity.
    pub async fn page(self, client: &SecureClient) -> Result<Page<E, I, P>, Error> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`page`](Self::page).
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn send(self, client: &SecureClient) -> Result<Page<E, I, P>, Error> {
        self.page(client).await
    }

    /// As [`page`](Self::page), with what is known of the last request.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let response = Order::scan().send_with_metadata(&client).await?;
    /// assert_eq!((response.value.items.len(), response.attempts), (3, 1));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`page`](Self::page).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Page<E, I, P>>, Error> {
        self.audit(client);
        self.search.page(client).await
    }

    /// Reads one page and keeps its responses, so that its items can borrow from them.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let page = Order::scan().fetch_borrowed::<Order>(&client).await?;
    /// assert_eq!(page.items()?.len(), 3);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, or a call failed.
    pub async fn fetch_borrowed<Q: Projection<E>>(
        self,
        client: &SecureClient,
    ) -> Result<BorrowedPage<E, I, Q>, Error> {
        self.audit(client);
        self.search.fetch(client).await
    }

    /// All items, page after page, as a stream.
    pub fn items(self, client: &SecureClient) -> Items<E, P> {
        self.audit(client);
        Items::new(self.search, client.clone())
    }

    /// Reads it in so many segments side by side: as a rule some for each of its partitions.
    ///
    /// It takes neither a limit nor a cursor: with one, its stream begins with an error.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// use std::num::NonZeroUsize;
    ///
    /// let segments = NonZeroUsize::new(4).ok_or("none")?;
    /// let orders = Order::scan().segments(segments).items(&client).collect().await?;
    /// assert_eq!(orders.len(), 3);
    /// # Ok(()) }
    /// ```
    pub fn segments(self, count: NonZeroUsize) -> ParallelScan<E, I, P> {
        let count = count.get();
        let mistake = (count > MAX_SEGMENTS).then_some(ExpressionError::TooManySegments);
        let places = vec![Position::Start; count.min(MAX_SEGMENTS)];
        self.parallel(places, mistake)
    }

    /// Goes on with a scan in segments, where its checkpoint has it.
    ///
    /// It is that of the same table or index, with filters of the same form: with the checkpoint of
    /// another scan its stream begins with an error.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// use std::num::NonZeroUsize;
    ///
    /// let segments = NonZeroUsize::new(2).ok_or("none")?;
    /// let mut orders = Order::scan().segments(segments).items(&client);
    /// let mut seen = BTreeSet::new();
    /// seen.extend(orders.next().await.transpose()?.map(|order| order.number));
    ///
    /// let checkpoint = orders.checkpoint(); // stored, by `CursorKeys::seal_checkpoint`
    /// drop(orders);
    /// for order in Order::scan().resume(checkpoint).items(&client).collect().await? {
    ///     seen.insert(order.number); // some may come twice
    /// }
    /// assert_eq!(seen, BTreeSet::from([1, 2, 3]));
    /// # Ok(()) }
    /// ```
    pub fn resume(self, checkpoint: ScanCheckpoint<E, I>) -> ParallelScan<E, I, P> {
        let is_another = checkpoint.query != self.search.digest();
        let mistake = is_another.then_some(ExpressionError::CheckpointOfAnotherScan);
        self.parallel(checkpoint.places, mistake)
    }

    fn parallel(
        self,
        places: Vec<Position>,
        mistake: Option<ExpressionError>,
    ) -> ParallelScan<E, I, P> {
        let Self { search, .. } = self;
        let is_part = search.limit.is_some() || search.resumed.is_some();
        let mistake = is_part.then_some(ExpressionError::PartOfSegments).or(mistake);
        ParallelScan::new(search, places, mistake)
    }

    /// The number of items, over all pages; with a `limit`, at most so many.
    ///
    /// # Errors
    /// The scan is not one that DynamoDB takes, or a call failed.
    pub async fn count(self, client: &SecureClient) -> Result<u64, Error> {
        self.audit(client);
        self.search.count::<P>(client).await
    }

    fn audit(&self, client: &SecureClient) {
        client.audit_danger(E::SCHEMA.entity, self.search.subject.operation, E::SCHEMA.table);
    }
}

impl<E, I, P> Clone for Scan<E, I, P> {
    fn clone(&self) -> Self {
        Self { search: self.search.clone(), output: PhantomData }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, I, P> std::fmt::Debug for Scan<E, I, P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.search.fmt(f)
    }
}
