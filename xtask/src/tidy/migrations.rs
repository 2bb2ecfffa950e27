//! Migrations never change after they landed. Each migrations folder has a CHECKSUMS file; a migration without a line
//! there, or with another hash, fails; and a line that the last commit has can't be changed either.
use super::tree;
use crate::process;
use crate::project::Project;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

const LIST: &str = "CHECKSUMS";

/// File name -> SHA-256 in hex.
type Sums = BTreeMap<String, String>;

pub(super) fn check(project: &Project, files: &[String]) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    for folder in folders(files) {
        let listed = parse(&std::fs::read_to_string(project.root().join(&folder).join(LIST)).unwrap_or_default());
        let landed = parse(&committed(project, &format!("{folder}/{LIST}")));
        let actual = actual(project, files, &folder)?;
        faults.extend(compare(&listed, &landed, &actual).into_iter().map(|fault| format!("{folder}/{fault}")));
    }
    Ok(faults)
}

/// Appends what is not listed yet; the number of new lines.
pub(super) fn seal(project: &Project, files: &[String]) -> Result<usize> {
    let mut sealed = 0;
    for folder in folders(files) {
        let path = project.root().join(&folder).join(LIST);
        let mut listed = parse(&std::fs::read_to_string(&path).unwrap_or_default());
        for (name, sum) in actual(project, files, &folder)? {
            if let Entry::Vacant(place) = listed.entry(name) {
                place.insert(sum);
                sealed += 1;
            }
        }
        let text: String = listed.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
        std::fs::write(&path, text).with_context(|| format!("{folder}/{LIST}"))?;
    }
    Ok(sealed)
}

fn compare(listed: &Sums, landed: &Sums, actual: &Sums) -> Vec<String> {
    let mut faults = Vec::new();
    for (name, sum) in actual {
        match listed.get(name) {
            None => faults.push(format!("{name}: not sealed; run `cargo xtask tidy --seal-migrations`")),
            Some(wanted) if wanted != sum => faults.push(format!("{name}: edited after it was sealed; add a new one")),
            Some(_) => {}
        }
    }
    for name in listed.keys().filter(|name| !actual.contains_key(*name)) {
        faults.push(format!("{name}: sealed, and gone"));
    }
    for (name, sum) in landed {
        if listed.get(name) != Some(sum) {
            faults.push(format!("{name}: its seal differs from the last commit's"));
        }
    }
    faults
}

fn folders(files: &[String]) -> BTreeSet<String> {
    let sql = files.iter().filter(|file| tree::has_extension(file, "sql"));
    sql.filter_map(|file| file.rsplit_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .filter(|folder| folder.ends_with("/migrations"))
        .collect()
}

fn actual(project: &Project, files: &[String], folder: &str) -> Result<Sums> {
    let mut sums = Sums::new();
    for file in files.iter().filter(|file| tree::has_extension(file, "sql")) {
        let Some((parent, name)) = file.rsplit_once('/') else { continue };
        if parent == folder {
            let bytes = std::fs::read(project.root().join(file)).with_context(|| file.clone())?;
            sums.insert(name.to_owned(), hex::encode(Sha256::digest(&bytes)));
        }
    }
    Ok(sums)
}

fn parse(text: &str) -> Sums {
    text.lines().filter_map(|line| line.split_once("  ")).map(|(sum, name)| (name.to_owned(), sum.to_owned())).collect()
}

/// The file in the last commit; empty when there is none.
fn committed(project: &Project, path: &str) -> String {
    let mut command = Command::new("git");
    command.current_dir(project.root()).args(["show", &format!("HEAD:{path}")]);
    process::text_of(&mut command).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(entries: &[(&str, &str)]) -> Sums {
        entries.iter().map(|(name, sum)| ((*name).to_owned(), (*sum).to_owned())).collect()
    }

    #[test]
    fn an_edited_a_missing_and_an_unsealed_migration_are_faults() {
        let listed = sums(&[("1.sql", "aa"), ("2.sql", "bb")]);
        assert_eq!(compare(&listed, &Sums::new(), &listed), Vec::<String>::new());
        assert_eq!(compare(&listed, &Sums::new(), &sums(&[("1.sql", "xx"), ("2.sql", "bb")])).len(), 1);
        assert_eq!(compare(&listed, &Sums::new(), &sums(&[("1.sql", "aa")])).len(), 1);
        assert_eq!(compare(&Sums::new(), &Sums::new(), &sums(&[("1.sql", "aa")])).len(), 1);
    }

    #[test]
    fn a_seal_that_landed_can_not_be_changed_with_its_file() {
        let now = sums(&[("1.sql", "new")]);
        assert_eq!(compare(&now, &sums(&[("1.sql", "old")]), &now).len(), 1);
    }

    #[test]
    fn sealing_adds_lines_and_changes_none() {
        let folder = tempfile::tempdir().unwrap();
        let migrations = folder.path().join("core-region/ledger/migrations");
        std::fs::create_dir_all(&migrations).unwrap();
        std::fs::write(migrations.join("1.sql"), "select 1").unwrap();
        let project = Project::at(folder.path());
        let files = vec!["core-region/ledger/migrations/1.sql".to_owned()];
        assert_eq!(seal(&project, &files).unwrap(), 1);
        assert!(check(&project, &files).unwrap().is_empty());
        std::fs::write(migrations.join("1.sql"), "select 2").unwrap();
        assert_eq!(seal(&project, &files).unwrap(), 0);
        assert_eq!(check(&project, &files).unwrap().len(), 1);
    }
}
