//! Everything that a program compiles which gets one item and creates one, from nothing.

use std::fs;
use std::path::Path;

use crate::cargo::Run;
use crate::subject::runtime;
use crate::{Failure, repository};

/// A program and what it depends on.
struct Program {
    name: &'static str,
    dependencies: String,
    source: &'static str,
}

const OURS: &str = r#"use dynamo_runtime::prelude::*;

#[derive(Entity, Debug)]
#[dynamo(table = "users")]
struct User {
    #[dynamo(partition_key)]
    user_id: String,
    email: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = SecureClient::builder()
        .region(Region::US_EAST_1)
        .credentials(Credentials::environment())
        .table::<User>(TableName::new("users")?)
        .build()
        .await?;
    let user = User { user_id: "ann".into(), email: "a@example.com".into() };
    User::create(user).send(&client).await?;
    println!("{:?}", User::get(User::key("ann")).send(&client).await?);
    Ok(())
}
"#;

const SDK: &str = r#"use aws_sdk_dynamodb::types::AttributeValue;
use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, Serialize)]
struct User {
    user_id: String,
    email: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let client = aws_sdk_dynamodb::Client::new(&config);
    let user = User { user_id: "ann".into(), email: "a@example.com".into() };
    client
        .put_item()
        .table_name("users")
        .set_item(Some(serde_dynamo::to_item(&user)?))
        .condition_expression("attribute_not_exists(user_id)")
        .send()
        .await?;
    let key = AttributeValue::S("ann".into());
    let got = client.get_item().table_name("users").key("user_id", key).send().await?;
    let user: Option<User> = got.item.map(serde_dynamo::from_item).transpose()?;
    println!("{user:?}");
    Ok(())
}
"#;

pub(crate) fn run(folder: &Path) -> Result<(), Failure> {
    let tokio = "tokio = { version = \"1\", features = [\"macros\", \"rt\"] }\n";
    let ours =
        Program { name: "ours", dependencies: format!("{tokio}{}", runtime()), source: OURS };
    let sdk = Program {
        name: "sdk",
        dependencies: format!(
            "{tokio}aws-config = \"1\"\naws-sdk-dynamodb = \"1\"\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_dynamo = {{ version = \"4\", features = [\"aws-sdk-dynamodb+1\"] }}\n"
        ),
        source: SDK,
    };
    let (ours, sdk) = (measure(folder, &ours)?, measure(folder, &sdk)?);
    println!("ratio clean_build_dev {:.3} sdk", ours.dev / sdk.dev);
    println!("ratio clean_build_release {:.3} sdk", ours.release / sdk.release);
    println!("crates clean_build {} {} sdk", ours.crates, sdk.crates);
    Ok(())
}

/// What a program took.
struct Measured {
    dev: f64,
    release: f64,
    crates: usize,
}

fn measure(folder: &Path, program: &Program) -> Result<Measured, Failure> {
    let Program { name, dependencies, source } = program;
    let package = folder.join(format!("clean-{name}"));
    fs::create_dir_all(package.join("src"))?;
    let manifest = format!(
        "[package]\nname = \"clean-{name}\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n{dependencies}\n[workspace]\n"
    );
    fs::write(package.join("Cargo.toml"), manifest)?;
    fs::write(package.join("src/main.rs"), source)?;
    let lock = package.join("Cargo.lock");
    if !lock.exists() {
        fs::copy(repository().join("Cargo.lock"), lock)?;
    }
    let target = package.join("target");
    let run = |arguments: &[&str]| {
        Run { package: &package, target: &target, arguments, is_incremental: false }.output()
    };
    run(&["fetch", "--quiet"])?;
    let tree = run(&["tree", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])?;
    let mut crates: Vec<_> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    crates.sort_unstable();
    crates.dedup();

    let build = |arguments: &[&str]| -> Result<f64, Failure> {
        if target.exists() {
            fs::remove_dir_all(&target)?;
        }
        let build = Run { package: &package, target: &target, arguments, is_incremental: false };
        Ok(build.time()?.as_secs_f64())
    };
    let dev = build(&["build", "--quiet"])?;
    let release = build(&["build", "--release", "--quiet"])?;
    println!("{name}: dev {dev:.1} s, release {release:.1} s, {} crates", crates.len());
    Ok(Measured { dev, release, crates: crates.len() })
}
