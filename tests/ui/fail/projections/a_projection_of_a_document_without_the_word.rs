use dynamo_runtime::prelude::*;

#[derive(Document)]
struct Address {
    city: String,
}

#[derive(Entity)]
#[dynamo(table = "shops")]
struct Shop {
    #[dynamo(partition_key)]
    id: String,
    address: Address,
}

#[derive(Projection)]
#[dynamo(of = Address)]
struct City {
    city: String,
}

#[derive(Projection)]
#[dynamo(of = Shop)]
struct ShopCity {
    address: City,
}

fn main() {
    let _ = Shop::get(Shop::key("s")).project::<City>();
}
