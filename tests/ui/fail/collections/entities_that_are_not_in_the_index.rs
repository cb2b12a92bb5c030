//! Each entity of an index's collection has that index, with whole items.

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "depots", index(by_depot, name = "depot-index", partition_key = depot))]
#[dynamo(partition_key("pk") = "PARCEL#{parcel_id}", sort_key("sk") = "PARCEL")]
struct Parcel {
    parcel_id: String,
    depot: String,
}

#[derive(Entity)]
#[dynamo(table = "depots")]
#[dynamo(partition_key("pk") = "DRIVER#{name}", sort_key("sk") = "DRIVER")]
struct Driver {
    name: String,
    depot: String,
}

#[derive(Collection)]
#[dynamo(index = ParcelByDepot)]
enum AtDepot {
    Parcel(Parcel),
    Driver(Driver),
}

#[derive(Projection)]
#[dynamo(of = Truck)]
struct TruckPlate {
    plate: String,
}

#[derive(Entity)]
#[dynamo(table = "trucks")]
#[dynamo(index(by_depot, name = "depot-index", partition_key = depot, projects = TruckPlate))]
struct Truck {
    #[dynamo(partition_key)]
    plate: String,
    depot: String,
    load: u32,
}

#[derive(Collection)]
#[dynamo(index = TruckByDepot)]
enum Trucks {
    Truck(Truck),
}

fn main() {}
