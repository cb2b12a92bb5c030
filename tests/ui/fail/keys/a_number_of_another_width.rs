use dynamo_runtime::prelude::*;

#[derive(Entity, Clone, Debug)]
#[dynamo(table = "parcels")]
struct Parcel {
    #[dynamo(partition_key)]
    id: u32,
}

fn read(id: u64) {
    let _ = Parcel::key(id);
}

fn main() {}
