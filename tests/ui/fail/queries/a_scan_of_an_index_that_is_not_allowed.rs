//! A scan of an index reads the whole index, and is declared as a scan of the table is.

use dynamo_runtime::prelude::*;

#[derive(Entity)]
#[dynamo(table = "users", index(by_email, name = "email-index", partition_key = email))]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
}

#[derive(Entity)]
#[dynamo(table = "teams", allow(scan))]
struct Team {
    #[dynamo(partition_key)]
    name: String,
}

fn main() {
    let _ = User::scan_index::<UserByEmail>();
    let _ = Team::scan_index::<UserByEmail>();
}
