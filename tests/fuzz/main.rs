//! The fuzz targets, run for a short while: on what they are to take, on what
//! was changed in it, and on anything. `fuzz/run.sh` runs them for longer.
#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "../support/mod.rs"]
mod support;

mod seeds;
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

use self::targets::{TARGETS, run};

/// Changed seeds for each target.
const CASES: u32 = 400;

/// One change of some bytes.
#[derive(Clone, Debug)]
enum Edit {
    Flip(Index, u8),
    Cut(Index),
    Insert(Index, Vec<u8>),
    Repeat(Index, Index),
}

impl Edit {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let at = |index: &Index| index.index(bytes.len() + 1);
        match self {
            Self::Flip(index, bits) => {
                let at = at(index);
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= bits;
                }
            }
            Self::Cut(index) => bytes.truncate(at(index)),
            Self::Insert(index, new) => {
                let at = at(index);
                bytes.splice(at..at, new.iter().copied());
            }
            Self::Repeat(from, to) => {
                let (from, to) = (at(from), at(to));
                let part = bytes[from.min(to)..from.max(to)].to_vec();
                bytes.splice(to..to, part);
            }
        }
    }
}

/// Bytes that a failure shows as they are written here.
struct Bytes(Vec<u8>);

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 1..6),
        ".{1,3}".prop_map(String::into_bytes),
    ];
    let edit = prop_oneof![
        (any::<Index>(), 1_u8..).prop_map(|(at, bits)| Edit::Flip(at, bits)),
        any::<Index>().prop_map(Edit::Cut),
        (any::<Index>(), piece).prop_map(|(at, new)| Edit::Insert(at, new)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Edit::Repeat(from, to)),
    ];
    prop::collection::vec(edit, 0..6)
}

#[test]
fn every_reader_takes_its_seeds_and_holds_on_what_was_changed_in_them() {
    let vectors = seeds::vectors();
    for (name, target) in TARGETS {
        let seeds = seeds::of(name, target, &vectors);
        assert!(seeds.iter().any(|seed| target(seed)), "`{name}` takes none");
        let changed = (prop::sample::select(seeds), edits()).prop_map(|(mut bytes, edits)| {
            edits.iter().for_each(|edit| edit.apply(&mut bytes));
            bytes
        });
        let anything = prop::collection::vec(any::<u8>(), 0..200);
        let input = prop_oneof![4 => changed, 1 => anything].prop_map(Bytes);
        let config = Config {
            failure_persistence: None,
            ..Config::with_cases(CASES)
        };
        let ran = TestRunner::new(config).run(&input, |Bytes(bytes)| {
            target(&bytes);
            Ok(())
        });
        ran.unwrap_or_else(|found| panic!("`{name}`: {found}"));
    }
}

/// `cargo fuzz` knows the same targets.
#[test]
fn cargo_fuzz_has_every_target() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/Cargo.toml");
    let manifest = fs::read_to_string(manifest).unwrap();
    let there: BTreeSet<_> = manifest
        .lines()
        .filter_map(|line| line.split("{ name = \"").nth(1)?.split('"').next())
        .collect();
    assert_eq!(there, TARGETS.map(|(name, _)| name).into());
}

/// What was found is kept: a file of the corpus that `fuzz/run.sh` writes.
#[test]
#[ignore = "writes `fuzz/corpus`, for `fuzz/run.sh`"]
fn write_seeds() {
    let vectors = seeds::vectors();
    for (name, target) in TARGETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("fuzz/corpus")
            .join(name);
        fs::create_dir_all(&folder).unwrap();
        for (number, seed) in seeds::of(name, target, &vectors).iter().enumerate() {
            fs::write(folder.join(format!("seed{number}")), seed).unwrap();
        }
    }
}

/// What the fuzzer found once.
#[test]
fn what_was_found_is_mended() {
    for (name, bytes) in FOUND {
        run(name, bytes);
    }
}

const FOUND: [(&str, &[u8]); 2] = [
    // That a field came twice was not seen where the second was the 65th.
    (
        "form",
        b"&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&=&a=1",
    ),
    // A second byte-order mark was passed over.
    ("json", b"\xef\xbb\xbf\xef\xbb\xbf{\"message\":\"\"}"),
];
