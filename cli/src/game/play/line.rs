//! What a player may type.

/// One line, cut into words.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'a> {
    Nothing,
    Help,
    Spots,
    Quit,
    Bets(Vec<String>),
    Action { name: &'a str, argument: Option<&'a str> },
}

impl<'a> Line<'a> {
    /// Whatever isn't another word of the harness is taken for an action.
    pub(super) fn parse(text: &'a str) -> Self {
        let text = text.split_once('#').map_or(text, |(before, _)| before);
        let mut words = text.split_whitespace();
        match words.next() {
            None => Self::Nothing,
            Some("help" | "?") => Self::Help,
            Some("spots") => Self::Spots,
            Some("quit" | "exit") => Self::Quit,
            Some("bet") => Self::Bets(words.map(str::to_owned).collect()),
            Some(name) => Self::Action { name, argument: words.next() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_words_up_to_a_comment() {
        assert_eq!(Line::parse("  # a comment"), Line::Nothing);
        assert_eq!(Line::parse("bet even:red=10  2 # two"), Line::Bets(vec!["even:red=10".into(), "2".into()]));
        assert_eq!(Line::parse("hit"), Line::Action { name: "hit", argument: None });
        assert_eq!(Line::parse("pick 12"), Line::Action { name: "pick", argument: Some("12") });
        assert_eq!((Line::parse("quit"), Line::parse("?")), (Line::Quit, Line::Help));
    }
}
