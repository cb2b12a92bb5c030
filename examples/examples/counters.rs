//! Counters: a number goes up and down without being read first, and never past its bounds.

use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "page-views", allow(unconditional_upsert))]
struct PageViews {
    #[dynamo(partition_key)]
    page: String,
    #[dynamo(default)]
    views: u64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[dynamo(table = "stock")]
struct Stock {
    #[dynamo(partition_key)]
    product: String,
    left: u32,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::local().table::<PageViews>().table::<Stock>().build().await?;

    // The first view makes the item. A lost response may count a view twice, so it is sent again
    // only where that is known not to happen.
    let key = || PageViews::key("home");
    for _ in 0..3 {
        let view = PageViews::upsert_unconditionally(key()).add(PageViews::VIEWS, 1_u64);
        view.send(&client).await?;
    }
    let seen = PageViews::get(key()).send(&client).await?;
    assert_eq!(seen.map(|page| page.views), Some(3));

    // Ten buyers at once want three cups: the condition and the subtraction are one step.
    Stock::create(Stock { product: "cup".to_owned(), left: 3 }).send(&client).await?;
    let buyers: Vec<_> = (0..10)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                let buy = Stock::update(Stock::key("cup")).subtract(Stock::LEFT, 1_u32);
                buy.condition(Stock::LEFT.ge(1)).send(&client).await
            })
        })
        .collect();
    let mut sold = 0;
    for buyer in buyers {
        match buyer.await? {
            Ok(()) => sold += 1,
            Err(error) => assert!(error.is_condition_failed(), "sold out"),
        }
    }
    assert_eq!(sold, 3);

    // Without the condition of ours, the field's type is the bound: nothing is below zero.
    let below = Stock::update(Stock::key("cup")).subtract(Stock::LEFT, 1_u32).if_exists();
    assert!(below.send(&client).await.unwrap_err().is_condition_failed());
    Ok(())
}
