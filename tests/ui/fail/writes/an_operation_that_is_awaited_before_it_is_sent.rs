include!("../../entities.rs");

async fn create(user: User) {
    let _ = User::create(user).await;
}

fn main() {}
