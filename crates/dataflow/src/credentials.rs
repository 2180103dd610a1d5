//! Who logs in, where that changes while the program runs.

use std::fmt;
use std::sync::Arc;

use dataflow_core::endpoint::{PostgresEndpoint, Secret};
use dataflow_core::error::Kind;
use dataflow_core::{Error, Result};

/// A role of a PostgreSQL server and its password of the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    password: Secret,
}

impl Credentials {
    /// A role and its password.
    ///
    /// ```
    /// let credentials = dataflow::Credentials::new("app", "of the moment");
    /// assert!(!format!("{credentials:?}").contains("of the moment"));
    /// ```
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: Secret::new(password),
        }
    }
}

/// Where the credentials of each new connection come from.
#[derive(Clone)]
pub(crate) struct CredentialSource(Arc<dyn Fn() -> Result<Credentials> + Send + Sync>);

impl CredentialSource {
    pub(crate) fn new(source: impl Fn() -> Result<Credentials> + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// An endpoint with the credentials of the moment. Blocks while they are asked for.
    pub(crate) fn log_into(&self, mut endpoint: PostgresEndpoint) -> Result<PostgresEndpoint> {
        let credentials = (self.0)().map_err(|error| {
            Error::new(Kind::Unavailable, "the credentials cannot be had").with_source(error)
        })?;
        endpoint.user = credentials.user;
        endpoint.password = Some(credentials.password);
        Ok(endpoint)
    }
}

impl fmt::Debug for CredentialSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CredentialSource")
    }
}
