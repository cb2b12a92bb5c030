include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).insert(Parcel::ROLES, [4]);
}

fn main() {}
