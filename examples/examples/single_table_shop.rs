//! A shop in one table: a customer with all that belongs to them is one query.

#![allow(clippy::struct_field_names, reason = "the names of the table")]

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "PROFILE")]
struct Customer {
    customer_id: String,
    name: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ADDRESS#{label}")]
struct Address {
    customer_id: String,
    label: String,
    city: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "shop")]
#[dynamo(partition_key("pk") = "CUSTOMER#{customer_id}", sort_key("sk") = "ORDER#{order_id}")]
struct Order {
    customer_id: String,
    order_id: u32,
    total: u64,
}

/// Whatever is in a customer's partition. Were two of the keys alike, this would not compile.
#[derive(Collection, Clone, Debug, PartialEq)]
enum CustomerItem {
    Customer(Customer),
    Address(Address),
    Order(Order),
}

/// The same as one value: a customer that must be there, and all of the rest.
#[derive(Collection, Clone, Debug, PartialEq)]
struct Account {
    customer: Customer,
    addresses: Vec<Address>,
    orders: Vec<Order>,
}

/// The customer and some orders: what else lies in their range is passed over, as it says.
#[derive(Collection, Clone, Debug, PartialEq)]
#[dynamo(skip_others)]
enum Recent {
    Customer(Customer),
    Order(Order),
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Customer>().build().await?;

    let customer_id = || "c1".to_owned();
    let ada = Customer { customer_id: customer_id(), name: "Ada".to_owned() };
    let home =
        Address { customer_id: customer_id(), label: "home".to_owned(), city: "London".to_owned() };
    Customer::create(ada).send(&client).await?;
    Address::create(home).send(&client).await?;
    for (order_id, total) in [(9, 120), (10, 80)] {
        let order = Order { customer_id: customer_id(), order_id, total };
        Order::create(order).send(&client).await?;
    }

    // One query, each item as its entity, in the order of the sort keys.
    let mut told = Vec::new();
    let mut items = CustomerItem::query("c1").items(&client);
    while let Some(item) = items.next().await {
        told.push(match item? {
            CustomerItem::Customer(customer) => customer.name,
            CustomerItem::Address(address) => format!("{}: {}", address.label, address.city),
            CustomerItem::Order(order) => format!("order {}: {}", order.order_id, order.total),
        });
    }
    assert_eq!(told, ["home: London", "order 9: 120", "order 10: 80", "Ada"]);

    let account = Account::query("c1").send(&client).await?.ok_or("no such customer")?;
    assert_eq!(account.customer.name, "Ada");
    assert_eq!((account.addresses.len(), account.orders.len()), (1, 2));

    // From one key to another, of whichever entities: order 10, and the profile after it.
    let tenth = OrderKey { customer_id: customer_id(), order_id: 10 };
    let recent = Recent::query("c1").starting_at(&tenth).page(&client).await?.items;
    assert!(matches!(&recent[..], [Recent::Order(_), Recent::Customer(_)]));

    // A query of an entity finds its own items only.
    let orders = Order::query("c1").descending().limit(1).page(&client).await?;
    assert_eq!(orders.items.len(), 1);
    assert_eq!(orders.items[0].order_id, 10);
    Ok(())
}
