include!("../../parcels.rs");

fn main() {
    let _ = Parcel::PRICES.at(0);
}
