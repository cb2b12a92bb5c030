include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).discard(Parcel::LINES, [line]);
}

fn main() {}
