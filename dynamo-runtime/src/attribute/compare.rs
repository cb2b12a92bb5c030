//! Comparing two attributes of one item.

use super::{Attribute, KindOf, Place};
use crate::codec::Encoding;
use crate::codec::kind::{Kind, Ordered};
use crate::expression::{Condition, ExpressionError, Fragment, Join, SameEntity};

/// What a condition touches that compares two attributes.
type Both<E, T, P, const N: usize, F, U, Q, const M: usize> =
    <<P as Place<E, T, N>>::Keys as Join<<Q as Place<F, U, M>>::Keys>>::Output;

macro_rules! comparisons {
    ($($(#[$doc:meta])* $method:ident: $operator:literal $(, $ordered:ident)?;)*) => {
        /// Comparisons with another attribute of the same item, which must be of the same type in
        /// DynamoDB. Where either is absent only `ne_attribute` holds. An attribute that is compared
        /// with itself is an error when the operation is sent.
        ///
        /// ```
        /// # use dynamo_runtime::prelude::*;
        /// # #[derive(Entity, Clone, Debug, PartialEq)]
        /// # #[dynamo(table = "stock")]
        /// # struct Stock { #[dynamo(partition_key)] id: String, ordered: u32, delivered: u32 }
        /// # #[tokio::main(flavor = "current_thread")]
        /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
        /// # let client = SecureClient::local().table::<Stock>().build().await?;
        /// # let stock = Stock { id: "tea".into(), ordered: 5, delivered: 4 };
        /// # Stock::create(stock).send(&client).await?;
        /// let is_open = all_of([
        ///     Stock::ORDERED.ne_attribute(Stock::DELIVERED),
        ///     Stock::ORDERED.gt_attribute(Stock::DELIVERED),
        ///     Stock::ORDERED.ge_attribute(Stock::DELIVERED),
        ///     Stock::DELIVERED.lt_attribute(Stock::ORDERED),
        ///     Stock::DELIVERED.le_attribute(Stock::ORDERED),
        /// ]);
        /// let deliver = Stock::update(Stock::key("tea")).add(Stock::DELIVERED, 1_u32).condition(is_open);
        /// deliver.clone().send(&client).await?; // the last of 5
        /// assert!(deliver.send(&client).await.unwrap_err().is_condition_failed());
        /// # Ok(()) }
        /// ```
        ///
        /// Source: [Comparison operator and function reference](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html).
        impl<E, T, P: Place<E, T, N>, const N: usize> Attribute<E, T, N, P> {$(
            $(#[$doc])*
            pub fn $method<F, U, Q, const M: usize>(
                &self,
                other: Attribute<F, U, M, Q>,
            ) -> Condition<E, Both<E, T, P, N, F, U, Q, M>>
            where
                F: SameEntity<E>,
                Q: Place<F, U, M>,
                P::Keys: Join<Q::Keys>,
                KindOf<F, U, M, Q>: SameKind<KindOf<E, T, N, P>>,
                $(KindOf<E, T, N, P>: $ordered,)?
            {
                const {
                    assert!(
                        <P::Encoding as Encoding<P::Operand>>::SCALE
                            == <Q::Encoding as Encoding<Q::Operand>>::SCALE,
                        "the two attributes are stored in different forms, which have no common order\n\nhelp: give both fields the same `form`, or compare each with a value"
                    );
                };
                let (path, other) = (self.path(), other.into_path());
                // Of one length, each is a part of the other.
                if path.steps().len() == other.steps().len() && path.overlaps(&other) {
                    let attribute = path.describe();
                    let itself = ExpressionError::ComparedWithItself { attribute };
                    return Condition::single(Fragment::failed(itself));
                }
                Condition::single(Fragment::default().path(&path).operator($operator).path(&other))
            }
        )*}
    };
}

comparisons! {
    /// The attribute equals the other one.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # #[derive(Entity, Clone, Debug, PartialEq)]
    /// # #[dynamo(table = "stock")]
    /// # struct Stock { #[dynamo(partition_key)] id: String, ordered: u32, delivered: u32, is_closed: bool }
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// # let client = SecureClient::local().table::<Stock>().build().await?;
    /// # let stock = Stock { id: "tea".into(), ordered: 5, delivered: 5, is_closed: false };
    /// # Stock::create(stock).send(&client).await?;
    /// let closed = Stock::update(Stock::key("tea"))
    ///     .set(Stock::IS_CLOSED, true)
    ///     .condition(Stock::ORDERED.eq_attribute(Stock::DELIVERED))
    ///     .returning_new()
    ///     .send(&client)
    ///     .await?;
    /// assert!(closed.is_closed);
    /// # Ok(()) })
    /// # }
    /// ```
    eq_attribute: " = ";
    /// The attribute differs from the other one, or either is absent.
    ne_attribute: " <> ";
    /// The attribute is less than the other one.
    lt_attribute: " < ", Ordered;
    /// The attribute is at most the other one.
    le_attribute: " <= ", Ordered;
    /// The attribute is greater than the other one.
    gt_attribute: " > ", Ordered;
    /// The attribute is at least the other one.
    ge_attribute: " >= ", Ordered;
}

/// That two attributes are of one type in DynamoDB.
#[diagnostic::on_unimplemented(
    message = "a `{K}` attribute cannot be compared with a `{Self}` attribute",
    label = "stored as another type",
    note = "DynamoDB compares attributes of one type: two texts, two numbers, two binaries"
)]
pub trait SameKind<K> {}

impl<K: Kind> SameKind<K> for K {}
