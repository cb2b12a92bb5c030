//! Reading one attribute of one item, or what a path into one leads to.

use std::fmt;
use std::time::Duration;

use super::get::Get;
use super::response::Response;
use crate::attribute::{Attribute, Leaf, Place};
use crate::client::SecureClient;
use crate::codec::response::read_member;
use crate::codec::{DecodeError, Decoding, Reader};
use crate::entity::Entity;
use crate::error::Error;
use crate::expression::{DocumentPath, SameEntity};
use crate::value::ExpiredTimes;

/// Reads one attribute of an item: made by [`Get::attribute`].
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let total = Order::get(order(2))
///     .attribute(Order::TOTAL)
///     .eventually_consistent()
///     .deadline(Duration::from_secs(2));
/// assert_eq!(total.clone().send(&client).await?, Some(20));
/// assert_eq!(total.send_with_metadata(&client).await?.attempts, 1);
///
/// let past = Timestamp::now() - Duration::from_secs(60);
/// Order::update(order(2)).set(Order::EXPIRES_AT, past).if_exists().send(&client).await?;
/// let total = Order::get(order(2)).attribute(Order::TOTAL);
/// assert_eq!(total.clone().send(&client).await?, None); // it has expired
/// assert_eq!(total.including_expired().send(&client).await?, Some(20));
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct GetAttribute<E: Entity, T> {
    get: Get<E>,
    path: DocumentPath,
    decode: fn(&mut Reader<'_>) -> Result<T, DecodeError>,
    when_absent: fn() -> Option<T>,
}

impl<E: Entity> Get<E> {
    /// Asks for one attribute only, or for what a path leads to: an attribute of a document, an
    /// element of a list, an entry of a map.
    ///
    /// It gives `None` where there is no item, or nothing at that place; an attribute of a document
    /// that may be absent is read as the document reads it. For several attributes at once there is
    /// [`project`](Self::project). DynamoDB reads, and charges, the whole item all the same.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// let prices = BTreeMap::from([("tea".to_owned(), 3)]);
    /// Order::update(order(1)).set(Order::PRICES, prices).if_exists().send(&client).await?;
    ///
    /// let price = |drink| Order::get(order(1)).attribute(Order::PRICES.entry(drink));
    /// assert_eq!(price("tea").send(&client).await?, Some(3));
    /// assert_eq!(price("coffee").send(&client).await?, None);
    /// # Ok(()) }
    /// ```
    pub fn attribute<F, T, P, const N: usize>(
        self,
        attribute: Attribute<F, T, N, P>,
    ) -> GetAttribute<E, T>
    where
        F: SameEntity<E>,
        P: Place<F, T, N, Encoding: for<'de> Decoding<'de, T>>,
    {
        GetAttribute {
            get: self,
            path: attribute.into_path(),
            decode: read_attribute::<T, P::Leaf, P::Encoding>,
            when_absent: || P::Leaf::when_absent().or_else(P::Encoding::absent),
        }
    }
}

impl<E: Entity, T> GetAttribute<E, T> {
    /// Reads at half the cost what may be some moments old.
    pub fn eventually_consistent(mut self) -> Self {
        self.get = self.get.eventually_consistent();
        self
    }

    /// Reads an expired item too, which the service may keep for days.
    pub fn including_expired(mut self) -> Self {
        self.get = self.get.including_expired();
        self
    }

    /// The longest that the call may take, with all its attempts.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.get = self.get.deadline(deadline);
        self
    }

    /// Sends it, and gives what is there.
    ///
    /// # Errors
    /// The key or the path is not one that DynamoDB takes, the call failed, or the value does not
    /// fit.
    pub async fn send(self, client: &SecureClient) -> Result<Option<T>, Error> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Option<T>>, Error> {
        let Self { get, path, decode, when_absent } = self;
        let paths = path.spellings();
        let ttl = get.ttl();
        let (response, now) = get.ask(client, Some(&paths)).await?;
        response.decode(|body| {
            if let Some(ttl) = ttl
                && ExpiredTimes::at(now).has_item_of(body, "Item", ttl)?
            {
                return Ok(None);
            }
            let Some(FoundAttribute(value)) = read(body, &paths, decode)? else { return Ok(None) };
            Ok(value.or_else(when_absent))
        })
    }
}

/// A null is what an absent attribute is, where that can be.
fn read_attribute<T, L: Leaf<T>, C>(reader: &mut Reader<'_>) -> Result<T, DecodeError>
where
    C: for<'de> Decoding<'de, T>,
{
    let start = reader.clone();
    if L::NULL_IS_ABSENT
        && reader.null()?
        && let Some(absent) = L::when_absent().or_else(C::absent)
    {
        return Ok(absent);
    }
    *reader = start;
    C::decode(reader)
}

/// What is there of the attribute, in an item that is there.
struct FoundAttribute<T>(Option<T>);

/// What an item has under one of the path's spellings, if there is an item.
fn read<T>(
    body: &[u8],
    spellings: &[DocumentPath],
    decode: fn(&mut Reader<'_>) -> Result<T, DecodeError>,
) -> Result<Option<FoundAttribute<T>>, DecodeError> {
    let mut value = None;
    for path in spellings {
        let found = read_member(body, "Item", |item| path.read_projected(item, decode))?;
        let Some(found) = found else { return Ok(None) };
        if found.is_some() && value.is_some() {
            return Err(DecodeError::refused(0, "the attribute stands under two of its names"));
        }
        value = value.or(found);
    }
    Ok(Some(FoundAttribute(value)))
}

impl<E: Entity, T> Clone for GetAttribute<E, T> {
    fn clone(&self) -> Self {
        let Self { get, path, decode, when_absent } = self;
        Self { get: get.clone(), path: path.clone(), decode: *decode, when_absent: *when_absent }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, T> fmt::Debug for GetAttribute<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GetAttribute")
            .field("entity", &E::SCHEMA.entity)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
