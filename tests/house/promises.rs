//! `SECURITY.md` names a test for each promise: that test is there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The names in code, in a text, that are those of tests: words with lines between.
/// Tables name other things.
fn named(text: &str) -> BTreeSet<&str> {
    let prose = text.lines().filter(|line| !line.starts_with('|'));
    let code = prose.flat_map(|line| line.split('`').skip(1).step_by(2));
    let is_name = |name: &&str| {
        let letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        name.bytes().all(letter) && name.matches('_').count() > 1
    };
    code.filter(is_name).collect()
}

/// The functions below this folder that are tests.
fn tests(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let after = text.split("#[test]").skip(1);
            let names = after.filter_map(|code| code.split_once("fn ")?.1.split_once('('));
            found.extend(names.map(|(name, _)| name.to_owned()));
        }
    }
}

#[test]
fn every_promise_is_held_by_the_test_that_it_names() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let security = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let mut found = BTreeSet::new();
    for folder in ["src", "tests"] {
        tests(&root.join(folder), &mut found);
    }
    let named = named(&security);
    assert!(named.len() > 50, "{}", named.len());
    let absent: Vec<_> = named
        .iter()
        .filter(|name| !found.contains(**name))
        .collect();
    assert!(absent.is_empty(), "{absent:#?}");
}
