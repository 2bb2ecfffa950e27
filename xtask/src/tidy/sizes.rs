//! File sizes: over 500 lines needs an exception with a reason, over 1,000 has none. Tests aside.
use super::{Text, allow::Allowed, tree};

const ALARM_LINES: usize = 500;
const HARD_LINES: usize = 1000;

pub(super) fn check(files: &[Text], allowed: &Allowed) -> Vec<String> {
    let mut faults = Vec::new();
    let product = || files.iter().filter(|file| !tree::is_test(&file.path));
    for file in product() {
        let lines = file.text.lines().count();
        let excepted = allowed.long_file.iter().any(|long| long.path == file.path);
        if lines > HARD_LINES {
            faults.push(format!("{}: {lines} lines, and {HARD_LINES} is the end", file.path));
        } else if lines > ALARM_LINES && !excepted {
            faults.push(format!("{}: {lines} lines; split it, or give a reason in tidy-allow.toml", file.path));
        }
    }
    for long in &allowed.long_file {
        let needed = product().any(|file| file.path == long.path && file.text.lines().count() > ALARM_LINES);
        if !needed {
            faults.push(format!("tidy-allow.toml: {} needs no exception", long.path));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::super::allow::LongFile;
    use super::*;

    fn file(path: &str, lines: usize) -> Text {
        Text { path: path.to_owned(), text: "x\n".repeat(lines) }
    }

    fn allowing(path: &str) -> Allowed {
        let long = LongFile { path: path.to_owned(), reason: "one table of constants".to_owned() };
        Allowed { long_functions: 0, long_file: vec![long] }
    }

    #[test]
    fn a_long_file_needs_a_reason() {
        assert_eq!(check(&[file("a/src/x.rs", 500)], &Allowed::default()).len(), 0);
        assert_eq!(check(&[file("a/src/x.rs", 501)], &Allowed::default()).len(), 1);
        assert_eq!(check(&[file("a/src/x.rs", 501)], &allowing("a/src/x.rs")).len(), 0);
    }

    #[test]
    fn a_very_long_file_has_no_excuse() {
        assert_eq!(check(&[file("a/src/x.rs", 1001)], &allowing("a/src/x.rs")).len(), 1);
    }

    #[test]
    fn an_exception_that_nothing_needs_is_reported() {
        assert_eq!(check(&[file("a/src/x.rs", 20)], &allowing("a/src/x.rs")).len(), 1);
    }

    #[test]
    fn tests_may_be_long() {
        assert_eq!(check(&[file("tests/platform/money.rs", 1500)], &Allowed::default()).len(), 0);
    }
}
