//! What a token allows.

use std::fmt;
use std::str::FromStr;

/// One thing that a token may allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// To read one's own record.
    Read,
    /// To create, change and delete one's own record.
    Write,
    /// To do so with every record, to search, and to see how the service fares.
    Admin,
}

impl Scope {
    const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }
}

/// The scopes of a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<Scope>);

impl Scopes {
    /// These.
    pub fn of(scopes: &[Scope]) -> Self {
        Self(scopes.to_vec())
    }

    /// Of the claim `scope`, names with spaces between them (RFC 8693, section 4.2). What is not
    /// known here allows nothing here.
    pub(super) fn of_claim(claim: &str) -> Self {
        let known = |name| Scope::ALL.into_iter().find(|scope| scope.name() == name);
        Self(claim.split(' ').filter_map(known).collect())
    }

    /// Whether this one is among them.
    pub fn contain(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.0.iter().map(|scope| scope.name()).collect();
        f.write_str(&names.join(" "))
    }
}

/// Of a person: names with commas or spaces between them, each of which must be known.
impl FromStr for Scopes {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        let names = text.split([',', ' ']).filter(|name| !name.is_empty());
        let scope = |name| Scope::ALL.into_iter().find(|scope| scope.name() == name);
        names.map(|name| scope(name).ok_or(UnknownScope)).collect::<Result<_, _>>().map(Self)
    }
}

/// A scope that there is not.
#[derive(Clone, Copy, Debug)]
pub struct UnknownScope;

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the scopes are read, write and admin")
    }
}

impl std::error::Error for UnknownScope {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_scope_allows_nothing() {
        let scopes = Scopes::of_claim("openid read  Admin admins write,admin");
        assert_eq!(scopes, Scopes::of(&[Scope::Read]));
        assert_eq!("write, admin".parse::<Scopes>().unwrap().to_string(), "write admin");
        assert!("reed".parse::<Scopes>().is_err());
    }
}
