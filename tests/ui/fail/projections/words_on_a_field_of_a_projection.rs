use dynamo_runtime::prelude::*;

#[derive(Projection)]
#[dynamo(of = User)]
struct Profile {
    #[dynamo(rename = "mail")]
    email: String,
    #[dynamo(projct)]
    address: City,
    #[dynamo(project = City)]
    postal: City,
    #[dynamo(project, project)]
    owner: City,
    #[dynamo]
    age: u8,
}

fn main() {}
