//! How near an item is that a search of a vector index found, with its meaning in the type.

use std::cmp::Ordering;
use std::fmt;
use std::marker::PhantomData;

use crate::schema::DistanceFunction;

/// How a vector index compares vectors: [`Cosine`], [`Euclidean`] or [`DotProduct`].
pub trait Metric: sealed::Sealed {
    /// The same as a value.
    const FUNCTION: DistanceFunction;

    /// What a search gives with each item.
    type Score: Score;
}

/// Scores are 1 less the cosine of the angle, from 0 to 2: lower is closer.
#[derive(Clone, Copy, Debug)]
pub enum Cosine {}
/// Scores are the length of the difference: lower is closer.
#[derive(Clone, Copy, Debug)]
pub enum Euclidean {}
/// Scores are the sum of the products: higher is closer.
#[derive(Clone, Copy, Debug)]
pub enum DotProduct {}

impl Metric for Cosine {
    const FUNCTION: DistanceFunction = DistanceFunction::Cosine;
    type Score = Distance<Self>;
}

impl Metric for Euclidean {
    const FUNCTION: DistanceFunction = DistanceFunction::Euclidean;
    type Score = Distance<Self>;
}

impl Metric for DotProduct {
    const FUNCTION: DistanceFunction = DistanceFunction::DotProduct;
    type Score = DotScore;
}

/// How near an item is to what was searched for: a [`Distance`] or a [`DotScore`].
pub trait Score: sealed::OfHit {
    #[doc(hidden)]
    fn new(value: f64) -> Self;

    /// The number, as the service computed it.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// use dynamo_runtime::operation::traits::Score;
    ///
    /// fn told(score: impl Score) -> String {
    ///     format!("{:.1}", score.value())
    /// }
    ///
    /// let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0]));
    /// let hits = search.top(2).send(&client).await?;
    /// assert_eq!(told(hits[1].score), "0.2");
    /// # Ok(()) }
    /// ```
    fn value(self) -> f64;

    /// The order in which the closer one comes first.
    #[doc(hidden)]
    fn closer_first(self, other: Self) -> Ordering;
}

/// A distance by the metric `M`: lower is closer.
///
/// Distances of two metrics cannot be compared.
pub struct Distance<M>(f64, PhantomData<fn() -> M>);

/// A sum of products: higher is closer.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub struct DotScore(f64);

impl<M> Distance<M> {
    /// The number, 0 or more: lower is closer.
    ///
    /// ```
    #[doc = include_str!("../example/notes.md")]
    /// let search = Note::by_meaning("ann", Embedding::from([1.0, 0.0]));
    /// let hits = search.top(3).send(&client).await?;
    /// assert!(hits[0].score.value() < 1e-6);
    /// assert!((hits[1].score.value() - 0.2).abs() < 1e-6); // 1 less the cosine
    /// # Ok(()) }
    /// ```
    pub fn value(self) -> f64 {
        self.0
    }
}

impl DotScore {
    /// The number: higher is closer.
    ///
    /// ```
    /// use dynamo_runtime::operation::DotScore;
    ///
    /// /// The best of what several searches found, by one index.
    /// fn best(scores: &[DotScore]) -> f64 {
    ///     scores.iter().map(|score| score.value()).fold(f64::NEG_INFINITY, f64::max)
    /// }
    /// assert_eq!(best(&[]), f64::NEG_INFINITY);
    /// ```
    pub fn value(self) -> f64 {
        self.0
    }
}

impl<M: 'static> Score for Distance<M> {
    fn new(value: f64) -> Self {
        // There is one zero.
        Self(value + 0.0, PhantomData)
    }

    fn value(self) -> f64 {
        self.0
    }

    fn closer_first(self, other: Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Score for DotScore {
    fn new(value: f64) -> Self {
        Self(value + 0.0)
    }

    fn value(self) -> f64 {
        self.0
    }

    fn closer_first(self, other: Self) -> Ordering {
        other.0.total_cmp(&self.0)
    }
}

impl<M> Clone for Distance<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for Distance<M> {}

impl<M> PartialEq for Distance<M> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<M> PartialOrd for Distance<M> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        self.0.partial_cmp(&other.0)
    }
}

impl<M> fmt::Debug for Distance<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Distance({})", self.0)
    }
}

impl fmt::Debug for DotScore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DotScore({})", self.0)
    }
}

mod sealed {
    use super::{Cosine, Distance, DotProduct, DotScore, Euclidean, fmt};

    pub trait Sealed {}
    impl Sealed for Cosine {}
    impl Sealed for Euclidean {}
    impl Sealed for DotProduct {}

    pub trait OfHit: Copy + PartialEq + fmt::Debug + Send + Sync + 'static {}
    impl<M: 'static> OfHit for Distance<M> {}
    impl OfHit for DotScore {}
}
