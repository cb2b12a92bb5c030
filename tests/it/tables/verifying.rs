//! A live table against its entities: each difference.

use dynamo_runtime::tables::{
    Difference, Drift, Encryption, Schema, Severity, StreamView, TableClass, TableSettings, Unknown,
};
use serde_json::{Value, json};

use super::{Customer, Order, ShopItem, bare, operations};

/// A description as DynamoDB gives of the table of customers and orders.
fn description() -> Value {
    let key = |name: &str, role: &str| json!({"AttributeName": name, "KeyType": role});
    let text = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
    json!({
        "TableName": "shop-tables",
        "TableArn": "arn:aws:dynamodb:us-east-1:000000000000:table/shop-tables",
        "TableStatus": "ACTIVE",
        "AttributeDefinitions":
            [text("pk"), text("sk"), text("email"), text("depot"), text("depot_sk")],
        "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": "by-email", "IndexStatus": "ACTIVE",
                "KeySchema": [key("email", "HASH")],
                "Projection": {"ProjectionType": "ALL"},
            },
            {
                "IndexName": "by-depot", "IndexStatus": "ACTIVE",
                "KeySchema": [key("depot", "HASH"), key("depot_sk", "RANGE")],
                "Projection": {
                    "ProjectionType": "INCLUDE",
                    "NonKeyAttributes": ["placed_at", "total", "expires_at"],
                },
            },
        ],
        "DeletionProtectionEnabled": true,
    })
}

const EXPIRES: &str =
    r#"{"TimeToLiveDescription":{"TimeToLiveStatus":"ENABLED","AttributeName":"expires_at"}}"#;

/// What is told of a table with this description.
async fn told(description: &Value, expiry: &str, schema: &Schema) -> Vec<Difference> {
    let (client, engine) = bare().await;
    let answer = json!({ "Table": description }).to_string();
    engine.faults().answer("DescribeTable", &answer);
    engine.faults().answer("DescribeTimeToLive", expiry);
    schema.differences(&client).await.unwrap()
}

fn schema() -> Schema {
    Schema::of::<ShopItem>().unwrap()
}

fn set(pointer: &str, value: Value) -> Value {
    let mut description = description();
    match description.pointer_mut(pointer) {
        Some(place) => *place = value,
        None => description[pointer.trim_start_matches('/')] = value,
    }
    description
}

#[tokio::test]
async fn a_table_as_described_has_no_difference() {
    assert_eq!(told(&description(), EXPIRES, &schema()).await, []);
}

#[tokio::test]
async fn each_thing_that_breaks_an_operation_is_told_by_its_type() {
    let other_key = json!([{"AttributeName": "pk", "KeyType": "HASH"}]);
    let number = json!({"AttributeName": "sk", "AttributeType": "N"});
    let hash = |name: &str| json!([{"AttributeName": name, "KeyType": "HASH"}]);
    let mut no_index = description();
    no_index["GlobalSecondaryIndexes"].as_array_mut().unwrap().remove(1);
    let mut local = description();
    let index = local["GlobalSecondaryIndexes"].as_array_mut().unwrap().remove(0);
    local["LocalSecondaryIndexes"] = json!([index]);
    for (description, expected) in [
        (set("/TableStatus", json!("CREATING")), Drift::NotActive { status: "CREATING".into() }),
        (
            set("/KeySchema", other_key),
            Drift::PrimaryKey {
                entity: "Customer",
                has: "partition key `pk` (S)".into(),
                wants: "partition key `pk` (S), sort key `sk` (S)".into(),
            },
        ),
        (
            set("/AttributeDefinitions/1", number),
            Drift::PrimaryKey {
                entity: "Customer",
                has: "partition key `pk` (S), sort key `sk` (N)".into(),
                wants: "partition key `pk` (S), sort key `sk` (S)".into(),
            },
        ),
        (no_index, Drift::NoIndex { entity: "Order", index: "by-depot" }),
        (
            set("/GlobalSecondaryIndexes/0/KeySchema", hash("depot")),
            Drift::IndexKey {
                entity: "Customer",
                index: "by-email",
                has: "partition key `depot` (S)".into(),
                wants: "partition key `email` (S)".into(),
            },
        ),
        (local, Drift::IndexScope { entity: "Customer", index: "by-email", is_global: false }),
        (
            set("/GlobalSecondaryIndexes/1/IndexStatus", json!("CREATING")),
            Drift::IndexNotActive { index: "by-depot", status: "CREATING".into() },
        ),
        (
            set("/GlobalSecondaryIndexes/1/Projection/NonKeyAttributes", json!(["total"])),
            Drift::Projection {
                entity: "Order",
                index: "by-depot",
                lacks: vec!["expires_at".into(), "placed_at".into()],
            },
        ),
        (
            set("/GlobalSecondaryIndexes/0/Projection", json!({"ProjectionType": "KEYS_ONLY"})),
            Drift::Projection {
                entity: "Customer",
                index: "by-email",
                lacks: vec!["all other attributes".into()],
            },
        ),
    ] {
        let differences = told(&description, EXPIRES, &schema()).await;
        let [difference] = &differences[..] else { panic!("{expected:?}: {differences:?}") };
        assert_eq!(difference.drift(), &expected);
        assert_eq!(difference.severity(), Severity::Breaks, "{difference}");
        assert_eq!(difference.table(), "shop-tables");
        let shown = difference.to_string();
        assert!(shown.contains(&difference.breaks()) && shown.contains(&difference.mend()));
    }
}

#[tokio::test]
async fn an_expiry_is_told_that_is_off_or_another() {
    let off = r#"{"TimeToLiveDescription":{"TimeToLiveStatus":"DISABLED"}}"#;
    let other = EXPIRES.replace("expires_at", "until");
    let drift =
        |has: Option<&str>| Drift::Expiry { has: has.map(str::to_owned), wants: "expires_at" };
    for (answer, expected, severity) in [
        (off, drift(None), Severity::Drifted),
        (other.as_str(), drift(Some("until")), Severity::Breaks),
    ] {
        let differences = told(&description(), answer, &schema()).await;
        assert_eq!(differences.len(), 1, "{differences:?}");
        assert_eq!((differences[0].drift(), differences[0].severity()), (&expected, severity));
    }
    // A customer knows of no expiry, and DynamoDB would delete by this one.
    let alone = Schema::of::<Customer>().unwrap();
    let differences = told(&description(), EXPIRES, &alone).await;
    let is_other =
        |each: &Difference| each.drift() == &Drift::OtherExpiry { has: "expires_at".into() };
    assert!(differences.iter().any(is_other), "{differences:?}");
}

#[tokio::test]
async fn what_is_harmless_is_a_remark() {
    let mut wider = set("/GlobalSecondaryIndexes/1/Projection", json!({"ProjectionType": "ALL"}));
    wider["GlobalSecondaryIndexes"].as_array_mut().unwrap().push(json!({
        "IndexName": "other", "IndexStatus": "ACTIVE",
        "KeySchema": [{"AttributeName": "email", "KeyType": "HASH"}],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }));
    wider["BillingModeSummary"] = json!({"BillingMode": "PROVISIONED"});
    wider["MultiRegionConsistency"] = json!("STRONG");
    wider["Replicas"] = json!([
        {"RegionName": "us-east-1", "ReplicaStatus": "ACTIVE"},
        {"RegionName": "us-east-2", "ReplicaStatus": "CREATING"},
    ]);
    let differences = told(&wider, EXPIRES, &schema()).await;
    let drifts: Vec<_> = differences.iter().map(Difference::drift).collect();
    assert_eq!(
        drifts,
        [
            &Drift::WiderProjection { index: "by-depot" },
            &Drift::OtherIndex { index: "other".into() },
            &Drift::Provisioned,
            &Drift::Replica { region: "us-east-2".into(), status: "CREATING".into() },
            &Drift::NoTransactions,
        ]
    );
    assert!(differences.iter().all(|each| each.severity() == Severity::Harmless));

    // So it can be used.
    let (client, engine) = bare().await;
    engine.faults().answer("DescribeTable", &json!({ "Table": wider }).to_string());
    engine.faults().answer("DescribeTimeToLive", EXPIRES);
    let verified = client.verify::<(Customer, Order)>().await.unwrap();
    assert_eq!((verified.remarks().len(), verified.unknown().count()), (5, 0));
}

#[tokio::test]
async fn each_setting_that_was_given_is_compared() {
    let policy = r#"{"Version":"2012-10-17","Statement":[]}"#;
    let key = "1234abcd-12ab-34cd-56ef-1234567890ab";
    let settings = TableSettings::new()
        .point_in_time_recovery(7)
        .stream(StreamView::NewAndOldImages)
        .encryption(Encryption::CustomerManaged(key.into()))
        .class(TableClass::InfrequentAccess)
        .max_throughput(100, 50)
        .warm_throughput(12_000, 4_000)
        .tag("team", "orders")
        .resource_policy(policy);
    let schema = schema().settings::<Order>(settings);
    let (client, engine) = bare().await;
    let answers = |table: &Value, backups: &str, tags: &str, policy: &str| {
        engine.faults().answer("DescribeTable", &json!({ "Table": table }).to_string());
        engine.faults().answer("DescribeTimeToLive", EXPIRES);
        engine.faults().answer("DescribeContinuousBackups", backups);
        engine.faults().answer("ListTagsOfResource", tags);
        engine.faults().answer("GetResourcePolicy", policy);
    };
    let mut as_asked = description();
    as_asked["StreamSpecification"] =
        json!({"StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"});
    as_asked["SSEDescription"] = json!({
        "Status": "ENABLED", "SSEType": "KMS",
        "KMSMasterKeyArn": format!("arn:aws:kms:us-east-1:000000000000:key/{key}"),
    });
    as_asked["TableClassSummary"] = json!({"TableClass": "STANDARD_INFREQUENT_ACCESS"});
    as_asked["OnDemandThroughput"] =
        json!({"MaxReadRequestUnits": 100, "MaxWriteRequestUnits": 50});
    // It has grown.
    as_asked["WarmThroughput"] =
        json!({"ReadUnitsPerSecond": 13_000, "WriteUnitsPerSecond": 4_000});
    let backups = r#"{"ContinuousBackupsDescription":{"PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"ENABLED","RecoveryPeriodInDays":7}}}"#;
    let same = json!({ "Policy": format!(" {policy} ") }).to_string();
    answers(&as_asked, backups, r#"{"Tags":[{"Key":"team","Value":"orders"}]}"#, &same);
    assert_eq!(schema.differences(&client).await.unwrap(), []);

    let mut bare = description();
    bare["DeletionProtectionEnabled"] = json!(false);
    let none = r#"{"ContinuousBackupsDescription":{"PointInTimeRecoveryDescription":{"PointInTimeRecoveryStatus":"DISABLED"}}}"#;
    answers(&bare, none, r#"{"Tags":[]}"#, r#"{"Policy":"{}"}"#);
    let error = schema.verify(&client).await.unwrap_err();
    let drifts: Vec<_> = error.differences().iter().map(Difference::drift).cloned().collect();
    assert_eq!(
        drifts,
        [
            Drift::Unprotected,
            Drift::Stream { has: None, wants: "NEW_AND_OLD_IMAGES" },
            Drift::Encryption { has: "DynamoDB's own key".into(), wants: format!("`{key}`") },
            Drift::Class { has: "STANDARD".into(), wants: "STANDARD_INFREQUENT_ACCESS" },
            Drift::MaxThroughput { has: None, wants: (100, 50) },
            Drift::WarmThroughput { has: None, wants: (12_000, 4_000) },
            Drift::Recovery { has: None, wants: 7 },
            Drift::Tag { key: "team".into(), has: None, wants: "orders".into() },
            Drift::Policy,
        ]
    );
    assert_eq!(engine.faults().pending(), 0);
}

#[tokio::test]
async fn what_may_not_be_asked_cannot_be_told_and_the_permission_is_named() {
    let (client, engine) = bare().await;
    let schema = schema().settings::<Order>(TableSettings::new().point_in_time_recovery(35));
    engine.faults().answer("DescribeTable", &json!({ "Table": description() }).to_string());
    engine.faults().fail("DescribeTimeToLive", 400, "AccessDeniedException");
    // The embedded engine knows no backups.
    let verified = schema.verify(&client).await.unwrap();
    let unknown: Vec<_> = verified.unknown().map(|each| each.drift().clone()).collect();
    let cannot_tell = |what, because| Drift::CannotTell { what, because };
    assert_eq!(
        unknown,
        [
            cannot_tell("expiry", Unknown::Denied("dynamodb:DescribeTimeToLive")),
            cannot_tell("backups", Unknown::NoOperation("DescribeContinuousBackups")),
        ]
    );
    let shown = verified.remarks()[0].to_string();
    assert!(shown.contains("the permission `dynamodb:DescribeTimeToLive` is missing"), "{shown}");

    // Without a description there is nothing to tell.
    engine.faults().fail("DescribeTable", 400, "AccessDeniedException");
    let error = client.verify::<Order>().await.unwrap_err();
    assert!(error.is_denied() && !error.is_different(), "{error}");
    assert!(error.to_string().contains("shop-tables"), "{error}");
}

#[tokio::test]
async fn two_descriptions_are_read_of_each_table() {
    let (client, engine) = bare().await;
    Schema::of::<ShopItem>().unwrap().create(&client).await.unwrap();
    let since = engine.requests().len();
    client.verify::<(Customer, Order)>().await.unwrap();
    assert_eq!(operations(&engine, since), ["DescribeTable", "DescribeTimeToLive"]);
}

/// On each engine.
#[tokio::test]
async fn the_tables_that_are_made_are_those_that_are_described() {
    let client = crate::engine::client().table::<Customer>().table::<Order>().build().await;
    let remarks = client.verify::<ShopItem>().await.unwrap();
    let is_unknown = |each: &Difference| each.severity() == Severity::Unknown;
    assert!(remarks.remarks().iter().all(is_unknown), "{remarks:?}");
    let table = client.describe::<Order>().await.unwrap().unwrap();
    assert_eq!((table.status.as_str(), table.items), ("ACTIVE", Some(0)));
    let mut indexes: Vec<_> = table.indexes.iter().map(|index| index.name.as_str()).collect();
    indexes.sort_unstable();
    assert_eq!(indexes, ["by-depot", "by-email"]);
}
