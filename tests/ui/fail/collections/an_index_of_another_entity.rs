//! The index of a collection is named by the type that the first entity has for it.

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "parcels", index(by_depot, name = "depot-index", partition_key = depot))]
struct Parcel {
    #[dynamo(partition_key)]
    parcel_id: String,
    depot: String,
}

#[derive(Entity)]
#[dynamo(table = "drivers", index(by_depot, name = "depot-index", partition_key = depot))]
struct Driver {
    #[dynamo(partition_key)]
    name: String,
    depot: String,
}

#[derive(Collection)]
#[dynamo(index = DriverByDepot)]
enum AtDepot {
    Parcel(Parcel),
}

fn main() {}
