include!("../../parcels.rs");

fn main() {
    let _ = Parcel::STATUS.entry("a");
}
