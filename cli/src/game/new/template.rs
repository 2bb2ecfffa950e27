//! What a new game begins with: rules, a test of the declared return, one configuration.

use clap::ValueEnum;

const MANIFEST: &str = include_str!("../../../templates/Cargo.toml.txt");
const README: &str = include_str!("../../../templates/README.md.txt");

/// A game to begin with.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Template {
    /// A die, two spots, one deal.
    Dice,
    /// Three reels, one line, one deal.
    Slot,
    /// Higher or lower: state, offers, two deals.
    Cards,
}

impl Template {
    fn rules(self) -> &'static str {
        match self {
            Self::Dice => include_str!("../../../templates/dice.rs"),
            Self::Slot => include_str!("../../../templates/slot.rs"),
            Self::Cards => include_str!("../../../templates/cards.rs"),
        }
    }

    fn test(self) -> &'static str {
        match self {
            Self::Dice => include_str!("../../../templates/return-dice.rs"),
            Self::Slot => include_str!("../../../templates/return-slot.rs"),
            Self::Cards => include_str!("../../../templates/return-cards.rs"),
        }
    }

    /// Canonical JSON: its SHA-256 is `params`.
    fn configuration(self) -> &'static str {
        match self {
            Self::Dice => r#"{"edge_bp":200}"#,
            Self::Slot => "{}",
            Self::Cards => r#"{"edge_bp":300}"#,
        }
    }

    /// Every file of the game's own, with its path in the folder.
    pub(super) fn files(self, name: &str) -> Vec<(String, String)> {
        let fill = |text: &str| {
            text.replace("__NAME__", name)
                .replace("__CRATE__", &name.replace('-', "_"))
                .replace("__TITLE__", &title(name))
        };
        [
            ("Cargo.toml", fill(MANIFEST)),
            ("README.md", fill(README)),
            (".gitignore", "/target\n/dist\n".to_owned()),
            ("src/lib.rs", fill(self.rules())),
            ("tests/return.rs", fill(self.test())),
            ("configs/default.json", self.configuration().to_owned()),
        ]
        .map(|(path, text)| (path.to_owned(), text))
        .into()
    }
}

/// `moon-dice` as players read it: Moon Dice.
fn title(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_game_is_under_a_hundred_lines_and_no_placeholder_is_left() {
        for template in [Template::Dice, Template::Slot, Template::Cards] {
            let files = template.files("moon-dice");
            let rules = &files.iter().find(|(path, _)| path == "src/lib.rs").unwrap().1;
            let code = rules.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//"));
            assert!(code.count() < 100, "{template:?}");
            assert!(files.iter().all(|(_, text)| !text.contains("__")), "{template:?}");
            assert!(rules.contains("Moon Dice"));
        }
    }
}
