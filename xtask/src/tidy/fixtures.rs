//! Wire fixtures parse: each file of crates/wire/fixtures is JSON. What they mean is the wire crate's own test.
use super::tree;
use crate::project::Project;

const FOLDER: &str = "crates/wire/fixtures/";

pub(super) fn check(project: &Project, files: &[String]) -> Vec<String> {
    let fixtures = files.iter().filter(|file| file.starts_with(FOLDER));
    fixtures.filter_map(|file| Some(format!("{file}: {}", fault(project, file)?))).collect()
}

fn fault(project: &Project, file: &str) -> Option<String> {
    let lines = tree::has_extension(file, "jsonl");
    if !lines && !tree::has_extension(file, "json") {
        return Some("a fixture is .json or .jsonl".to_owned());
    }
    let text = match std::fs::read_to_string(project.root().join(file)) {
        Ok(text) => text,
        Err(error) => return Some(error.to_string()),
    };
    let parse = |text: &str| serde_json::from_str::<serde_json::Value>(text).err().map(|error| error.to_string());
    if lines { text.lines().find_map(parse) } else { parse(&text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixture_that_does_not_parse_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join(FOLDER)).unwrap();
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(FOLDER).join(name), text).unwrap();
            format!("{FOLDER}{name}")
        };
        let files = vec![write("good.json", "{\"a\":1}"), write("bad.json", "{a}"), write("note.txt", "x")];
        let faults = check(&Project::at(folder.path()), &files);
        assert_eq!(faults.len(), 2);
        assert!(faults[0].contains("bad.json") && faults[1].contains("note.txt"));
    }
}
