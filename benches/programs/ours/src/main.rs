//! One get and one create: `program-ours <port> <root.pem>`, with the keys in the environment.

use dynamo_runtime::prelude::*;
use dynamo_runtime::{Endpoint, Trust};

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "products")]
struct Product {
    #[dynamo(partition_key)]
    category: String,
    #[dynamo(sort_key)]
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
    let mut arguments = std::env::args().skip(1);
    let port = arguments.next().ok_or("no port")?.parse()?;
    let root = std::fs::read(arguments.next().ok_or("no root")?)?;
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::environment())
        .endpoint(Endpoint::compatible("localhost", port)?)
        .trust(Trust::private_ca(root)?)
        .build()
        .await?;
    let key = ProductKey { category: "kitchen".into(), product_id: ID.into() };
    let product = Product::get(key).send(&client).await?.ok_or("no such product")?;
    println!("{}", product.name);
    Product::create(product).send(&client).await?;
    Ok(())
}
