//! What `docs/hardening.md` hands out does what it says.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// What clippy says of a program that uses each of these, with the configuration in this folder.
fn clippy(configuration: &Path, used: &[&str]) -> String {
    let deps = std::env::current_exe().unwrap().parent().unwrap().to_owned();
    let is_sdk = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.starts_with("libaws_sdk_dynamodb-") && name.ends_with(".rlib")
    };
    let compiled = std::fs::read_dir(&deps).unwrap().map(|entry| entry.unwrap().path());
    // Several are there after a change of features: any will do, and the newest is by this compiler.
    let sdk =
        compiled.filter(is_sdk).max_by_key(|path| path.metadata().unwrap().modified().unwrap());
    let folder =
        std::env::temp_dir().join(format!("dynamo-clippy-{}-{}", std::process::id(), used.len()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(
        folder.join("lib.rs"),
        format!("pub fn each() {{\n    let _ = ({},);\n}}\n", used.join(", ")),
    )
    .unwrap();
    let output = Command::new("clippy-driver")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("CLIPPY_CONF_DIR", configuration)
        .args(["--edition", "2024", "--crate-type", "lib", "--emit", "metadata"])
        .args(["-D", "clippy::disallowed_methods", "--out-dir"])
        .arg(&folder)
        .arg("-L")
        .arg(format!("dependency={}", deps.display()))
        .arg("--extern")
        .arg(format!("aws_sdk_dynamodb={}", sdk.expect("the SDK is compiled").display()))
        .arg(folder.join("lib.rs"))
        .output()
        .expect("clippy is a component of the toolchain");
    std::fs::remove_dir_all(&folder).unwrap();
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn clippy_rejects_the_clients_of_the_sdk_by_the_file_for_users() {
    let file = std::fs::read_to_string(docs().join("clippy.toml")).unwrap();
    let banned: Vec<_> = file
        .lines()
        .filter_map(|line| line.trim_start().strip_prefix("{ path = \""))
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(banned.contains(&"aws_sdk_dynamodb::Client::new"), "{banned:?}");
    let told = clippy(&docs(), &banned);
    for path in &banned {
        let expected = format!("error: use of a disallowed method `{path}`");
        assert!(told.contains(&expected), "{expected}\n{told}");
    }
    assert!(told.contains("SecureClient::builder()"), "{told}");
    // Without the file they pass: it is the file that rejects them.
    let told = clippy(Path::new(env!("CARGO_MANIFEST_DIR")), &banned);
    assert_eq!(told, "");
}

#[test]
fn each_policy_is_one() {
    let document = std::fs::read_to_string(docs().join("hardening.md")).unwrap();
    let policies: Vec<_> = document.split("```json\n").skip(1).collect();
    assert_eq!(policies.len(), 3);
    for policy in policies {
        let policy: Value = serde_json::from_str(policy.split("```").next().unwrap()).unwrap();
        assert_eq!(policy["Version"], "2012-10-17");
        for statement in policy["Statement"].as_array().unwrap() {
            for member in ["Effect", "Action", "Resource", "Condition"] {
                assert!(!statement[member].is_null(), "{member} in {statement}");
            }
        }
    }
}
