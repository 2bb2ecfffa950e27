//! How often one caller may ask: by player when a token says who it is, else by address.
//!
//! Costs one lookup in a sharded map. Addresses of IPv6 count by their /64, which is what one household or server has. Behind
//! proxies of ours the address is the entry that the outermost of them wrote; what a client writes there itself is further left
//! and is not looked at.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, Request};
use ids::PlayerId;
use tower_governor::GovernorLayer;
use tower_governor::errors::GovernorError;
use tower_governor::governor::GovernorConfigBuilder;
use tower_governor::key_extractor::KeyExtractor;

use crate::auth::Caller;
use crate::problem::{Code, Problem};
use crate::state::Options;

/// Whose requests are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Asker {
    Player(PlayerId),
    Address(IpAddr),
}

/// Finds the asker of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ByAsker {
    proxies: usize,
}

/// The limit. What it is made of has a type of the library's that can't be named, hence the two functions.
pub(crate) struct Rate {
    limit: Box<dyn Fn(Router) -> Router + Send + Sync>,
    forget: Box<dyn Fn() + Send + Sync>,
}

impl Rate {
    /// The limit that `options` set; a rate or burst of zero counts as one.
    pub(crate) fn new(options: &Options) -> Self {
        let period = Duration::from_secs(1) / options.requests_per_second.max(1);
        let config = GovernorConfigBuilder::default()
            .period(period.max(Duration::from_nanos(1)))
            .burst_size(options.burst.max(1))
            .key_extractor(ByAsker { proxies: options.proxies })
            .finish()
            .map(Arc::new);
        let idle = config.clone();
        Self {
            limit: Box::new(move |router| match &config {
                Some(config) => router.layer(GovernorLayer::new(Arc::clone(config)).error_handler(refuse)),
                None => router,
            }),
            forget: Box::new(move || {
                if let Some(config) = &idle {
                    config.limiter().retain_recent();
                    config.limiter().shrink_to_fit();
                }
            }),
        }
    }

    /// `router` behind the limit.
    pub(crate) fn limit(&self, router: Router) -> Router {
        (self.limit)(router)
    }

    /// Forgets callers who have not asked lately.
    pub(crate) fn forget_idle(&self) {
        (self.forget)();
    }
}

fn refuse(error: GovernorError) -> Response {
    match error {
        GovernorError::TooManyRequests { .. } => Problem::from(Code::TooFast),
        GovernorError::UnableToExtractKey | GovernorError::Other { .. } => Problem::from(Code::Internal),
    }
    .into_response()
}

impl KeyExtractor for ByAsker {
    type Key = Asker;

    fn extract<T>(&self, request: &Request<T>) -> Result<Asker, GovernorError> {
        if let Some(caller) = request.extensions().get::<Caller>() {
            return Ok(Asker::Player(caller.player));
        }
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
        let forwarded = forwarded(request.headers(), self.proxies);
        // Served over something that is no socket, as tests do: all such callers are one.
        let address = forwarded.or(peer).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        Ok(Asker::Address(household(address)))
    }
}

/// The address that the outermost of `proxies` proxies saw.
fn forwarded(headers: &HeaderMap, proxies: usize) -> Option<IpAddr> {
    let from_right = proxies.checked_sub(1)?;
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let entries: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    entries.iter().rev().nth(from_right)?.parse().ok()
}

/// An IPv6 address without the half that its owner picks.
fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => {
            let bits = six.to_bits() >> 64 << 64;
            six.to_ipv4_mapped().map_or(IpAddr::V6(Ipv6Addr::from_bits(bits)), IpAddr::V4)
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn asker(proxies: usize, forwarded: Option<&'static str>, caller: Option<Caller>) -> Asker {
        let mut request = Request::new(());
        let peer: SocketAddr = "192.0.2.1:5000".parse().unwrap();
        request.extensions_mut().insert(ConnectInfo(peer));
        if let Some(text) = forwarded {
            request.headers_mut().insert("x-forwarded-for", HeaderValue::from_static(text));
        }
        if let Some(caller) = caller {
            request.extensions_mut().insert(caller);
        }
        ByAsker { proxies }.extract(&request).unwrap()
    }

    fn at(text: &str) -> Asker {
        Asker::Address(text.parse().unwrap())
    }

    #[test]
    fn without_proxies_the_header_is_not_believed_and_with_them_only_their_part_is() {
        let forged = Some("203.0.113.9, 198.51.100.7, 192.0.2.200");
        assert_eq!(asker(0, forged, None), at("192.0.2.1"));
        assert_eq!(asker(1, forged, None), at("192.0.2.200"));
        assert_eq!(asker(2, forged, None), at("198.51.100.7"));
        assert_eq!(asker(4, forged, None), at("192.0.2.1"));
        assert_eq!(asker(1, Some("no address"), None), at("192.0.2.1"));
        assert_eq!(asker(1, None, None), at("192.0.2.1"));
    }

    #[test]
    fn a_player_counts_as_a_player_wherever_he_is() {
        let player = PlayerId::from_bytes([7; 16]);
        let caller = Caller { player, session: ids::SessionId::from_bytes([1; 16]) };
        assert_eq!(asker(1, Some("203.0.113.9"), Some(caller)), Asker::Player(player));
    }

    #[test]
    fn a_household_of_ipv6_is_one_asker() {
        let same = ["2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"];
        let [first, second] = same.map(|text| household(text.parse().unwrap()));
        assert_eq!(first, second);
        assert_ne!(first, household("2001:db8:1:3::1".parse().unwrap()));
        assert_eq!(household("::ffff:192.0.2.1".parse().unwrap()), "192.0.2.1".parse::<IpAddr>().unwrap());
    }
}
