use std::fmt;

/// Why a [`SecureClient`](super::SecureClient), or a part of its configuration, was refused.
///
/// It is always raised before any packet is sent.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::{SecureClient, Trust};
///
/// # #[derive(Entity)]
/// # #[dynamo(table = "users")]
/// # struct User {
/// #     #[dynamo(partition_key)]
/// #     id: String,
/// # }
/// # #[derive(Entity)]
/// # #[dynamo(table = "teams")]
/// # struct Team {
/// #     #[dynamo(partition_key)]
/// #     id: String,
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let missing = Region::from_variable("NO_SUCH_REGION").unwrap_err();
/// assert!(missing.is_missing_variable() && !missing.is_ambient());
/// assert_eq!(missing.variable(), Some("NO_SUCH_REGION"));
///
/// assert!(Trust::private_ca("no certificate").unwrap_err().is_trust());
///
/// let builder = || SecureClient::builder().region(Region::EU_CENTRAL_1);
/// let keys = Credentials::fixed("AKIDEXAMPLE\n", "secret", None); // with a line break
/// assert!(builder().credentials(keys).build().await.unwrap_err().is_credentials());
///
/// // A user and a team of the same id would be one item.
/// let client = builder().credentials(Credentials::fixed("AKIDEXAMPLE", "secret", None));
/// let shared = TableName::new("shared")?;
/// let client = client.table::<User>(shared.clone()).table::<Team>(shared);
/// assert!(client.build().await.unwrap_err().is_tables());
/// # Ok(())
/// # }
/// ```
pub struct BuildError {
    kind: BuildErrorKind,
}

enum BuildErrorKind {
    Ambient { name: String, place: Option<String>, effect: &'static str },
    Invalid { what: &'static str, value: String, reason: &'static str },
    Missing { variable: String },
    Trust { reason: String },
    Credentials { reason: String },
    Tables { reason: String },
    Internal { reason: String },
}

impl BuildError {
    pub(super) fn ambient(name: &str, place: Option<String>, effect: &'static str) -> Self {
        let name = name.to_owned();
        Self { kind: BuildErrorKind::Ambient { name, place, effect } }
    }

    /// `value` is shown, so it must not be a secret.
    pub(super) fn invalid(what: &'static str, value: &str, reason: &'static str) -> Self {
        const SHOWN: usize = 80;
        let value = value.chars().take(SHOWN).collect();
        Self { kind: BuildErrorKind::Invalid { what, value, reason } }
    }

    pub(super) fn missing(variable: &str) -> Self {
        Self { kind: BuildErrorKind::Missing { variable: variable.to_owned() } }
    }

    pub(super) fn trust(reason: impl Into<String>) -> Self {
        Self { kind: BuildErrorKind::Trust { reason: reason.into() } }
    }

    pub(super) fn credentials(reason: impl Into<String>) -> Self {
        Self { kind: BuildErrorKind::Credentials { reason: reason.into() } }
    }

    pub(super) fn tables(reason: impl Into<String>) -> Self {
        Self { kind: BuildErrorKind::Tables { reason: reason.into() } }
    }

    pub(super) fn internal(reason: impl Into<String>) -> Self {
        Self { kind: BuildErrorKind::Internal { reason: reason.into() } }
    }

    /// Whether the environment or a profile file tried to redirect or to log what the client sends.
    pub fn is_ambient(&self) -> bool {
        matches!(self.kind, BuildErrorKind::Ambient { .. })
    }

    /// Whether an environment variable that the code names is not set.
    pub fn is_missing_variable(&self) -> bool {
        matches!(self.kind, BuildErrorKind::Missing { .. })
    }

    /// Whether the roots, the pins or the endpoint do not fit together.
    pub fn is_trust(&self) -> bool {
        matches!(self.kind, BuildErrorKind::Trust { .. })
    }

    /// Whether the credentials are absent or incomplete.
    pub fn is_credentials(&self) -> bool {
        matches!(self.kind, BuildErrorKind::Credentials { .. })
    }

    /// Whether two entities cannot share the table that they were given.
    pub fn is_tables(&self) -> bool {
        matches!(self.kind, BuildErrorKind::Tables { .. })
    }

    /// The environment variable or the profile key that is at fault, if it is one.
    pub fn variable(&self) -> Option<&str> {
        match &self.kind {
            BuildErrorKind::Ambient { name, .. } => Some(name),
            BuildErrorKind::Missing { variable } => Some(variable),
            _ => None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            BuildErrorKind::Ambient { name, place, effect } => {
                write!(f, "`{name}`")?;
                if let Some(place) = place {
                    write!(f, " in {place}")?;
                }
                write!(
                    f,
                    " is set, and it {effect}: remove it, or call `.waive_ambient({name:?})` if another program needs it"
                )
            }
            BuildErrorKind::Invalid { what, value, reason } => {
                write!(f, "{value:?} is no {what}: {reason}")
            }
            BuildErrorKind::Missing { variable } => {
                write!(f, "the environment variable `{variable}` is not set")
            }
            BuildErrorKind::Trust { reason } => write!(f, "the trust policy was refused: {reason}"),
            BuildErrorKind::Credentials { reason } => {
                write!(f, "the credentials cannot be used: {reason}")
            }
            BuildErrorKind::Tables { reason } => {
                write!(f, "the entities cannot share a table: {reason}")
            }
            BuildErrorKind::Internal { reason } => {
                write!(f, "the client could not be built: {reason}")
            }
        }
    }
}

impl fmt::Debug for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BuildError({self})")
    }
}

impl std::error::Error for BuildError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_itself_and_no_other() {
        let kinds = [
            (BuildError::ambient("A", None, "redirects"), [true, false, false, false, false]),
            (BuildError::missing("M"), [false, true, false, false, false]),
            (BuildError::trust("t"), [false, false, true, false, false]),
            (BuildError::credentials("c"), [false, false, false, true, false]),
            (BuildError::tables("t"), [false, false, false, false, true]),
            (BuildError::invalid("host", "h", "r"), [false; 5]),
            (BuildError::internal("i"), [false; 5]),
        ];
        for (error, expected) in kinds {
            let is = [
                error.is_ambient(),
                error.is_missing_variable(),
                error.is_trust(),
                error.is_credentials(),
                error.is_tables(),
            ];
            assert_eq!(is, expected, "{error}");
            assert_eq!(error.variable().is_some(), expected[0] || expected[1], "{error}");
        }
    }

    #[test]
    fn a_long_value_is_cut() {
        let error = BuildError::invalid("host", &"x".repeat(10_000), "it is too long");
        assert!(error.to_string().len() < 120, "{error}");
    }
}
