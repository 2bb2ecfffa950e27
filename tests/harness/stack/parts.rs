//! The names of the parts, as people and chaos call them.
use std::fmt;

/// A part of the running product.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The NATS server of the core.
    Hub,
    /// The NATS server of a region.
    Leaf(String),
    /// The database.
    Postgres,
    /// core-server.
    Core,
    /// A dealer, by its id.
    Dealer(String),
    /// An edge, by its id.
    Edge(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hub => f.write_str("nats-hub"),
            Self::Leaf(region) => write!(f, "nats-{region}"),
            Self::Postgres => f.write_str("postgres"),
            Self::Core => f.write_str("core-server"),
            Self::Dealer(name) | Self::Edge(name) => f.write_str(name),
        }
    }
}
