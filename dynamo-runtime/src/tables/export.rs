//! The tables in the forms of other tools.

mod cdk;
mod cloud_formation;
mod html;
mod iam;
mod item_schema;
mod limits;
mod mermaid;
mod samples;
mod terraform;
mod workbench;

use std::fmt;

pub use iam::{ArnScope, Grant};
pub use samples::Samples;

use super::schema::Schema;
use limits::check;

/// Why tables cannot be exported: what DynamoDB would refuse, named before another tool is asked.
///
/// ```
/// # use dynamo_runtime::prelude::*;
/// use dynamo_runtime::tables::{Schema, TableSettings};
/// # #[derive(Entity, Clone, Debug, PartialEq)]
/// # #[dynamo(table = "users")]
/// # struct User { #[dynamo(partition_key)] user_id: String }
/// let settings = TableSettings::new().point_in_time_recovery(90);
/// let schema = Schema::of::<User>()?.settings::<User>(settings);
/// let error = schema.to_terraform().unwrap_err();
/// let reasons: Vec<_> = error.reasons().collect();
/// assert_eq!(reasons, ["`users` is to keep backups of 90 days, and can of 1 to 35"]);
/// # Ok::<(), dynamo_runtime::tables::Contradiction>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExportError(Vec<String>);

impl ExportError {
    /// Each thing that DynamoDB would refuse.
    pub fn reasons(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for ExportError {}

impl Schema {
    /// A `CloudFormation` template with an `AWS::DynamoDB::Table` for each table, in JSON. A stack
    /// that is deleted leaves the tables.
    ///
    /// A vector index is left out, as of each of these exports: a [plan](Self::plan) adds it.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let template = Schema::of::<User>()?.to_cloud_formation()?;
    /// assert!(template.contains(r#""Type": "AWS::DynamoDB::Table""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// DynamoDB would refuse the tables.
    pub fn to_cloud_formation(&self) -> Result<String, ExportError> {
        check(self)?;
        Ok(pretty(&cloud_formation::template(self)))
    }

    /// The same with an `AWS::DynamoDB::GlobalTable` for each table, with a replica in each region.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let regions = [Region::EU_CENTRAL_1, Region::EU_WEST_1];
    /// let template = Schema::of::<User>()?.to_cloud_formation_global(&regions)?;
    /// assert!(template.contains(r#""Region": "eu-west-1""#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// DynamoDB would refuse the tables, or there is no region.
    pub fn to_cloud_formation_global(
        &self,
        regions: &[crate::client::Region],
    ) -> Result<String, ExportError> {
        check(self)?;
        if regions.is_empty() {
            return Err(ExportError(vec![
                "a global table has a replica in at least one region".into(),
            ]));
        }
        Ok(pretty(&cloud_formation::global(self, regions)))
    }

    /// Terraform's `aws_dynamodb_table` for each table, in HCL.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let hcl = Schema::of::<User>()?.to_terraform()?;
    /// assert!(hcl.starts_with("resource \"aws_dynamodb_table\" \"users\" {\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// DynamoDB would refuse the tables.
    pub fn to_terraform(&self) -> Result<String, ExportError> {
        check(self)?;
        Ok(terraform::text(self))
    }

    /// A stack of the CDK, in TypeScript: a `CfnTable` for each table, whose template is that of
    /// [`to_cloud_formation`](Self::to_cloud_formation).
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let stack = Schema::of::<User>()?.to_cdk()?;
    /// assert!(stack.contains("new dynamodb.CfnTable(this, 'Users', {"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// DynamoDB would refuse the tables.
    pub fn to_cdk(&self) -> Result<String, ExportError> {
        check(self)?;
        Ok(cdk::text(self))
    }

    /// A data model of `NoSQL` Workbench, with a facet for each entity and the samples as its data.
    ///
    /// An index with keys of several attributes is left out: the model has no place for it.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Samples, Schema};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let samples = Samples::new().item(&User { user_id: "ann".into() })?;
    /// let model = Schema::of::<User>()?.to_workbench("users", &samples)?;
    /// assert!(model.contains(r#""FacetName": "User""#) && model.contains("ann"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// DynamoDB would refuse the tables.
    pub fn to_workbench(&self, name: &str, samples: &Samples) -> Result<String, ExportError> {
        check(self)?;
        Ok(pretty(&workbench::model(self, name, samples)))
    }

    /// A JSON Schema (2020-12) of the items as DynamoDB JSON: an item of any of the entities.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let schema = Schema::of::<User>()?.to_json_schema();
    /// assert!(schema.contains("https://json-schema.org/draft/2020-12/schema"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_json_schema(&self) -> String {
        pretty(&item_schema::of(self))
    }

    /// An IAM policy that allows what the entities need, and no more: see [`Grant`].
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Grant, Schema, ArnScope};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let scope = ArnScope::new("aws", Region::EU_CENTRAL_1, "123456789012");
    /// let policy = Schema::of::<User>()?.to_iam_policy(&scope, &[Grant::Read]);
    /// assert!(policy.contains("dynamodb:GetItem") && !policy.contains("dynamodb:PutItem"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_iam_policy(&self, scope: &ArnScope, grants: &[Grant]) -> String {
        pretty(&iam::policy(self, scope, grants))
    }

    /// A Mermaid diagram of the tables, their entities and their indexes.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::Schema;
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let diagram = Schema::of::<User>()?.to_mermaid();
    /// assert!(diagram.starts_with("erDiagram\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_mermaid(&self) -> String {
        mermaid::text(self)
    }

    /// A page for people, in one file: tables, keys, indexes, which query serves what, and the sizes
    /// of the samples.
    ///
    /// ```
    /// # use dynamo_runtime::prelude::*;
    /// use dynamo_runtime::tables::{Samples, Schema};
    /// # #[derive(Entity)]
    /// # #[dynamo(table = "users")]
    /// # struct User { #[dynamo(partition_key)] user_id: String }
    /// let page = Schema::of::<User>()?.to_html("Users", &Samples::new());
    /// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<h1>Users</h1>"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_html(&self, title: &str, samples: &Samples) -> String {
        html::page(self, title, samples)
    }
}

fn pretty(json: &serde_json::Value) -> String {
    format!("{json:#}\n")
}

/// A name of letters and digits, each word with a capital: `shop-tables` is `ShopTables`.
fn logical_id(name: &str) -> String {
    let words = name.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words = words.map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    words.collect()
}
