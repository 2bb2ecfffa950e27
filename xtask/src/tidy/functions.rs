//! Functions over 70 lines, as a ratchet: the number in tidy-allow.toml is what the tree has, and only goes down.
use super::{Text, allow::Allowed, tree};
use crate::source::{self, Token};

const LIMIT_LINES: usize = 70;

pub(super) fn check(files: &[Text], allowed: &Allowed) -> Vec<String> {
    let product = files.iter().filter(|file| !tree::is_test(&file.path));
    let long: Vec<String> = product.flat_map(long_functions).collect();
    let (found, limit) = (long.len(), allowed.long_functions);
    if found > limit {
        return long.into_iter().map(|text| format!("{text}; {found} in the tree, {limit} allowed")).collect();
    }
    if found < limit {
        return vec![format!(
            "only {found} functions over {LIMIT_LINES} lines: lower long_functions in tidy-allow.toml"
        )];
    }
    Vec::new()
}

fn long_functions(file: &Text) -> Vec<String> {
    let code = source::product_code(&file.text);
    let mut found = Vec::new();
    for (at, token) in code.iter().enumerate() {
        let Some(name) = code.get(at + 1).filter(|_| token.text == "fn") else { continue };
        let body = code.get(at..).unwrap_or_default();
        if let Some(lines) = length(body).filter(|lines| *lines > LIMIT_LINES) {
            found.push(format!("{}:{}: fn {} has {lines} lines", file.path, token.line, name.text));
        }
    }
    found
}

/// Lines between the braces of the function that begins here, as clippy counts; none when it has no body.
fn length(code: &[Token]) -> Option<usize> {
    let mut depth = 0_usize;
    let mut opened = None;
    for token in code {
        match token.text.as_str() {
            ";" if depth == 0 && opened.is_none() => return None,
            "{" | "[" | "(" => {
                depth += 1;
                if token.text == "{" && depth == 1 {
                    opened = Some(token.line);
                }
            }
            "}" | "]" | ")" => {
                depth = depth.checked_sub(1)?;
                if depth == 0 && token.text == "}" {
                    return Some(token.line.checked_sub(opened?)?.saturating_sub(1));
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(lines: usize) -> Text {
        let body = "    let x = [1, 2];\n".repeat(lines);
        Text {
            path: "a/src/x.rs".to_owned(),
            text: format!("fn long(a: [u8; 3]) -> u8 {{\n{body}}}\nfn short() {{}}\n"),
        }
    }

    fn allowing(long_functions: usize) -> Allowed {
        Allowed { long_functions, long_file: Vec::new() }
    }

    #[test]
    fn a_function_of_71_lines_is_one_too_long() {
        assert_eq!(check(&[file(70)], &allowing(0)), Vec::<String>::new());
        let faults = check(&[file(71)], &allowing(0));
        assert!(faults.len() == 1 && faults[0].contains("fn long has 71 lines"), "{faults:?}");
    }

    #[test]
    fn the_ratchet_only_goes_down() {
        assert_eq!(check(&[file(71)], &allowing(1)), Vec::<String>::new());
        assert_eq!(check(&[file(10)], &allowing(1)).len(), 1);
    }

    #[test]
    fn a_signature_without_a_body_has_no_length() {
        let text = Text { path: "x.rs".to_owned(), text: "trait T { fn f(&self) -> [u8; 2]; }".to_owned() };
        assert_eq!(long_functions(&text), Vec::<String>::new());
    }
}
