//! What the operator decides: times, money limits, and which dealer serves which region.

use std::collections::BTreeMap;

use ids::{DealerId, RegionId};
use money::{Amount, Currency};
use serde::{Deserialize, Serialize};
use wire::v1::lease::{Limits, Placement};
use wire::v1::{Hex, RefusalCode};

/// The region whose dealer stands in the core.
const CORE: &str = "core";

/// The operator's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// How long a lease lives after its edge's last sign of life.
    pub ttl_ms: u64,
    /// How long a lease lives at most.
    pub lifetime_ms: u64,
    /// The most deals of a lease.
    pub max_rounds: u32,
    /// How long an offer may be taken up.
    pub offer_ttl_ms: u64,
    /// The age at which another offer replaces one that was not taken up.
    pub stale_offer_ms: u64,
    /// How long an opening is tried before it is given up.
    pub unopened_after_ms: u64,
    /// The currencies that can be played in.
    pub currencies: BTreeMap<Currency, CurrencyRules>,
    /// The dealer of each region; `core` is the core's own, which serves strict leases and regions that have none.
    pub dealers: BTreeMap<RegionId, DealerIdentity>,
}

/// Limits in one currency, minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CurrencyRules {
    /// Most escrow of a lease at its opening, and most of one top-up.
    pub max_escrow_minor: Amount,
    /// Least stake of a deal that opens a round.
    pub min_stake_minor: Amount,
    /// Most stake of a deal.
    pub max_stake_minor: Amount,
    /// Most that a lease may lose.
    pub max_loss_minor: Amount,
    /// Escrow from which the core's own dealer serves the lease.
    pub strict_from_minor: Amount,
}

/// A dealer as the core knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DealerIdentity {
    /// Its name.
    pub dealer: DealerId,
    /// Its X25519 public key: lease keys are sealed to it.
    pub seal_key: Hex<32>,
    /// Its Ed25519 public key: its receipts are signed with it.
    pub signing_key: Hex<32>,
}

/// Where a lease's dealer stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The dealer.
    pub dealer: DealerId,
    /// The region whose stream holds the log.
    pub log_region: RegionId,
}

impl CurrencyRules {
    /// Limits fit for a currency of two decimals: 10,000.00 escrow, stakes from 0.01 to 1,000.00.
    #[must_use]
    pub const fn usual() -> Self {
        Self {
            max_escrow_minor: Amount::from_minor(1_000_000),
            min_stake_minor: Amount::from_minor(1),
            max_stake_minor: Amount::from_minor(100_000),
            max_loss_minor: Amount::from_minor(2_000_000),
            strict_from_minor: Amount::from_minor(500_000),
        }
    }

    /// The limits that go into a lease's terms.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            min_stake_minor: self.min_stake_minor,
            max_stake_minor: self.max_stake_minor,
            max_loss_minor: self.max_loss_minor,
        }
    }
}

impl Default for Rules {
    fn default() -> Self {
        let currencies = [Currency::EUR, Currency::FUN, Currency::GBP];
        Self {
            ttl_ms: 60_000,
            lifetime_ms: 15 * 60_000,
            max_rounds: 1_000,
            offer_ttl_ms: 60_000,
            stale_offer_ms: 30_000,
            unopened_after_ms: 20_000,
            currencies: currencies.into_iter().map(|currency| (currency, CurrencyRules::usual())).collect(),
            dealers: BTreeMap::new(),
        }
    }
}

impl Rules {
    /// The rules of a currency.
    ///
    /// # Errors
    /// [`RefusalCode::BadCurrency`] when it can't be played in.
    pub fn currency(&self, currency: Currency) -> Result<&CurrencyRules, RefusalCode> {
        self.currencies.get(&currency).ok_or(RefusalCode::BadCurrency)
    }

    /// Whether that much may be put into a lease at once.
    ///
    /// # Errors
    /// [`RefusalCode::BadCurrency`], or [`RefusalCode::BadAmount`] when it is not positive or too much.
    pub fn check_escrow(&self, currency: Currency, amount: Amount) -> Result<&CurrencyRules, RefusalCode> {
        let rules = self.currency(currency)?;
        if amount.is_positive() && amount <= rules.max_escrow_minor { Ok(rules) } else { Err(RefusalCode::BadAmount) }
    }

    /// Who deals for a lease of a player in `region`; none when neither the region nor the core has a dealer.
    #[must_use]
    pub fn place(
        &self,
        region: &RegionId,
        placement: Placement,
        escrow: Amount,
        rules: &CurrencyRules,
    ) -> Option<Place> {
        let strict = placement == Placement::Strict || escrow >= rules.strict_from_minor;
        let regional = self.dealers.get_key_value(region).filter(|_| !strict);
        let core = || self.dealers.iter().find(|(name, _)| name.as_str() == CORE);
        let (log_region, identity) = regional.or_else(core)?;
        Some(Place { dealer: identity.dealer.clone(), log_region: log_region.clone() })
    }

    /// The dealer of that name.
    #[must_use]
    pub fn dealer(&self, name: &DealerId) -> Option<&DealerIdentity> {
        self.dealers.values().find(|identity| identity.dealer == *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let dealer = |name: &str| DealerIdentity {
            dealer: format!("dealer-{name}").parse().unwrap(),
            seal_key: Hex([1; 32]),
            signing_key: Hex([2; 32]),
        };
        let dealers = ["core", "west"].map(|name| (name.parse().unwrap(), dealer(name)));
        Rules { dealers: dealers.into_iter().collect(), ..Rules::default() }
    }

    #[test]
    fn a_lease_is_dealt_in_its_region_unless_it_is_strict_or_large_or_the_region_has_no_dealer() {
        let (rules, usual) = (rules(), CurrencyRules::usual());
        let place = |region: &str, placement, escrow| {
            let place = rules.place(&region.parse().unwrap(), placement, Amount::from_minor(escrow), &usual).unwrap();
            (place.dealer.to_string(), place.log_region.to_string())
        };
        let core = ("dealer-core".to_owned(), "core".to_owned());
        assert_eq!(place("west", Placement::Regional, 100), ("dealer-west".to_owned(), "west".to_owned()));
        assert_eq!(place("west", Placement::Strict, 100), core);
        assert_eq!(place("west", Placement::Regional, 500_000), core);
        assert_eq!(place("east", Placement::Regional, 100), core);
        let none = Rules::default();
        assert_eq!(none.place(&"west".parse().unwrap(), Placement::Regional, Amount::ZERO, &usual), None);
    }

    #[test]
    fn escrow_is_positive_bounded_and_of_a_known_currency() {
        let rules = rules();
        let check = |currency: &str, minor| {
            rules.check_escrow(currency.parse().unwrap(), Amount::from_minor(minor)).map(|_| ())
        };
        assert_eq!(check("EUR", 1), Ok(()));
        assert_eq!(check("EUR", 1_000_000), Ok(()));
        for minor in [0, -1, 1_000_001, i64::MAX, i64::MIN] {
            assert_eq!(check("EUR", minor), Err(RefusalCode::BadAmount), "{minor}");
        }
        assert_eq!(check("XAU", 1), Err(RefusalCode::BadCurrency));
    }

    #[test]
    fn rules_read_back_from_their_own_text() {
        let text = serde_json::to_string(&rules()).unwrap();
        assert_eq!(serde_json::from_str::<Rules>(&text).unwrap(), rules());
        assert!(serde_json::from_str::<Rules>(r#"{"ttl":1}"#).is_err());
    }
}
