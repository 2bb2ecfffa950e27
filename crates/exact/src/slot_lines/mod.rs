//! A second Millpond Lanterns, from its par sheet: letters on rings, a pay table in text, every stop enumerated, and the free
//! spins by a recursion up to their bound.
#![expect(clippy::indexing_slicing, reason = "reels, rows and stops count into tables of exactly those lengths")]

mod bonus;
mod round;

pub use bonus::{Bonus, Rest};
pub use round::{BOUGHT, BOUND, BUY_LINES, Round, SPIN_LINES, buy_round, figures, spin_round};

/// The rings, as printed on the par sheet.
const FIRST: [(&str, &str); 3] =
    [("94", "MSLWDRWRMSMPCSMDRPDCRSPHRW"), ("95", "MSLPDRWRMSMPCSMDHPDCRSPHRW"), ("96", "MSLWDRWRMSMPCSMDHPDCRSPHRW")];
const SECOND: &str = "RMPSPRPSWHCRLHSMWDMKRMCDSD";
const THIRD: &str = "DMDWPHWDCPWSRSRKSPRPCMHSML";
const THIRD_OF_96: &str = "DMDWPHWDCPWSPSRKSPRPCMHSML";
const FOURTH: &str = "WPHPKSDMLMPRHWCSDSPMRWRCMD";
const FIFTH: &str = "PMLSMHPDPWDWSRHCWRMDSCSPRM";
const FREE: [&str; 5] = [
    "CPSRMRSDPDSMPSRCHMPWMWDCLHW",
    "RPWCDSKCMSRDHPKMWCHPRSMLWHD",
    "WSCDHWKRPKSLSPMCRDHKCMWPDMR",
    "MPHCSMLRKMHSCKHRDCWSDPWPWRD",
    "CRDMCRSHMWDMPWSCLSPWHPDRPMS",
];

/// Letter, then what three, four and five of it pay, line stakes.
const PAYS: [(u8, [u64; 3]); 8] = [
    (b'H', [40, 150, 500]),
    (b'C', [30, 100, 350]),
    (b'W', [20, 60, 200]),
    (b'D', [15, 40, 150]),
    (b'R', [8, 25, 80]),
    (b'S', [8, 20, 70]),
    (b'M', [5, 15, 50]),
    (b'P', [5, 12, 40]),
];

/// Lanterns in sight, then what they pay, line stakes, and the free spins that they win in a paid spin.
const LANTERNS: [(usize, u64, usize); 3] = [(3, 40, 8), (4, 200, 10), (5, 1000, 15)];

/// The lines as a player sees them: t top, m middle, b bottom.
const LINES: [&[u8; 5]; 20] = [
    b"mmmmm", b"ttttt", b"bbbbb", b"tmbmt", b"bmtmb", b"ttmbb", b"bbmtt", b"mtttm", b"mbbbm", b"tmmmt", b"bmmmb",
    b"mtmbm", b"mbmtm", b"tmtmt", b"bmbmb", b"mmtmm", b"mmbmm", b"ttbtt", b"bbtbb", b"tbmbt",
];

/// The rings of a paid spin.
fn base(variant: &str) -> Option<[&'static str; 5]> {
    let first = FIRST.iter().find(|(name, _)| *name == variant)?.1;
    let third = if variant == "96" { THIRD_OF_96 } else { THIRD };
    Some([first, SECOND, third, FOURTH, FIFTH])
}

/// Free spins for `lanterns` in a paid spin.
#[must_use]
pub fn award(lanterns: usize) -> usize {
    LANTERNS.iter().find(|(count, _, _)| *count == lanterns).map_or(0, |(_, _, spins)| *spins)
}

/// What all spins with the same number of lanterns come to.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Tally {
    /// How many sets of stops.
    pub count: u64,
    /// Sum of their wins, line stakes.
    pub won: u64,
    /// Sum of the squares.
    pub squares: u128,
    /// How many win nothing.
    pub blanks: u64,
    /// The largest win, and stops that give it.
    pub most: (u64, [usize; 5]),
}

impl Tally {
    fn add(&mut self, won: u64, stops: [usize; 5]) {
        self.count += 1;
        self.won += won;
        self.squares += u128::from(won) * u128::from(won);
        self.blanks += u64::from(won == 0);
        if won >= self.most.0 {
            self.most = (won, stops);
        }
    }
}

/// Every set of stops of five rings, by lanterns in sight.
pub struct Game {
    columns: [Vec<[u8; 3]>; 5],
    wild_step: u64,
}

impl Game {
    /// A paid spin of `variant`, if there is such a variant.
    #[must_use]
    pub fn base(variant: &str) -> Option<Self> {
        base(variant).map(|rings| Self::new(rings, 1))
    }

    /// A free spin.
    #[must_use]
    pub fn free() -> Self {
        Self::new(FREE, 2)
    }

    fn new(rings: [&str; 5], wild_step: u64) -> Self {
        let columns = rings.map(|ring| {
            let twice = [ring.as_bytes(), ring.as_bytes()].concat();
            let windows = twice.windows(3).map(|three| [three[0], three[1], three[2]]);
            windows.take(ring.len()).collect()
        });
        Self { columns, wild_step }
    }

    /// Lengths of the rings.
    #[must_use]
    pub fn lengths(&self) -> [usize; 5] {
        self.columns.each_ref().map(Vec::len)
    }

    /// Lanterns in sight and line stakes won at `stops`.
    #[must_use]
    pub fn spin(&self, stops: [usize; 5]) -> (usize, u64) {
        let at = |reel: usize| self.columns[reel][stops[reel]];
        let sight = [at(0), at(1), at(2), at(3), at(4)];
        let lanterns = sight.iter().flatten().filter(|letter| **letter == b'L').count();
        let lines: u64 = LINES.iter().map(|line| self.line(&sight, line)).sum();
        let scattered = LANTERNS.iter().find(|(count, _, _)| *count == lanterns);
        (lanterns, lines + scattered.map_or(0, |(_, pays, _)| *pays))
    }

    fn line(&self, sight: &[[u8; 3]; 5], line: &[u8; 5]) -> u64 {
        let letter = |reel: usize| match line[reel] {
            b't' => sight[reel][0],
            b'm' => sight[reel][1],
            _ => sight[reel][2],
        };
        let leader = letter(0);
        let broken = (1..5).find(|reel| letter(*reel) != leader && letter(*reel) != b'K');
        let run = broken.unwrap_or(5);
        if run < 3 {
            return 0;
        }
        let wilds: u64 = (1..run).map(|reel| u64::from(letter(reel) == b'K')).sum();
        let pays = PAYS.iter().find(|(paying, _)| *paying == leader);
        pays.map_or(0, |(_, pays)| pays[run - 3] * (1 + self.wild_step * wilds))
    }

    /// Every set of stops once; the index is the number of lanterns.
    #[must_use]
    pub fn enumerate(&self) -> [Tally; 6] {
        let [a, b, c, d, e] = self.lengths();
        let mut tallies = [Tally::default(); 6];
        for first in 0..a {
            for second in 0..b {
                for third in 0..c {
                    for fourth in 0..d {
                        for fifth in 0..e {
                            let stops = [first, second, third, fourth, fifth];
                            let (lanterns, won) = self.spin(stops);
                            tallies[lanterns].add(won, stops);
                        }
                    }
                }
            }
        }
        tallies
    }
}
