//! Waits until a table and its indexes can be used.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::error::TableError;
use super::live::Live;
use super::request::send;
use crate::client::{Api, SecureClient};

/// How long it waits between two looks, at first and at most.
const FIRST: Duration = Duration::from_millis(20);
const LONGEST: Duration = Duration::from_secs(5);

/// What is being done to a table: for a line on a terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// The table's physical name.
    pub table: String,
    /// What is being done, such as `create the table ..`.
    pub doing: String,
}

/// Who is told of what is being done.
pub(super) type Told<'t> = &'t mut (dyn FnMut(Progress) + Send);

pub(super) fn tell(told: Told<'_>, table: &str, doing: impl Into<String>) {
    told(Progress { table: table.to_owned(), doing: doing.into() });
}

/// Waits until the table and each of its indexes can be used, and gives its description.
pub(super) async fn until_active(
    client: &SecureClient,
    table: &str,
    limit: Duration,
    told: Told<'_>,
) -> Result<Live, TableError> {
    let end = Instant::now() + limit;
    let mut pause = FIRST;
    let mut last = String::new();
    loop {
        let live = Live::read(client, table).await?;
        let waits_for = match &live {
            // A table that was just made may not be found yet.
            None => "it is not there yet".to_owned(),
            Some(live) => match live.waits_for() {
                Some(waits_for) => waits_for,
                None => match first_silent(client, table, live).await? {
                    Some(waits_for) => waits_for,
                    None => return Ok(live.clone()),
                },
            },
        };
        if Instant::now() + pause > end {
            return Err(TableError::waiting(table, &waits_for));
        }
        if waits_for != last {
            tell(told, table, format!("waits: {waits_for}"));
        }
        last = waits_for;
        sleep(pause).await;
        pause = (pause * 2).min(LONGEST);
    }
}

/// What of the vector indexes does not answer yet, though each is active: their hosts learn of an
/// index later than its description does.
///
/// Who may not search is not told, nor a client of which the code does not say where its searches go: that is known of
/// the description alone then.
async fn first_silent(
    client: &SecureClient,
    table: &str,
    live: &Live,
) -> Result<Option<String>, TableError> {
    for index in live.vector_indexes() {
        match send(client, table, Api::SearchVectors, &index.probe(table)).await {
            Ok(_) => {}
            Err(error) if error.is_denied() || error.is_unsent() => {}
            Err(error) if error.has_code("UnknownOperationException") => {}
            Err(error) if error.is_index_not_ready() => {
                return Ok(Some(format!("the vector index `{}` does not answer", index.name())));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}
