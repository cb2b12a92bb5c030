include!("../../parcels.rs");

fn main() {
    let _ = Parcel::PRICES.entry("tea").eq("ten");
}
