//! The entities of the cases, and the same things as others have them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use aws_sdk_dynamodb::types::AttributeValue;
use dynamo_runtime::prelude::*;
use serde::{Deserialize, Serialize};

/// An item of the SDK.
pub type Item = HashMap<String, AttributeValue>;

/// A flat item of about 400 bytes of JSON.
#[derive(Entity, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[dynamo(table = "products", allow(unconditional_put, scan, load))]
pub struct Product {
    /// The partition.
    #[dynamo(partition_key)]
    pub category: String,
    /// In the partition.
    #[dynamo(sort_key)]
    pub product_id: String,
    /// What it is called.
    pub name: String,
    /// What is said of it.
    pub description: String,
    /// Who makes it.
    pub supplier: String,
    /// Where it is seen.
    pub image_url: Option<String>,
    /// In cents.
    pub price_cents: u64,
    /// In pieces.
    pub stock: u32,
    /// In grams.
    pub weight_grams: u32,
    /// Of five.
    pub rating: f64,
    /// Whether it is sold.
    pub is_active: bool,
}

/// The same, borrowed from a response.
#[derive(Projection, Clone, Debug, PartialEq)]
#[dynamo(of = Product)]
pub struct ProductRef<'a> {
    /// The partition.
    pub category: Cow<'a, str>,
    /// In the partition.
    pub product_id: Cow<'a, str>,
    /// What it is called.
    pub name: Cow<'a, str>,
    /// What is said of it.
    pub description: Cow<'a, str>,
    /// Who makes it.
    pub supplier: Cow<'a, str>,
    /// Where it is seen.
    pub image_url: Option<Cow<'a, str>>,
    /// In cents.
    pub price_cents: u64,
    /// In pieces.
    pub stock: u32,
    /// In grams.
    pub weight_grams: u32,
    /// Of five.
    pub rating: f64,
    /// Whether it is sold.
    pub is_active: bool,
}

/// The product of this number.
pub fn product(number: u32) -> Product {
    Product {
        category: "kitchen".to_owned(),
        product_id: format!("0b7d2c5e-4f51-4c3e-9a50-{number:012}"),
        name: format!("Kettle of copper No. {number}"),
        description: format!("Holds {} litres, whistles, and fits every stove", number % 7),
        supplier: "Müller & Söhne".to_owned(),
        image_url: (!number.is_multiple_of(4))
            .then(|| format!("https://img.example/p/{number}.webp")),
        price_cents: 1_999 + u64::from(number),
        stock: number % 90,
        weight_grams: 850 + number % 400,
        rating: f64::from(number % 50) / 10.0,
        is_active: !number.is_multiple_of(9),
    }
}

/// The key of the product of number 1.
pub fn product_key() -> ProductKey {
    let product_id = "0b7d2c5e-4f51-4c3e-9a50-000000000001";
    ProductKey { category: "kitchen".to_owned(), product_id: product_id.to_owned() }
}

/// So many products.
pub fn products(count: u32) -> Vec<Product> {
    (0..count).map(product).collect()
}

impl ProductRef<'_> {
    /// As one that owns its data.
    pub fn into_owned(self) -> Product {
        let owned = |text: Cow<'_, str>| text.into_owned();
        Product {
            category: owned(self.category),
            product_id: owned(self.product_id),
            name: owned(self.name),
            description: owned(self.description),
            supplier: owned(self.supplier),
            image_url: self.image_url.map(owned),
            price_cents: self.price_cents,
            stock: self.stock,
            weight_grams: self.weight_grams,
            rating: self.rating,
            is_active: self.is_active,
        }
    }
}

/// As a user of the SDK writes it by hand.
pub fn product_to_item(product: &Product) -> Item {
    use AttributeValue::{Bool, N, S};
    let mut item = HashMap::with_capacity(11);
    item.insert("category".to_owned(), S(product.category.clone()));
    item.insert("product_id".to_owned(), S(product.product_id.clone()));
    item.insert("name".to_owned(), S(product.name.clone()));
    item.insert("description".to_owned(), S(product.description.clone()));
    item.insert("supplier".to_owned(), S(product.supplier.clone()));
    if let Some(image_url) = &product.image_url {
        item.insert("image_url".to_owned(), S(image_url.clone()));
    }
    item.insert("price_cents".to_owned(), N(product.price_cents.to_string()));
    item.insert("stock".to_owned(), N(product.stock.to_string()));
    item.insert("weight_grams".to_owned(), N(product.weight_grams.to_string()));
    item.insert("rating".to_owned(), N(product.rating.to_string()));
    item.insert("is_active".to_owned(), Bool(product.is_active));
    item
}

/// The inverse, as a user of the SDK writes it by hand.
pub fn product_from_item(mut item: Item) -> Option<Product> {
    Some(Product {
        category: text(&mut item, "category")?,
        product_id: text(&mut item, "product_id")?,
        name: text(&mut item, "name")?,
        description: text(&mut item, "description")?,
        supplier: text(&mut item, "supplier")?,
        image_url: text(&mut item, "image_url"),
        price_cents: number(&item, "price_cents")?,
        stock: number(&item, "stock")?,
        weight_grams: number(&item, "weight_grams")?,
        rating: number(&item, "rating")?,
        is_active: *item.get("is_active")?.as_bool().ok()?,
    })
}

/// An item with maps, lists and a set in it.
#[derive(Entity, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[dynamo(table = "orders")]
pub struct Order {
    /// The key.
    #[dynamo(partition_key)]
    pub order_id: String,
    /// Who ordered.
    pub customer: Customer,
    /// What was ordered.
    pub lines: Vec<Line>,
    /// Words of the shop.
    #[serde(with = "serde_dynamo::string_set")]
    pub tags: BTreeSet<String>,
    /// Words of the customer.
    pub notes: BTreeMap<String, String>,
    /// When, as text.
    pub placed_at: String,
}

/// Who ordered.
#[derive(Document, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Customer {
    /// The whole name.
    pub name: String,
    /// Of the customer.
    pub email: String,
    /// Where it goes.
    pub address: Address,
}

/// Where something goes.
#[derive(Document, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Address {
    /// With its number.
    pub street: String,
    /// Or village.
    pub city: String,
    /// Of the city.
    pub postcode: String,
    /// Two letters.
    pub country: String,
}

/// What was ordered.
#[derive(Document, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Of the product.
    pub product_id: String,
    /// Of the product.
    pub name: String,
    /// In pieces.
    pub quantity: u32,
    /// For each piece.
    pub price_cents: u64,
}

/// An order of eight lines.
pub fn order() -> Order {
    let lines = (0..8).map(product).map(|product| Line {
        product_id: product.product_id,
        name: product.name,
        quantity: product.stock,
        price_cents: product.price_cents,
    });
    Order {
        order_id: "ORD-2026-11-25-000001".to_owned(),
        customer: Customer {
            name: "Ada Lovelace".to_owned(),
            email: "ada@example.com".to_owned(),
            address: Address {
                street: "St James's Square 12".to_owned(),
                city: "London".to_owned(),
                postcode: "SW1Y 4JH".to_owned(),
                country: "GB".to_owned(),
            },
        },
        lines: lines.collect(),
        tags: ["express", "gift", "web"].map(str::to_owned).into(),
        notes: [("door", "Ring twice"), ("card", "Happy birthday!")]
            .map(|(key, note)| (key.to_owned(), note.to_owned()))
            .into(),
        placed_at: "2026-11-25T21:15:00Z".to_owned(),
    }
}

/// As a user of the SDK writes it by hand.
pub fn order_to_item(order: &Order) -> Item {
    use AttributeValue::{L, M, N, S, Ss};
    let map = |members: Vec<(&str, AttributeValue)>| -> Item {
        members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    };
    let text = |text: &String| S(text.clone());
    let Customer { name, email, address } = &order.customer;
    let address = map(vec![
        ("street", text(&address.street)),
        ("city", text(&address.city)),
        ("postcode", text(&address.postcode)),
        ("country", text(&address.country)),
    ]);
    let customer = map(vec![("name", text(name)), ("email", text(email)), ("address", M(address))]);
    let lines = order.lines.iter().map(|line| {
        M(map(vec![
            ("product_id", text(&line.product_id)),
            ("name", text(&line.name)),
            ("quantity", N(line.quantity.to_string())),
            ("price_cents", N(line.price_cents.to_string())),
        ]))
    });
    let notes = order.notes.iter().map(|(key, note)| (key.clone(), text(note)));
    map(vec![
        ("order_id", text(&order.order_id)),
        ("customer", M(customer)),
        ("lines", L(lines.collect())),
        ("tags", Ss(order.tags.iter().cloned().collect())),
        ("notes", M(notes.collect())),
        ("placed_at", text(&order.placed_at)),
    ])
}

/// The inverse, as a user of the SDK writes it by hand.
pub fn order_from_item(mut item: Item) -> Option<Order> {
    let mut customer = map(&mut item, "customer")?;
    let mut address = map(&mut customer, "address")?;
    let Some(AttributeValue::L(lines)) = item.remove("lines") else { return None };
    let Some(AttributeValue::Ss(tags)) = item.remove("tags") else { return None };
    let lines = lines.into_iter().map(|line| match line {
        AttributeValue::M(mut line) => Some(Line {
            product_id: text(&mut line, "product_id")?,
            name: text(&mut line, "name")?,
            quantity: number(&line, "quantity")?,
            price_cents: number(&line, "price_cents")?,
        }),
        _ => None,
    });
    let notes = map(&mut item, "notes")?.into_iter().map(|(key, note)| match note {
        AttributeValue::S(note) => Some((key, note)),
        _ => None,
    });
    Some(Order {
        order_id: text(&mut item, "order_id")?,
        customer: Customer {
            name: text(&mut customer, "name")?,
            email: text(&mut customer, "email")?,
            address: Address {
                street: text(&mut address, "street")?,
                city: text(&mut address, "city")?,
                postcode: text(&mut address, "postcode")?,
                country: text(&mut address, "country")?,
            },
        },
        lines: lines.collect::<Option<_>>()?,
        tags: tags.into_iter().collect(),
        notes: notes.collect::<Option<_>>()?,
        placed_at: text(&mut item, "placed_at")?,
    })
}

fn text(item: &mut Item, name: &str) -> Option<String> {
    match item.remove(name)? {
        AttributeValue::S(text) => Some(text),
        _ => None,
    }
}

fn number<T: std::str::FromStr>(item: &Item, name: &str) -> Option<T> {
    item.get(name)?.as_n().ok()?.parse().ok()
}

fn map(item: &mut Item, name: &str) -> Option<Item> {
    match item.remove(name)? {
        AttributeValue::M(map) => Some(map),
        _ => None,
    }
}

/// An entity whose keys are made of fields.
#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop", partition_key("pk") = "CUSTOMER#{customer_id}")]
#[dynamo(sort_key("sk") = "ORDER#{placed_at}#{order_id}")]
pub struct KeyedOrder {
    /// Who ordered.
    pub customer_id: String,
    /// When, as text.
    pub placed_at: String,
    /// Of the order.
    pub order_id: String,
}
