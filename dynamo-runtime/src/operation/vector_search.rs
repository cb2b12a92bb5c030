//! Searching a vector index.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use super::guards::now;
use super::identity::ItemIdentity;
use super::request::Request;
use super::response::Response;
use super::score::{Metric, Score};
use super::vector_index::VectorIndex;
use crate::attribute::ValueFor;
use crate::client::{Api, SecureClient};
use crate::codec::equality::attribute_of;
use crate::codec::response::{self, Asked, Expected, KeyNames, ScoredItem};
use crate::codec::{DecodeError, Problem, Reader, Writer, read};
use crate::entity::{Entity, Partition};
use crate::error::Error;
use crate::expression::{ExpressionError, Fragment};
use crate::key::{KeyAttribute, check_encoded_partition_key};
use crate::projection::{self, OwnedProjection};
use crate::record::Selected;
use crate::schema::{DistanceFunction, VectorIndexSchema};
use crate::subject::Subject;
use crate::value::{EmbeddingValue, ExpiredTimes, Timestamp};

mod filter;

pub use filter::{FilterAttribute, IntoSearchFilter, SearchFilter, filter_attribute};

/// The most items that a search gives.
///
/// Source: [SearchVectors](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html).
const MAX_TOP: usize = 100;

/// A search of a vector index for the items that are nearest to an embedding: made by the function
/// of each vector index.
///
/// It is always eventually consistent: what was just written may be missing, and what was changed or
/// deleted may still be found, with the attributes that it had. It is approximate, and of items that
/// are equally near any may be left out. Expired items and those of other entities of the table are
/// left out of what it gives, so that it may give fewer than [`top`](Self::top) says.
///
/// ```
#[doc = include_str!("../example/notes.md")]
/// // The model's embedding of what was asked.
/// let embedding = Embedding::from([1.0, 0.0]);
/// let found = Note::by_meaning("ann", &embedding).top(2).send(&client).await?;
/// assert_eq!(found[0].item.text, "a train to Oslo");
/// assert!(found[0].score < found[1].score); // a distance: lower is closer
/// # Ok(()) }
/// ```
///
/// `I` is the index, `P` what it gives, and `T` whether it is said how many items.
///
/// Source: [SearchVectors](https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_SearchVectors.html).
#[must_use = "nothing is sent before `.send(&client)`"]
pub struct VectorSearch<E, I, P, T = AnyNumber> {
    partition: Fragment,
    filter: Fragment,
    /// The JSON of the numbers that are searched for.
    vector: Vec<u8>,
    top: usize,
    including_expired: bool,
    deadline: Option<Duration>,
    state: PhantomData<SearchOf<E, I, P, T>>,
}

/// What it is of, of which it owns nothing.
type SearchOf<E, I, P, T> = fn() -> (E, I, P, T);
type HitOf<E, I, P> = Hit<P, ScoreOf<E, I>>;

/// A search that does not say how many items are wanted.
#[derive(Debug)]
pub enum AnyNumber {}

/// A search that says how many items are wanted.
#[derive(Debug)]
pub enum AtMost {}

/// The state of a search that can be sent.
#[diagnostic::on_unimplemented(
    message = "this search does not say how many items are wanted",
    label = "call `.top(..)` before this",
    note = "a search gives 1 to 100 items, and there are no pages: `.top(10)`"
)]
pub trait Bounded: sealed::Sealed {}

impl Bounded for AtMost {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::AtMost {}
}

/// An item that a search found.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Hit<P, S> {
    /// The item, as far as the index has it.
    pub item: P,
    /// How near it is.
    pub score: S,
}

/// What a search of the index `I` gives with each item.
type ScoreOf<E, I> = <<I as VectorIndex<E>>::Metric as Metric>::Score;

impl<E: Entity, I: VectorIndex<E>, P> VectorSearch<E, I, P> {
    #[doc(hidden)]
    pub fn new(
        Partition(partition): Partition,
        embedding: impl ValueFor<<I as VectorIndex<E>>::Embedding>,
    ) -> Self {
        let schema = E::SCHEMA.vector_index(I::NAME);
        let key = schema.and_then(|index| index.partition_key);
        let is_of_key = key.iter().map(|key| key.name).eq(partition.roots());
        let mut partition = partition
            .checked(|json| key.map_or(Ok(()), |key| check_encoded_partition_key(key, json)));
        if !is_of_key || schema.is_none() {
            // Only an implementation by hand gets here.
            partition.fail(ExpressionError::NotItsKey);
        }
        let attribute = schema.map_or("", |index| index.vector);
        let vector = embedding.with(|embedding| {
            let numbers = embedding.numbers();
            let is_cosine = I::Metric::FUNCTION == DistanceFunction::Cosine;
            if is_cosine && numbers.iter().all(|number| *number == 0.0) {
                return Err(ExpressionError::ZeroVector { attribute });
            }
            let mut writer = Writer::default();
            writer.bare_floats(numbers);
            let vector = writer.finish();
            vector.map_err(|error| ExpressionError::Value { attribute: attribute.into(), error })
        });
        let vector = vector.unwrap_or_else(|error| {
            partition.fail(error);
            Vec::new()
        });
        Self {
            partition,
            filter: Fragment::default(),
            vector,
            top: 0,
            including_expired: false,
            deadline: None,
            state: PhantomData,
        }
    }
}

impl<E: Entity, I: VectorIndex<E>, P, T> VectorSearch<E, I, P, T> {
    fn state<Q, T2>(self) -> VectorSearch<E, I, Q, T2> {
        let Self { partition, filter, vector, top, including_expired, deadline, state: _ } = self;
        VectorSearch {
            partition,
            filter,
            vector,
            top,
            including_expired,
            deadline,
            state: PhantomData,
        }
    }

    /// Keeps the items that fulfil this; several filters must all hold, each of another attribute.
    ///
    /// It is made by the constants of the index's type. A list of filters that is empty is an error
    /// when the search is sent.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// let embedding = Embedding::from([1.0, 0.0]);
    /// let travel = NoteByMeaning::CATEGORY.eq("travel");
    /// let found = Note::by_meaning("ann", &embedding).filter(travel).top(10).send(&client).await?;
    /// assert_eq!(found.len(), 2);
    ///
    /// let none = Note::by_meaning("ann", &embedding).filter(Vec::new()).top(10);
    /// assert!(none.send(&client).await.unwrap_err().is_invalid());
    /// # Ok(()) }
    /// ```
    pub fn filter(mut self, filter: impl IntoSearchFilter<E, I>) -> Self {
        self.filter = self.filter.and(filter.into_fragment());
        self
    }

    /// At most so many items, 1 to 100, the nearest first: there are no pages.
    ///
    /// Another number is an error when it is sent.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// let search = Note::by_meaning("ann", Embedding::from([0.0, 1.0]));
    /// assert_eq!(search.clone().top(1).send(&client).await?[0].item.id, "3");
    /// assert!(search.top(101).send(&client).await.unwrap_err().is_invalid());
    /// # Ok(()) }
    /// ```
    pub fn top(mut self, items: usize) -> VectorSearch<E, I, P, AtMost> {
        self.top = items;
        self.state()
    }

    /// Gives the projection instead, of which the index must have all.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// #[derive(Projection)]
    /// #[dynamo(of = Note)]
    /// struct NoteId {
    ///     id: String,
    /// }
    ///
    /// let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0])).top(1);
    /// assert_eq!(search.project::<NoteId>().send(&client).await?[0].item.id, "1");
    /// # Ok(()) }
    /// ```
    pub fn project<Q: OwnedProjection<E>>(self) -> VectorSearch<E, I, Q, T> {
        self.state()
    }

    /// Gives expired items too, which the service may keep for days.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0])).including_expired();
    /// assert_eq!(search.top(10).send(&client).await?.len(), 3); // these notes never expire
    /// # Ok(()) }
    /// ```
    pub fn including_expired(mut self) -> Self {
        self.including_expired = true;
        self
    }

    /// The longest that the call may take, with all its attempts.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0])).top(10);
    /// let found = search.deadline(std::time::Duration::from_secs(2)).send(&client).await?;
    /// assert_eq!(found.len(), 3);
    /// # Ok(()) }
    /// ```
    pub fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }
}

impl<E: Entity, I: VectorIndex<E>, P: OwnedProjection<E>, T> VectorSearch<E, I, P, T> {
    /// Sends it, and gives the items, the nearest first; those of one score are in the order of
    /// their keys.
    ///
    /// # Errors
    /// The search is not one that DynamoDB takes ([`Error::is_invalid`]), the index does not answer
    /// yet ([`Error::is_index_not_ready`]), the call failed, or what was found does not fit.
    pub async fn send(self, client: &SecureClient) -> Result<Vec<Hit<P, ScoreOf<E, I>>>, Error>
    where
        T: Bounded,
    {
        Ok(self.send_with_metadata(client).await?.value)
    }

    /// As [`send`](Self::send), with what is known of the request.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0])).top(10);
    /// assert_eq!(search.send_with_metadata(&client).await?.attempts, 1);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub async fn send_with_metadata(
        self,
        client: &SecureClient,
    ) -> Result<Response<Vec<Hit<P, ScoreOf<E, I>>>>, Error>
    where
        T: Bounded,
    {
        let subject = Subject { entity: E::SCHEMA.entity, operation: "search" };
        let index = self.check::<P>().map_err(|error| subject.error(error))?;
        let now = now(client);
        let mut request = Request::new::<E>(
            client,
            Api::SearchVectors,
            subject.operation,
            self.vector.len() + 256,
        );
        request.asks_for(Asked::MANY);
        request.text("IndexName", index.name);
        request.number("TopK", self.top as u64);
        request.writer().member("SearchVector");
        request.writer().raw(&self.vector);
        let condition = self.partition.clone().and(self.filter.clone());
        let paths = projection::paths_of::<E, P>();
        let keys = [Some(E::SCHEMA.partition_key), E::SCHEMA.sort_key, index.partition_key];
        let needed = keys.into_iter().flatten().map(|key| key.name).chain(E::SCHEMA.ttl);
        let mut names: Vec<_> = Vec::new();
        needed.for_each(|name| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        let projection = projection::expression(paths.as_deref(), names);
        request.expressions(|renderer, writer| {
            renderer.expression(writer, "SearchConditionExpression", &condition);
            renderer.expression(writer, "ProjectionExpression", &projection);
        })?;
        let response = request.finish(self.deadline)?.read(client).await?;
        let expected = Expected {
            table: Some(client.physical_table(E::SCHEMA.table)),
            usual_start: None,
            is_item: &|item: &str| self.partition.is_fulfilled_by(item),
        };
        response.decode_asked(client, |body| {
            self.wanted(response::found(body, self.top, expected, P::decode_item)?, now)
        })
    }

    /// What DynamoDB would refuse, found before anything is sent.
    fn check<Q: OwnedProjection<E>>(&self) -> Result<&'static VectorIndexSchema, ExpressionError> {
        let index = E::SCHEMA.vector_index(I::NAME);
        let index = index.ok_or(ExpressionError::NotItsIndex { index: I::NAME })?;
        if !(1..=MAX_TOP).contains(&self.top) {
            return Err(ExpressionError::TopOutOfRange { top: self.top });
        }
        let mut filtered = Vec::new();
        for attribute in self.filter.roots() {
            if filtered.contains(&attribute) {
                return Err(ExpressionError::FilteredTwice { attribute });
            }
            if index.filters.iter().all(|filter| filter.name != attribute) {
                // Only an implementation by hand gets here.
                return Err(ExpressionError::NotItsKey);
            }
            filtered.push(attribute);
        }
        let Some(selection) = Q::SELECTION else {
            return Err(ExpressionError::NotAllProjected { index: index.name });
        };
        let has = |attribute: &&str| index.has(attribute, &E::SCHEMA);
        match selection.iter().map(Selected::name).find(|attribute| !has(attribute)) {
            Some(attribute) => Err(ExpressionError::NotProjected { attribute, index: index.name }),
            None => Ok(index),
        }
    }

    /// The items of `E` that are alive, in their order.
    fn wanted(
        &self,
        found: Vec<ScoredItem<'_, P>>,
        now: Timestamp,
    ) -> Result<Vec<HitOf<E, I, P>>, DecodeError> {
        let expired = ExpiredTimes::at(now);
        let ttl = E::SCHEMA.ttl.filter(|_| !self.including_expired);
        let mut hits = Vec::with_capacity(found.len());
        for (place, ScoredItem { item, value, score }) in found.into_iter().enumerate() {
            let is_wanted = || -> Result<_, DecodeError> {
                Ok(is_of::<E>(item)? && !ttl.map_or(Ok(false), |ttl| expired.has_item(item, ttl))?)
            };
            let is_wanted = is_wanted()
                .map_err(|error| error.within(&format!("SearchResults[{place}].Item")))?;
            if is_wanted {
                hits.push((None, item, Hit { item: value?, score: Score::new(score) }));
            }
        }
        in_order::<E, P, ScoreOf<E, I>>(hits)
    }
}

/// A hit with its item, and the key of that once it is looked at.
type FoundHit<'a, P, S> = (Option<ItemIdentity>, &'a [u8], Hit<P, S>);

/// The nearest first, and those of one score in the order of their keys, which are looked at where
/// there are such.
fn in_order<E: Entity, P, S: Score>(
    mut hits: Vec<FoundHit<'_, P, S>>,
) -> Result<Vec<Hit<P, S>>, DecodeError> {
    let names = KeyNames::of(&E::SCHEMA);
    hits.sort_by(|(.., one), (.., other)| one.score.closer_first(other.score));
    for equal in hits.chunk_by_mut(|(.., one), (.., other)| one.score == other.score) {
        if equal.len() > 1 {
            for (identity, item, _) in equal.iter_mut() {
                *identity = Some(names.identify(item)?);
            }
            equal.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        }
    }
    Ok(hits.into_iter().map(|(.., hit)| hit).collect())
}

/// Whether the item is one of `E` and not of another entity of its table: its keys tell.
fn is_of<E: Entity>(item: &[u8]) -> Result<bool, DecodeError> {
    let has_form = |key: KeyAttribute| -> Result<bool, DecodeError> {
        let Some(template) = key.template else { return Ok(true) };
        let value = attribute_of(item, key.name)?;
        let value = value.ok_or_else(|| DecodeError::new(0, Problem::Missing(key.name)))?;
        let text = read(value, Reader::string);
        Ok(text.is_ok_and(|text| template.split(&text).is_some()))
    };
    Ok(has_form(E::SCHEMA.partition_key)? && E::SCHEMA.sort_key.map_or(Ok(true), has_form)?)
}

impl<E, I, P, T> Clone for VectorSearch<E, I, P, T> {
    fn clone(&self) -> Self {
        Self {
            partition: self.partition.clone(),
            filter: self.filter.clone(),
            vector: self.vector.clone(),
            top: self.top,
            including_expired: self.including_expired,
            deadline: self.deadline,
            state: PhantomData,
        }
    }
}

/// Shows the shape, and no value.
impl<E: Entity, I: VectorIndex<E>, P, T> fmt::Debug for VectorSearch<E, I, P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VectorSearch")
            .field("entity", &E::SCHEMA.entity)
            .field("index", &I::NAME)
            .field("partition", &self.partition)
            .field("filter", &self.filter)
            .field("top", &self.top)
            .finish_non_exhaustive()
    }
}
