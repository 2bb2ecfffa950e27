//! Money: integer minor units, currencies, checked arithmetic.
//!
//! An [`Amount`] is a count of minor units (cents) that fits `i64`; sums of many are `i128`. No float, no rounding, no
//! silent wrap: every operation that can leave the range says so. In JSON an amount is a decimal string, because numbers
//! over 2^53 do not survive JavaScript.

mod amount;
mod currency;

pub use amount::{Amount, AmountError};
pub use currency::{Currency, CurrencyError};
