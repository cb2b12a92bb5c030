include!("../entities.rs");

use dynamo_runtime::operation::traits::Versioned;
use dynamo_runtime::{Error, WriteError};

async fn save<E: Entity>(client: &SecureClient, entity: E) -> Result<E, WriteError<E>> {
    E::create(entity).send(client).await
}

async fn load<E: Entity>(client: &SecureClient, key: E::Key) -> Result<Option<E>, Error> {
    E::get(key).eventually_consistent().send(client).await
}

async fn remove<E: Versioned>(client: &SecureClient, entity: &E) -> Result<(), WriteError<E>> {
    E::delete_entity(entity).send(client).await
}

fn is_send<T: Send>(_: T) {}

fn generic_futures<E: Versioned>(client: &SecureClient, entity: E) {
    is_send(load::<E>(client, entity.to_key()));
    is_send(remove(client, &entity));
    is_send(save(client, entity));
}

fn uses(client: &SecureClient, user: User) {
    generic_futures(client, user);
}

fn main() {}
