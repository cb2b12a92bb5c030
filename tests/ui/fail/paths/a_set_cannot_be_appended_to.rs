include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).append(Parcel::ROLES, ["admin"]);
}

fn main() {}
