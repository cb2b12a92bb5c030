include!("../../parcels.rs");

fn change(key: ParcelKey, line: Line) {
    let _ = Parcel::update(key).append(Parcel::ADDRESS.then(Address::CITY), ["!"]);
}

fn main() {}
