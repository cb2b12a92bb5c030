use std::fmt;

use super::error::BuildError;

/// The physical name of a table: 3 to 255 characters of `a-z`, `A-Z`, `0-9`, `_`, `.` and `-`.
///
/// An ARN is refused: it would move requests to the account that it names.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct TableName(String);

impl TableName {
    /// A table's name.
    ///
    /// # Errors
    /// The name is too short, too long, or has a character that a table's name cannot have.
    ///
    /// ```
    /// # use dynamo_runtime::TableName;
    /// assert_eq!(TableName::new("prod-users")?.as_str(), "prod-users");
    /// assert!(TableName::new("arn:aws:dynamodb:us-east-1:123456789012:table/users").is_err());
    /// # Ok::<(), dynamo_runtime::client::BuildError>(())
    /// ```
    pub fn new(name: impl Into<String>) -> Result<Self, BuildError> {
        let name = name.into();
        let reason = if name.starts_with("arn:") {
            "an ARN would move requests to another account"
        } else if !(3..=255).contains(&name.len()) {
            "a table's name has 3 to 255 characters"
        } else if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.-".contains(&b)) {
            "a table's name has only letters, digits, `_`, `.` and `-`"
        } else {
            return Ok(Self(name));
        };
        Err(BuildError::invalid("table name", &name, reason))
    }

    /// The name.
    ///
    /// ```
    /// use dynamo_runtime::TableName;
    ///
    /// assert_eq!(TableName::new("prod-users")?.as_str(), "prod-users");
    /// # Ok::<(), dynamo_runtime::client::BuildError>(())
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TableName({})", self.0)
    }
}

impl fmt::Display for TableName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_within_the_rules_are_kept() {
        for name in ["abc", "a.b", "A_b-9.z", &"x".repeat(255)] {
            let table = TableName::new(name).unwrap();
            assert_eq!((table.as_str(), table.to_string()), (name, name.to_owned()));
            assert_eq!(format!("{table:?}"), format!("TableName({name})"));
        }
    }

    #[test]
    fn names_outside_the_rules_are_refused() {
        let arn = "arn:aws:dynamodb:us-east-1:123456789012:table/users";
        for name in ["", "ab", &"x".repeat(256), "a b", "täble", "a/b", "a\"b", "a\0b", arn] {
            assert!(TableName::new(name).is_err(), "{name:?} was accepted");
        }
        let error = TableName::new(arn).unwrap_err();
        assert!(error.to_string().contains("another account"), "{error}");
    }
}
