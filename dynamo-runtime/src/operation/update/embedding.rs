//! A text and its embedding, which change together.

use super::Update;
use crate::attribute::{Attribute, Place, ValueFor};
use crate::codec::Plain;
use crate::entity::Entity;
use crate::expression::{DocumentPath, Fragment, SameEntity};
use crate::operation::conditioned::HasCondition;
use crate::operation::returning::ReturnNothing;
use crate::record::{AttributeAt, MadeInto, NameAt, NotKey, NotManaged};
use crate::value::EmbeddingValue;

impl<E: Entity, C, R> Update<E, C, R> {
    /// Sets an attribute that an embedding is made of, and the embedding.
    ///
    /// ```
    #[doc = include_str!("../../example/notes.md")]
    /// let embedding = Embedding::from([0.0, 1.0]);
    /// Note::update(Note::key("1"))
    ///     .set_with_embedding(Note::TEXT, "a boat to Oslo", &embedding)
    ///     .if_exists()
    ///     .send(&client)
    ///     .await?;
    /// assert_eq!(Note::by_meaning("ann", &embedding).top(1).send(&client).await?[0].item.id, "1");
    /// # Ok(()) }
    /// ```
    pub fn set_with_embedding<F, T, V, W, P, const N: usize, const M: usize>(
        mut self,
        attribute: Attribute<F, T, N, P>,
        value: V,
        embedding: W,
    ) -> Self
    where
        F: SameEntity<E> + NotKey<N> + NotManaged<N> + AttributeAt<M>,
        P: Place<F, T, N, Part: MadeInto<M>>,
        V: ValueFor<T>,
        W: ValueFor<F::Value>,
    {
        let vector = DocumentPath::from(<F as NameAt<M>>::NAME);
        value.with(|value| self.actions.set::<P::Encoding, T>(&attribute.into_path(), value));
        embedding.with(|value| self.actions.set::<F::Encoding, F::Value>(&vector, value));
        self
    }
}

impl<E: Entity> Update<E, HasCondition, ReturnNothing> {
    /// Sets the embedding of a text, if the text is still this one and has none.
    pub(in crate::operation) fn embedding<V: EmbeddingValue>(
        key: E::Key,
        vector: &DocumentPath,
        embedding: &V,
        source: &DocumentPath,
        text: &String,
    ) -> Self {
        let mut update = Self::existing(key);
        update.actions.set::<Plain, V>(vector, embedding);
        update.guards.add(Fragment::call("attribute_not_exists(", vector));
        let equal = Fragment::default().path(source).operator(" = ");
        update.guards.add(equal.value::<Plain, String>(source, text));
        update
    }
}
