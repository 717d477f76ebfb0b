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

/// The help texts of a command and of those below it.
fn helps(command: &clap::Command, path: &[String], texts: &mut BTreeMap<String, Vec<u8>>) {
    let args = path.iter().cloned().chain(["--help".to_owned()]);
    let help = Home::new().run(args).prints();
    let words = ["help".to_owned()].into_iter().chain(path.iter().cloned());
    assert_eq!(Home::new().run(words).prints(), help, "{path:?}");
    for below in command.get_subcommands() {
        let below_path = [path, &[below.get_name().to_owned()]].concat();
        helps(below, &below_path, texts);
    }
    let name = ["tokenpass".to_owned()].into_iter().chain(path.to_vec());
    let name = name.collect::<Vec<_>>().join("-");
    texts.insert(format!("{name}.txt"), help.into_bytes());
}

/// The lines of the examples at a help text's end.
fn examples(help: &str) -> impl Iterator<Item = &str> {
    let (_, examples) = help.split_once("\nExample").unwrap_or_default();
    examples.lines().skip(1)
}

#[test]
fn every_help_text_is_as_it_was() {
    let mut texts = BTreeMap::new();
    helps(&tokenpass::testing::cli::command(), &[], &mut texts);
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
    for topic in ["options", "environment", "exit-codes", "files", "security"] {
        let text = Home::new().run(["help", topic]).prints();
        texts.insert(format!("topic-{topic}.txt"), text.into_bytes());
    }
    hold("tests/cli/help", &texts);
}

#[test]
fn examples_are_not_broken_into_lines_and_have_one_command_each() {
    fn check(command: &clap::Command, path: &[String]) {
        let args = path.iter().cloned().chain(["--help".to_owned()]);
        let narrow = Home::new().run(args.clone()).env("COLUMNS", "40").prints();
        let wide = Home::new().run(args).env("COLUMNS", "200").prints();
        let narrow: Vec<_> = examples(&narrow).collect();
        assert_eq!(narrow, examples(&wide).collect::<Vec<_>>(), "{path:?}");
        for line in narrow {
            assert!(
                line.starts_with("  ") && line.contains("tokenpass"),
                "{line}"
            );
            assert!(!line.contains('\u{a0}'), "{line}");
        }
        for below in command.get_subcommands() {
            check(below, &[path, &[below.get_name().to_owned()]].concat());
        }
    }
    check(&tokenpass::testing::cli::command(), &[]);
}

#[test]
fn the_topics_name_every_variable_of_ours_that_is_read() {
    fn sources(folder: &Path, found: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, found);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                found.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let mut code = String::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut code,
    );
    let told = Home::new().run(["help", "environment"]).prints();
    let quoted = regex::Regex::new("\"(TOKENPASS_[A-Z_]+)\"").unwrap();
    let for_tests = ["TOKENPASS_INSECURE_TEST_KDF_ITERATIONS", "TOKENPASS_BLESS"];
    let mut count = 0;
    for name in quoted.captures_iter(&code).map(|found| found[1].to_owned()) {
        if !for_tests.contains(&name.as_str()) {
            assert!(told.contains(&name), "{name}");
            count += 1;
        }
    }
    assert!(count > 5);
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
fn every_manual_page_has_its_sections_and_no_flaw() {
    use std::io::Write;
    let home = Home::new();
    let folder = home.beside("man");
    home.run(["man", "--output", folder.to_str().unwrap()])
        .prints();
    for (name, page) in files_of(&folder) {
        let page = String::from_utf8(page).unwrap();
        for section in ["ENVIRONMENT", "FILES", "\"EXIT STATUS\"", "\"SEE ALSO\""] {
            assert!(
                page.contains(&format!(".SH {section}\n")),
                "{name}: {section}"
            );
        }
        let checked = std::process::Command::new("mandoc")
            .args(["-T", "lint", "-W", "warning"])
            .arg(folder.join(&name))
            .output();
        match checked {
            Ok(checked) => assert_eq!(String::from_utf8_lossy(&checked.stdout), "", "{name}"),
            Err(_) => {
                let _ = writeln!(std::io::stderr(), "skipped: mandoc is not installed");
                return;
            }
        }
    }
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
