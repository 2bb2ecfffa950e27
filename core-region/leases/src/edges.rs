//! The edges that have given a sign of life: where a draining one can send its players.

use std::collections::BTreeMap;

use ids::{EdgeId, RegionId};
use parking_lot::Mutex;
use wire::v1::client::EdgeAddress;

use crate::limits;

#[derive(Clone, Debug)]
struct Seen {
    region: RegionId,
    url: String,
    draining: bool,
    at_ms: u64,
}

/// The edges, as their heartbeats told. Forgotten at a restart and learned again within one heartbeat.
#[derive(Debug, Default)]
pub struct Edges(Mutex<BTreeMap<EdgeId, Seen>>);

impl Edges {
    /// An edge gave a sign of life.
    pub(crate) fn note(&self, edge: &EdgeId, region: &RegionId, url: &str, draining: bool, at_ms: u64) {
        let mut edges = self.0.lock();
        if edges.len() >= limits::EDGES && !edges.contains_key(edge) {
            edges.retain(|_, seen| at_ms.saturating_sub(seen.at_ms) <= limits::EDGE_SILENT_MS);
            if edges.len() >= limits::EDGES {
                return;
            }
        }
        edges.insert(edge.clone(), Seen { region: region.clone(), url: url.to_owned(), draining, at_ms });
    }

    /// Where players of `edge` can go, those of its own region first.
    #[must_use]
    pub fn others(&self, edge: &EdgeId, region: &RegionId, now_ms: u64) -> Vec<EdgeAddress> {
        let edges = self.0.lock();
        let takes_players = |seen: &Seen| !seen.draining && now_ms.saturating_sub(seen.at_ms) <= limits::EDGE_SILENT_MS;
        let mut others: Vec<EdgeAddress> = edges
            .iter()
            .filter(|(name, seen)| *name != edge && takes_players(seen))
            .map(|(name, seen)| EdgeAddress { edge: name.clone(), region: seen.region.clone(), url: seen.url.clone() })
            .collect();
        others.sort_by_key(|other| other.region != *region);
        others
    }

    /// All edges that take players.
    #[must_use]
    pub fn all(&self, now_ms: u64) -> Vec<EdgeAddress> {
        let edges = self.0.lock();
        let live = edges
            .iter()
            .filter(|(_, seen)| !seen.draining && now_ms.saturating_sub(seen.at_ms) <= limits::EDGE_SILENT_MS);
        live.map(|(name, seen)| EdgeAddress { edge: name.clone(), region: seen.region.clone(), url: seen.url.clone() })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn players_are_sent_to_live_edges_of_their_own_region_first() {
        let edges = Edges::default();
        let name = |text: &str| text.parse::<EdgeId>().unwrap();
        let region = |text: &str| text.parse::<RegionId>().unwrap();
        edges.note(&name("east-1"), &region("east"), "ws://e", false, 10_000);
        edges.note(&name("west-1"), &region("west"), "ws://1", false, 10_000);
        edges.note(&name("west-2"), &region("west"), "ws://2", false, 10_000);
        edges.note(&name("west-3"), &region("west"), "ws://3", true, 10_000);
        edges.note(&name("a-silent"), &region("west"), "ws://4", false, 0);
        let others = edges.others(&name("west-1"), &region("west"), 16_000);
        let names: Vec<String> = others.iter().map(|other| other.edge.to_string()).collect();
        assert_eq!(names, ["west-2", "east-1"]);
        assert!(edges.others(&name("west-1"), &region("west"), 60_000).is_empty());
        assert_eq!(edges.all(16_000).len(), 3);
    }

    #[test]
    fn the_number_of_edges_is_bounded() {
        let edges = Edges::default();
        let region: RegionId = "west".parse().unwrap();
        for i in 0..=limits::EDGES {
            edges.note(&format!("edge-{i}").parse().unwrap(), &region, "ws://x", false, 1);
        }
        assert_eq!(edges.0.lock().len(), limits::EDGES);
        edges.note(&"late".parse().unwrap(), &region, "ws://x", false, 1_000_000);
        assert_eq!(edges.0.lock().len(), 1);
    }
}
