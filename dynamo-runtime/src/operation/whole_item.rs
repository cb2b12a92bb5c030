//! A write of a whole item as data, for what does not send it itself.

use super::conditioned::Conditioned;
use super::create::Create;
use super::exactly_once::SingleWrite;
#[cfg(feature = "load")]
use super::guards::now;
use super::put::Put;
#[cfg(feature = "load")]
use crate::client::SecureClient;
use crate::entity::Entity;
#[cfg(feature = "load")]
use crate::error::Error;

/// A write of a whole item: a create, a put or a replace.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not put a whole item",
    label = "not a create, a put with a condition, or a replace",
    note = "use `User::create(user)`, `User::put(user).condition(..)` or `User::replace(user)`; or `User::put_unconditionally(user)`, which `User` has to allow"
)]
pub trait WholeItemWrite: SingleWrite {}

impl<E: Entity> WholeItemWrite for Create<E> {}
impl<E: Entity, C: Conditioned> WholeItemWrite for Put<E, C> {}

/// The body of its `PutItem`, and the logical name of its table.
#[cfg(feature = "load")]
pub(crate) fn put_item_body<W: WholeItemWrite>(
    client: &SecureClient,
    write: W,
) -> Result<(&'static str, Vec<u8>), Error> {
    let (request, _) = write.into_request(client, now(client))?;
    Ok((W::Entity::SCHEMA.table, request.into_part()?.body))
}
