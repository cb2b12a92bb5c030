//! Whose derives are compiled, each in a workspace of its own: two of them cannot be locked together.

use std::fs;
use std::path::{Path, PathBuf};

use crate::source::Source;
use crate::{Failure, repository};

/// A library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// This one.
    Ours,
    /// The SDK with `serde_dynamo`, and serde's derives.
    Serde,
    /// The same with the derive of `modyne`, whose keys are written by hand.
    Modyne,
    /// toasty's derive, without a driver.
    Toasty,
    /// The structs without a derive: what cargo and the compiler take for a crate on the SDK.
    Bare,
}

impl Subject {
    const ALL: [Self; 5] = [Self::Ours, Self::Serde, Self::Modyne, Self::Toasty, Self::Bare];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|subject| subject.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Serde => "serde",
            Self::Modyne => "modyne",
            Self::Toasty => "toasty",
            Self::Bare => "bare",
        }
    }

    /// Whether it has calls to compile, or a derive alone.
    pub(crate) fn has_calls(self) -> bool {
        matches!(self, Self::Ours | Self::Serde)
    }

    fn dependencies(self) -> String {
        let sdk = "aws-sdk-dynamodb = { version = \"1\", default-features = false, features = [\"rt-tokio\"] }\n";
        let serde = "serde = { version = \"1\", features = [\"derive\"] }\n";
        match self {
            Self::Ours => runtime(),
            Self::Serde => format!(
                "{sdk}{serde}serde_dynamo = {{ version = \"4\", features = [\"aws-sdk-dynamodb+1\"] }}\n"
            ),
            Self::Modyne => format!("{sdk}{serde}modyne = \"0.3\"\n"),
            Self::Toasty => "toasty = \"0.11\"\n".to_owned(),
            Self::Bare => sdk.to_owned(),
        }
    }

    /// Writes the crate, but for its source.
    pub(crate) fn make(self, folder: &Path) -> Result<PathBuf, Failure> {
        let package = folder.join(self.name());
        fs::create_dir_all(package.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"{}-100\"\nedition = \"2024\"\npublish = false\n\n[dependencies]\n{}\n[workspace]\n",
            self.name(),
            self.dependencies(),
        );
        write_changed(&package.join("Cargo.toml"), &manifest)?;
        let lock = package.join("Cargo.lock");
        // What is in both has one version, except where that cannot be.
        if self != Self::Toasty && !lock.exists() {
            fs::copy(repository().join("Cargo.lock"), lock)?;
        }
        Ok(package)
    }

    /// Writes the source, which is then newer than what was compiled of it.
    pub(crate) fn write(self, package: &Path, source: Source) -> Result<(), Failure> {
        fs::write(package.join("src/lib.rs"), source.of(self))?;
        Ok(())
    }
}

/// The dependency on the runtime of this repository.
pub(crate) fn runtime() -> String {
    let runtime = repository().join("dynamo-runtime");
    format!("dynamo-runtime = {{ path = \"{}\" }}\n", runtime.display())
}

/// A file that has this text already is left as it is.
fn write_changed(path: &Path, text: &str) -> Result<(), Failure> {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(());
    }
    fs::write(path, text)?;
    Ok(())
}
