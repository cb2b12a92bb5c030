//! Runs of cargo, and the processor time that each takes.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

use crate::Failure;

/// A run of cargo in a package.
pub(crate) struct Run<'a> {
    pub(crate) package: &'a Path,
    pub(crate) target: &'a Path,
    pub(crate) arguments: &'a [&'a str],
    pub(crate) is_incremental: bool,
}

impl Run<'_> {
    /// The processor time of cargo and all that it started.
    pub(crate) fn time(&self) -> Result<Duration, Failure> {
        let before = of_children()?;
        self.output()?;
        Ok(of_children()?.saturating_sub(before))
    }

    pub(crate) fn output(&self) -> Result<String, Failure> {
        let Self { package, target, arguments, is_incremental } = *self;
        let output = Command::new("cargo")
            .args(arguments)
            .current_dir(package)
            .env("CARGO_TARGET_DIR", target)
            .env("CARGO_INCREMENTAL", if is_incremental { "1" } else { "0" })
            .env("CARGO_TERM_COLOR", "never")
            .output()?;
        if !output.status.success() {
            let told = String::from_utf8_lossy(&output.stderr);
            return Err(
                format!("cargo {} in {}:\n{told}", arguments.join(" "), package.display()).into()
            );
        }
        Ok(String::from_utf8(output.stdout)?)
    }
}

fn of_children() -> Result<Duration, Failure> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros)?))
}
