include!("../../parcels.rs");

fn main() {
    let _ = Parcel::PRICES.entry(4);
}
