include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).add(Parcel::ADDRESS.then(Address::CITY), 1);
}

fn main() {}
