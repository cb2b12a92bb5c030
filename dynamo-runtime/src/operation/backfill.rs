//! Gives the items of a table the embeddings that they lack.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;
use std::num::NonZeroU32;

use super::scan::Scan;
use super::segment::Pace;
use super::update::Update;
use super::vector_index::VectorIndex;
use crate::client::SecureClient;
use crate::codec::equality::attribute_of;
use crate::codec::response::KeyNames;
use crate::codec::{DecodeError, DecodeItem, Members, Reader, Writer, read};
use crate::entity::{AllowsScan, Entity, read_key};
use crate::error::{BoxError, Error, ErrorKind};
use crate::expression::{DocumentPath, ExpressionError, Fragment};
use crate::operation::Primary;
use crate::projection::{OwnedProjection, Projection};
use crate::record::Selected;
use crate::subject::Subject;

/// How many texts are given to the function at once, unless it is said.
const BATCH: usize = 32;

/// Gives the items that have a text and no vector an embedding, which a function of the program
/// makes: made by `NoteByMeaning::backfill()` of an index with `of`.
///
/// It scans the table, so that the entity allows `scan`, and writes each embedding under the
/// condition that the text is still the one that was read, and that the item has no vector yet. What
/// it was ended in, it goes on with when it is sent again: what has a vector is not read a second
/// time.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// # use std::num::NonZeroU32;
/// #[derive(Entity, Clone, Debug)]
/// #[dynamo(table = "notes", allow(scan))]
/// #[dynamo(vector_index(
///     by_meaning,
///     name = "meaning-index",
///     vector = embedding,
///     of = text,
///     sparse,
///     distance = cosine,
///     projects = NoteHit
/// ))]
/// struct Note {
///     #[dynamo(partition_key)]
///     id: String,
///     text: String,
///     embedding: Option<Embedding<2>>,
/// }
///
/// #[derive(Projection, Debug)]
/// #[dynamo(of = Note)]
/// struct NoteHit {
///     id: String,
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = SecureClient::local().table::<Note>().build().await?;
/// let note = Note { id: "1".into(), text: "tea".into(), embedding: None };
/// Note::create(note).send(&client).await?;
///
/// // The program's own model.
/// let embed = async |texts: Vec<String>| {
///     Ok(texts.iter().map(|text| Embedding::from([text.len() as f32, 1.0])).collect())
/// };
/// let done = NoteByMeaning::backfill()
///     .batch(16)
///     .rate(NonZeroU32::new(50).ok_or("not zero")?)
///     .told(|done| println!("{} embedded", done.embedded))
///     .send(&client, embed)
///     .await?;
/// assert_eq!(done.embedded, 1);
/// let found = Note::by_meaning(Embedding::from([3.0, 1.0])).top(1).send(&client).await?;
/// assert_eq!(found[0].item.id, "1");
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent before `.send(&client, embed)`"]
pub struct Backfill<E, I> {
    batch: usize,
    rate: Option<NonZeroU32>,
    told: Option<TellBackfilled>,
    state: PhantomData<fn() -> (E, I)>,
}

/// What is told of what has been done.
type TellBackfilled = Box<dyn FnMut(&Backfilled) + Send>;

/// What a [`Backfill`] has done so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backfilled {
    /// The items that have an embedding now.
    pub embedded: u64,
    /// The items that were changed, embedded or deleted meanwhile, and left as they are. One whose
    /// text was changed has no vector: send it again.
    pub changed: u64,
    /// The items without the text, or with an empty one.
    pub without_text: u64,
    /// The items of other entities.
    pub others: u64,
}

impl<E: Entity, I: VectorIndex<E>> Backfill<E, I> {
    #[doc(hidden)]
    pub fn new() -> Self {
        Self { batch: BATCH, rate: None, told: None, state: PhantomData }
    }

    /// How many texts the function is given at once: 32 unless it is said.
    pub fn batch(mut self, texts: usize) -> Self {
        self.batch = texts.max(1);
        self
    }

    /// At most so many writes a second.
    pub fn rate(mut self, writes_per_second: NonZeroU32) -> Self {
        self.rate = Some(writes_per_second);
        self
    }

    /// Tells what is done after each batch: for a line on a terminal.
    pub fn told(mut self, told: impl FnMut(&Backfilled) + Send + 'static) -> Self {
        self.told = Some(Box::new(told));
        self
    }

    /// Reads the table to its end, and writes what `embed` makes of the texts: an embedding for each,
    /// in their order.
    ///
    /// # Errors
    /// `embed` failed or gave another number of embeddings ([`Error::is_aborted`]), or a call
    /// failed. What was written before is written; the same call goes on from there.
    pub async fn send<F, R>(
        mut self,
        client: &SecureClient,
        mut embed: F,
    ) -> Result<Backfilled, Error>
    where
        E: AllowsScan,
        F: FnMut(Vec<String>) -> R,
        R: Future<Output = Result<Vec<I::Embedding>, BoxError>>,
    {
        let subject = Subject { entity: E::SCHEMA.entity, operation: "backfill" };
        let names =
            E::SCHEMA.vector_index(I::NAME).and_then(|index| Some((index.vector, index.of?)));
        let Some((vector, text)) = names else {
            return Err(subject.error(ExpressionError::NotItsIndex { index: I::NAME }));
        };
        let (vector, text) = (DocumentPath::from(vector), EmbeddedAttribute { name: text });
        let pace = self.rate.map(Pace::new);
        let mut done = Backfilled::default();
        let mut search = Scan::<E, Primary, E>::new().into_search();
        search.subject = subject;
        search.filter.add(Fragment::call("attribute_not_exists(", &vector));
        loop {
            let found = search.read::<RawItem>(client).await?.value;
            let mut read = Vec::with_capacity(found.len());
            for item in found {
                match text.read::<E>(&item) {
                    Ok(Lacking::Text(key, text)) => read.push((key, text)),
                    Ok(Lacking::NoText) => done.without_text += 1,
                    Ok(Lacking::Other) => done.others += 1,
                    Err(error) => return Err(subject.error(error)),
                }
            }
            while !read.is_empty() {
                let rest = read.split_off(self.batch.min(read.len()));
                let batch = std::mem::replace(&mut read, rest);
                let texts: Vec<_> = batch.iter().map(|(_, text)| text.clone()).collect();
                let aborted = |error| subject.error(ErrorKind::Aborted(error));
                let embeddings = embed(texts).await.map_err(aborted)?;
                if embeddings.len() != batch.len() {
                    let (asked, given) = (batch.len(), embeddings.len());
                    let error = format!("of {asked} texts {given} embeddings were made");
                    return Err(aborted(error.into()));
                }
                for ((key, source), embedding) in batch.into_iter().zip(embeddings) {
                    if let Some(pace) = &pace {
                        pace.wait(1).await;
                    }
                    let update = Update::<E, _, _>::embedding(
                        key,
                        &vector,
                        &embedding,
                        &DocumentPath::from(text.name),
                        &source,
                    );
                    match update.send(client).await {
                        Ok(()) => done.embedded += 1,
                        Err(error) if error.is_condition_failed() => done.changed += 1,
                        Err(error) => return Err(error.into()),
                    }
                }
                if let Some(told) = &mut self.told {
                    told(&done);
                }
            }
            if search.is_over() {
                return Ok(done);
            }
        }
    }
}

/// Shows the shape.
impl<E: Entity, I: VectorIndex<E>> fmt::Debug for Backfill<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Backfill")
            .field("entity", &E::SCHEMA.entity)
            .field("index", &I::NAME)
            .field("batch", &self.batch)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

/// An item as it came: without a vector, it may be no whole entity.
struct RawItem(Box<[u8]>);

impl<'de> DecodeItem<'de> for RawItem {
    fn decode_attributes(mut item: Members<'_, 'de>) -> Result<Self, DecodeError> {
        while let Some(name) = item.next_name()? {
            item.skip(name)?;
        }
        Ok(Self(Box::default()))
    }

    fn decode_item(reader: &mut Reader<'de>) -> Result<Self, DecodeError> {
        reader.raw_value().map(|item| Self(item.into()))
    }
}

impl<E: Entity> Projection<E> for RawItem {
    const SELECTION: Option<&'static [Selected]> = None;
    type Read<'de> = Self;
}

impl<E: Entity> OwnedProjection<E> for RawItem {}

/// The attribute that embeddings are made of.
struct EmbeddedAttribute {
    name: &'static str,
}

/// What an item is to a backfill.
enum Lacking<K> {
    Text(K, String),
    NoText,
    /// It is of another entity.
    Other,
}

impl EmbeddedAttribute {
    fn read<E: Entity>(&self, item: &RawItem) -> Result<Lacking<E::Key>, DecodeError> {
        let RawItem(item) = item;
        let mut key = Writer::default();
        key.begin_object();
        for name in KeyNames::of(&E::SCHEMA).each() {
            let Some(value) = attribute_of(item, name)? else { return Ok(Lacking::Other) };
            key.member(name);
            key.raw(value);
        }
        key.end_object();
        let Ok(key) = read_key::<E::Key>(key.as_bytes()) else { return Ok(Lacking::Other) };
        let Some(value) = attribute_of(item, self.name)? else { return Ok(Lacking::NoText) };
        let text = read(value, Reader::string).map(Cow::into_owned);
        Ok(match text {
            Ok(text) if !text.is_empty() => Lacking::Text(key, text),
            _ => Lacking::NoText,
        })
    }
}
