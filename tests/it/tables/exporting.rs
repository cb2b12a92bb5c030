//! The tables in the forms of other tools.

use dynamo_runtime::prelude::*;
use dynamo_runtime::tables::{
    ArnScope, Encryption, Grant, Samples, Schema, StreamView, TableSettings,
};
use serde_json::{Value, json};

use super::{Customer, Order, ShopItem};

fn schema() -> Schema {
    let settings = TableSettings::new()
        .point_in_time_recovery(35)
        .stream(StreamView::NewAndOldImages)
        .encryption(Encryption::CustomerManaged("alias/orders".into()))
        .max_throughput(1000, 500)
        .tag("team", "orders");
    Schema::of::<ShopItem>().unwrap().settings::<Order>(settings)
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

fn samples() -> Samples {
    let at = Timestamp::EPOCH;
    let order = Order {
        customer: "ann".into(),
        number: 7,
        placed_at: at,
        total: 120,
        depot: Some("north".into()),
        expires_at: None,
    };
    let customer = Customer {
        customer: "ann".into(),
        email: "ann@example.com".into(),
        version: Version::FIRST,
    };
    Samples::new().item(&customer).unwrap().item(&order).unwrap()
}

#[test]
fn cloud_formation_has_the_table_as_it_is_made() {
    let template = parsed(&schema().to_cloud_formation().unwrap());
    let table = &template["Resources"]["ShopTables"];
    assert_eq!(
        (&table["Type"], &table["DeletionPolicy"]),
        (&json!("AWS::DynamoDB::Table"), &json!("Retain"))
    );
    let table = &table["Properties"];
    // Each attribute that is defined is a key of something, and each key is defined.
    let mut defined: Vec<_> = table["AttributeDefinitions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["AttributeName"].as_str().unwrap())
        .collect();
    defined.sort_unstable();
    assert_eq!(defined, ["depot", "depot_sk", "email", "pk", "sk"]);
    assert_eq!(
        table["GlobalSecondaryIndexes"][1]["Projection"]["NonKeyAttributes"],
        json!(["expires_at", "placed_at", "total"])
    );
    assert_eq!(
        table["TimeToLiveSpecification"],
        json!({"AttributeName": "expires_at", "Enabled": true})
    );
    assert_eq!(table["DeletionProtectionEnabled"], true);
    assert_eq!(table["PointInTimeRecoverySpecification"]["RecoveryPeriodInDays"], 35);
    assert_eq!(
        table["SSESpecification"],
        json!({"SSEEnabled": true, "SSEType": "KMS", "KMSMasterKeyId": "alias/orders"})
    );

    let regions = [Region::EU_CENTRAL_1, Region::EU_WEST_1];
    let global = parsed(&schema().to_cloud_formation_global(&regions).unwrap());
    let global = &global["Resources"]["ShopTables"]["Properties"];
    assert_eq!(global["AttributeDefinitions"], table["AttributeDefinitions"]);
    assert_eq!(global["Replicas"][1]["Region"], "eu-west-1");
    assert_eq!(
        global["Replicas"][1]["SSESpecification"],
        json!({"KMSMasterKeyId": "alias/orders"})
    );
    assert_eq!(global["WriteOnDemandThroughputSettings"], json!({"MaxWriteRequestUnits": 500}));
    assert!(schema().to_cloud_formation_global(&[]).is_err());
}

#[test]
fn terraform_and_the_cdk_say_the_same() {
    let hcl = schema().to_terraform().unwrap();
    for line in [
        "resource \"aws_dynamodb_table\" \"shop_tables\" {",
        "  hash_key = \"pk\"",
        "  range_key = \"sk\"",
        "    non_key_attributes = [\"expires_at\", \"placed_at\", \"total\"]",
        "    prevent_destroy = true",
        "    recovery_period_in_days = 35",
        "    \"team\" = \"orders\"",
    ] {
        assert!(hcl.lines().any(|known| known == line), "{line}\n{hcl}");
    }
    assert_eq!(hcl.matches('{').count(), hcl.matches('}').count());
    let cdk = schema().to_cdk().unwrap();
    for line in ["      tableName: 'shop-tables',", "        kmsMasterKeyId: 'alias/orders',"] {
        assert!(cdk.lines().any(|known| known == line), "{line}\n{cdk}");
    }
}

#[test]
fn what_dynamodb_would_refuse_is_told_before_another_tool_is_asked() {
    let schema = Schema::of::<Order>().unwrap();
    let schema = schema.settings::<Order>(TableSettings::new().point_in_time_recovery(36));
    for exported in [
        schema.to_cloud_formation(),
        schema.to_terraform(),
        schema.to_cdk(),
        schema.to_workbench("shop", &Samples::new()),
    ] {
        let error = exported.unwrap_err();
        assert_eq!(error.reasons().count(), 1);
        assert!(error.to_string().contains("backups of 36 days, and can of 1 to 35"), "{error}");
    }
}

#[test]
fn a_policy_has_conditions_only_where_they_are_honoured() {
    let scope = ArnScope::new("aws", Region::EU_CENTRAL_1, "123456789012");
    let policy = parsed(&schema().to_iam_policy(&scope, &[Grant::Read, Grant::Write]));
    let statements = policy["Statement"].as_array().unwrap();
    let table = "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-tables";
    assert_eq!(
        statements[0],
        json!({
            "Effect": "Allow",
            "Action": [
                "dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query",
                "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:ConditionCheckItem",
            ],
            "Resource": table,
            "Condition": {
                "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["CUSTOMER#*"]},
                "Null": {"dynamodb:LeadingKeys": "false"},
            },
        })
    );
    // The keys of the indexes are any text.
    let email =
        statements.iter().find(|each| each["Resource"] == format!("{table}/index/by-email"));
    assert_eq!(email.unwrap().get("Condition"), None);
    // Orders allow no scan, so the table is not scanned.
    let actions = |statements: &[Value]| json!(statements).to_string();
    assert!(!actions(statements).contains("Scan") && !actions(statements).contains("Delete"));

    let alone = Schema::of::<Customer>().unwrap();
    let policy = parsed(&alone.to_iam_policy(&scope, &[Grant::Read]));
    let scan = policy["Statement"]
        .as_array()
        .unwrap()
        .iter()
        .find(|each| each["Action"] == json!(["dynamodb:Scan"]));
    assert_eq!(scan.unwrap().get("Condition"), None, "a scan has no leading key");
}

#[test]
fn a_json_schema_has_each_entity_in_the_form_in_which_it_is_stored() {
    let schema = parsed(&schema().to_json_schema());
    let order = &schema["$defs"]["Order"];
    let mut required: Vec<_> =
        order["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    required.sort_unstable();
    assert_eq!(required, ["customer", "number", "placed_at", "total"]);
    assert_eq!(order["properties"]["placed_at"]["properties"]["S"]["format"], "date-time");
    assert_eq!(order["properties"]["total"]["properties"]["N"]["type"], "string");
    assert_eq!(order["properties"]["pk"]["required"], json!(["S"]));
}

#[test]
fn a_model_has_a_facet_for_each_entity_and_the_samples() {
    let model = parsed(&schema().to_workbench("shop", &samples()).unwrap());
    let table = &model["DataModel"][0];
    assert_eq!(table["TableFacets"][1]["KeyAttributeAlias"]["SortKeyAlias"], "ORDER#{number}");
    assert_eq!(table["TableData"].as_array().unwrap().len(), 2);
    assert_eq!(table["TableData"][0]["pk"], json!({"S": "CUSTOMER#ann"}));
}

#[test]
fn the_drawings_name_all_and_quote_what_is_special() {
    let diagram = schema().to_mermaid();
    assert!(diagram.contains("    S `pk` PK \"CUSTOMER#{customer}\"\n"), "{diagram}");
    assert!(diagram.contains("  \"table shop-tables\" ||--o{ \"Order\" : holds\n"), "{diagram}");
    let page = schema().to_html("A <shop>", &samples());
    for part in ["<h1>A &lt;shop&gt;</h1>", "ORDER#{number}", "by-depot", "Sizes of sample items"] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(!page.contains("http://") && !page.contains("https://") && !page.contains("<script"));
}
