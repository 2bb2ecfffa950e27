//! The targets that can be bet on: a ladder of hundredths from 1.01 to 1,000,000.00.

use alloc::string::String;

/// A part of the ladder: first and last target, and the step between, hundredths.
struct Band {
    first: u32,
    last: u32,
    step: u32,
}

const fn band(first: u32, last: u32, step: u32) -> Band {
    Band { first, last, step }
}

const LADDER: [Band; 9] = [
    band(101, 200, 1),
    band(205, 500, 5),
    band(510, 1000, 10),
    band(1050, 2000, 50),
    band(2100, 10_000, 100),
    band(15_000, 100_000, 5000),
    band(150_000, 1_000_000, 50_000),
    band(1_500_000, 10_000_000, 500_000),
    band(15_000_000, 100_000_000, 5_000_000),
];

/// The highest target, hundredths.
pub(crate) const HIGHEST: u32 = 100_000_000;

/// True when `centi` is on the ladder.
pub(crate) fn is_offered(centi: u32) -> bool {
    LADDER.iter().any(|band| {
        (band.first..=band.last).contains(&centi) && centi.saturating_sub(band.first).is_multiple_of(band.step)
    })
}

/// Every target, ascending, hundredths.
pub(crate) fn all() -> impl Iterator<Item = u32> {
    LADDER.iter().flat_map(|band| {
        core::iter::successors(Some(band.first), |centi| centi.checked_add(band.step))
            .take_while(|centi| *centi <= band.last)
    })
}

/// `2.00`.
pub(crate) fn name(centi: u32) -> String {
    let mut name = String::with_capacity(12);
    let mut unit = HIGHEST;
    while unit > 0 {
        let digit = char::from_digit(centi / unit % 10, 10);
        // No leading zeros before the units.
        if unit <= 100 || centi >= unit {
            name.extend(digit);
        }
        if unit == 100 {
            name.push('.');
        }
        unit /= 10;
    }
    name
}
