include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).set_if_absent(Parcel::LINES.at(0), line);
}

fn main() {}
