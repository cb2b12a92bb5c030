include!("../../entities.rs");

fn main() {
    let _ = User::get(Setting::key("theme"));
}
