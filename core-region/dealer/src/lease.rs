//! One lease as its dealer knows it: a pure machine over the log's records. No IO, no clock, no keys.
//!
//! Invariant: it is exactly the fold of the records applied. A decision changes nothing; the record it proposes is applied once it
//! stands in the log. Deals are 1, 2, 3 … without a gap, at most one intent for each.

use std::collections::VecDeque;
use std::sync::Arc;

use ids::{Digest, LeaseId};
use money::Amount;
use wire::v1::dealer::{CloseLease, TopUpLease};
use wire::v1::key::Verifies;
use wire::v1::lease::LeaseTerms;
use wire::v1::payload::Payload;
use wire::v1::record::{BoundDeal, Closed, Record, RecordBody, ToppedUp};
use wire::v1::{Hex, RefusalCode};

use crate::{Denied, LogFault, limits};

/// What is to be done about a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Append this as the next record.
    Append(Box<Record>),
    /// It was done already: the record of this index says so.
    Stands(u32),
}

/// A bet to be bound, with the times and the signer that the pure machine lacks.
pub struct Bind<'a> {
    /// What is asked.
    pub request: &'a wire::v1::dealer::BindRequest,
    /// The dealer's clock.
    pub now_ms: u64,
    /// The lease's time to live as last renewed.
    pub valid_until_ms: u64,
    /// Signs a receipt's message.
    pub sign: &'a (dyn Fn(&[u8]) -> wire::v1::Signature + Sync),
}

/// The terms, with the player's key parsed.
#[derive(Clone, Debug)]
pub(crate) struct Terms {
    pub(crate) terms: Arc<LeaseTerms>,
    pub(crate) client: Verifies,
}

/// What is remembered of a bound deal: enough to know it again and to derive its key again.
#[derive(Clone, Debug)]
pub(crate) struct Bound {
    pub(crate) bet: [u8; 32],
    pub(crate) index: u32,
    /// Its place in the terms' list of games.
    pub(crate) game: usize,
    pub(crate) nonce: Hex<32>,
}

/// A lease's log, folded.
#[derive(Clone, Debug)]
pub struct DealerLease {
    pub(crate) lease: LeaseId,
    pub(crate) terms: Option<Terms>,
    pub(crate) deals: Vec<Bound>,
    pub(crate) round_opened_ms: u64,
    /// Index and amount of each top-up.
    topups: Vec<(u32, Amount)>,
    closed: Option<u32>,
    prev: Digest,
    at_ms: u64,
    /// Sequence in the stream and digest of each record.
    standing: Vec<(u64, Digest)>,
    /// The newest records, the last one last.
    tail: VecDeque<Record>,
}

impl DealerLease {
    /// A lease whose log is empty.
    #[must_use]
    pub fn new(lease: LeaseId) -> Self {
        Self {
            lease,
            terms: None,
            deals: Vec::new(),
            round_opened_ms: 0,
            topups: Vec::new(),
            closed: None,
            prev: Digest::from_bytes([0; 32]),
            at_ms: 0,
            standing: Vec::new(),
            tail: VecDeque::new(),
        }
    }

    /// Records applied, and so the next one's index.
    #[must_use]
    pub fn records(&self) -> u32 {
        u32::try_from(self.standing.len()).unwrap_or(u32::MAX)
    }

    /// Deals bound.
    #[must_use]
    pub fn bound(&self) -> u64 {
        u64::try_from(self.deals.len()).unwrap_or(u64::MAX)
    }

    /// The stream's sequence of the last record, 0 for an empty log: what the next append expects.
    #[must_use]
    pub fn last_seq(&self) -> u64 {
        self.standing.last().map_or(0, |(seq, _)| *seq)
    }

    /// The stream's sequence of one record.
    #[must_use]
    pub fn seq_of(&self, index: u32) -> Option<u64> {
        self.standing.get(usize::try_from(index).ok()?).map(|(seq, _)| *seq)
    }

    /// The digest of one record.
    #[must_use]
    pub fn digest_of(&self, index: u32) -> Option<Digest> {
        self.standing.get(usize::try_from(index).ok()?).map(|(_, digest)| *digest)
    }

    /// Whether the log has ended.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed.is_some()
    }

    /// The terms, once the log is opened.
    #[must_use]
    pub fn terms(&self) -> Option<&Arc<LeaseTerms>> {
        self.terms.as_ref().map(|held| &held.terms)
    }

    /// The records from `index` on, if all of them are still in memory.
    #[must_use]
    pub fn recent(&self, index: u32) -> Option<Vec<Record>> {
        let first = self.records().saturating_sub(u32::try_from(self.tail.len()).unwrap_or(u32::MAX));
        let skip = usize::try_from(index.checked_sub(first)?).ok()?;
        Some(self.tail.iter().skip(skip).cloned().collect())
    }

    /// The next record with this body: never earlier than the one before.
    fn next(&self, now_ms: u64, body: RecordBody) -> Box<Record> {
        let at_ms = self.next_ms(now_ms);
        Box::new(Record { lease: self.lease, index: self.records(), prev: self.prev, at_ms, body })
    }

    fn next_ms(&self, now_ms: u64) -> u64 {
        now_ms.max(self.at_ms)
    }

    /// The first record, `opened`.
    ///
    /// # Errors
    /// [`Denied`] when the log has ended, or was opened on other terms.
    pub fn open(&self, terms: &LeaseTerms, now_ms: u64) -> Result<Decision, Denied> {
        match &self.terms {
            _ if self.is_closed() => Err(RefusalCode::LeaseClosed.into()),
            Some(held) if *held.terms == *terms => Ok(Decision::Stands(0)),
            Some(_) => Err(Denied::Conflict("the lease is open on other terms")),
            None if self.records() > 0 => Err(Denied::Conflict("the log does not begin with terms")),
            None => Ok(Decision::Append(self.next(now_ms, RecordBody::Opened(Box::new(terms.clone()))))),
        }
    }

    /// A bound deal. The same intent again stands where it stood; another intent for its number is refused.
    ///
    /// # Errors
    /// [`Denied::Refused`] with the first rule that it breaks; see check.rs for their order.
    pub fn bind(&self, bind: &Bind<'_>) -> Result<Decision, Denied> {
        let intent = &bind.request.intent;
        let held = self.check_holder(bind.request)?;
        let bet = intent.bet_hash().map_err(|_| RefusalCode::BadPayload)?;
        if let Some(index) = self.check_number(intent.deal, &bet)? {
            return Ok(Decision::Stands(index));
        }
        let at_ms = self.next_ms(bind.now_ms);
        self.check_intent(held, intent, &bet, at_ms, bind.valid_until_ms)?;
        let receipt = fairness::bind_message(&held.terms.open.0, &bet, at_ms);
        let deal = BoundDeal {
            intent: intent.clone(),
            edge: bind.request.edge.clone(),
            valid_until_ms: bind.valid_until_ms,
            signature: (bind.sign)(&receipt),
        };
        Ok(Decision::Append(self.next(at_ms, RecordBody::Deal(Box::new(deal)))))
    }

    /// A top-up's record.
    ///
    /// # Errors
    /// [`Denied`] when the log is empty or has ended, or the grant is not the next one nor one that stands.
    pub fn top_up(&self, request: &TopUpLease, now_ms: u64) -> Result<Decision, Denied> {
        let standing = request.grant.checked_sub(1).and_then(|nth| self.topups.get(usize::try_from(nth).ok()?));
        if let Some((index, amount)) = standing {
            let same = *amount == request.amount_minor;
            return if same {
                Ok(Decision::Stands(*index))
            } else {
                Err(Denied::Conflict("a top-up of another amount"))
            };
        }
        if self.is_closed() {
            return Err(RefusalCode::LeaseClosed.into());
        }
        if self.terms.is_none() {
            return Err(RefusalCode::LeaseUnknown.into());
        }
        if usize::try_from(request.grant) != Ok(self.topups.len().saturating_add(1)) {
            return Err(Denied::Conflict("a top-up out of order"));
        }
        if !request.amount_minor.is_positive() {
            return Err(RefusalCode::BadAmount.into());
        }
        let body = ToppedUp { grant: request.grant, amount_minor: request.amount_minor };
        Ok(Decision::Append(self.next(now_ms, RecordBody::ToppedUp(body))))
    }

    /// The closing record: of an empty log too, which then can't be opened any more.
    #[must_use]
    pub fn close(&self, request: &CloseLease, now_ms: u64) -> Decision {
        if let Some(index) = self.closed {
            return Decision::Stands(index);
        }
        let body = Closed { deals: self.bound(), reason: request.reason, epoch: request.epoch };
        Decision::Append(self.next(now_ms, RecordBody::Closed(body)))
    }

    /// Folds the record that stands next in the log, at `seq` of the stream, with the digest of its bytes.
    ///
    /// # Errors
    /// [`LogFault`] when it can't belong there; nothing changes then.
    pub fn apply(&mut self, record: Record, digest: Digest, seq: u64) -> Result<(), LogFault> {
        let index = record.index;
        if record.lease != self.lease || index != self.records() || self.is_closed() || seq <= self.last_seq() {
            return Err(LogFault::OutOfPlace { index });
        }
        if record.prev != self.prev || record.at_ms < self.at_ms {
            return Err(LogFault::Forked { index });
        }
        match &record.body {
            RecordBody::Opened(terms) => self.apply_opened(index, terms)?,
            RecordBody::Deal(deal) => self.apply_deal(index, record.at_ms, deal)?,
            RecordBody::ToppedUp(topped) => {
                if usize::try_from(topped.grant) != Ok(self.topups.len().saturating_add(1)) {
                    return Err(LogFault::Gap { index });
                }
                self.topups.push((index, topped.amount_minor));
            }
            RecordBody::Closed(closed) if closed.deals != self.bound() => return Err(LogFault::Gap { index }),
            RecordBody::Closed(_) => self.closed = Some(index),
        }
        (self.prev, self.at_ms) = (digest, record.at_ms);
        self.standing.push((seq, digest));
        if self.tail.len() >= limits::TAIL_RECORDS {
            self.tail.pop_front();
        }
        self.tail.push_back(record);
        Ok(())
    }

    fn apply_opened(&mut self, index: u32, terms: &LeaseTerms) -> Result<(), LogFault> {
        if index != 0 {
            return Err(LogFault::OutOfPlace { index });
        }
        let client = terms.client_key.parse().map_err(|_| LogFault::BadTerms { index })?;
        if terms.opening.lease != self.lease {
            return Err(LogFault::BadTerms { index });
        }
        self.terms = Some(Terms { terms: Arc::new(terms.clone()), client });
        Ok(())
    }

    fn apply_deal(&mut self, index: u32, at_ms: u64, deal: &BoundDeal) -> Result<(), LogFault> {
        let intent = &deal.intent;
        let held = self.terms.as_ref().ok_or(LogFault::OutOfPlace { index })?;
        if intent.deal != self.bound().saturating_add(1) {
            return Err(LogFault::Gap { index });
        }
        let fault = LogFault::BadTerms { index };
        let pinned =
            held.terms.games.iter().position(|game| game.digest == intent.game && game.params == intent.params);
        let (Some(game), Ok(bet)) = (pinned, intent.bet_hash()) else { return Err(fault) };
        if matches!(intent.parse_payload(), Ok(Payload::Bets(_))) {
            self.round_opened_ms = at_ms;
        }
        self.deals.push(Bound { bet, index, game, nonce: intent.client_nonce });
        Ok(())
    }
}
