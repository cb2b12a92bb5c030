//! Products by `modyne`, whose keys and types of entity are attributes of their own.

use aws_sdk_dynamodb::Client;
use modyne::keys::{FullKey, Primary};
use modyne::{Entity, EntityDef, EntityExt, EntityTypeNameRef, ProjectionExt, Table};
use serde::{Deserialize, Serialize};

use crate::things::{Product, product};

/// The table.
#[derive(Clone, Debug)]
pub struct Shop(Client);

impl Shop {
    /// By this client.
    pub fn new(client: Client) -> Self {
        Self(client)
    }
}

impl Table for Shop {
    type PrimaryKey = Primary;
    type IndexKeys = ();

    fn table_name(&self) -> &'static str {
        "products"
    }

    fn client(&self) -> &Client {
        &self.0
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(transparent)]
struct Stored(Product);

impl EntityDef for Stored {
    const ENTITY_TYPE: &'static EntityTypeNameRef = EntityTypeNameRef::from_static("product");
    const PROJECTED_ATTRIBUTES: &'static [&'static str] = &[
        "category",
        "product_id",
        "name",
        "description",
        "supplier",
        "image_url",
        "price_cents",
        "stock",
        "weight_grams",
        "rating",
        "is_active",
    ];
}

impl Entity for Stored {
    type KeyInput<'a> = (&'a str, &'a str);
    type Table = Shop;
    type IndexKeys = ();

    fn primary_key((category, product_id): Self::KeyInput<'_>) -> Primary {
        Primary { hash: category.to_owned(), range: product_id.to_owned() }
    }

    fn full_key(&self) -> FullKey<Primary, ()> {
        let key = (self.0.category.as_str(), self.0.product_id.as_str());
        FullKey { primary: Self::primary_key(key), indexes: () }
    }
}

/// Reads one.
pub async fn get(shop: &Shop) -> Product {
    let key = ("kitchen", "0b7d2c5e-4f51-4c3e-9a50-000000000001");
    let get = Stored::get(key).execute_with_consistency(shop, true).await.unwrap();
    Stored::from_item(get.item.unwrap()).unwrap().0
}

/// Writes one.
pub async fn put(shop: &Shop) {
    Stored(product(1)).create().execute(shop).await.unwrap();
}
