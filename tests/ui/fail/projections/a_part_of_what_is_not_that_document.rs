use dynamo_runtime::prelude::*;
use std::borrow::Cow;

#[derive(Document)]
struct Address {
    city: String,
}

#[derive(Document)]
struct Card {
    number: String,
}

#[derive(Entity)]
#[dynamo(table = "shops")]
struct Shop {
    #[dynamo(partition_key)]
    id: String,
    address: Address,
    postal: Option<Address>,
    owner: Sensitive<Address>,
    name: String,
    invoice: Address,
    #[dynamo(default = vienna)]
    branch: Address,
}

fn vienna() -> Address {
    Address { city: "Vienna".to_owned() }
}

#[derive(Projection)]
#[dynamo(of = Address)]
struct City {
    city: String,
}

#[derive(Projection)]
#[dynamo(of = Card)]
struct Number {
    number: String,
}

#[derive(Projection)]
#[dynamo(of = Shop)]
struct Parts<'a> {
    #[dynamo(project)]
    address: Number,
    #[dynamo(project)]
    postal: City,
    #[dynamo(project)]
    owner: City,
    #[dynamo(project)]
    name: Cow<'a, str>,
    #[dynamo(project)]
    invoice: Address,
    #[dynamo(project)]
    branch: City,
}

fn main() {}
