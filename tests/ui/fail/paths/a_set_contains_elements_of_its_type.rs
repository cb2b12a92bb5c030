include!("../../parcels.rs");

fn main() {
    let _ = Parcel::ROLES.contains(4);
}
