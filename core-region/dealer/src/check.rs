//! What an intent must keep to be bound, in one fixed order; the first rule that it breaks is the refusal.
//!
//! The dealer checks what it alone can vouch for: who asks, whose signature, the number, the time, the nonce. Funds, limits and the
//! state of the round are the fold's, which voids a bet that breaks them; the edge refuses such a bet before it comes here.

use wire::v1::RefusalCode;
use wire::v1::dealer::BindRequest;
use wire::v1::intent::SignedIntent;
use wire::v1::payload::Payload;

use crate::lease::{DealerLease, Terms};

impl DealerLease {
    /// The asking edge is the one that holds the lease, in its epoch, and the lease is open.
    pub(crate) fn check_holder(&self, request: &BindRequest) -> Result<&Terms, RefusalCode> {
        if request.intent.lease != self.lease {
            return Err(RefusalCode::LeaseUnknown);
        }
        if self.is_closed() {
            return Err(RefusalCode::LeaseClosed);
        }
        let held = self.terms.as_ref().ok_or(RefusalCode::LeaseUnknown)?;
        if held.terms.edge != request.edge || held.terms.epoch != request.epoch {
            return Err(RefusalCode::StaleEpoch);
        }
        Ok(held)
    }

    /// The deal is the next one, or this very bet stands already at the index given.
    pub(crate) fn check_number(&self, deal: u64, bet: &[u8; 32]) -> Result<Option<u32>, RefusalCode> {
        let nth = deal.checked_sub(1).and_then(|nth| usize::try_from(nth).ok()).ok_or(RefusalCode::DealOutOfOrder)?;
        match self.deals.get(nth) {
            Some(bound) if bound.bet == *bet => Ok(Some(bound.index)),
            Some(_) => Err(RefusalCode::DealTaken),
            None if nth == self.deals.len() => Ok(None),
            None => Err(RefusalCode::DealOutOfOrder),
        }
    }

    /// Everything else, for a deal that is to be bound at `at_ms`.
    pub(crate) fn check_intent(
        &self,
        held: &Terms,
        intent: &SignedIntent,
        bet: &[u8; 32],
        at_ms: u64,
        valid_until_ms: u64,
    ) -> Result<(), RefusalCode> {
        let (terms, opening) = (&held.terms, &held.terms.opening);
        if intent.currency != terms.currency {
            return Err(RefusalCode::BadCurrency);
        }
        if !held.client.accepts(&fairness::intent_message(&terms.open.0, bet), &intent.signature) {
            return Err(RefusalCode::BadSignature);
        }
        if at_ms < opening.issued_ms || at_ms > opening.expires_ms || at_ms > valid_until_ms {
            return Err(RefusalCode::LeaseExpired);
        }
        if self.bound() >= u64::from(opening.max_rounds) {
            return Err(RefusalCode::DealsUsedUp);
        }
        self.check_nonce(held, intent)?;
        let pinned = terms.games.iter().find(|game| game.digest == intent.game && game.params == intent.params);
        let game = pinned.ok_or(RefusalCode::GameUnavailable)?;
        let payload = intent.parse_payload().map_err(|_| RefusalCode::BadPayload)?;
        let opens = matches!(payload, Payload::Bets(_));
        if opens && at_ms < self.round_opened_ms.saturating_add(game.min_cycle_ms) {
            return Err(RefusalCode::TooSoon);
        }
        Ok(())
    }

    /// fairness.md section 4: zeros in mode 1; in mode 2 the hash of c_r is c_(r-1), and c_0 is the client's seed.
    fn check_nonce(&self, held: &Terms, intent: &SignedIntent) -> Result<(), RefusalCode> {
        let opening = &held.terms.opening;
        let mode = fairness::ClientMode::try_from_code(opening.client_mode).map_err(|_| RefusalCode::BadClientSeed)?;
        let before = self.deals.last().map_or(opening.client_seed.0.as_slice(), |deal| deal.nonce.0.as_slice());
        if fairness::nonce_follows(mode, before, &intent.client_nonce.0) {
            Ok(())
        } else {
            Err(RefusalCode::BadClientSeed)
        }
    }
}
