//! Every Rust file begins with a `//!` header that says what it promises.
use super::Text;

/// Attributes that may stand above the header.
const BEFORE: [&str; 2] = ["#!", "// SPDX"];

pub(super) fn check(files: &[Text]) -> Vec<String> {
    let bare = files.iter().filter(|file| !has_header(&file.text));
    bare.map(|file| format!("{}: begins without a `//!` header", file.path)).collect()
}

fn has_header(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.find(|line| !BEFORE.iter().any(|start| line.starts_with(start)));
    first.is_some_and(|line| line.strip_prefix("//!").is_some_and(|header| header.trim().len() > 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_says_what_it_promises() {
        for (text, wanted) in [
            ("//! Leases: open and close.\nuse x;", true),
            ("#![no_std]\n//! Rules of roulette.\n", true),
            ("use x;\n//! late", false),
            ("//!\nuse x;", false),
            ("", false),
        ] {
            assert_eq!(has_header(text), wanted, "{text:?}");
        }
    }
}
