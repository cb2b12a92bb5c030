//! Entities in one table, of which what makes or names the table is told.

use dynamo_runtime::prelude::*;
use dynamo_runtime::testing::Tables;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
#[dynamo(index(by_email, name = "email-index", partition_key = email))]
struct Customer {
    customer_id: String,
    email: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{id}", sort_key("sk") = "ORDER#{number}")]
struct Order {
    id: String,
    number: u32,
}

/// Its keys have the form of the customers'.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{name}", sort_key("sk") = "{kind}")]
struct Person {
    name: String,
    kind: String,
}

/// It is in the index of the customers', which it does not name.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "INVOICE#{number}", sort_key("sk") = "INVOICE")]
struct Invoice {
    number: u32,
    #[dynamo(flatten)]
    sent: Sent,
}

#[derive(Document, Clone, Debug, PartialEq)]
struct Sent {
    email: String,
}

/// Any text can be its key.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
struct Plain {
    #[dynamo(partition_key)]
    pk: String,
    #[dynamo(sort_key)]
    sk: String,
}

/// A table of another key.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
struct Alone {
    #[dynamo(partition_key)]
    pk: String,
}

/// A table of its own, unless it is given that of the shop.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "archive")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer}", sort_key("sk") = "PROFILE")]
struct Former {
    customer: String,
}

mod another {
    use super::*;

    /// Of the same name, and another entity.
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(table = "shop")]
    #[dynamo(partition_key("pk") = "CUSTOMER#{id}", sort_key("sk") = "ORDER#{number}")]
    pub(super) struct Order {
        id: String,
        number: u32,
    }
}

async fn refusal(tables: Tables) -> Option<String> {
    let client = crate::engine::client().build().await;
    tables.create(&client).await.err().map(|error| error.to_string())
}

#[tokio::test]
async fn a_table_is_not_made_for_entities_that_could_be_taken_for_each_other() {
    let shop = || Tables::new().table::<Customer>().table::<Order>();
    let same_key = "could have the same key, so their items cannot be told apart";
    for (tables, both, reason) in [
        (shop().table::<Person>(), "`Customer` and `Person`", same_key),
        (shop().table::<another::Order>(), "`Order` and `Order`", same_key),
        (shop().table::<Plain>(), "`Customer` and `Plain`", same_key),
        (shop().table::<Alone>(), "`Customer` and `Alone`", "have different keys"),
        (
            shop().table::<Invoice>(),
            "`Customer` and `Invoice`",
            "`Invoice` has the key attributes of the index `email-index` without naming it",
        ),
    ] {
        let error = refusal(tables).await.unwrap();
        assert!(error.contains(both) && error.contains(reason), "{error}");
    }
    // A part never has a delimiter, so this kind is no order.
    assert_eq!(refusal(Tables::new().table::<Person>().table::<Order>()).await, None);
    assert_eq!(refusal(shop().table::<Order>().table::<Former>()).await, None);
}

#[tokio::test]
async fn a_client_is_not_built_that_is_told_of_two_such_entities() {
    let name = |name| TableName::new(name).unwrap();
    let client = || {
        SecureClient::builder()
            .region(Region::US_EAST_1)
            .credentials(Credentials::fixed("id", "secret", None))
            .table::<Customer>(name("prod-shop"))
    };
    let error = client().table::<Person>(name("prod-shop")).build().await.unwrap_err();
    assert!(error.is_tables(), "{error}");
    assert!(
        error.to_string().contains("`Customer` and `Person` could have the same key"),
        "{error}"
    );
    // The name of the table decides, not what the struct calls it.
    let error = client().table::<Former>(name("prod-shop")).build().await.unwrap_err();
    assert!(error.is_tables() && error.to_string().contains("`Former`"), "{error}");
    for builder in [
        client(),
        client().table::<Customer>(name("prod-shop")),
        client().table::<Order>(name("prod-shop")),
        client().table::<Former>(name("prod-archive")),
    ] {
        builder.build().await.unwrap();
    }
}
