//! Cards of one deck, dealt without replacement.
//!
//! The draw `below(cards left)` names the card by its place among those left, in order of their numbers, which is as
//! good as the top card of a shuffled deck.

use alloc::string::String;

use game_sdk::{Draw, Fault};

/// 13 clubs from the two to the ace, then diamonds, hearts and spades.
pub(crate) type Card = u8;

/// Cards of the deck.
pub(crate) const CARDS: u8 = 52;

/// The next card of a deck from which the cards of `gone` (one bit each) are gone; it's then gone too.
///
/// # Errors
/// [`Fault::Internal`] when the draw lies outside the deck, which no host returns.
pub(crate) fn take(gone: &mut u64, draw: &mut impl Draw) -> Result<Card, Fault> {
    let left = u64::from(CARDS).saturating_sub(u64::from(gone.count_ones()));
    let mut nth = draw.below(0, left);
    for card in 0..CARDS {
        if *gone & bit(card) != 0 {
            continue;
        }
        if nth == 0 {
            *gone |= bit(card);
            return Ok(card);
        }
        nth = nth.saturating_sub(1);
    }
    Err(Fault::Internal)
}

/// The card's bit in a set of cards.
pub(crate) fn bit(card: Card) -> u64 {
    1_u64.checked_shl(card.into()).unwrap_or(0)
}

/// Rank and suit in events: `2C`, `TS`, `AH`.
pub(crate) fn label(card: Card) -> String {
    let letter = |letters: &[u8], at: u8| letters.get(usize::from(at)).copied().unwrap_or(b'?');
    [letter(b"23456789TJQKA", card % 13), letter(b"CDHS", card / 13)].into_iter().map(char::from).collect()
}
