use dynamo_runtime::prelude::*;

#[derive(Document, Clone, Debug)]
struct Address {
    city: String,
}

#[derive(Entity)]
#[dynamo(table = "people")]
struct Person {
    #[dynamo(partition_key)]
    id: String,
    home: Address,
}

fn main() {
    let _ = Person::delete(Person::key("p1")).condition(Address::CITY.eq("Oslo"));
}
