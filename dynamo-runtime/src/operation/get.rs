//! Reading one item.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::guards::now;
use super::request::Request;
use super::response::Response;
use crate::client::{Api, RawResponse, SecureClient};
use crate::codec::response::{KeyNames, member_item};
use crate::codec::{DecodeError, DecodeItem, decode_item};
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::DocumentPath;
use crate::projection::{self, OwnedProjection, Projection};
use crate::value::ExpiredTimes;
use crate::value::Timestamp;

/// Reads one item: made by [`Operations::get`](crate::Operations::get).
///
/// `P` is what it gives: the entity itself, or a projection of it.
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// #[derive(Projection)]
/// #[dynamo(of = User)]
/// struct Email {
///     email: String,
/// }
///
/// let email = User::get(User::key("ann"))
///     .project::<Email>()
///     .eventually_consistent()
///     .deadline(Duration::from_secs(2))
///     .send(&client)
///     .await?;
/// assert_eq!(email.map(|user| user.email).as_deref(), Some("ann@example.com"));
/// # Ok(()) }
/// ```
///
/// An expired item is absent, unless it is asked for:
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let past = Timestamp::now() - Duration::from_secs(60);
/// Order::update(order(1)).set(Order::EXPIRES_AT, past).if_exists().send(&client).await?;
/// assert_eq!(Order::get(order(1)).send(&client).await?, None);
/// assert!(Order::get(order(1)).including_expired().send(&client).await?.is_some());
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Get<E: Entity, P = E> {
    key: E::Key,
    consistent: bool,
    including_expired: bool,
    deadline: Option<Duration>,
    projection: PhantomData<fn() -> P>,
}

impl<E: Entity> Get<E> {
    pub(crate) fn new(key: E::Key) -> Self {
        Self {
            key,
            consistent: true,
            including_expired: false,
            deadline: None,
            projection: PhantomData,
        }
    }
}

impl<E: Entity, P: OwnedProjection<E>> Get<E, P> {
    /// Asks for the projection's attributes only, and gives the projection.
    ///
    /// DynamoDB reads, and charges, the whole item all the same.
    pub fn project<Q: OwnedProjection<E>>(self) -> Get<E, Q> {
        let Self { key, consistent, including_expired, deadline, projection: _ } = self;
        Get { key, consistent, including_expired, deadline, projection: PhantomData }
    }

    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(mut self) -> Self {
        self.consistent = false;
        self
    }

    /// Gives an expired item too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.including_expired = true;
        self
    }

    /// The longest that the call may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, and gives the entity if there is one.
    ///
    /// # Errors
    /// The key is not one that DynamoDB takes, the call failed, or the item does not fit the
    /// entity.
    pub async fn send(self, client: &SecureClient) -> Result<Option<P>, Error> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let response = User::get(User::key("ann")).send_with_metadata(&client).await?;
    /// assert_eq!((response.value, response.attempts), (Some(ann), 1));
    /// assert!(response.request_id.is_some() && response.peer.is_some());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Option<P>>, Error> {
        self.fetch_borrowed::<P>(client).await?.read::<P>()
    }

    /// Sends it, and keeps the response, so that what is read can borrow from it.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// use std::borrow::Cow;
    ///
    /// #[derive(Projection)]
    /// #[dynamo(of = User)]
    /// struct EmailRef<'a> {
    ///     email: Cow<'a, str>,
    /// }
    ///
    /// let fetched = User::get(User::key("ann")).fetch_borrowed::<EmailRef<'_>>(&client).await?;
    /// let user = fetched.item()?.ok_or("no such user")?;
    /// assert!(matches!(user.email, Cow::Borrowed("ann@example.com")));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The key is not one that DynamoDB takes, or the call failed.
    pub async fn fetch_borrowed<Q: Projection<E>>(
        self,
        client: &SecureClient,
    ) -> Result<BorrowedItem<E, Q>, Error> {
        let ttl = self.ttl();
        let (response, now) = self.ask(client, projection::paths_of::<E, Q>().as_deref()).await?;
        Ok(BorrowedItem { response, ttl, now, projection: PhantomData })
    }
}

impl<E: Entity, P> Get<E, P> {
    /// Reads what is at these paths, and gives the time of the response.
    pub(super) async fn ask(
        self,
        client: &SecureClient,
        paths: Option<&[DocumentPath]>,
    ) -> Result<(RawResponse, Timestamp), Error> {
        let mut request = self.request(client, Api::GetItem, paths)?;
        request.flag("ConsistentRead", self.consistent);
        let response = request.finish(self.deadline)?.read(client).await?;
        Ok((response, now(client)))
    }

    /// Writes the key and what to read; `None` is all.
    pub(super) fn request<'a>(
        &self,
        client: &'a SecureClient,
        api: Api,
        paths: Option<&[DocumentPath]>,
    ) -> Result<Request<'a>, Error> {
        // The key says which item it is, and that there is one if it has none of the attributes.
        let needed = KeyNames::of(&E::SCHEMA).each().chain(self.ttl());
        let projection = projection::expression(paths, needed);
        let mut request = Request::new::<E>(client, api, "get", 0);
        request.key(&self.key)?;
        request.expressions(|renderer, writer| {
            renderer.expression(writer, "ProjectionExpression", &projection);
        })?;
        Ok(request)
    }

    pub(super) fn own_deadline(&self) -> Option<Duration> {
        self.deadline
    }

    /// The attribute that says whether the item is expired, unless it does not matter.
    pub(super) fn ttl(&self) -> Option<&'static str> {
        E::SCHEMA.ttl.filter(|_| !self.including_expired)
    }
}

/// The item, unless it has expired by the attribute `ttl`: then it may be of any shape.
pub(super) fn decode_alive<'de, T: DecodeItem<'de>>(
    item: &'de [u8],
    ttl: Option<&str>,
    now: Timestamp,
) -> Result<Option<T>, DecodeError> {
    if let Some(ttl) = ttl
        && ExpiredTimes::at(now).has_item(item, ttl)?
    {
        return Ok(None);
    }
    decode_item(item).map(Some)
}

/// What a get found, with the response that it is read from: made by [`Get::fetch_borrowed`].
pub struct BorrowedItem<E, P> {
    response: RawResponse,
    /// The attribute that says whether the item is expired, unless it does not matter.
    ttl: Option<&'static str>,
    now: Timestamp,
    projection: PhantomData<fn() -> (E, P)>,
}

impl<E: Entity, P: Projection<E>> BorrowedItem<E, P> {
    /// The item, if there is one; it may borrow from this.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let fetched = User::get(User::key("ann")).fetch_borrowed::<User>(&client).await?;
    /// assert_eq!(fetched.item()?, Some(ann));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// The item does not fit the entity.
    pub fn item(&self) -> Result<Option<P::Read<'_>>, Error> {
        Ok(self.read::<P::Read<'_>>()?.value)
    }

    fn read<'a, T: DecodeItem<'a>>(&'a self) -> Result<Response<Option<T>>, Error> {
        let found = self.response.decode(|body| {
            // What has expired may be of any shape.
            if let Some(ttl) = self.ttl
                && ExpiredTimes::at(self.now).has_item_of(body, "Item", ttl)?
            {
                return Ok(None);
            }
            member_item::<T>(body, "Item")
        })?;
        Ok(found)
    }
}

/// Shows no value.
impl<E: Entity, P> fmt::Debug for BorrowedItem<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BorrowedItem").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}

impl<E: Entity, P> Clone for Get<E, P> {
    fn clone(&self) -> Self {
        let Self { key, consistent, including_expired, deadline, projection: _ } = self;
        Self {
            key: key.clone(),
            consistent: *consistent,
            including_expired: *including_expired,
            deadline: *deadline,
            projection: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, P> fmt::Debug for Get<E, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Get").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}
