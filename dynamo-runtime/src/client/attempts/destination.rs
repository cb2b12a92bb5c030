//! The hosts that requests go to: one for all operations, and another one for searches.

use std::sync::OnceLock;

use super::super::api::Api;
use super::super::call_error::CallErrorKind;
use super::super::choke::Served;
use super::super::connector::Connector;
use super::super::endpoint::Authority;
use super::super::error::BuildError;
use super::super::head::Heads;
use super::super::tls::Tls;
use super::quota::Quota;

/// One host, and what is of it alone.
pub(in super::super) struct Destination {
    pub(in super::super) host: String,
    pub(in super::super) port: u16,
    pub(in super::super) connector: Connector,
    pub(super) heads: Heads,
    /// The host's own: another one that is in trouble does not use up its retries.
    pub(super) quota: Quota,
}

/// Where each operation goes.
pub(in super::super) struct Destinations {
    pub(in super::super) first: Destination,
    searches: Searches,
}

/// Where searches go.
pub(in super::super) enum Searches {
    /// Nowhere, before the code says where: how.
    Unsaid(&'static str),
    WithTheRest,
    Apart(Box<SearchesApart>),
}

/// A host for searches alone; what there is of it beyond this is made when the first one is sent.
pub(in super::super) struct SearchesApart {
    authority: Authority,
    /// Where another is trusted than of the first host.
    tls: Option<Tls>,
    is_crc_expected: bool,
    made: OnceLock<Destination>,
}

impl Destination {
    pub(in super::super) fn new(connector: Connector) -> Result<Self, BuildError> {
        let authority = connector.authority();
        let (host, port) = (authority.host.to_string(), authority.port);
        let heads = Heads::new(&authority.to_string())?;
        Ok(Self { host, port, connector, heads, quota: Quota::default() })
    }
}

impl Destinations {
    pub(in super::super) fn new(first: Destination, searches: Searches) -> Self {
        Self { first, searches }
    }

    /// The host that this operation is sent to.
    ///
    /// # Errors
    /// It is a search, and the code does not say where those go.
    pub(in super::super) fn of(&self, api: Api) -> Result<&Destination, CallErrorKind> {
        if api.is_search() { self.of_searches() } else { Ok(&self.first) }
    }

    #[inline(never)]
    fn of_searches(&self) -> Result<&Destination, CallErrorKind> {
        match &self.searches {
            Searches::Unsaid(how) => Err(CallErrorKind::NoSearchEndpoint(how)),
            Searches::WithTheRest => Ok(&self.first),
            Searches::Apart(apart) => {
                let made = apart.beside(&self.first);
                made.map_err(|error| CallErrorKind::Internal(error.to_string()))
            }
        }
    }
}

impl SearchesApart {
    pub(in super::super) fn new(
        authority: Authority,
        tls: Option<Tls>,
        is_crc_expected: bool,
    ) -> Self {
        Self { authority, tls, is_crc_expected, made: OnceLock::new() }
    }

    /// It has the limits, the proxy, the resolver and the audit of the first host.
    fn beside(&self, first: &Destination) -> Result<&Destination, BuildError> {
        if let Some(made) = self.made.get() {
            return Ok(made);
        }
        let route = first.connector.route().beside(self.authority.clone(), self.tls.as_ref())?;
        let (serves, is_crc_expected) = (Served::SearchesAlone, self.is_crc_expected);
        let made = Destination::new(first.connector.beside(route, serves, is_crc_expected))?;
        Ok(self.made.get_or_init(|| made))
    }
}
