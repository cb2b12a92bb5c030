//! A sort key, an index, ranges, filters, pages and streams.

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "orders")]
#[dynamo(index(by_status, name = "status-index", partition_key = status, sort_key = placed_at))]
struct Order {
    #[dynamo(partition_key)]
    customer: String,
    #[dynamo(sort_key)]
    placed_at: Timestamp,
    status: String,
    total: u64,
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_epoch_seconds(second).unwrap_or_else(|_| Timestamp::now())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<Order>().build().await?;
    for second in 0..10_i32 {
        let order = Order {
            customer: "c1".to_owned(),
            placed_at: at(second.into()),
            status: if second % 2 == 0 { "open" } else { "shipped" }.to_owned(),
            total: 10 * u64::from(second.unsigned_abs()),
        };
        Order::create(order).send(&client).await?;
    }

    // All of a partition, as a stream that reads page after page.
    let mut total = 0;
    let mut orders = Order::query("c1").items(&client);
    while let Some(order) = orders.next().await {
        total += order?.total;
    }
    assert_eq!(total, 450);

    // A range of the sort key, filtered, from the latest, at most three.
    let latest = Order::query("c1")
        .placed_at(at(3)..)
        .filter(Order::TOTAL.gt(40))
        .descending()
        .limit(3)
        .items(&client)
        .collect()
        .await?;
    assert_eq!(latest.iter().map(|order| order.total).collect::<Vec<_>>(), [90, 80, 70]);

    // By a global index, page by page. It is eventually consistent: it has what was written a moment
    // later, so a program relies on what an item of it is, and not on which are there already.
    let mut query = Order::by_status("open").limit(3);
    loop {
        let page = query.page(&client).await?;
        assert!(page.items.len() <= 3 && page.items.iter().all(|order| order.status == "open"));
        let Some(cursor) = page.next else { break };
        query = Order::by_status("open").limit(3).after(cursor);
    }
    let mut early = Order::by_status("shipped").placed_at(..=at(3)).items(&client);
    while let Some(order) = early.next().await.transpose()? {
        assert!(order.status == "shipped" && order.placed_at <= at(3));
    }
    Ok(())
}
