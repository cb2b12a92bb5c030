include!("../../parcels.rs");

fn main() {
    let _ = Parcel::WEIGHT.at(0);
}
