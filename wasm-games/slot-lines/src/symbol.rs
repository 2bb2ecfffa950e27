//! The ten symbols and what they pay.

/// A symbol on a reel.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Symbol {
    /// Wild: stands for every paying symbol and raises the multiplier of each line it wins on.
    Kingfisher,
    /// Scatter: pays anywhere and brings free spins.
    Lantern,
    /// Pays most.
    Heron,
    /// Second.
    Carp,
    /// Third.
    WaterLily,
    /// Fourth.
    Dragonfly,
    /// Fifth.
    Reed,
    /// Sixth.
    Stone,
    /// Seventh.
    Moss,
    /// Pays least.
    Pebble,
}

impl Symbol {
    /// Three, four and five of a kind from the left, line stakes. Zeros for the wild, which isn't on the first reel,
    /// and for the scatter, which pays elsewhere ([`scatter_pays`]).
    pub(crate) fn pays(self) -> [u64; 3] {
        match self {
            Self::Kingfisher | Self::Lantern => [0, 0, 0],
            Self::Heron => [40, 150, 500],
            Self::Carp => [30, 100, 350],
            Self::WaterLily => [20, 60, 200],
            Self::Dragonfly => [15, 40, 150],
            Self::Reed => [8, 25, 80],
            Self::Stone => [8, 20, 70],
            Self::Moss => [5, 15, 50],
            Self::Pebble => [5, 12, 40],
        }
    }

    /// The symbol's letter in events.
    pub(crate) fn letter(self) -> u8 {
        match self {
            Self::Kingfisher => b'K',
            Self::Lantern => b'L',
            Self::Heron => b'H',
            Self::Carp => b'C',
            Self::WaterLily => b'W',
            Self::Dragonfly => b'D',
            Self::Reed => b'R',
            Self::Stone => b'S',
            Self::Moss => b'M',
            Self::Pebble => b'P',
        }
    }

    /// The symbol's name in events.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Kingfisher => "kingfisher",
            Self::Lantern => "lantern",
            Self::Heron => "heron",
            Self::Carp => "carp",
            Self::WaterLily => "water lily",
            Self::Dragonfly => "dragonfly",
            Self::Reed => "reed",
            Self::Stone => "stone",
            Self::Moss => "moss",
            Self::Pebble => "pebble",
        }
    }
}

/// What `count` lanterns anywhere pay, whole spins' stakes.
pub(crate) fn scatter_pays(count: usize) -> u64 {
    match count {
        3 => 2,
        4 => 10,
        5 => 50,
        _ => 0,
    }
}
