include!("../../parcels.rs");

fn main() {
    let _ = Parcel::ADDRESS.then(Address::CITY).eq(4);
}
