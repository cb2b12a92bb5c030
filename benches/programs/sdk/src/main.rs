//! One get and one create, with the keys, the region, the endpoint and the roots in the environment.

use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};
use serde_dynamo::aws_sdk_dynamodb_1::{from_item, to_item};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Product {
    category: String,
    product_id: String,
    name: String,
    image_url: Option<String>,
    price_cents: u64,
    stock: u32,
    rating: f64,
    is_active: bool,
}

const ID: &str = "0b7d2c5e-4f51-4c3e-9a50-000000000001";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = aws_sdk_dynamodb::Client::new(&aws_config::load_from_env().await);
    let get = client
        .get_item()
        .table_name("products")
        .key("category", AttributeValue::S("kitchen".into()))
        .key("product_id", AttributeValue::S(ID.into()))
        .consistent_read(true);
    let product: Product = from_item(get.send().await?.item.ok_or("no such product")?)?;
    println!("{}", product.name);
    let create = client.put_item().table_name("products").set_item(Some(to_item(product)?));
    create.condition_expression("attribute_not_exists(category)").send().await?;
    Ok(())
}
