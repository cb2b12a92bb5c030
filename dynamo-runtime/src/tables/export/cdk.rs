//! The CDK, in TypeScript.

use std::fmt::Write as _;

use serde_json::Value;

use super::cloud_formation::properties;
use super::logical_id;
use crate::tables::schema::Schema;

const BEFORE: &str = "import * as cdk from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

export class TablesStack extends cdk.Stack {
  constructor(scope: Construct, id: string, props?: cdk.StackProps) {
    super(scope, id, props);
";

pub(super) fn text(schema: &Schema) -> String {
    let mut text = BEFORE.to_owned();
    for table in schema.tables() {
        let id = logical_id(table.name());
        let mut members = String::new();
        written(&properties(table), 4, false, &mut members);
        // Its own logical id, not one that the CDK makes, so that the template is that of others.
        let _ = write!(
            text,
            "\n    const {variable} = new dynamodb.CfnTable(this, {name}, {members});\n    \
             {variable}.overrideLogicalId({name});\n    \
             {variable}.applyRemovalPolicy(cdk.RemovalPolicy.RETAIN);\n",
            variable = variable(&id),
            name = quoted(&id),
        );
    }
    text.push_str("  }\n}\n");
    text
}

fn variable(id: &str) -> String {
    format!("table{id}")
}

/// A value as TypeScript; the names within a policy stay as they are.
fn written(value: &Value, indent: usize, is_verbatim: bool, text: &mut String) {
    let inner = indent + 2;
    match value {
        Value::Object(members) => {
            text.push_str("{\n");
            for (name, value) in members {
                let key = if is_verbatim { quoted(name) } else { camel_case(name) };
                let _ = write!(text, "{:inner$}{key}: ", "");
                written(value, inner, is_verbatim || name == "PolicyDocument", text);
                text.push_str(",\n");
            }
            let _ = write!(text, "{:indent$}}}", "");
        }
        Value::Array(elements) => {
            text.push_str("[\n");
            for element in elements {
                let _ = write!(text, "{:inner$}", "");
                written(element, inner, is_verbatim, text);
                text.push_str(",\n");
            }
            let _ = write!(text, "{:indent$}]", "");
        }
        Value::String(value) => text.push_str(&quoted(value)),
        other => {
            let _ = write!(text, "{other}");
        }
    }
}

/// A string of TypeScript.
fn quoted(value: &str) -> String {
    let json = Value::from(value).to_string();
    let inner = json.trim_matches('"').replace("\\\"", "\"").replace('\'', "\\'");
    format!("'{inner}'")
}

/// As the CDK names `CloudFormation`'s properties: `SSESpecification` is `sseSpecification`.
fn camel_case(name: &str) -> String {
    for (capitals, small) in [("SSE", "sse"), ("KMS", "kms")] {
        if let Some(rest) = name.strip_prefix(capitals) {
            return format!("{small}{rest}");
        }
    }
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}
