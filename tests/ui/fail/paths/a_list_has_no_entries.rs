include!("../../parcels.rs");

fn main() {
    let _ = Parcel::LINES.entry("tea");
}
