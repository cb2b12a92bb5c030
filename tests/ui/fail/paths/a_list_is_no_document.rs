include!("../../parcels.rs");

fn main() {
    let _ = Parcel::LINES.then(Line::PRODUCT);
}
