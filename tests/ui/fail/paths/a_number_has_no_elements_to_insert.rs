include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).insert(Parcel::WEIGHT, [1]);
}

fn main() {}
