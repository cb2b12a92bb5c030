include!("../../parcels.rs");

fn main() {
    let _ = Parcel::ADDRESS.then(Line::PRODUCT);
}
