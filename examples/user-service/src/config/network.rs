//! Addresses of proxies, and the one that they alone may speak to without TLS.

use std::net::{IpAddr, SocketAddr};

use dynamo_runtime::error::BoxError;
use ipnet::IpNet;

use super::variables::Variables;
use super::{ForwardedBy, Proxies};

pub(super) fn proxies(variables: &mut Variables<'_>) -> Option<Proxies> {
    variables.needs("PROXY_HEADER", &["PROXY_ADDRESSES"]);
    let by = variables.get("PROXY_HEADER", |text| match text {
        "x-forwarded" => Ok(ForwardedBy::XForwarded),
        "forwarded" => Ok(ForwardedBy::Forwarded),
        _ => Err("it is x-forwarded, for X-Forwarded-Proto and X-Forwarded-For, or forwarded"),
    });
    let networks = variables.get("PROXY_ADDRESSES", |text| {
        text.split(',').map(|network| network_of(network.trim())).collect::<Result<Vec<_>, _>>()
    })?;
    Some(Proxies { networks, by: by.unwrap_or(ForwardedBy::XForwarded) })
}

/// One address, or a network with the length of its prefix.
fn network_of(text: &str) -> Result<IpNet, BoxError> {
    let one = text.parse::<IpAddr>().map(IpNet::from);
    let network = one.or_else(|_| text.parse::<IpNet>());
    let network = network.map_err(|_| "each is an IP address, or a network such as 10.0.0.0/8")?;
    if network.prefix_len() == 0 {
        return Err("a network of all addresses would believe everybody".into());
    }
    Ok(network)
}

/// No address that others than this machine and its private network can reach.
pub(super) fn plain_address(text: &str) -> Result<SocketAddr, BoxError> {
    let address: SocketAddr = text.parse().map_err(|_| "it is an IP address with a port")?;
    let is_near = match address.ip().to_canonical() {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    if is_near {
        Ok(address)
    } else {
        Err("only a loopback or a private address may be without TLS".into())
    }
}
