include!("../../entities.rs");

fn forget(key: UserKey) {
    let _ = User::delete(key).if_exists().returning_old().exactly_once();
}

fn main() {}
