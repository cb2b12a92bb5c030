include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).remove(Parcel::CORNERS.at(0));
}

fn main() {}
