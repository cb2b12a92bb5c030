//! What is stored of a user: the user, and the claim that keeps an e-mail address unique.

use dynamo_runtime::prelude::*;

use crate::fields::{Domain, EmailAddress, Expiry, Name, UserId};

/// A user. Every entity of the service is in this one table, told apart by the prefix of its key.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", partition_key("pk") = "USER#{user_id}")]
#[dynamo(index(by_domain, name = "domain-index", partition_key = domain, sort_key = email))]
#[dynamo(index(by_name, name = "name-index", partition_key = name))]
pub struct User {
    /// Opaque, so that a path which names a user tells nothing about them.
    pub user_id: UserId,
    /// The address of the user.
    pub email: EmailAddress,
    /// The domain of `email`, stored so that an index can find it.
    pub domain: Domain,
    /// The name that the user goes by.
    pub name: Name,
    /// An Argon2id hash in PHC form.
    pub password_hash: Sensitive<String>,
    /// When the user was created.
    #[dynamo(created_at)]
    pub created_at: Timestamp,
    /// When the user was written last; it tells the library whose write that was, when a response
    /// of the store is lost.
    #[dynamo(updated_at)]
    pub updated_at: Timestamp,
    /// Raised by each write; the `ETag` of the service.
    #[dynamo(version)]
    pub version: Version,
    /// From then on the user is absent.
    #[dynamo(ttl)]
    pub expires_at: Option<Timestamp>,
}

impl User {
    /// A user who was never stored: `create` sets the times and the version.
    pub fn new(
        user_id: UserId,
        email: EmailAddress,
        name: Name,
        password_hash: Sensitive<String>,
        expires_at: Option<Expiry>,
    ) -> Self {
        Self {
            user_id,
            domain: email.domain(),
            email,
            name,
            password_hash,
            created_at: Timestamp::now(),
            updated_at: Timestamp::now(),
            version: Version::UNSAVED,
            expires_at: expires_at.map(Expiry::timestamp),
        }
    }

    /// The claim on the user's address, which is written in one transaction with the user.
    pub fn email_claim(&self) -> EmailClaim {
        EmailClaim {
            address: self.email.folded(),
            user_id: self.user_id.clone(),
            expires_at: self.expires_at,
        }
    }
}

/// That an address is some user's. Its key is the address, so there is one claim for each.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users", partition_key("pk") = "EMAIL#{address}")]
pub struct EmailClaim {
    /// The address in lower case: nobody is told apart from another by the case of a letter.
    pub address: EmailAddress,
    /// Whose it is.
    pub user_id: UserId,
    /// It ends with its user.
    #[dynamo(ttl)]
    pub expires_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_tells_nothing_about_a_person() {
        let user = User::new(
            UserId::random(),
            "ada@example.com".parse().unwrap(),
            "Ada".parse().unwrap(),
            Sensitive::new("hash".to_owned()),
            None,
        );
        let debug = format!("{user:?} {:?}", user.email_claim());
        for personal in ["ada", "Ada", "example", "hash\""] {
            assert!(!debug.contains(personal), "{debug}");
        }
    }
}
