include!("../../shop.rs");

#[derive(Entity)]
#[dynamo(table = "others")]
struct Other {
    #[dynamo(partition_key)]
    id: String,
}

fn change(key: OtherKey) {
    let _ = Other::update(key).set_index_key(OrderByDepotKey { country: None, depot: None });
}

fn main() {}
