//! What is generated from the command line's definition: help texts, manual
//! pages, completions. `TOKENPASS_BLESS=1 cargo test` writes them anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::Home;

/// Compares a folder's files with what they should be, or writes them.
fn hold(folder: &str, expected: &BTreeMap<String, Vec<u8>>) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    if std::env::var_os("TOKENPASS_BLESS").is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        for (name, contents) in expected {
            fs::write(folder.join(name), contents).unwrap();
        }
    }
    let found = files_of(&folder);
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(expected), "in {}", folder.display());
    for (name, contents) in expected {
        assert_eq!(
            String::from_utf8_lossy(&found[name]),
            String::from_utf8_lossy(contents),
            "{name} is out of date: TOKENPASS_BLESS=1 cargo test --test cli"
        );
    }
}

fn files_of(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        (name, fs::read(path).unwrap())
    };
    entries.map(named).collect()
}

/// The names under `Commands:` of a help text.
fn commands_in(help: &str) -> Vec<String> {
    let list = help.split("\nCommands:\n").nth(1).unwrap_or_default();
    list.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.starts_with("  ") && !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

fn helps(path: &[String], texts: &mut BTreeMap<String, Vec<u8>>) {
    let args = path.iter().cloned().chain(["--help".to_owned()]);
    let help = Home::new().run(args).prints();
    for command in commands_in(&help) {
        helps(&[path, &[command]].concat(), texts);
    }
    let name = ["tokenpass".to_owned()]
        .iter()
        .chain(path)
        .cloned()
        .collect::<Vec<_>>();
    texts.insert(format!("{}.txt", name.join("-")), help.into_bytes());
}

#[test]
fn every_help_text_is_as_it_was() {
    let mut texts = BTreeMap::new();
    helps(&[], &mut texts);
    assert!(texts.len() > 25, "{:?}", texts.keys());
    for (name, text) in &texts {
        let text = String::from_utf8_lossy(text);
        // An example stays on one line, to be pasted; the parser does not wrap usage.
        let prose = text.split("\nExample").next().unwrap_or_default();
        let prose = prose.lines().filter(|line| !line.starts_with("Usage: "));
        let longest = prose.map(|line| line.chars().count()).max();
        assert!(
            longest <= Some(80),
            "{name} has a line of {longest:?} characters"
        );
    }
    hold("tests/cli/help", &texts);
}

#[test]
fn the_manual_pages_are_up_to_date() {
    let home = Home::new();
    let folder = home.beside("man");
    home.run(["man", "--output", folder.to_str().unwrap()])
        .prints();
    let pages = files_of(&folder);
    assert!(pages.contains_key("tokenpass.1") && pages.contains_key("tokenpass-token-revoke.1"));
    hold("man", &pages);
}

#[test]
fn the_completions_are_up_to_date() {
    let home = Home::new();
    let folder = home.beside("completions");
    let folder_name = folder.to_str().unwrap();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = home.run(["completions", shell]).prints();
        let written = home
            .run(["completions", shell, "--output", folder_name])
            .prints();
        assert_eq!(fs::read_to_string(written.trim_end()).unwrap(), script);
    }
    hold("completions", &files_of(&folder));
}
