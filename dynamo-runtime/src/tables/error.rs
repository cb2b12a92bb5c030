//! Why a table could not be made, verified or changed.

use std::fmt;

use super::difference::Difference;
use super::schema::Contradiction;
use crate::client::Api;
use crate::error::Error;

/// Why a table could not be made, verified, described or changed.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let client = SecureClient::local().build().await?;
/// let error = client.verify::<User>().await.unwrap_err();
/// assert!(error.is_different() && !error.is_denied() && !error.is_waiting());
/// assert_eq!((error.table(), error.differences().len()), (Some("users"), 1));
/// assert!(error.to_string().contains("there is no table `users`"));
/// assert!(error.as_error().is_none()); // no request has failed
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct TableError(Box<TableFailure>);

#[derive(Debug)]
struct TableFailure {
    table: Option<String>,
    kind: TableFailureKind,
}

#[derive(Debug)]
enum TableFailureKind {
    Call(Error),
    Unreadable(String),
    Contradiction(Contradiction),
    Different(Vec<Difference>),
    /// What it is, after all the time that there was.
    Waiting(String),
}

impl TableError {
    fn new(table: Option<&str>, kind: TableFailureKind) -> Self {
        Self(Box::new(TableFailure { table: table.map(str::to_owned), kind }))
    }

    pub(super) fn call(table: &str, error: Error) -> Self {
        Self::new(Some(table), TableFailureKind::Call(error))
    }

    pub(super) fn unreadable(table: &str, api: Api, error: &dyn fmt::Display) -> Self {
        let reason = format!("the response to {} cannot be read: {error}", api.name());
        Self::new(Some(table), TableFailureKind::Unreadable(reason))
    }

    pub(super) fn different(differences: Vec<Difference>) -> Self {
        let first = differences.first().map(|difference| difference.table().to_owned());
        Self::new(first.as_deref(), TableFailureKind::Different(differences))
    }

    pub(super) fn waiting(table: &str, status: &str) -> Self {
        Self::new(Some(table), TableFailureKind::Waiting(status.to_owned()))
    }

    /// Whether the service answered with an error of this code.
    pub(super) fn has_code(&self, code: &str) -> bool {
        self.as_error().is_some_and(|error| error.code() == Some(code))
    }

    /// The error of the request that failed, if that is the error.
    pub fn as_error(&self) -> Option<&Error> {
        match &self.0.kind {
            TableFailureKind::Call(error) => Some(error),
            _ => None,
        }
    }

    /// The table's physical name, where it is about one.
    pub fn table(&self) -> Option<&str> {
        self.0.table.as_deref()
    }

    /// How the tables differ from the entities, if that is the error.
    pub fn differences(&self) -> &[Difference] {
        match &self.0.kind {
            TableFailureKind::Different(differences) => differences,
            _ => &[],
        }
    }

    /// Whether a table is not what its entities describe.
    pub fn is_different(&self) -> bool {
        matches!(self.0.kind, TableFailureKind::Different(_))
    }

    /// Whether the caller lacks a permission.
    pub fn is_denied(&self) -> bool {
        self.has_code("AccessDeniedException")
    }

    /// Whether the request was not one that the client sends.
    pub(super) fn is_unsent(&self) -> bool {
        self.as_error().is_some_and(Error::is_invalid)
    }

    /// Whether a vector index does not answer yet.
    pub(super) fn is_index_not_ready(&self) -> bool {
        self.as_error().is_some_and(Error::is_index_not_ready)
    }

    /// Whether a table or an index was not ready in time. The same call goes on from there.
    pub fn is_waiting(&self) -> bool {
        matches!(self.0.kind, TableFailureKind::Waiting(_))
    }
}

impl From<Contradiction> for TableError {
    fn from(contradiction: Contradiction) -> Self {
        Self::new(None, TableFailureKind::Contradiction(contradiction))
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(table), TableFailureKind::Call(_) | TableFailureKind::Unreadable(_)) =
            (&self.0.table, &self.0.kind)
        {
            write!(f, "the table `{table}`: ")?;
        }
        match &self.0.kind {
            TableFailureKind::Call(error) => error.fmt(f),
            TableFailureKind::Unreadable(reason) => f.write_str(reason),
            TableFailureKind::Contradiction(contradiction) => contradiction.fmt(f),
            TableFailureKind::Different(differences) => {
                for (place, difference) in differences.iter().enumerate() {
                    write!(f, "{}{difference}", if place == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
            TableFailureKind::Waiting(status) => {
                let table = self.0.table.as_deref().unwrap_or_default();
                write!(
                    f,
                    "the table `{table}` was not ready in time: {status}; the same call goes on from there"
                )
            }
        }
    }
}

impl std::error::Error for TableError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The text has the error's own already.
        self.as_error()?.source()
    }
}
