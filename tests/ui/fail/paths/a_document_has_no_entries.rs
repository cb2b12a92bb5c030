include!("../../parcels.rs");

fn main() {
    let _ = Parcel::ADDRESS.entry("city");
}
