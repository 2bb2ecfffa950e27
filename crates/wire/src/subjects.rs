//! NATS subjects. Ids in them are slugs or UUIDs, which hold none of the characters that a subject treats specially.

use ids::{DealerId, EdgeId, LeaseId, PlayerId, RegionId};

/// Shards of the round log in each region: one JetStream stream each, since one server commits one stream at a time.
pub const ROUND_SHARDS: u16 = 4;

/// The shard of a lease, fixed by its id's last byte.
#[must_use]
pub fn shard_of(lease: LeaseId) -> u16 {
    let [.., last] = lease.to_bytes();
    u16::from(last) % ROUND_SHARDS
}

/// The round log of one lease.
#[must_use]
pub fn rounds(region: &RegionId, lease: LeaseId) -> String {
    format!("rounds.{region}.{}.{lease}", shard_of(lease))
}

/// What an edge told its players, for the core to compare.
#[must_use]
pub fn told(region: &RegionId, edge: &EdgeId) -> String {
    format!("told.{region}.{edge}")
}

/// A player's wallet events.
#[must_use]
pub fn wallet(player: PlayerId) -> String {
    format!("wallet.{player}")
}

/// Requests of an edge to the core: `offer open heartbeat topup close resume catch-up`.
#[must_use]
pub fn core_rpc(edge: &EdgeId, verb: &str) -> String {
    format!("rpc.core.{edge}.{verb}")
}

/// What the core listens to for its edges.
pub const CORE_RPC_ALL: &str = "rpc.core.*.*";

/// Requests of an edge to a dealer: `bind recover`.
#[must_use]
pub fn dealer_rpc(dealer: &DealerId, verb: &str) -> String {
    format!("rpc.dealer.{dealer}.{verb}")
}

/// Requests of the core to a dealer: `open renew topup close`.
#[must_use]
pub fn dealer_control(dealer: &DealerId, verb: &str) -> String {
    format!("ctl.dealer.{dealer}.{verb}")
}

/// Requests of a dealer to the core: `sync`.
#[must_use]
pub fn core_for_dealer(dealer: &DealerId, verb: &str) -> String {
    format!("rpc.core.dealer.{dealer}.{verb}")
}

/// What the core listens to for its dealers.
pub const CORE_FOR_DEALERS_ALL: &str = "rpc.core.dealer.*.*";

/// The stream of shard `shard` in a region's own domain.
#[must_use]
pub fn rounds_stream(shard: u16) -> String {
    format!("ROUNDS_{shard}")
}

/// The hub's stream of shard `shard` of all regions.
#[must_use]
pub fn rounds_all_stream(shard: u16) -> String {
    format!("ROUNDS_ALL_{shard}")
}

/// The last token of a subject, such as the verb of a request.
#[must_use]
pub fn last_token(subject: &str) -> &str {
    subject.rsplit('.').next().unwrap_or(subject)
}

/// Token `n` of a subject, from 0.
#[must_use]
pub fn token(subject: &str, n: usize) -> Option<&str> {
    subject.split('.').nth(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_has_one_shard_and_one_subject() {
        let lease = LeaseId::from_bytes([7; 16]);
        assert_eq!(shard_of(lease), 3);
        let region: RegionId = "west".parse().unwrap();
        assert_eq!(rounds(&region, lease), format!("rounds.west.3.{lease}"));
        assert_eq!(last_token("rpc.core.west-1.offer"), "offer");
        assert_eq!(token("rpc.core.west-1.offer", 2), Some("west-1"));
    }
}
