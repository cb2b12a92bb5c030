//! Reading several items as they are at one moment.

use std::fmt;
use std::time::Duration;
use std::vec;

use super::request::request;
use super::sending::Sending;
use crate::client::{Api, RawResponse, SecureClient};
use crate::codec::response::transaction_items;
use crate::entity::Entity;
use crate::error::{Error, ErrorKind, ReadCurrent, TransactionError, read_current};
use crate::operation::get::{Get, decode_alive};
use crate::operation::guards::now;
use crate::operation::request::Part;
use crate::operation::response::Response;
use crate::operation::time_left::TimeLeft;
use crate::operation::write::TransactionAction;
use crate::projection::{self, OwnedProjection};
use crate::subject::Subject;
use crate::value::Timestamp;

const SUBJECT: Subject = Subject { entity: "Transaction", operation: "get" };

/// Reads several items as they are at one moment: made by
/// [`Transaction::get`](super::Transaction::get).
///
/// ```
#[doc = include_str!("../../example/orders.md")]
/// let reads = [1, 2].map(|number| Order::get(order(number)));
/// let read = Transaction::get(reads).deadline(Duration::from_secs(2));
/// assert_eq!(read.clone().send(&client).await?.map(|order| order.is_some()), [true, true]);
/// assert_eq!(read.send_with_metadata(&client).await?.attempts, 1);
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client)`"]
#[derive(Clone)]
pub struct TransactionGet<G> {
    gets: G,
    deadline: Option<Duration>,
}

/// What a transactional get can read: a tuple of up to 12 gets, an array or a `Vec` of them.
#[diagnostic::on_unimplemented(
    message = "a transactional get reads a tuple, an array or a `Vec` of gets",
    label = "none of these",
    note = "write `Transaction::get((User::get(key), Order::get(key)))`; a tuple has at most 12 gets, an array or a `Vec` of one type up to 100"
)]
#[expect(private_bounds, reason = "no other crate makes one")]
pub trait TransactionGets: Gets {
    /// What is found: an `Option` for each get.
    type Found;

    #[doc(hidden)]
    fn found(&self, items: &mut FoundItems<'_>) -> Result<Self::Found, Error>;
}

impl<G: TransactionGets> TransactionGet<G> {
    pub(super) fn new(gets: G) -> Self {
        Self { gets, deadline: None }
    }

    /// The longest that it may take, with all its tries; the client's own deadline by default. A
    /// get's deadline counts too.
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Sends it, and gives the entities that there are. It is always consistent.
    ///
    /// A conflict with a write, and throttling, is tried again after a random pause.
    ///
    /// # Errors
    /// It is not one that DynamoDB takes: the same item twice, or more than 100. Or the service
    /// cancelled it, with a [reason](TransactionError::reasons) for each get; or the call failed;
    /// or an item does not fit its entity.
    pub async fn send(self, client: &SecureClient) -> Result<G::Found, TransactionError> {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the last request, and the attempts of all.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<G::Found>, TransactionError> {
        let sending = self.prepare(client, now(client))?;
        let (response, total) = sending.send(client).await.map_err(|error| {
            // A read leaves nothing behind that could be unknown.
            error.map_error(|error| error.with_unknown_outcome(false))
        })?;
        let items = response.decode(transaction_items)?.value;
        if items.len() != sending.actions.len() {
            return Err(response.error(ErrorKind::Incomplete { member: "Responses" }).into());
        }
        let mut items =
            FoundItems { response: &response, rest: items.into_iter(), now: sending.now };
        let found = self.gets.found(&mut items)?;
        Ok(total.map(|()| found))
    }

    fn prepare<'a>(&self, client: &'a SecureClient, now: Timestamp) -> Result<Sending<'a>, Error> {
        let mut gets: Vec<&dyn AnyGet> = Vec::new();
        self.gets.each(&mut gets);
        let deadlines = gets.iter().filter_map(|read| read.deadline());
        let time = TimeLeft::new(client, self.deadline.into_iter().chain(deadlines).min());
        let mut parts = Vec::with_capacity(gets.len());
        let mut actions = Vec::with_capacity(gets.len());
        for get in gets {
            let part = get.prepare(client)?;
            let (subject, read) = (part.subject, get.read_current());
            actions.push(TransactionAction { subject, read, guarded: None });
            parts.push(part);
        }
        let request = request(client, Api::TransactGetItems, SUBJECT, &parts)?;
        let call = request.finish(None)?;
        Ok(Sending { subject: SUBJECT, call, actions, now, time })
    }
}

/// The items of the response, in the order of the gets.
#[doc(hidden)]
pub struct FoundItems<'a> {
    response: &'a RawResponse,
    rest: vec::IntoIter<Option<&'a [u8]>>,
    now: Timestamp,
}

/// Get operations, each by itself.
trait Gets {
    fn each<'s>(&'s self, reads: &mut Vec<&'s dyn AnyGet>);
}

/// A get of whatever entity.
trait AnyGet {
    fn prepare<'a>(&self, client: &'a SecureClient) -> Result<Part<'a>, Error>;

    fn deadline(&self) -> Option<Duration>;

    fn read_current(&self) -> ReadCurrent;
}

impl<E: Entity, P: OwnedProjection<E>> AnyGet for Get<E, P> {
    fn prepare<'a>(&self, client: &'a SecureClient) -> Result<Part<'a>, Error> {
        let paths = projection::paths_of::<E, P>();
        self.request(client, Api::TransactGetItems, paths.as_deref())?.into_part()
    }

    fn deadline(&self) -> Option<Duration> {
        self.own_deadline()
    }

    fn read_current(&self) -> ReadCurrent {
        read_current::<E>
    }
}

impl<E: Entity, P: OwnedProjection<E>> Gets for Get<E, P> {
    fn each<'s>(&'s self, reads: &mut Vec<&'s dyn AnyGet>) {
        reads.push(self);
    }
}

impl<E: Entity, P: OwnedProjection<E>> Get<E, P> {
    /// What it finds: the next item.
    fn next(&self, items: &mut FoundItems<'_>) -> Result<Option<P>, Error> {
        let Some(item) = items.rest.next().flatten() else { return Ok(None) };
        let subject = Subject { entity: E::SCHEMA.entity, operation: "get" };
        decode_alive(item, self.ttl(), items.now).map_err(|error| {
            let RawResponse { request_id, attempts, .. } = items.response;
            subject.error(error).with_request(request_id.as_deref(), *attempts)
        })
    }
}

impl<G: Gets> Gets for Vec<G> {
    fn each<'s>(&'s self, reads: &mut Vec<&'s dyn AnyGet>) {
        for get in self {
            get.each(reads);
        }
    }
}

impl<G: Gets, const N: usize> Gets for [G; N] {
    fn each<'s>(&'s self, reads: &mut Vec<&'s dyn AnyGet>) {
        for get in self {
            get.each(reads);
        }
    }
}

impl<E: Entity, P: OwnedProjection<E>> TransactionGets for Vec<Get<E, P>> {
    type Found = Vec<Option<P>>;

    fn found(&self, items: &mut FoundItems<'_>) -> Result<Self::Found, Error> {
        self.iter().map(|get| get.next(items)).collect()
    }
}

impl<E: Entity, P: OwnedProjection<E>, const N: usize> TransactionGets for [Get<E, P>; N] {
    type Found = [Option<P>; N];

    fn found(&self, items: &mut FoundItems<'_>) -> Result<Self::Found, Error> {
        let mut found = [const { None }; N];
        for (place, get) in found.iter_mut().zip(self) {
            *place = get.next(items)?;
        }
        Ok(found)
    }
}

macro_rules! tuples {
    ($($get:ident $entity:ident $projection:ident)*) => {
        impl<$($get: Gets),*> Gets for ($($get,)*) {
            #[allow(non_snake_case)]
            fn each<'s>(&'s self, reads: &mut Vec<&'s dyn AnyGet>) {
                let ($($get,)*) = self;
                $($get.each(reads);)*
            }
        }

        impl<$($entity: Entity, $projection: OwnedProjection<$entity>),*> TransactionGets
            for ($(Get<$entity, $projection>,)*)
        {
            type Found = ($(Option<$projection>,)*);

            #[allow(non_snake_case)]
            fn found(&self, items: &mut FoundItems<'_>) -> Result<Self::Found, Error> {
                let ($($get,)*) = self;
                Ok(($($get.next(items)?,)*))
            }
        }
    };
}

macro_rules! up_to {
    ($([$($done:ident)+])+;) => {
        tuples!($($($done)+)+);
    };
    ($([$($done:ident)+])+; [$($next:ident)+] $($more:tt)*) => {
        tuples!($($($done)+)+);
        up_to!($([$($done)+])+ [$($next)+]; $($more)*);
    };
}

up_to!(
    [A E1 P1];
    [B E2 P2] [C E3 P3] [D E4 P4] [E E5 P5] [F E6 P6] [G E7 P7]
    [H E8 P8] [I E9 P9] [J E10 P10] [K E11 P11] [L E12 P12]
);

impl<G> fmt::Debug for TransactionGet<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransactionGet").finish_non_exhaustive()
    }
}
