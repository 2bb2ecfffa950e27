//! Module names: a module is called after its concept. Drawers are refused.
use super::tree;

const DRAWERS: [&str; 9] = ["util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "types"];

pub(super) fn check(files: &[String]) -> Vec<String> {
    let rust = files.iter().filter(|file| tree::is_rust(file));
    rust.filter_map(|file| Some(format!("{file}: `{}` names no concept", drawer(file)?))).collect()
}

fn drawer(file: &str) -> Option<&str> {
    file.split('/').map(|part| part.strip_suffix(".rs").unwrap_or(part)).find(|part| DRAWERS.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawer_is_refused_as_a_file_and_as_a_folder() {
        for bad in ["a/src/utils.rs", "a/src/types.rs", "a/src/common/mod.rs", "crates/misc/src/lib.rs"] {
            assert_eq!(check(&[bad.to_owned()]).len(), 1, "{bad}");
        }
        assert_eq!(check(&["a/src/lease.rs".to_owned(), "docs/common.md".to_owned()]).len(), 0);
    }
}
