//! Batches and transactions over several entities, and in functions for every entity.

include!("../entities.rs");

use dynamo_runtime::{Error, TransactionError};

async fn both<A: Entity, B: Entity>(
    client: &SecureClient,
    (one, other): (A, B),
) -> Result<(A, B), TransactionError> {
    Transaction::new().create(one).create(other).send(client).await
}

async fn found<A: Entity, B: Entity>(
    client: &SecureClient,
    (one, other): (A::Key, B::Key),
) -> Result<(Option<A>, Option<B>), TransactionError> {
    Transaction::get((A::get(one), B::get(other))).send(client).await
}

async fn all<E: Entity>(client: &SecureClient, keys: Vec<E::Key>) -> Result<Vec<E>, Error> {
    E::batch_get(keys).send(client).await?.complete()
}

async fn pay(client: &SecureClient, user: User, orders: Vec<Order>, urgent: bool) {
    let key = User::key(user.user_id.clone());
    let mut transaction = Transaction::new()
        .replace(user)
        .create_all(orders.clone())
        .put_all(orders.into_iter().map(|order| Order::put(order).if_exists()));
    if urgent {
        transaction = transaction.check(key, User::EMAIL.exists());
    }
    let (_user, _created, _put): (User, Vec<Order>, Vec<Order>) =
        transaction.send(client).await.unwrap();
}

fn main() {
    fn is_send<T: Send>(_: impl FnOnce(SecureClient, User, Order) -> T) {}
    is_send(|client, user, order| async move { both(&client, (user, order)).await.unwrap() });
    let _ = (found::<User, Order>, all::<User>, pay);
}
