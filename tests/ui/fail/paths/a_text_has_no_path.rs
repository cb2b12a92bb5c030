include!("../../parcels.rs");

fn main() {
    let _ = Parcel::STATUS.then(Address::CITY);
}
