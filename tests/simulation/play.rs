//! One bet: the edge looks, a dealer binds, the edge folds, and each illegal bet gets what it deserves.

use ids::LeaseId;
use money::Amount;
use wire::v1::RefusalCode;
use wire::v1::client::VoidCause;
use wire::v1::dealer::BindRequest;
use wire::v1::intent::SignedIntent;
use wire::v1::record::{Record, RecordBody};

use crate::dealers::{Failure, Ground};
use crate::lease::{Lease, Status, round_key};
use crate::log::RoundLog;
use crate::wager::{self, Fate, Wager};
use crate::world::World;

/// Bets of a hundred that are illegal.
const CRIMES: u64 = 25;

impl World {
    /// Some player of an open lease bets.
    pub(crate) fn play(&mut self) {
        let open: Vec<LeaseId> =
            self.leases.values().filter(|lease| lease.status == Status::Open).map(|lease| lease.id).collect();
        let Some(id) = self.chance.pick(&open).copied() else { return };
        let now_ms = self.now_ms();
        let lease = &self.leases[&id];
        if lease.pending.is_none() && self.chance.is(8) && !lease.answered.is_empty() {
            return self.ask_again(id);
        }
        let wager = match lease.pending.clone() {
            // The client resends what it has no answer to; now and then it tries another content for that deal.
            Some(wager) if self.chance.is(85) => wager,
            _ => wager::next(lease, &mut self.chance, CRIMES),
        };
        let is_honest = self.chance.is(60);
        if is_honest
            && lease.pending.is_none()
            && let Some(code) = lease.edge.refuses(&wager.intent, now_ms, lease.valid_until_ms)
        {
            self.stats.note("refused by the edge");
            assert!(wager.fate != Fate::Played || may_happen(code), "an honest edge refuses a legal bet: {code}");
            return;
        }
        self.bind(id, &wager);
    }

    /// The same intent for a deal that is answered, or another content for it.
    fn ask_again(&mut self, id: LeaseId) {
        let lease = &self.leases[&id];
        let nth = self.chance.place(lease.answered.len());
        let (index, intent) = lease.answered.values().nth(nth).cloned().unwrap();
        let wager = if self.chance.is(50) {
            Wager { intent, fate: Fate::Again(index) }
        } else {
            let one = Amount::from_minor(1);
            let other = intent.stake_minor.checked_add(one).or(intent.stake_minor.checked_sub(one)).unwrap();
            let changed = lease.sign(SignedIntent { stake_minor: other, ..intent });
            Wager { intent: changed, fate: Fate::Refused(RefusalCode::DealTaken) }
        };
        self.bind(id, &wager);
    }

    fn bind(&mut self, id: LeaseId, wager: &Wager) {
        let lease = &self.leases[&id];
        let crime = self.chance.is(3);
        let edge = if crime { "west-2".parse().unwrap() } else { lease.terms.edge.clone() };
        let request = BindRequest {
            edge,
            epoch: lease.terms.epoch,
            known_records: lease.edge.known(),
            intent: wager.intent.clone(),
        };
        let fate = match wager.fate {
            _ if crime => Fate::Refused(RefusalCode::StaleEpoch),
            // A deal in doubt may stand. Then the next number is no crime, nor is asking for that very bet without a signature.
            Fate::Refused(RefusalCode::DealOutOfOrder | RefusalCode::BadSignature) if lease.pending.is_some() => {
                Fate::Any
            }
            fate => fate,
        };
        let which = usize::from(self.chance.is(8));
        let in_step = self.dealers[which].is_in_step(id, &self.log);
        let before = self.log.len(id);
        let now_ms = self.now_ms();
        let (log, chance, stats) = (&mut self.log, &mut self.chance, &mut self.stats);
        let ground = &mut Ground { log, chance, stats, now_ms };
        match self.dealers[which].bind(ground, &request) {
            Ok((index, key)) => {
                if which == 1 && index >= before {
                    self.stats.note("bound by the second dealer");
                }
                assert!(!matches!(fate, Fate::Refused(_)), "{fate:?} is bound as record {index}");
                let lease = self.leases.get_mut(&id).unwrap();
                assert_eq!(*key.as_bytes(), *round_key(&lease.key(), &wager.intent).as_bytes());
                if self.chance.is(5) {
                    self.stats.note("answer lost");
                    lease.pending = Some(wager.clone());
                } else {
                    self.told(id, index, wager, fate);
                }
            }
            Err(Failure::Refused(code)) => {
                assert_eq!(self.log.len(id), before, "a refusal that writes");
                self.refused(id, code, wager, if in_step { Some(fate) } else { None });
            }
            Err(Failure::Failed) => {
                let lease = self.leases.get_mut(&id).unwrap();
                if lease.answered.len() < usize::try_from(wager.intent.deal).unwrap() {
                    lease.pending = Some(wager.clone());
                }
            }
        }
    }

    /// The edge folds up to the record and tells the player; what it told must be what the bet deserved.
    fn told(&mut self, id: LeaseId, index: u32, wager: &Wager, fate: Fate) {
        let lease = self.leases.get_mut(&id).unwrap();
        let key = lease.key();
        let records = self.log.records(id, lease.edge.known());
        lease.edge.follow(&records, |intent| round_key(&key, intent));
        let intent = bound_at(&self.log, id, index);
        assert_eq!(intent.bet_hash(), wager.intent.bet_hash(), "the key of another bet");
        let deal = &lease.edge.deals[&intent.deal];
        if let Some(before) = lease.answered.get(&deal.deal) {
            assert_eq!(*before, (index, intent.clone()), "a deal with two contents");
            self.stats.note("bind repeated");
        }
        match (fate, deal.void) {
            (Fate::Again(first), _) => assert_eq!(index, first),
            (Fate::Void, None) => panic!("an illegal bet is played: {:?}", wager.intent),
            (Fate::Played, Some(VoidCause::GameFault | VoidCause::GameBroken)) => {
                panic!("a legal bet is void: {deal:?}")
            }
            _ => {}
        }
        if deal.void.is_some() && deal.void != Some(VoidCause::GameBroken) {
            assert_eq!(deal.in_play_minor, lease.edge.in_play_before(index), "a void deal moves money: {deal:?}");
            assert_eq!(deal.win_minor, Amount::ZERO);
        }
        lease.pending = None;
        lease.answered.insert(deal.deal, (index, intent));
    }

    fn refused(&mut self, id: LeaseId, code: RefusalCode, wager: &Wager, fate: Option<Fate>) {
        self.stats.note("bind refused");
        let lease = self.leases.get_mut(&id).unwrap();
        if code == RefusalCode::DealTaken {
            self.stats.note("second content refused");
        } else if lease.pending.as_ref().is_some_and(|pending| pending.intent == wager.intent)
            && !is_bound(lease, &self.log, wager.intent.deal)
        {
            // It was never bound, and now can't be: the client is free to bet otherwise.
            lease.pending = None;
        }
        let in_doubt = lease.pending.is_some();
        match fate {
            Some(Fate::Refused(wanted)) => {
                assert!(code == wanted || may_happen(code) || in_doubt, "{code} instead of {wanted}");
            }
            Some(Fate::Again(index)) => panic!("{code} for what stands as record {index}"),
            Some(Fate::Played | Fate::Void) => {
                let taken = code == RefusalCode::DealTaken && in_doubt;
                assert!(may_happen(code) || taken, "{code} for {:?}", wager.intent);
            }
            Some(Fate::Any) | None => {}
        }
    }
}

/// The intent that a record binds.
fn bound_at(log: &RoundLog, lease: LeaseId, index: u32) -> SignedIntent {
    match log.records(lease, index).into_iter().next().map(|record| record.body) {
        Some(RecordBody::Deal(bound)) => bound.intent,
        other => panic!("record {index} of {lease} was answered as a bound deal, and is {other:?}"),
    }
}

/// Whether the log holds some content for that deal.
fn is_bound(lease: &Lease, log: &RoundLog, deal: u64) -> bool {
    let of = |record: &Record| match &record.body {
        RecordBody::Deal(bound) => bound.intent.deal == deal,
        _ => false,
    };
    log.records(lease.id, 0).iter().any(of)
}

/// Refusals that time, money and closing explain, whatever the bet.
fn may_happen(code: RefusalCode) -> bool {
    use RefusalCode::{DealsUsedUp, InsufficientFunds, LeaseClosed, LeaseExpired, LossLimit, StakeLimit, TooSoon};
    [LeaseExpired, DealsUsedUp, TooSoon, LeaseClosed, InsufficientFunds, LossLimit, StakeLimit].contains(&code)
}
