//! Environment variables, read so that all mistakes are found at once.

use std::env::VarError;
use std::error::Error;
use std::fmt;

use dynamo_runtime::error::BoxError;

/// Reads variables, and keeps what is wrong with any of them.
pub(super) struct Variables<'a> {
    read: &'a dyn Fn(&str) -> Result<String, VarError>,
    mistakes: Vec<Mistake>,
}

impl<'a> Variables<'a> {
    pub(super) fn new(read: &'a dyn Fn(&str) -> Result<String, VarError>) -> Self {
        Self { read, mistakes: Vec::new() }
    }

    /// The variable's value, if it has one that can be read.
    pub(super) fn get<T, E: Into<BoxError>>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        let parsed = match (self.read)(name) {
            Ok(text) => parse(&text).map_err(Into::into),
            Err(VarError::NotPresent) => return None,
            Err(error) => Err(error.into()),
        };
        parsed.map_err(|cause| self.mistakes.push(Mistake { variable: name, cause })).ok()
    }

    pub(super) fn is_set(&self, name: &str) -> bool {
        !matches!((self.read)(name), Err(VarError::NotPresent))
    }

    pub(super) fn refuse(&mut self, name: &'static str, why: &str) {
        self.mistakes.push(Mistake { variable: name, cause: why.into() });
    }

    /// Refuses that one is set without any of others.
    pub(super) fn needs(&mut self, one: &'static str, others: &[&'static str]) {
        if self.is_set(one) && !others.iter().any(|other| self.is_set(other)) {
            let first = others.first().copied().unwrap_or(one);
            self.refuse(first, &format!("{one} is set without {}", others.join(" or ")));
        }
    }

    /// What was read, if nothing was wrong.
    pub(super) fn finish<T>(self, read: Option<T>) -> Result<T, ConfigError> {
        match read {
            Some(read) if self.mistakes.is_empty() => Ok(read),
            _ => Err(ConfigError { mistakes: self.mistakes }),
        }
    }
}

/// The environment variables that the service cannot start with, all of them.
#[derive(Debug)]
pub struct ConfigError {
    mistakes: Vec<Mistake>,
}

#[derive(Debug)]
struct Mistake {
    variable: &'static str,
    cause: BoxError,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the environment variables do not fit")?;
        self.mistakes
            .iter()
            .try_for_each(|Mistake { variable, cause }| write!(f, "\n  {variable}: {cause}"))
    }
}

impl Error for ConfigError {}
