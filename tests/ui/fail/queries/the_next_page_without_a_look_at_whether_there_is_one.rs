include!("../../entities.rs");

async fn read(client: &SecureClient) -> Result<(), dynamo_runtime::Error> {
    let page = Order::by_status("open").page(client).await?;
    let _ = Order::by_status("open").after(page.next);
    Ok(())
}

fn main() {}
