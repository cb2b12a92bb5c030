//! The order of an index is not that of the table's keys.

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "parcels", index(by_depot, name = "depot-index", partition_key = depot))]
struct Parcel {
    #[dynamo(partition_key)]
    parcel_id: String,
    depot: String,
}

#[derive(Collection)]
#[dynamo(index = ParcelByDepot)]
enum AtDepot {
    Parcel(Parcel),
}

fn main() {
    let _ = AtDepot::query("d1").starting_at(&Parcel::key("p1"));
}
