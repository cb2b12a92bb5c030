include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).remove(Parcel::ADDRESS.then(Address::CITY));
}

fn main() {}
