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
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct TableError(Box<Failure>);

#[derive(Debug)]
struct Failure {
    table: Option<String>,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Call(Error),
    Unreadable(String),
    Contradiction(Contradiction),
    Different(Vec<Difference>),
    /// What it is, after all the time that there was.
    Waiting(String),
}

impl TableError {
    fn new(table: Option<&str>, kind: Kind) -> Self {
        Self(Box::new(Failure { table: table.map(str::to_owned), kind }))
    }

    pub(super) fn call(table: &str, error: Error) -> Self {
        Self::new(Some(table), Kind::Call(error))
    }

    pub(super) fn unreadable(table: &str, api: Api, error: &dyn fmt::Display) -> Self {
        let reason = format!("the response to {} cannot be read: {error}", api.name());
        Self::new(Some(table), Kind::Unreadable(reason))
    }

    pub(super) fn different(differences: Vec<Difference>) -> Self {
        let first = differences.first().map(|difference| difference.table().to_owned());
        Self::new(first.as_deref(), Kind::Different(differences))
    }

    pub(super) fn waiting(table: &str, status: &str) -> Self {
        Self::new(Some(table), Kind::Waiting(status.to_owned()))
    }

    /// Whether the service answered with an error of this code.
    pub(super) fn has_code(&self, code: &str) -> bool {
        matches!(&self.0.kind, Kind::Call(error) if error.code() == Some(code))
    }

    /// The table's physical name, where it is about one.
    pub fn table(&self) -> Option<&str> {
        self.0.table.as_deref()
    }

    /// How the tables differ from the entities, if that is the error.
    pub fn differences(&self) -> &[Difference] {
        match &self.0.kind {
            Kind::Different(differences) => differences,
            _ => &[],
        }
    }

    /// Whether a table is not what its entities describe.
    pub fn is_different(&self) -> bool {
        matches!(self.0.kind, Kind::Different(_))
    }

    /// Whether the caller lacks a permission.
    pub fn is_denied(&self) -> bool {
        self.has_code("AccessDeniedException")
    }

    /// Whether a table or an index was not ready in time. The same call goes on from there.
    pub fn is_waiting(&self) -> bool {
        matches!(self.0.kind, Kind::Waiting(_))
    }
}

impl From<Contradiction> for TableError {
    fn from(contradiction: Contradiction) -> Self {
        Self::new(None, Kind::Contradiction(contradiction))
    }
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(table), Kind::Call(_) | Kind::Unreadable(_)) = (&self.0.table, &self.0.kind) {
            write!(f, "the table `{table}`: ")?;
        }
        match &self.0.kind {
            Kind::Call(error) => error.fmt(f),
            Kind::Unreadable(reason) => f.write_str(reason),
            Kind::Contradiction(contradiction) => contradiction.fmt(f),
            Kind::Different(differences) => {
                for (place, difference) in differences.iter().enumerate() {
                    write!(f, "{}{difference}", if place == 0 { "" } else { "\n" })?;
                }
                Ok(())
            }
            Kind::Waiting(status) => {
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
        match &self.0.kind {
            Kind::Call(error) => Some(error),
            _ => None,
        }
    }
}
