include!("../../parcels.rs");

fn main() {
    let _ = Parcel::ROLES.at(0);
}
