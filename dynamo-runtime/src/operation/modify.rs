//! Reads an item, changes it and writes it at the version that was read; retried on a conflict.

use std::fmt;
use std::time::Duration;

use super::get::Get;
use super::guards::now;
use super::put::Put;
use super::response::Response;
use super::time_left::TimeLeft;
use super::transaction::TOKEN_LIFE;
use super::unique::guard_keys;
use crate::client::SecureClient;
use crate::entity::{Entity, Stamp, Versioned};
use crate::error::{BoxError, Current, ErrorKind, WriteError};
use crate::expression::ExpressionError;
use crate::subject::Subject;

/// What the closure of `modify` gives; an `Err` ends it, and nothing is written.
pub type ModifyResult = Result<(), BoxError>;

const OPERATION: &str = "modify";
/// The most tries while each meets a conflict.
const MAX_TRIES: u32 = 8;
/// The bound of the pause before the second try; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(10);

/// Reads, changes and writes an item: made by
/// [`Operations::modify`](crate::Operations::modify).
///
/// ```
#[doc = include_str!("../example/orders.md")]
/// let rename = |name: &'static str| {
///     User::modify(User::key("ann"), move |user| {
///         user.email = format!("{name}@example.com");
///         Ok(())
///     })
/// };
/// let response = rename("ann.b").deadline(Duration::from_secs(2)).send_with_metadata(&client).await?;
/// assert_eq!(response.value.version, Version::new(2));
/// assert_eq!(rename("ann.c").exactly_once().send(&client).await?.version, Version::new(3));
///
/// engine.faults().lose_response("PutItem");
/// let error = rename("ann.d").at_most_once().send(&client).await.unwrap_err();
/// assert!(error.is_outcome_unknown());
///
/// let stop = User::modify(User::key("ann"), |_| Err("not today".into()));
/// assert!(stop.send(&client).await.unwrap_err().as_error().is_aborted());
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct Modify<E: Entity, F> {
    key: E::Key,
    change: F,
    delivery: Delivery,
    deadline: Option<Duration>,
}

/// What is done when the response of a write is lost.
#[derive(Clone, Copy)]
enum Delivery {
    /// It is sent again, under its condition.
    Guarded,
    AtMostOnce,
    ExactlyOnce,
}

impl<E: Versioned, F: FnMut(&mut E) -> ModifyResult + Send> Modify<E, F> {
    pub(crate) fn new(key: E::Key, change: F) -> Self {
        Self { key, change, delivery: Delivery::Guarded, deadline: None }
    }

    /// Sends each write as a transaction of one action, with a client token that all its attempts
    /// carry, so that DynamoDB applies it once: see
    /// [`ExactlyOnce`](super::ExactlyOnce) for what it costs.
    pub fn exactly_once(mut self) -> Self {
        self.delivery = Delivery::ExactlyOnce;
        self
    }

    /// Sends each write once only: after its first byte has left it is sent again only if DynamoDB
    /// rejected it. If its response is lost, its outcome is unknown
    /// ([`WriteError::is_outcome_unknown`]).
    pub fn at_most_once(mut self) -> Self {
        self.delivery = Delivery::AtMostOnce;
        self
    }

    /// The longest that it may take, with all its tries; the client's own deadline by default.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, and gives the entity as it was written.
    ///
    /// # Errors
    /// There is no such item ([`WriteError::is_absent`]), it moved on at every try
    /// ([`WriteError::is_condition_failed`]), the closure ended it
    /// ([`Error::is_aborted`](crate::Error::is_aborted)), or a call failed.
    pub async fn send(self, client: &SecureClient) -> Result<E, WriteError<E>> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the last request.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        mut self,
        client: &SecureClient,
    ) -> Result<Response<E>, WriteError<E>> {
        self.try_all(client).await.map_err(|error| error.map_error(|error| error.named(OPERATION)))
    }

    async fn try_all(&mut self, client: &SecureClient) -> Result<Response<E>, WriteError<E>> {
        let subject = Subject { entity: E::SCHEMA.entity, operation: OPERATION };
        if E::SCHEMA.version.is_none() {
            // Only a `Versioned` that was implemented by hand gets here.
            return Err(subject.error(ExpressionError::NoVersion).into());
        }
        let time = TimeLeft::new(client, self.deadline);
        let (mut found, mut before) = (None, None);
        let mut tries = 1;
        loop {
            let mut entity = match found.take() {
                Some(entity) => entity,
                None => match self.read(client, time).await {
                    Ok(entity) => entity,
                    Err(error) => return Err(error.map_error(|error| error.after(before))),
                },
            };
            let version = entity.version().unwrap_or_default();
            let guarded = guard_keys(&entity);
            (self.change)(&mut entity).map_err(|error| subject.error(ErrorKind::Aborted(error)))?;
            // The closure may have made the whole entity anew.
            entity.stamp(&Stamp::written(now(client), version));
            if entity.to_key() != self.key {
                return Err(subject.error(ErrorKind::KeyChanged).into());
            }
            let put = Put::replace(entity).moving(guarded).deadline(time.remaining());
            let written = match self.delivery {
                Delivery::Guarded => put.send_with_metadata(client).await,
                Delivery::AtMostOnce => put.at_most_once().send_with_metadata(client).await,
                Delivery::ExactlyOnce => {
                    let deadline = time.remaining().min(TOKEN_LIFE);
                    put.exactly_once().deadline(deadline).send_with_metadata(client).await
                }
            };
            match written {
                Ok(response) => return Ok(response),
                Err(error) if may_try_again(&error) && tries < MAX_TRIES => {
                    if !time.pause(FIRST_PAUSE, tries).await {
                        return Err(error);
                    }
                    tries += 1;
                    // The failed condition gave the item as it is now: no need to read it again.
                    (found, before) = match error.into_alive() {
                        Ok((entity, error)) => (Some(entity), Some(error)),
                        Err(error) => (None, Some(error.into())),
                    };
                }
                Err(error) => return Err(error.map_error(|error| error.after(before))),
            }
        }
    }

    async fn read(&self, client: &SecureClient, time: TimeLeft) -> Result<E, WriteError<E>> {
        let get = Get::<E>::new(self.key.clone()).deadline(time.remaining());
        let (found, response) = get.send_with_metadata(client).await?.split();
        let subject = Subject { entity: E::SCHEMA.entity, operation: OPERATION };
        found.ok_or_else(|| {
            WriteError::condition_failed(subject, Current::Absent).map_error(|error| {
                error.with_request(response.request_id.as_deref(), response.attempts)
            })
        })
    }
}

/// Another writer was faster, and nothing of this one's is there.
fn may_try_again<E>(error: &WriteError<E>) -> bool {
    error.is_condition_failed()
        && !error.is_absent()
        && !error.is_outcome_unknown()
        && error.taken_attribute().is_none()
}

impl<E: Versioned, F> fmt::Debug for Modify<E, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Modify").field("entity", &E::SCHEMA.entity).finish_non_exhaustive()
    }
}
