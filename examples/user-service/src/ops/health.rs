//! Whether the service lives, and whether it can do its work.

use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use dynamo_runtime::Error;
use dynamo_runtime::prelude::*;
use tokio::sync::Mutex;

use crate::edge::Draining;
use crate::fields::{Domain, Name, UserId};
use crate::problem::{Kind, Problem};
use crate::service::{DEADLINE, Service};
use crate::user::User;

/// Reserved by RFC 2606, so that nobody has it.
const NOWHERE: &str = "user-service.invalid";
const NOBODY: &str = "nobody";

/// For which an answer is good: nobody needs a token to ask, and each look is three reads.
const FRESH: Duration = Duration::from_secs(5);

/// When the service was last looked at, and whether it was ready.
pub(crate) type LastLook = Arc<Mutex<Option<(Timestamp, bool)>>>;

/// Whether the process answers.
#[utoipa::path(
    get,
    path = "/healthz",
    tag = "operators",
    operation_id = "isAlive",
    responses((status = 200, description = "It does", body = String, content_type = "text/plain"))
)]
pub(crate) async fn healthz() -> &'static str {
    "ok"
}

/// Whether the table and its indexes are there, with the keys that the entities have.
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operators",
    operation_id = "isReady",
    responses((status = 200, description = "They are", body = String, content_type = "text/plain"))
)]
pub(crate) async fn readyz(
    State(service): State<Service>,
    Extension(draining): Extension<Draining>,
) -> Result<&'static str, Problem> {
    if draining.has_begun() {
        return Err(Kind::Stopping.into());
    }
    // Whoever asks at once, and for some seconds after, is told of one look.
    let mut last = service.last_look.lock().await;
    let now = service.clock.now();
    if let Some((at, is_ready)) = *last
        && at <= now
        && now < at + FRESH
    {
        return if is_ready { Ok("ready") } else { Err(Kind::NotReady.into()) };
    }
    let nowhere = NOWHERE.parse().map_err(Problem::internal)?;
    let nobody = NOBODY.parse().map_err(Problem::internal)?;
    let looked = look(&service.client, nowhere, nobody).await;
    *last = Some((now, looked.is_ok()));
    looked.map(|()| "ready").map_err(|error| Kind::NotReady.because(error))
}

/// DynamoDB refuses a read whose key is not of the table's schema, and a query of an index that is
/// not there or has other keys. So each kind of read is made once, of what is not there.
async fn look(client: &SecureClient, nowhere: Domain, nobody: Name) -> Result<(), Error> {
    User::get(User::key(UserId::random())).deadline(DEADLINE).send(client).await?;
    User::by_domain(nowhere).limit(1).deadline(DEADLINE).page(client).await?;
    User::by_name(nobody).limit(1).deadline(DEADLINE).page(client).await?;
    Ok(())
}
