//! Plans of changes.

use dynamo_runtime::tables::{PlanStep, Schema, StreamView, TableSettings};

use super::{Customer, Order, ShopItem, bare, operations};

#[tokio::test]
async fn what_is_lacking_is_planned_then_done_one_index_at_a_time() {
    let (client, engine) = bare().await;
    // As an older program made it: without orders.
    let old = TableSettings::new().without_deletion_protection();
    Schema::of::<old::Customer>()
        .unwrap()
        .settings::<old::Customer>(old)
        .create(&client)
        .await
        .unwrap();

    let settings = TableSettings::new().stream(StreamView::NewAndOldImages);
    let schema = Schema::of::<ShopItem>().unwrap().settings::<Customer>(settings);
    let plan = schema.plan(&client).await.unwrap();
    let steps: Vec<_> = plan.steps().map(|(_, step)| step.clone()).collect();
    let expected = [
        PlanStep::Protect,
        PlanStep::EnableStream,
        PlanStep::AddIndex("by-email"),
        PlanStep::AddIndex("by-depot"),
        PlanStep::EnableExpiry,
    ];
    assert_eq!(steps, expected);
    assert_eq!(plan.never(), []);
    assert_eq!(
        plan.to_string(),
        "protect `shop-tables` against deletion\n\
         record the changes of `shop-tables` in a stream, NEW_AND_OLD_IMAGES\n\
         add the index `by-email` to `shop-tables`, which DynamoDB fills from all items\n\
         add the index `by-depot` to `shop-tables`, which DynamoDB fills from all items\n\
         let the items of `shop-tables` expire by `expires_at`\n"
    );
    // Nothing was changed yet.
    assert!(operations(&engine, 0).iter().all(|name| !name.starts_with("Update")));

    // It ends in between, and goes on.
    let mut lines = Vec::new();
    engine.faults().fail("UpdateTimeToLive", 400, "AccessDeniedException");
    let error = plan.apply_with(&client, |line| lines.push(line.doing)).await.unwrap_err();
    assert!(error.is_denied(), "{error}");
    let since = engine.requests().len();
    plan.apply(&client).await.unwrap();
    let updates = operations(&engine, since);
    let updates: Vec<_> = updates.iter().filter(|name| name.starts_with("Update")).collect();
    assert_eq!(updates, ["UpdateTimeToLive"]);
    assert!(schema.plan(&client).await.unwrap().is_empty());
    schema.verify(&client).await.unwrap();
    let told = "add the index `by-email` to `shop-tables`, which DynamoDB fills from all items";
    assert!(lines.iter().any(|line| line == told), "{lines:?}");
}

#[tokio::test]
async fn what_was_not_planned_is_not_done() {
    let (client, engine) = bare().await;
    let schema = Schema::of::<ShopItem>().unwrap();
    schema.create(&client).await.unwrap();
    let plan = schema.plan(&client).await.unwrap();
    assert!(plan.is_empty() && plan.to_string().is_empty());
    let since = engine.requests().len();
    plan.apply(&client).await.unwrap();
    assert_eq!(operations(&engine, since), Vec::<String>::new());
}

#[tokio::test]
async fn what_needs_a_new_table_is_said_and_never_done() {
    mod other {
        use dynamo_runtime::prelude::*;

        #[derive(Entity, Debug)]
        #[dynamo(table = "shop-tables")]
        #[dynamo(index(by_email, name = "by-email", partition_key = email))]
        pub struct Thing {
            #[dynamo(partition_key)]
            pub id: u64,
            pub email: u32,
            #[dynamo(ttl)]
            pub until: dynamo_runtime::Timestamp,
        }
    }
    let (client, engine) = bare().await;
    Schema::of::<other::Thing>().unwrap().create(&client).await.unwrap();
    let plan = Schema::of::<(Customer, Order)>().unwrap().plan(&client).await.unwrap();
    let steps: Vec<_> = plan.steps().map(|(_, step)| step.clone()).collect();
    assert_eq!(steps, [PlanStep::AddIndex("by-depot")]);
    let never: Vec<_> = plan.never().iter().map(ToString::to_string).collect();
    assert_eq!(never.len(), 3, "{never:#?}");
    assert!(plan.never()[0].needs_new_table(), "{never:?}");
    assert!(plan.to_string().contains("never done: the table `shop-tables` is another one"));
    assert!(operations(&engine, 0).iter().all(|name| name != "DeleteTable"));
}

mod old {
    use dynamo_runtime::prelude::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    #[dynamo(
        table = "shop-tables",
        partition_key("pk") = "CUSTOMER#{customer}",
        sort_key("sk") = "PROFILE"
    )]
    pub struct Customer {
        pub customer: String,
    }
}
