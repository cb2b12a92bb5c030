//! Where a page ends, for the same program and for a caller outside of it.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, Nonce, RandomizedNonceKey};

use super::checkpoint::ScanCheckpoint;
use super::digest::{QueryDigest, VERSION};
use super::index::Index;
use super::position::Position;
use crate::entity::Entity;
use crate::sha256::Sha256;

/// A place in the index `I` of the entity `E`, after the last item of a page.
///
/// It belongs to the query that gave it: one of the same partition, the same condition on the sort
/// key, the same order, and filters of the same form. Any other query refuses it, before anything
/// is sent. [`CursorKeys`] make a text of it that can leave the program.
pub struct Cursor<E, I> {
    /// The key of the last item that was read, verbatim.
    key: Arc<[u8]>,
    query: QueryDigest,
    marker: PhantomData<fn() -> (E, I)>,
}

/// The [`Cursor`] of a query or a scan of the table or the index `I` of `E`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a cursor of this query",
    label = "not a cursor of this table or index",
    note = "the cursor of a page is in its `next`, which is `None` at the end: `if let Some(cursor) = page.next`; it continues a query of the same table or index"
)]
pub trait CursorFor<E, I>: sealed::CursorFor<E, I> {
    #[doc(hidden)]
    fn into_cursor(self) -> Cursor<E, I>;
}

#[diagnostic::do_not_recommend]
impl<E, I> CursorFor<E, I> for Cursor<E, I> {
    fn into_cursor(self) -> Self {
        self
    }
}

mod sealed {
    pub trait CursorFor<E, I> {}
    impl<E, I> CursorFor<E, I> for super::Cursor<E, I> {}
}

impl<E, I> Cursor<E, I> {
    pub(super) fn new(key: Arc<[u8]>, query: QueryDigest) -> Self {
        Self { key, query, marker: PhantomData }
    }

    pub(super) fn into_place(self) -> (Position, QueryDigest) {
        (Position::After(self.key), self.query)
    }
}

impl<E, I> Clone for Cursor<E, I> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.key), self.query)
    }
}

/// The key in it may be sensitive.
impl<E, I> fmt::Debug for Cursor<E, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursor")
    }
}

/// A secret that seals cursors: 32 bytes of the application's own, from a source of randomness.
pub struct CursorKey {
    id: [u8; KEY_ID_LENGTH],
    key: Option<RandomizedNonceKey>,
}

impl CursorKey {
    /// The secret with these bytes.
    ///
    /// ```
    /// use dynamo_runtime::operation::CursorKey;
    ///
    /// let key = CursorKey::from_bytes(&[7; 32]); // of a secret store
    /// assert!(!format!("{key:?}").contains('7'));
    /// ```
    pub fn from_bytes(secret: &[u8; 32]) -> Self {
        let mut id = [0; KEY_ID_LENGTH];
        let mut digest = Sha256::new();
        digest.update(KEY_ID_CONTEXT);
        digest.update(secret);
        id.iter_mut().zip(digest.finish()).for_each(|(byte, of_digest)| *byte = of_digest);
        // It takes every key of 32 bytes; without one, nothing is sealed and nothing opened.
        Self { id, key: RandomizedNonceKey::new(&AES_256_GCM_SIV, secret).ok() }
    }
}

impl fmt::Debug for CursorKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CursorKey")
    }
}

const KEY_ID_LENGTH: usize = 4;
const KEY_ID_CONTEXT: &[u8] = b"dynamo cursor key id";
const NONCE_LENGTH: usize = 12;
const QUERY_LENGTH: usize = size_of::<QueryDigest>();
/// Sealed texts come in steps of so many bytes, so that their length says little of the key.
const STEP: usize = 64;
/// Longer than any key of four attributes, to bound what a caller makes us decode.
const MAX_CURSOR_LENGTH: usize = 32 * 1024;
/// More than thousands of segments need.
const MAX_CHECKPOINT_LENGTH: usize = 64 * 1024 * 1024;

/// The application's secrets, by which cursors leave the program and come back.
///
/// A sealed cursor is encrypted and authenticated (AES-256-GCM-SIV): its holder can neither read
/// the key in it, nor make one up, nor use it for another entity, index, partition or query.
/// Programs that share the secret can open each other's cursors.
///
/// ```
/// use dynamo_runtime::prelude::*;
/// use dynamo_runtime::operation::{CursorKey, CursorKeys};
///
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "notes")]
/// # struct Note {
/// #     #[dynamo(partition_key)]
/// #     owner: String,
/// #     #[dynamo(sort_key)]
/// #     number: u32,
/// # }
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
/// # let client = SecureClient::local().table::<Note>().build().await?;
/// # for number in 0..3 {
/// #     Note::create(Note { owner: "ann".to_owned(), number }).send(&client).await?;
/// # }
/// # let (secret, previous) = ([1; 32], [2; 32]);
/// let keys = CursorKeys::new(CursorKey::from_bytes(&secret))
///     .opening(CursorKey::from_bytes(&previous)); // until the last of its cursors is used up
///
/// let page = Note::query("ann").limit(2).page(&client).await?;
/// let text = keys.seal(&page.next.ok_or("there are three notes")?)?; // into a response
///
/// let cursor = keys.open(&text)?; // out of the next request
/// let page = Note::query("ann").limit(2).after(cursor).page(&client).await?;
/// assert_eq!(page.items.len(), 1);
/// # Ok(()) })
/// # }
/// ```
#[derive(Debug)]
pub struct CursorKeys {
    sealing: CursorKey,
    others: Vec<CursorKey>,
}

impl CursorKeys {
    /// Seals and opens with this secret.
    pub fn new(key: CursorKey) -> Self {
        Self { sealing: key, others: Vec::new() }
    }

    /// Opens what this other secret has sealed too: an earlier one, or the one to come.
    pub fn opening(mut self, key: CursorKey) -> Self {
        self.others.push(key);
        self
    }

    /// A cursor as text of the URL's alphabet, for a caller outside of the program.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn seal<E: Entity, I: Index<E>>(
        &self,
        cursor: &Cursor<E, I>,
    ) -> Result<String, CursorError> {
        self.seal_for(cursor, b"")
    }

    /// As [`seal`](Self::seal), for one audience, such as the caller's user id: only
    /// [`open_for`](Self::open_for) the same one opens it.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// use dynamo_runtime::operation::Primary;
    /// use dynamo_runtime::operation::{Cursor, CursorKey, CursorKeys};
    ///
    /// # let secret = [1; 32];
    /// let keys = CursorKeys::new(CursorKey::from_bytes(&secret));
    /// let page = Order::query("ann").limit(1).page(&client).await?;
    /// let text = keys.seal_for(&page.next.ok_or("there are three orders")?, b"ann")?;
    ///
    /// let cursor: Cursor<Order, Primary> = keys.open_for(&text, b"ann")?;
    /// assert_eq!(Order::query("ann").after(cursor).page(&client).await?.items.len(), 2);
    /// assert!(keys.open_for::<Order, Primary>(&text, b"bob").unwrap_err().is_refused());
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub fn seal_for<E: Entity, I: Index<E>>(
        &self,
        cursor: &Cursor<E, I>,
        audience: &[u8],
    ) -> Result<String, CursorError> {
        let text = [&cursor.query, &*cursor.key].concat();
        self.sealed(text, bound_to::<E>("cursor", I::NAME, audience))
    }

    /// The cursor of a sealed text.
    ///
    /// # Errors
    /// The text was not sealed by one of the secrets for this entity, index and audience, or not
    /// at all ([`CursorError::is_refused`]). It does not say which: answer the caller that the
    /// cursor is invalid.
    pub fn open<E: Entity, I: Index<E>>(&self, text: &str) -> Result<Cursor<E, I>, CursorError> {
        self.open_for(text, b"")
    }

    /// As [`open`](Self::open), for the audience that it was sealed for.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// # use dynamo_runtime::operation::Primary;
    /// # use dynamo_runtime::operation::{CursorKey, CursorKeys};
    /// # let keys = CursorKeys::new(CursorKey::from_bytes(&[1; 32]));
    /// let page = Order::query("ann").limit(1).page(&client).await?;
    /// let text = keys.seal_for(&page.next.ok_or("there are three orders")?, b"ann")?;
    /// assert!(keys.open_for::<Order, Primary>(&text, b"ann").is_ok());
    /// assert!(keys.open::<Order, Primary>(&text).is_err()); // it is for an audience
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_for<E: Entity, I: Index<E>>(
        &self,
        text: &str,
        audience: &[u8],
    ) -> Result<Cursor<E, I>, CursorError> {
        let bound = bound_to::<E>("cursor", I::NAME, audience);
        let opened = self.opened(text, MAX_CURSOR_LENGTH, bound);
        let cursor = opened.as_deref().and_then(|text| {
            let (query, key) = text.split_first_chunk::<QUERY_LENGTH>()?;
            Some(Cursor::new(key.into(), *query))
        });
        cursor.ok_or(CursorError(CursorProblem::Refused))
    }

    /// The checkpoint of a scan as text, to be stored.
    ///
    /// ```
    #[doc = include_str!("../example/orders.md")]
    /// use std::num::NonZeroUsize;
    ///
    /// # use dynamo_runtime::operation::{CursorKey, CursorKeys};
    /// # let keys = CursorKeys::new(CursorKey::from_bytes(&[1; 32]));
    /// let segments = NonZeroUsize::new(2).ok_or("none")?;
    /// let orders = Order::scan().segments(segments).items(&client);
    /// let text = keys.seal_checkpoint(&orders.checkpoint())?;
    ///
    /// let checkpoint = keys.open_checkpoint(&text)?; // in another process
    /// let orders = Order::scan().resume(checkpoint).items(&client).collect().await?;
    /// assert_eq!(orders.len(), 3);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`seal`](Self::seal).
    pub fn seal_checkpoint<E: Entity, I: Index<E>>(
        &self,
        checkpoint: &ScanCheckpoint<E, I>,
    ) -> Result<String, CursorError> {
        let text = [&checkpoint.query[..], &checkpoint.to_json()].concat();
        self.sealed(text, bound_to::<E>("scan checkpoint", I::NAME, b""))
    }

    /// The checkpoint of a sealed text.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # use dynamo_runtime::operation::Primary;
    /// # use dynamo_runtime::operation::{CursorKey, CursorKeys};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "orders")]
    /// # struct Order { #[dynamo(partition_key)] id: u32 }
    /// let keys = CursorKeys::new(CursorKey::from_bytes(&[1; 32]));
    /// let error = keys.open_checkpoint::<Order, Primary>("no checkpoint").unwrap_err();
    /// assert!(error.is_refused());
    /// ```
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_checkpoint<E: Entity, I: Index<E>>(
        &self,
        text: &str,
    ) -> Result<ScanCheckpoint<E, I>, CursorError> {
        let bound = bound_to::<E>("scan checkpoint", I::NAME, b"");
        let opened = self.opened(text, MAX_CHECKPOINT_LENGTH, bound);
        let checkpoint = opened.as_deref().and_then(|text| {
            let (query, places) = text.split_first_chunk::<QUERY_LENGTH>()?;
            ScanCheckpoint::from_json(*query, places)
        });
        checkpoint.ok_or(CursorError(CursorProblem::Refused))
    }

    fn sealed(&self, mut text: Vec<u8>, bound: Aad<Vec<u8>>) -> Result<String, CursorError> {
        // White space after JSON changes nothing.
        text.resize(text.len().next_multiple_of(STEP), b' ');
        let CursorKey { id, key } = &self.sealing;
        let key = key.as_ref().ok_or(CursorError(CursorProblem::NoRandomness))?;
        let nonce = key
            .seal_in_place_append_tag(bound, &mut text)
            .map_err(|_| CursorError(CursorProblem::NoRandomness))?;
        let sealed = [&[VERSION][..], id, nonce.as_ref(), &text].concat();
        Ok(base64_simd::URL_SAFE_NO_PAD.encode_to_string(sealed))
    }

    fn opened(&self, text: &str, max_length: usize, bound: Aad<Vec<u8>>) -> Option<Vec<u8>> {
        if text.len() > max_length {
            return None;
        }
        let sealed = base64_simd::URL_SAFE_NO_PAD.decode_to_vec(text.as_bytes()).ok()?;
        let (&version, rest) = sealed.split_first()?;
        let (id, rest) = rest.split_first_chunk::<KEY_ID_LENGTH>()?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LENGTH>()?;
        if version != VERSION {
            return None;
        }
        let mut keys = std::iter::once(&self.sealing).chain(&self.others);
        let key = keys.find(|key| key.id == *id)?.key.as_ref()?;
        let mut text = text.to_vec();
        let text = key.open_in_place(Nonce::from(nonce), bound, &mut text).ok()?;
        Some(text.trim_ascii_end().to_vec())
    }
}

/// What a sealed text is bound to besides its content. No part can run into the next one.
fn bound_to<E: Entity>(kind: &str, index: Option<&str>, audience: &[u8]) -> Aad<Vec<u8>> {
    let mut bound = vec![VERSION];
    let names = [kind, E::SCHEMA.table, E::SCHEMA.entity, index.unwrap_or_default()];
    for part in names.map(str::as_bytes).into_iter().chain([audience]) {
        bound.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bound.extend_from_slice(part);
    }
    Aad::from(bound)
}

/// Why a cursor was not sealed or not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorError(CursorProblem);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum CursorProblem {
    Refused,
    NoRandomness,
}

impl CursorError {
    /// Whether the text is no cursor that these secrets sealed for this: the caller's mistake, or
    /// an attempt.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// # use dynamo_runtime::operation::Primary;
    /// # use dynamo_runtime::operation::{CursorKey, CursorKeys};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "orders")]
    /// # struct Order { #[dynamo(partition_key)] id: u32 }
    /// let keys = CursorKeys::new(CursorKey::from_bytes(&[1; 32]));
    /// let error = keys.open::<Order, Primary>("made up").unwrap_err();
    /// assert!(error.is_refused()); // answer the caller with 400
    /// ```
    pub fn is_refused(&self) -> bool {
        self.0 == CursorProblem::Refused
    }
}

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            CursorProblem::Refused => {
                "the text is no cursor that was sealed for this entity and index"
            }
            CursorProblem::NoRandomness => {
                "the system gave no random bytes to seal the cursor with"
            }
        })
    }
}

impl std::error::Error for CursorError {}
