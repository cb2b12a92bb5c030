//! Renaming an attribute, and adding others, without losing items or what is in them.

use dynamo_runtime::UnknownAttributes;
use dynamo_runtime::prelude::*;

/// As the program is that runs now. It keeps what it does not know, so that it can run beside a
/// newer one.
mod old {
    use super::{Entity, UnknownAttributes, Version};

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "users")]
    pub(crate) struct User {
        #[dynamo(partition_key)]
        pub(crate) id: String,
        pub(crate) mail: String,
        #[dynamo(version)]
        pub(crate) version: Version,
        #[dynamo(unknown)]
        pub(crate) rest: UnknownAttributes,
    }
}

/// As the next one is: `mail` is `email`, and there are tags.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    id: String,
    #[dynamo(alias = "mail")]
    email: String,
    #[dynamo(default)]
    tags: Vec<String>,
    #[dynamo(version)]
    version: Version,
    #[dynamo(unknown)]
    rest: UnknownAttributes,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<User>().build().await?;
    for id in ["u1", "u2"] {
        let user = old::User {
            id: id.to_owned(),
            mail: format!("{id}@example.com"),
            version: Version::UNSAVED,
            rest: UnknownAttributes::default(),
        };
        old::User::create(user).send(&client).await?;
    }

    // The new program reads what the old one wrote.
    let user = User::get(User::key("u1")).send(&client).await?.ok_or("no user")?;
    assert_eq!(user.email, "u1@example.com");

    // A whole write, or an update of the attribute, leaves its new name only.
    let user = User::replace(user).send(&client).await?;
    assert_eq!(user.version, Version::new(2));
    let error = old::User::get(old::User::key("u1")).send(&client).await.unwrap_err();
    assert_eq!(error.path(), Some("Item.mail"));

    // What it has added survives a whole write of the old program.
    let tags = vec!["admin".to_owned()];
    User::update(User::key("u2")).set(User::TAGS, tags).if_exists().send(&client).await?;
    let change = |user: &mut old::User| {
        "new@example.com".clone_into(&mut user.mail);
        Ok(())
    };
    let changed = old::User::modify(old::User::key("u2"), change).send(&client).await?;
    assert!(changed.rest.names().eq(["tags"]));
    let user = User::get(User::key("u2")).send(&client).await?.ok_or("no user")?;
    assert_eq!((user.email.as_str(), user.tags.len()), ("new@example.com", 1));
    Ok(())
}
