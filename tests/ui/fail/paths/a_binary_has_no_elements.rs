include!("../../parcels.rs");

fn main() {
    let _ = Parcel::SEAL.at(0);
}
