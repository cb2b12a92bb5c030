include!("../../entities.rs");

async fn read(client: &SecureClient, user: UserKey, order: OrderKey) {
    let _ = Transaction::get((User::get(user), Order::query(order.customer_id))).send(client).await;
}

fn main() {}
