//! The source of a hundred structs of ten fields, as each subject has them.

use crate::subject::Subject;

const STRUCTS: usize = 100;

/// What is compiled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source {
    /// A get, a create, an update of one field and a query of each.
    pub(crate) has_calls: bool,
    /// Whether a field of one struct has another type.
    pub(crate) is_changed: bool,
}

impl Source {
    pub(crate) fn of(self, subject: Subject) -> String {
        let mut source = "//! Generated.\n#![allow(dead_code)]\n\n".to_owned();
        source += match subject {
            Subject::Ours => "use dynamo_runtime::prelude::*;\n",
            Subject::Serde => "use serde::{Deserialize, Serialize};\n",
            Subject::Modyne => MODYNE,
            Subject::Toasty | Subject::Bare => "",
        };
        if self.has_calls {
            source += CALLS;
            if subject == Subject::Serde {
                source += CALLS_OF_SERDE;
            }
        }
        for number in 0..STRUCTS {
            // Half of them from the end, so that what is compiled does not depend on the place.
            let count = if self.is_changed && number == STRUCTS / 2 { "u64" } else { "u32" };
            source += &record(subject, number, count);
            if self.has_calls {
                source += &calls(subject, number);
            }
        }
        source
    }
}

fn record(subject: Subject, number: usize, count: &str) -> String {
    let (derive, partition_key, sort_key) = match subject {
        Subject::Ours => (
            format!("#[derive(Entity)]\n#[dynamo(table = \"orders-{number}\")]\n"),
            "#[dynamo(partition_key)] ",
            "#[dynamo(sort_key)] ",
        ),
        Subject::Serde => ("#[derive(Serialize, Deserialize)]\n".to_owned(), "", ""),
        Subject::Modyne => ("#[derive(EntityDef, Serialize, Deserialize)]\n".to_owned(), "", ""),
        Subject::Toasty => (
            "#[derive(toasty::Model)]\n#[key(partition = customer, local = number)]\n".to_owned(),
            "",
            "",
        ),
        Subject::Bare => (String::new(), "", ""),
    };
    let keys = if subject == Subject::Modyne { keys_of_modyne(number) } else { String::new() };
    format!(
        "
{derive}pub struct Order{number} {{
    {partition_key}pub customer: String,
    {sort_key}pub number: u64,
    pub status: String,
    pub note: Option<String>,
    pub count: {count},
    pub price: f64,
    pub is_open: bool,
    pub tags: Vec<String>,
    pub weight: Option<u64>,
    pub placed_at: i64,
}}
{keys}"
    )
}

const MODYNE: &str = "
use modyne::keys::{FullKey, Primary};
use modyne::{Entity, EntityDef, Table};
use serde::{Deserialize, Serialize};

pub struct Orders(aws_sdk_dynamodb::Client);

impl Table for Orders {
    type PrimaryKey = Primary;
    type IndexKeys = ();
    fn table_name(&self) -> &str {
        \"orders\"
    }
    fn client(&self) -> &aws_sdk_dynamodb::Client {
        &self.0
    }
}
";

fn keys_of_modyne(number: usize) -> String {
    format!(
        "
impl Entity for Order{number} {{
    type KeyInput<'a> = (&'a str, u64);
    type Table = Orders;
    type IndexKeys = ();
    fn primary_key((customer, number): Self::KeyInput<'_>) -> Primary {{
        Primary {{ hash: customer.to_owned(), range: number.to_string() }}
    }}
    fn full_key(&self) -> FullKey<Primary, ()> {{
        FullKey {{ primary: Self::primary_key((&self.customer, self.number)), indexes: () }}
    }}
}}
"
    )
}

/// The futures are boxed, so that all of their code is compiled here.
const CALLS: &str = "
type Failure = Box<dyn std::error::Error + Send + Sync>;
type Outcome<'a, T> = std::pin::Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;
";

const CALLS_OF_SERDE: &str = "
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::AttributeValue;
";

fn calls(subject: Subject, number: usize) -> String {
    match subject {
        Subject::Ours => calls_of_ours(number),
        Subject::Serde => calls_of_serde(number),
        Subject::Modyne | Subject::Toasty | Subject::Bare => String::new(),
    }
}

fn calls_of_ours(number: usize) -> String {
    format!(
        "
pub fn get_{number}(client: &SecureClient, key: Order{number}Key) -> Outcome<'_, Option<Order{number}>> {{
    Box::pin(async move {{ Ok(Order{number}::get(key).send(client).await?) }})
}}

pub fn create_{number}(client: &SecureClient, order: Order{number}) -> Outcome<'_, Order{number}> {{
    Box::pin(async move {{ Ok(Order{number}::create(order).send(client).await?) }})
}}

pub fn close_{number}(client: &SecureClient, key: Order{number}Key) -> Outcome<'_, ()> {{
    Box::pin(async move {{
        let close = Order{number}::update(key).set(Order{number}::STATUS, \"closed\");
        close.if_exists().send(client).await?;
        Ok(())
    }})
}}

pub fn query_{number}(client: &SecureClient, customer: String) -> Outcome<'_, Vec<Order{number}>> {{
    Box::pin(async move {{
        let page = Order{number}::query(customer).filter(Order{number}::IS_OPEN.eq(true)).send(client).await?;
        Ok(page.into_items())
    }})
}}
"
    )
}

fn calls_of_serde(number: usize) -> String {
    format!(
        "
pub fn get_{number}(client: &Client, customer: String, number: u64) -> Outcome<'_, Option<Order{number}>> {{
    Box::pin(async move {{
        let output = client
            .get_item()
            .table_name(\"orders-{number}\")
            .key(\"customer\", AttributeValue::S(customer))
            .key(\"number\", AttributeValue::N(number.to_string()))
            .consistent_read(true)
            .send()
            .await?;
        Ok(output.item.map(serde_dynamo::from_item).transpose()?)
    }})
}}

pub fn create_{number}(client: &Client, order: Order{number}) -> Outcome<'_, Order{number}> {{
    Box::pin(async move {{
        client
            .put_item()
            .table_name(\"orders-{number}\")
            .set_item(Some(serde_dynamo::to_item(&order)?))
            .condition_expression(\"attribute_not_exists(customer)\")
            .send()
            .await?;
        Ok(order)
    }})
}}

pub fn close_{number}(client: &Client, customer: String, number: u64) -> Outcome<'_, ()> {{
    Box::pin(async move {{
        client
            .update_item()
            .table_name(\"orders-{number}\")
            .key(\"customer\", AttributeValue::S(customer))
            .key(\"number\", AttributeValue::N(number.to_string()))
            .update_expression(\"SET #status = :status\")
            .condition_expression(\"attribute_exists(customer)\")
            .expression_attribute_names(\"#status\", \"status\")
            .expression_attribute_values(\":status\", AttributeValue::S(\"closed\".to_owned()))
            .send()
            .await?;
        Ok(())
    }})
}}

pub fn query_{number}(client: &Client, customer: String) -> Outcome<'_, Vec<Order{number}>> {{
    Box::pin(async move {{
        let output = client
            .query()
            .table_name(\"orders-{number}\")
            .key_condition_expression(\"customer = :customer\")
            .filter_expression(\"is_open = :is_open\")
            .expression_attribute_values(\":customer\", AttributeValue::S(customer))
            .expression_attribute_values(\":is_open\", AttributeValue::Bool(true))
            .send()
            .await?;
        Ok(serde_dynamo::from_items(output.items.unwrap_or_default())?)
    }})
}}
"
    )
}
