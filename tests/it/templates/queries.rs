//! Queries by the parts of a sort key.

use dynamo_runtime::prelude::*;

use super::shop::{Customer, CustomerId, Order, OrderQuery, Seen, SeenQuery, client, day, order};

/// Orders of two customers, and what else is in their partitions.
async fn shop() -> SecureClient {
    let client = client().await;
    for (customer, placed_on, id) in
        [("1", 1, 5), ("1", 2, 1), ("1", 2, 2), ("1", 3, 1), ("1", 10, 1), ("10", 2, 9)]
    {
        Order::create(order(customer, placed_on, id)).send(&client).await.unwrap();
    }
    let customer = Customer { customer_id: "1".into(), name: "Ada".to_owned() };
    Customer::create(customer).send(&client).await.unwrap();
    for day in [1, 20] {
        Seen::create(Seen { customer_id: "1".into(), day }).send(&client).await.unwrap();
    }
    client
}

fn id(customer: &str) -> CustomerId {
    customer.into()
}

fn ids(orders: &[Order]) -> Vec<(Timestamp, u32)> {
    orders.iter().map(|order| (order.placed_at, order.order_id)).collect()
}

#[tokio::test]
async fn a_query_reads_the_items_of_its_entity_only() {
    let client = shop().await;
    let orders = Order::query(id("1")).items(&client).collect().await.unwrap();
    assert_eq!(ids(&orders), [(day(1), 5), (day(2), 1), (day(2), 2), (day(3), 1), (day(10), 1)]);
    let customers = Customer::query(id("1")).items(&client).collect().await.unwrap();
    assert_eq!(customers.len(), 1);
    assert_eq!(Seen::query(id("1")).count(&client).await.unwrap(), 2);
    assert_eq!(Order::query(id("")).page(&client).await.unwrap_err().path(), Some("pk"));
}

#[tokio::test]
async fn conditions_on_the_parts_of_the_sort_key() {
    let client = shop().await;
    let query = || Order::query(id("1"));
    let (first, second, third, tenth) = (day(1), day(2), day(3), day(10));
    let cases = [
        (query().placed_at(second).order_id(2), vec![(second, 2)]),
        (query().placed_at(first..=second), vec![(first, 5), (second, 1), (second, 2)]),
        (query().placed_at(third..), vec![(third, 1), (tenth, 1)]),
        (query().placed_at(..=first), vec![(first, 5)]),
        (query().placed_at(second).order_id(2..), vec![(second, 2)]),
        (query().placed_at(second).order_id(..=1), vec![(second, 1)]),
        (query().placed_at(second).order_id(1..=9), vec![(second, 1), (second, 2)]),
    ];
    for (query, expected) in cases {
        let found = query.items(&client).collect().await.unwrap();
        assert_eq!(ids(&found), expected);
    }
    let of_a_day = query().placed_at(second);
    assert_eq!(ids(&of_a_day.items(&client).collect().await.unwrap()), [(second, 1), (second, 2)]);
    assert_eq!(Seen::query(id("1")).day(2..).count(&client).await.unwrap(), 1);
}

#[tokio::test]
async fn reversed_bounds_of_a_part_are_refused() {
    let client = client().await;
    for query in [
        Order::query(id("1")).placed_at(day(2)..=day(1)),
        Order::query(id("1")).placed_at(day(2)).order_id(2..=1),
    ] {
        let error = query.page(&client).await.unwrap_err();
        assert!(error.is_invalid());
        assert!(error.to_string().contains("reversed"), "{error}");
    }
}

#[tokio::test]
async fn a_query_goes_on_where_a_page_ended() {
    let client = shop().await;
    let page = Order::query(id("1")).limit(3).page(&client).await.unwrap();
    let rest = Order::query(id("1")).after(page.next.unwrap()).page(&client).await.unwrap();
    assert_eq!(ids(&rest.items), [(day(3), 1), (day(10), 1)]);
}

#[tokio::test]
async fn a_part_can_be_filtered_by() {
    let client = shop().await;
    let query = Order::query(id("1")).filter(Order::ORDER_ID.eq(1));
    assert_eq!(query.count(&client).await.unwrap(), 3);
}
