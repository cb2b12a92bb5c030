include!("../../parcels.rs");

fn main() {
    let _ = Parcel::ADDRESS.then(Address::IS_HOME).lt(true);
}
