//! The house holds: which room may know which, no two files hold each other,
//! no file is a hall.
//!
//! What a file uses is read from its tokens: every `use`, and every path in its
//! code. A name is followed through re-exports to the file that defines it, so
//! that a `mod.rs` which only lists its rooms holds nobody.

#![allow(clippy::unwrap_used, reason = "tests")]

mod graph;
mod promises;
mod source;
mod trust;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use graph::{Edges, circles, edges, rooms};
use source::{Files, Module, read};

/// Lines that a file has at most, its tests not counted.
const MAX_LINES: usize = 400;

/// Which rooms a room may use. `text` and `platform` are ground for all.
const ARROWS: [(&str, &[&str]); 14] = [
    (
        "cli",
        &[
            "client",
            "server",
            "oauth",
            "wallet",
            "wire",
            "identity",
            "transaction",
            "crypto",
        ],
    ),
    (
        "server",
        &[
            "http",
            "wire",
            "oauth",
            "wallet",
            "identity",
            "transaction",
            "crypto",
        ],
    ),
    ("oauth", &["wallet", "identity", "store", "crypto"]),
    ("tray", &["client"]),
    ("client", &["wire", "crypto"]),
    ("wire", &["wallet", "identity", "transaction", "crypto"]),
    ("http", &[]),
    ("wallet", &["identity", "transaction", "store", "crypto"]),
    ("identity", &["crypto"]),
    ("transaction", &["crypto"]),
    ("store", &["crypto"]),
    ("crypto", &[]),
    ("text", &[]),
    ("platform", &[]),
];
const GROUND: [&str; 2] = ["text", "platform"];

fn src() -> Files {
    fn collect(folder: &Path, name: &str, files: &mut Files) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let file = entry.file_name().into_string().unwrap();
            let name = match name {
                "" => file,
                _ => format!("{name}/{file}"),
            };
            if entry.file_type().unwrap().is_dir() {
                collect(&entry.path(), &name, files);
            } else if name.ends_with(".rs") {
                files.insert(name, fs::read_to_string(entry.path()).unwrap());
            }
        }
    }
    let mut files = Files::new();
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    collect(&src, "", &mut files);
    files
}

/// The room that a file belongs to; `None` for `lib.rs`, the facade over all.
fn room(file: &str) -> Option<&str> {
    file.split_once('/').map(|(room, _)| room)
}

/// Rooms that a file names and no arrow leads to.
fn wrong_arrows(rooms: &Edges) -> Vec<String> {
    let mut wrong = Vec::new();
    for (file, named) in rooms {
        let Some(own) = room(file) else {
            continue;
        };
        let (_, arrows) = ARROWS
            .iter()
            .find(|(name, _)| *name == own)
            .unwrap_or_else(|| panic!("`{own}` is in no table of arrows"));
        for to in named {
            let is_ground = GROUND.contains(&&**to) && !GROUND.contains(&own);
            if to != own && !is_ground && !arrows.contains(&&**to) {
                wrong.push(format!("{file} may not use {to}"));
            }
        }
    }
    wrong
}

/// Files that are too long, and by how much.
fn halls(files: &Files) -> Vec<String> {
    files
        .iter()
        .map(|(name, text)| (name, lines_without_tests(text)))
        .filter(|(_, lines)| *lines > MAX_LINES)
        .map(|(name, lines)| format!("{name} has {lines} lines"))
        .collect()
}

/// Lines before the tests, which come last in a file.
fn lines_without_tests(text: &str) -> usize {
    text.lines()
        .take_while(|line| *line != "#[cfg(test)]")
        .count()
}

#[test]
fn arrows_go_down() {
    assert_eq!(wrong_arrows(&rooms(&read(&src()))), Vec::<String>::new());
}

#[test]
fn no_two_files_hold_each_other() {
    assert_eq!(
        circles(&edges(&read(&src()))),
        Vec::<BTreeSet<String>>::new()
    );
}

#[test]
fn no_file_is_a_hall() {
    assert_eq!(halls(&src()), Vec::<String>::new());
}

#[test]
fn what_is_built_by_default_knows_no_bus_and_no_window() {
    let tree = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--offline"])
        .args(["--edges", "normal", "--prefix", "none", "--format", "{lib}"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(tree.status.success(), "{tree:?}");
    let tree = String::from_utf8(tree.stdout).unwrap();
    let crates: BTreeSet<_> = tree.lines().collect();
    assert!(crates.contains("rusqlite"), "{tree}");
    for of_the_tray in ["ksni", "zbus", "dbus", "tray_icon", "winit", "gtk"] {
        assert!(!crates.contains(of_the_tray), "{of_the_tray}");
    }
}

#[test]
fn every_file_is_seen() {
    // Else a rule would hold because nothing was read.
    let files = src();
    let seen: BTreeSet<_> = read(&files).into_iter().map(|m| m.file).collect();
    let tests_only = |name: &str| name.ends_with("tests.rs") || name.starts_with("wire/schema/");
    let is_program = |name: &str| name == "main.rs" || name.starts_with("bin/");
    let unseen: Vec<_> = files
        .keys()
        .filter(|name| !is_program(name) && !tests_only(name) && !seen.contains(*name))
        .collect();
    assert_eq!(unseen, Vec::<&String>::new());
}

fn made_up(files: &[(&str, &str)]) -> Vec<Module> {
    let files: BTreeMap<_, _> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    read(&files)
}

fn held(edges: &Edges, from: &str) -> Vec<String> {
    edges
        .get(from)
        .map_or_else(Vec::new, |to| to.iter().cloned().collect())
}

#[test]
fn a_wrong_arrow_is_seen() {
    let lib = ("lib.rs", "mod cli; mod crypto; mod text;");
    for up in [
        "use crate::cli::Cli;",
        "use crate::{text::a, cli::{self, Cli}};",
        "fn f() { crate::cli::run() }",
        "fn f() { assert!(matches!(x, super::super::cli::Cli)) }",
    ] {
        let rooms = rooms(&made_up(&[
            lib,
            (
                "cli/mod.rs",
                "pub struct Cli; use crate::crypto::keys::Key;",
            ),
            ("crypto/mod.rs", "pub mod keys;"),
            ("crypto/keys.rs", &format!("pub struct Key; {up}")),
            ("text/mod.rs", "pub fn a() {}"),
        ]));
        let wrong = vec!["crypto/keys.rs may not use cli".to_owned()];
        assert_eq!(wrong_arrows(&rooms), wrong, "{up}");
    }
}

#[test]
fn a_circle_is_seen_through_re_exports_and_not_where_there_is_none() {
    let tree = |b| {
        edges(&made_up(&[
            ("lib.rs", "mod room;"),
            (
                "room/mod.rs",
                "mod a; mod b; mod c; pub use a::A; pub(crate) use b::*; pub use c::C;",
            ),
            ("room/a.rs", "use super::B; pub struct A(B);"),
            ("room/b.rs", b),
            (
                "room/c.rs",
                "use super::{A as Other, B}; pub struct C(Other, B);",
            ),
        ]))
    };
    let sound = tree("pub struct B; #[cfg(test)] mod tests { use super::super::C; }");
    assert_eq!(held(&sound, "room/a.rs"), ["room/b.rs"]);
    assert_eq!(held(&sound, "room/c.rs"), ["room/a.rs", "room/b.rs"]);
    assert_eq!(circles(&sound), Vec::<BTreeSet<String>>::new());

    let round = tree("use crate::room::C; pub struct B(Box<C>);");
    let all = ["room/a.rs", "room/b.rs", "room/c.rs"].map(str::to_owned);
    assert_eq!(circles(&round), vec![BTreeSet::from(all)]);
}

#[test]
fn what_a_re_exporting_file_uses_itself_is_an_edge() {
    let edges = edges(&made_up(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", "pub use crate::b::B; fn f(_: B) {}"),
        ("b.rs", "pub struct B; use crate::a;  fn g() { a::f() }"),
    ]));
    assert_eq!(circles(&edges).len(), 1);
}

#[test]
fn a_hall_is_seen_and_tests_do_not_count() {
    let file = |lines: usize, tests: usize| {
        format!(
            "{}#[cfg(test)]\n{}",
            "//\n".repeat(lines),
            "//\n".repeat(tests)
        )
    };
    let files = [
        ("a.rs", file(MAX_LINES, 90)),
        ("b.rs", file(MAX_LINES + 1, 0)),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text)).into();
    assert_eq!(halls(&files), ["b.rs has 401 lines"]);
}
