include!("../../entities.rs");

fn main() {
    let _ = dynamo_runtime::Condition::<User>::from("age > :a");
}
