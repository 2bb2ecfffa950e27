//! Texts that must not be in the tree: unfinished work in code, and anything that names a machine: its folders, its
//! registries. The forbidden words are put together from halves here, so that this file passes its own check.
use super::Text;
use crate::source::{self, Kind, Token};

/// Macros that mean "not built".
const UNFINISHED: [&str; 2] = [concat!("to", "do"), concat!("un", "implemented")];
/// Words in comments that mean the same.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];
/// Folders of a machine. Each is looked for at the start of a path.
const PLACES: [&str; 5] =
    [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/ho", "me/"), concat!("/Us", "ers/"), concat!("/tm", "p/")];
/// Hosts of package registries that only some machines can reach.
const HOSTS: [&str; 5] = [
    concat!("artifact", "ory"),
    concat!("jfr", "og"),
    concat!("nexus", "."),
    concat!("://192", ".168."),
    concat!("crates-", "mirror"),
];

/// Unfinished code and ignored tests.
pub(super) fn check_rust(files: &[Text]) -> Vec<String> {
    files
        .iter()
        .flat_map(|file| unfinished(&file.text).into_iter().map(|fault| format!("{}:{fault}", file.path)))
        .collect()
}

fn unfinished(text: &str) -> Vec<String> {
    let tokens = source::tokens(text);
    let mut faults = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let rest = tokens.get(at..).unwrap_or_default();
        if let Some(what) = unfinished_here(token, rest) {
            faults.push(format!("{}: {what}", token.line));
        }
    }
    faults
}

fn unfinished_here(token: &Token, rest: &[Token]) -> Option<String> {
    match token.kind {
        Kind::Comment => {
            let words = || token.text.split(|letter: char| !letter.is_alphanumeric());
            MARKS.iter().find(|mark| words().any(|word| word == **mark)).map(|mark| format!("{mark} in a comment"))
        }
        Kind::Name if UNFINISHED.contains(&token.text.as_str()) && source::begins_with(rest.get(1..)?, &["!"]) => {
            Some(format!("{}!", token.text))
        }
        Kind::Sign if source::begins_with(rest, &["#", "[", "ignore"]) => Some("an ignored test".to_owned()),
        _ => None,
    }
}

/// Folders of a machine and names of registries, in any text file.
pub(super) fn check_places(files: &[Text]) -> Vec<String> {
    let mut faults = Vec::new();
    for file in files {
        for (line, text) in file.text.lines().enumerate() {
            if let Some(what) = place_in(text) {
                faults.push(format!("{}:{}: names a machine ({what})", file.path, line + 1));
            }
        }
    }
    faults
}

fn place_in(text: &str) -> Option<&'static str> {
    let host = HOSTS.iter().find(|host| text.contains(**host)).copied();
    host.or_else(|| PLACES.iter().find(|place| starts_a_path(text, place)).copied())
}

/// `x/work/y` and `https://host/work/` are parts of other paths.
fn starts_a_path(text: &str, place: &str) -> bool {
    text.match_indices(place).any(|(at, _)| {
        let before = text.get(..at).and_then(|head| head.chars().next_back());
        before.is_none_or(|letter| !letter.is_alphanumeric() && !matches!(letter, '_' | '-' | '.' | '}' | ')' | '/'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unfinished_code_is_found_in_code_and_in_comments() {
        for bad in [
            concat!("fn f() { to", "do!() }"),
            concat!("un", "implemented!(\"later\")"),
            concat!("// FIX", "ME: later"),
            concat!("/// TO", "DO(x) later"),
            concat!("#[igno", "re]\nfn t() {}"),
            concat!("#[igno", "re = \"slow\"]\nfn t() {}"),
        ] {
            assert_eq!(unfinished(bad).len(), 1, "{bad}");
        }
        assert_eq!(unfinished("let todos = \"todo!\"; // what is to be done").len(), 0);
    }

    #[test]
    fn a_text_that_names_a_machine_is_found() {
        for bad in [
            concat!("see /wo", "rk/main"),
            concat!("\"/ro", "ot/.cargo\""),
            concat!("path=/ho", "me/ana/x"),
            concat!("https://my.artifact", "ory.example/pypi"),
        ] {
            assert!(place_in(bad).is_some(), "{bad}");
        }
        for good in ["src/work/x", "https://example.org/home/x", "/v1/root/", "framework/tmp/"] {
            assert!(place_in(good).is_none(), "{good}");
        }
    }
}
