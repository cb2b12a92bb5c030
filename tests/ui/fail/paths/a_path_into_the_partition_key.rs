include!("../../parcels.rs");

fn main() {
    let _ = Parcel::PARCEL_ID.at(0);
}
