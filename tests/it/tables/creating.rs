//! Tables that are made in production.

use dynamo_runtime::tables::{Encryption, Schema, StreamView, TableClass, TableSettings};
use serde_json::{Value, json};

use super::{Customer, Order, ShopItem, bare, operations};

fn body(engine: &dynamo_runtime::testing::LocalEngine, operation: &str) -> Value {
    let requests = engine.requests();
    let request = requests.iter().rfind(|request| request.operation() == operation).unwrap();
    serde_json::from_slice(request.body()).unwrap()
}

#[tokio::test]
async fn a_new_table_is_on_demand_and_protected_and_its_expiry_is_on() {
    let (client, engine) = bare().await;
    let schema = Schema::of::<ShopItem>().unwrap();
    assert_eq!(schema.create(&client).await.unwrap(), ["shop-tables"]);
    let request = body(&engine, "CreateTable");
    assert_eq!(request["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(request["DeletionProtectionEnabled"], true);
    let table = client.describe::<Order>().await.unwrap().unwrap();
    assert!(table.is_protected);
    client.verify::<(Customer, Order)>().await.unwrap();

    let since = engine.requests().len();
    assert!(schema.create(&client).await.unwrap().is_empty());
    let expected = ["CreateTable", "DescribeTable", "DescribeTable", "DescribeTimeToLive"];
    assert_eq!(operations(&engine, since), expected);
}

#[tokio::test]
async fn each_setting_is_in_the_one_request() {
    let (client, engine) = bare().await;
    let settings = TableSettings::new()
        .without_deletion_protection()
        .stream(StreamView::NewImage)
        .encryption(Encryption::AwsManaged)
        .class(TableClass::InfrequentAccess)
        .max_throughput(100, 50)
        .warm_throughput(12_000, 4_000)
        .tag("team", "orders")
        .resource_policy("{}");
    let schema = Schema::of::<ShopItem>().unwrap().settings::<Customer>(settings);
    // What the engine would make of it does not matter here.
    engine.faults().fail("CreateTable", 400, "ValidationException");
    schema.create(&client).await.unwrap_err();
    let request = body(&engine, "CreateTable");
    for (member, expected) in [
        ("TableName", json!("shop-tables")),
        ("StreamSpecification", json!({"StreamEnabled": true, "StreamViewType": "NEW_IMAGE"})),
        ("SSESpecification", json!({"Enabled": true, "SSEType": "KMS"})),
        ("TableClass", json!("STANDARD_INFREQUENT_ACCESS")),
        ("OnDemandThroughput", json!({"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50})),
        ("WarmThroughput", json!({"ReadUnitsPerSecond": 12_000, "WriteUnitsPerSecond": 4_000})),
        ("Tags", json!([{"Key": "team", "Value": "orders"}])),
        ("ResourcePolicy", json!("{}")),
    ] {
        assert_eq!(request[member], expected, "{member}");
    }
    assert!(request.get("DeletionProtectionEnabled").is_none());
}

#[tokio::test]
async fn backups_are_kept_once_the_table_is_active_also_by_a_second_call() {
    let (client, engine) = bare().await;
    let settings = TableSettings::new().point_in_time_recovery(35);
    let schema = Schema::of::<ShopItem>().unwrap().settings::<Customer>(settings);
    // The first call ended before.
    engine.faults().fail("DescribeTable", 400, "AccessDeniedException");
    assert!(schema.create(&client).await.unwrap_err().is_denied());

    let off = r#"{"ContinuousBackupsDescription":{"PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}}"#;
    engine.faults().answer("DescribeContinuousBackups", off);
    engine.faults().fail("UpdateContinuousBackups", 400, "ContinuousBackupsUnavailableException");
    engine.faults().answer("UpdateContinuousBackups", off);
    schema.create(&client).await.unwrap();
    let specification =
        &body(&engine, "UpdateContinuousBackups")["PointInTimeRecoverySpecification"];
    let expected = json!({"PointInTimeRecoveryEnabled": true, "RecoveryPeriodInDays": 35});
    assert_eq!(specification, &expected);
    assert_eq!(engine.faults().pending(), 0);
    client.verify::<Order>().await.unwrap();
}

#[tokio::test]
async fn another_table_of_the_name_is_left_alone() {
    mod before {
        use dynamo_runtime::prelude::*;

        #[derive(Entity, Debug)]
        #[dynamo(table = "shop-tables")]
        pub struct Thing {
            #[dynamo(partition_key)]
            pub id: u64,
        }
    }
    let (client, engine) = bare().await;
    Schema::of::<before::Thing>().unwrap().create(&client).await.unwrap();
    let since = engine.requests().len();
    let error = Schema::of::<ShopItem>().unwrap().create(&client).await.unwrap_err();
    assert!(error.is_different(), "{error}");
    assert_eq!(error.table(), Some("shop-tables"));
    assert_eq!(operations(&engine, since), ["CreateTable", "DescribeTable"]);
    assert!(client.verify::<before::Thing>().await.is_ok());
}

/// On each engine: the table is there at the end, and its expiry is on where the engine has one.
#[tokio::test]
async fn a_table_is_made_once_however_often_it_is_asked_for() {
    let client = crate::engine::client().table::<Order>().build().await;
    let schema = Schema::of::<Order>().unwrap();
    for _ in 0..2 {
        assert!(schema.create(&client).await.unwrap().is_empty());
    }
    client.verify::<Order>().await.unwrap();
}
