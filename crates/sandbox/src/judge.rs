//! Every bound that a game declares, enforced on what it returns. A result that breaks one is no result: the deal is
//! void and the game quarantined, however plausible the rest of it is.

use std::collections::BTreeSet;

use crate::canonical;
use crate::contract::{Event, Manifest, Offer, Outcome};
use crate::limits;
use crate::verdict::{Misbehaviour, RoundTotals};

/// Checks `outcome`, the next of the round that `totals` sums up, against `manifest`.
pub(crate) fn judge(manifest: &Manifest, totals: RoundTotals, outcome: &Outcome) -> Result<(), Misbehaviour> {
    win(manifest, totals, outcome.win_minor)?;
    course(manifest, totals, outcome)?;
    offers(manifest, &outcome.offers)?;
    if over(outcome.state.len(), manifest.max_state) {
        return Err(Misbehaviour::StateTooLarge { bytes: outcome.state.len() });
    }
    events(manifest, &outcome.events)?;
    match outcome.triggers.len() {
        count if count > limits::MAX_TRIGGERS => Err(Misbehaviour::TooManyTriggers { count }),
        _ => Ok(()),
    }
}

/// `max-win-milli` is thousandths of the round's whole stake, for the round's whole win.
fn win(manifest: &Manifest, totals: RoundTotals, win_minor: u64) -> Result<(), Misbehaviour> {
    let won = u128::from(totals.win_minor).saturating_add(u128::from(win_minor));
    let declared = u128::from(manifest.max_win_milli).saturating_mul(u128::from(totals.stake_minor)) / 1000;
    let max = declared.min(u128::from(limits::MAX_AMOUNT));
    if won > max {
        return Err(Misbehaviour::WinOverMaximum { win_minor: won, max_minor: max });
    }
    Ok(())
}

fn course(manifest: &Manifest, totals: RoundTotals, outcome: &Outcome) -> Result<(), Misbehaviour> {
    let last = totals.deals.saturating_add(1) >= manifest.max_deals;
    let nothing_left = outcome.state.is_empty() && outcome.offers.is_empty();
    let way_on = !outcome.state.is_empty() && !outcome.offers.is_empty();
    match outcome.finished {
        true if !nothing_left => Err(Misbehaviour::FinishedWithMore),
        true => Ok(()),
        false if last => Err(Misbehaviour::TooManyDeals { deals: manifest.max_deals }),
        false if !way_on => Err(Misbehaviour::NoWayOn),
        false => Ok(()),
    }
}

fn offers(manifest: &Manifest, offers: &[Offer]) -> Result<(), Misbehaviour> {
    let mut seen = BTreeSet::new();
    for (index, offer) in offers.iter().enumerate() {
        let known = manifest.actions.iter().any(|action| action.id == offer.action);
        let payable = offer.extra_minor <= limits::MAX_AMOUNT;
        if index >= limits::MAX_OFFERS || !known || !payable || !seen.insert(offer.action) {
            return Err(Misbehaviour::BadOffer { action: offer.action });
        }
    }
    Ok(())
}

fn events(manifest: &Manifest, events: &[Event]) -> Result<(), Misbehaviour> {
    let bytes = events.iter().map(|event| event.name.len().saturating_add(event.data.len())).sum();
    if over(bytes, manifest.max_events) || events.len() > limits::MAX_EVENT_COUNT {
        return Err(Misbehaviour::EventsTooLarge { count: events.len(), bytes });
    }
    match events.iter().position(|event| !name_ok(&event.name) || canonical::check(&event.data).is_err()) {
        Some(index) => Err(Misbehaviour::BadEvent { index }),
        None => Ok(()),
    }
}

/// Letters, digits and `. _ - / :`, starting with a letter.
fn name_ok(name: &str) -> bool {
    name.len() <= limits::MAX_EVENT_NAME
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-/:".contains(&byte))
}

fn over(bytes: usize, limit: u32) -> bool {
    u32::try_from(bytes).map_or(true, |bytes| bytes > limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ActionSpec, Trigger};
    use crate::manifest::sample;

    fn manifest() -> Manifest {
        let hit = ActionSpec { id: 7, name: "hit".into(), arg_min: 0, arg_max: 0 };
        Manifest { max_win_milli: 36_500, max_state: 4, max_events: 20, max_deals: 3, actions: vec![hit], ..sample() }
    }

    fn done(win_minor: u64) -> Outcome {
        let (offers, state, events, triggers) = (vec![], vec![], vec![], vec![]);
        Outcome { win_minor, finished: true, offers, state, events, triggers }
    }

    fn open() -> Outcome {
        let offers = vec![Offer { action: 7, extra_minor: 0 }];
        Outcome { finished: false, offers, state: vec![1], ..done(0) }
    }

    fn check(outcome: &Outcome) -> Result<(), Misbehaviour> {
        judge(&manifest(), RoundTotals { stake_minor: 10, win_minor: 0, deals: 0 }, outcome)
    }

    #[test]
    fn the_whole_rounds_win_is_held_against_its_whole_stake() {
        assert_eq!(check(&done(365)), Ok(()));
        let over = Misbehaviour::WinOverMaximum { win_minor: 366, max_minor: 365 };
        assert_eq!(check(&done(366)), Err(over.clone()));
        let later = RoundTotals { stake_minor: 10, win_minor: 300, deals: 1 };
        assert_eq!(judge(&manifest(), later, &done(65)), Ok(()));
        assert_eq!(judge(&manifest(), later, &done(66)), Err(over));
    }

    #[test]
    fn a_win_beyond_money_is_refused_whatever_was_declared() {
        let manifest = Manifest { max_win_milli: u64::MAX, ..manifest() };
        let totals = RoundTotals { stake_minor: u64::MAX, win_minor: 0, deals: 0 };
        assert_eq!(judge(&manifest, totals, &done(limits::MAX_AMOUNT)), Ok(()));
        assert!(judge(&manifest, totals, &done(u64::MAX)).is_err());
        assert!(judge(&manifest, RoundTotals { win_minor: 1, ..totals }, &done(limits::MAX_AMOUNT)).is_err());
    }

    #[test]
    fn a_round_is_either_over_or_has_a_way_on() {
        assert_eq!(check(&open()), Ok(()));
        assert_eq!(check(&Outcome { state: vec![1], ..done(0) }), Err(Misbehaviour::FinishedWithMore));
        assert_eq!(check(&Outcome { offers: open().offers, ..done(0) }), Err(Misbehaviour::FinishedWithMore));
        assert_eq!(check(&Outcome { state: vec![], ..open() }), Err(Misbehaviour::NoWayOn));
        assert_eq!(check(&Outcome { offers: vec![], ..open() }), Err(Misbehaviour::NoWayOn));
    }

    #[test]
    fn the_last_deal_allowed_ends_the_round() {
        let third = RoundTotals { stake_minor: 10, win_minor: 0, deals: 2 };
        assert_eq!(judge(&manifest(), third, &done(0)), Ok(()));
        assert_eq!(judge(&manifest(), third, &open()), Err(Misbehaviour::TooManyDeals { deals: 3 }));
    }

    #[test]
    fn offers_are_of_known_actions_once_each_at_a_price_money_can_hold() {
        let offering = |offers: Vec<(u32, u64)>| {
            let offers = offers.into_iter().map(|(action, extra_minor)| Offer { action, extra_minor }).collect();
            check(&Outcome { offers, ..open() })
        };
        assert_eq!(offering(vec![(7, 10)]), Ok(()));
        assert_eq!(offering(vec![(8, 0)]), Err(Misbehaviour::BadOffer { action: 8 }));
        assert_eq!(offering(vec![(7, 0), (7, 1)]), Err(Misbehaviour::BadOffer { action: 7 }));
        assert_eq!(offering(vec![(7, u64::MAX)]), Err(Misbehaviour::BadOffer { action: 7 }));
    }

    #[test]
    fn state_and_events_stay_within_what_was_declared() {
        let state = vec![1, 2, 3, 4, 5];
        assert_eq!(check(&Outcome { state, ..open() }), Err(Misbehaviour::StateTooLarge { bytes: 5 }));
        let showing = |name: &str, data: &str| {
            check(&Outcome { events: vec![Event { name: name.into(), data: data.into() }], ..done(0) })
        };
        assert_eq!(showing("reel.stop", r#"{"n":1}"#), Ok(()));
        assert_eq!(showing("reel.stop", r#"{"n":12345}"#), Ok(()));
        let large = Misbehaviour::EventsTooLarge { count: 1, bytes: 21 };
        assert_eq!(showing("reel.stop", r#"{"n":123456}"#), Err(large));
        for (name, data) in [("", "1"), ("1st", "1"), ("a b", "1"), ("é", "1"), ("a", ""), ("a", "1.5"), ("a", "{")] {
            assert_eq!(showing(name, data), Err(Misbehaviour::BadEvent { index: 0 }), "{name} {data}");
        }
    }

    #[test]
    fn triggers_are_few() {
        let triggers = vec![Trigger { pool: 1, tier: 1 }; 17];
        assert_eq!(check(&Outcome { triggers, ..done(0) }), Err(Misbehaviour::TooManyTriggers { count: 17 }));
    }
}
