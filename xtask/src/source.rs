//! Rust text cut into tokens, enough to judge names, floats, macros and function lengths: comments and texts in quotes
//! are set apart, so a word in a comment is never taken for code. Not a parser: it reads what compiles.

/// A piece of code with the line it begins on, from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) kind: Kind,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    Number,
    Quoted,
    Comment,
    Sign,
}

/// All tokens of a file, comments included.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let letters: Vec<char> = text.chars().collect();
    let mut reader = Reader { letters: &letters, at: 0, line: 1 };
    let mut found = Vec::new();
    while let Some(token) = reader.next_token() {
        found.push(token);
    }
    found
}

/// The tokens that are compiled into the product: no comments, no quoted text, no `#[cfg(test)]` item with a body.
pub(crate) fn product_code(text: &str) -> Vec<Token> {
    let all = tokens(text).into_iter().filter(|token| !matches!(token.kind, Kind::Comment | Kind::Quoted));
    let all: Vec<Token> = all.collect();
    let mut kept = Vec::with_capacity(all.len());
    let mut at = 0;
    while let Some(token) = all.get(at) {
        if is_test_attribute(all.get(at..).unwrap_or_default()) {
            at += skip_item(all.get(at..).unwrap_or_default());
        } else {
            kept.push(token.clone());
            at += 1;
        }
    }
    kept
}

/// Whether tokens begin with the texts.
pub(crate) fn begins_with(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.text == *text)
}

fn is_test_attribute(tokens: &[Token]) -> bool {
    begins_with(tokens, &["#", "[", "cfg", "(", "test", ")", "]"])
}

/// Tokens up to the end of the item that begins here: its closing brace, or a semicolon before any brace.
fn skip_item(tokens: &[Token]) -> usize {
    let mut depth = 0_usize;
    for (index, token) in tokens.iter().enumerate() {
        match token.text.as_str() {
            "{" => depth += 1,
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return index + 1;
                }
            }
            ";" if depth == 0 => return index + 1,
            _ => {}
        }
    }
    tokens.len()
}

struct Reader<'a> {
    letters: &'a [char],
    at: usize,
    line: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.letters.get(self.at + ahead).copied()
    }

    fn step(&mut self, into: &mut String) {
        if let Some(letter) = self.peek(0) {
            self.line += usize::from(letter == '\n');
            into.push(letter);
            self.at += 1;
        }
    }

    fn next_token(&mut self) -> Option<Token> {
        let mut blank = String::new();
        while self.peek(0)?.is_whitespace() {
            self.step(&mut blank);
        }
        let line = self.line;
        let (text, kind) = self.piece()?;
        Some(Token { line, text, kind })
    }

    fn piece(&mut self) -> Option<(String, Kind)> {
        let first = self.peek(0)?;
        let second = self.peek(1);
        Some(match first {
            '/' if second == Some('/') => (self.while_next(|letter| letter != '\n'), Kind::Comment),
            '/' if second == Some('*') => (self.block_comment(), Kind::Comment),
            '"' => (self.quoted(), Kind::Quoted),
            '\'' => self.letter_or_lifetime(),
            letter if letter.is_ascii_digit() => (self.number(), Kind::Number),
            letter if letter == '_' || letter.is_alphanumeric() => self.name_or_prefixed_quote(),
            _ => {
                let mut text = String::new();
                self.step(&mut text);
                (text, Kind::Sign)
            }
        })
    }

    fn while_next(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while self.peek(0).is_some_and(&wanted) {
            self.step(&mut text);
        }
        text
    }

    fn block_comment(&mut self) -> String {
        let mut text = String::new();
        let mut depth = 0_usize;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                (None, _) => return text,
                _ => {
                    self.step(&mut text);
                    continue;
                }
            }
            self.step(&mut text);
            self.step(&mut text);
            if depth == 0 {
                return text;
            }
        }
    }

    fn quoted(&mut self) -> String {
        let mut text = String::new();
        self.step(&mut text);
        while let Some(letter) = self.peek(0) {
            self.step(&mut text);
            match letter {
                '\\' => self.step(&mut text),
                '"' => break,
                _ => {}
            }
        }
        text
    }

    fn letter_or_lifetime(&mut self) -> (String, Kind) {
        let mut text = String::new();
        if self.peek(1) != Some('\\') && self.peek(2) != Some('\'') {
            self.step(&mut text);
            text.push_str(&self.while_next(|letter| letter == '_' || letter.is_alphanumeric()));
            return (text, Kind::Sign);
        }
        self.step(&mut text);
        let escaped = self.peek(0) == Some('\\');
        self.step(&mut text);
        if escaped {
            self.step(&mut text);
        }
        text.push_str(&self.while_next(|letter| letter != '\''));
        self.step(&mut text);
        (text, Kind::Quoted)
    }

    /// A point belongs to a number only before a digit: `0..3` and `pair.0` are no floats.
    fn number(&mut self) -> String {
        let part = |letter: char| letter == '_' || letter.is_alphanumeric();
        let mut text = self.while_next(part);
        let after_point =
            self.at.checked_sub(text.chars().count() + 1).and_then(|at| self.letters.get(at)) == Some(&'.');
        if !after_point && self.peek(0) == Some('.') && self.peek(1).is_some_and(|letter| letter.is_ascii_digit()) {
            self.step(&mut text);
            text.push_str(&self.while_next(part));
        }
        text
    }

    fn name_or_prefixed_quote(&mut self) -> (String, Kind) {
        let mut text = self.while_next(|letter| letter == '_' || letter.is_alphanumeric());
        let raw = matches!(text.as_str(), "r" | "br" | "cr");
        let fences = (0..).take_while(|ahead| self.peek(*ahead) == Some('#')).count();
        if raw && self.peek(fences) == Some('"') {
            text.push_str(&self.raw_quoted(fences));
            return (text, Kind::Quoted);
        }
        if matches!(text.as_str(), "b" | "c") && self.peek(0) == Some('"') {
            text.push_str(&self.quoted());
            return (text, Kind::Quoted);
        }
        (text, Kind::Name)
    }

    fn raw_quoted(&mut self, fences: usize) -> String {
        let mut text = String::new();
        (0..=fences).for_each(|_| self.step(&mut text));
        while let Some(letter) = self.peek(0) {
            self.step(&mut text);
            if letter == '"' && (0..fences).all(|ahead| self.peek(ahead) == Some('#')) {
                (0..fences).for_each(|_| self.step(&mut text));
                break;
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> String {
        product_code(text).into_iter().map(|token| token.text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn comments_and_quotes_are_no_code() {
        assert_eq!(
            code("a /* f64 /* x */ */ b // HashMap\n c(\"async \\\" f32\", 'x', '\\n', r#\"q\"f64\"#)"),
            "a b c ( , , , )"
        );
    }

    #[test]
    fn a_lifetime_is_no_quote() {
        assert_eq!(
            code("fn f<'a>(x: &'a str) -> &'static str {}"),
            "fn f < 'a > ( x : & 'a str ) - > & 'static str { }"
        );
    }

    #[test]
    fn ranges_and_tuple_fields_are_no_floats() {
        let numbers = |text: &str| {
            let found = tokens(text).into_iter().filter(|token| token.kind == Kind::Number);
            found.map(|token| token.text).collect::<Vec<_>>()
        };
        assert_eq!(numbers("0..3 pair.0.1 1.5 2f64 1_000"), ["0", "3", "0", "1", "1.5", "2f64", "1_000"]);
    }

    #[test]
    fn test_modules_are_left_out_and_what_follows_is_not() {
        assert_eq!(code("a; #[cfg(test)] mod tests { fn x() { HashMap } } b;"), "a ; b ;");
        assert_eq!(code("#[cfg(test)] use x; c"), "c");
    }

    #[test]
    fn lines_are_counted_through_comments_and_quotes() {
        let found = tokens("/* \n */ a \"\n\n\" b");
        let b = found.iter().find(|token| token.text == "b").map(|token| token.line);
        assert_eq!(b, Some(4));
    }
}
