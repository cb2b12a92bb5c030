//! What the benches measure and is not public: the feature `__benches`, for `dynamo-benches` only.

use bytes::Bytes;
use http::Response;

use crate::client::{Credentials, Region, SecureClient, SecureClientBuilder};
use crate::codec::{DecodeError, DecodeItem, Writer, response};
use crate::entity::{Entity, Key, KeyWriter};
use crate::expression::{Condition, Renderer};
use crate::operation::Update;

/// A builder of a client that opens no connection: `answer` gives the response to a request, by its
/// target and its body. All else of a call is as it is.
pub fn client(
    answer: impl Fn(&str, &[u8]) -> Response<Bytes> + Send + Sync + 'static,
) -> SecureClientBuilder<Region, Credentials> {
    SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::fixed("AKIAIOSFODNN7EXAMPLE", "not-a-secret", None))
        .answered_by(answer)
}

/// The entities of a page of a query or a scan.
///
/// # Errors
/// When the page is malformed, or an item does not fit.
pub fn page<'de, E: DecodeItem<'de>>(body: &'de [u8]) -> Result<Vec<E>, DecodeError> {
    response::page(body, response::Expected::ANY).map(|page| page.items)
}

/// The entity in a member of a response.
///
/// # Errors
/// When the response is malformed, or the item does not fit.
pub fn item<'de, E: DecodeItem<'de>>(
    body: &'de [u8],
    member: &str,
) -> Result<Option<E>, DecodeError> {
    response::member_item(body, member)
}

/// Writes the key as a request has it, and gives whether DynamoDB takes it.
pub fn key<K: Key>(key: &K, writer: &mut Writer) -> bool {
    let mut writer = KeyWriter::new(writer);
    key.write(&mut writer);
    writer.finish().is_ok()
}

/// Writes what a request has of the condition, and gives whether DynamoDB takes it.
pub fn condition<E, K>(condition: Condition<E, K>, writer: &mut Writer) -> bool {
    let condition = condition.into_fragment();
    expressions(writer, |renderer, writer| {
        renderer.expression(writer, "ConditionExpression", &condition);
    })
}

/// Writes what a request has of the update's actions, and gives whether DynamoDB takes it.
pub fn update<E: Entity, C, R>(update: &Update<E, C, R>, writer: &mut Writer) -> bool {
    expressions(writer, |renderer, writer| renderer.update(writer, update.actions()))
}

fn expressions<'a>(
    writer: &mut Writer,
    render: impl FnOnce(&mut Renderer<'a>, &mut Writer),
) -> bool {
    let mut renderer = Renderer::default();
    writer.begin_object();
    render(&mut renderer, writer);
    let is_accepted = renderer.finish(writer).is_ok();
    writer.end_object();
    is_accepted
}
