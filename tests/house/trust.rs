//! `SECURITY.md` names every crate whose `unsafe` code is built into the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// The crates that are built in on Linux, but for macros, and where their manifests are.
fn built_in() -> BTreeMap<String, String> {
    let mut metadata = Command::new(env!("CARGO"));
    metadata.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    metadata.args(["--filter-platform", "x86_64-unknown-linux-gnu"]);
    metadata.current_dir(env!("CARGO_MANIFEST_DIR"));
    let output = metadata.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{text}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let by_id = |list: &Value| -> BTreeMap<String, Value> {
        let entries = list.as_array().unwrap().iter();
        let id = |entry: &Value| entry["id"].as_str().unwrap().to_owned();
        entries.map(|entry| (id(entry), entry.clone())).collect()
    };
    let packages = by_id(&metadata["packages"]);
    let nodes = by_id(&metadata["resolve"]["nodes"]);
    let root = metadata["resolve"]["root"].as_str().unwrap();
    let (mut found, mut next) = (BTreeSet::new(), vec![root]);
    while let Some(id) = next.pop() {
        for dependency in nodes[id]["deps"].as_array().unwrap() {
            let id = dependency["pkg"].as_str().unwrap();
            let kinds = dependency["dep_kinds"].as_array().unwrap();
            let is_built_in = kinds.iter().any(|kind| kind["kind"].is_null());
            if is_built_in && !is_macro(&packages[id]) && found.insert(id) {
                next.push(id);
            }
        }
    }
    let text = |id: &str, field: &str| packages[id][field].as_str().unwrap().to_owned();
    let manifests = found.iter();
    manifests
        .map(|id| (text(id, "manifest_path"), text(id, "name")))
        .collect()
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array().unwrap().iter();
    let mut kinds = targets.flat_map(|target| target["kind"].as_array().unwrap());
    kinds.any(|kind| kind == "proc-macro")
}

/// Whether a file below this folder has `unsafe` code, whichever features it is for.
fn is_unsafe(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    paths.any(|path| match path.is_dir() {
        true => is_unsafe(&path),
        false => {
            let text = fs::read(&path).unwrap();
            path.extension().is_some_and(|end| end == "rs")
                && String::from_utf8_lossy(&text).lines().any(has_unsafe)
        }
    })
}

fn has_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    code.split("unsafe ").skip(1).any(|after| {
        let starts = ["{", "fn ", "impl", "extern", "trait"];
        starts.iter().any(|start| after.starts_with(start))
    })
}

#[test]
fn whoever_is_trusted_with_unsafe_code_is_named() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let security = fs::read_to_string(root.join("SECURITY.md")).unwrap();
    let (_, told) = security.split_once("| | trusted with |").unwrap();
    let (table, _) = told.split_once("\n\n").unwrap();
    let crates = table.lines().filter_map(|row| row.split('|').nth(1));
    let named: BTreeSet<_> = crates
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let built_in = built_in();
    let folder = |manifest: &str| Path::new(manifest).parent().unwrap().join("src");
    let is_unsafe = |(manifest, _): &(&String, &String)| is_unsafe(&folder(manifest));
    let trusted = built_in.iter().filter(is_unsafe);
    let trusted: BTreeSet<_> = trusted.map(|(_, name)| name.as_str()).collect();
    let unnamed: Vec<_> = trusted.difference(&named).collect();
    let without: Vec<_> = named.difference(&trusted).collect();
    assert!(
        unnamed.is_empty() && without.is_empty(),
        "not named: {unnamed:?}; named without need: {without:?}"
    );
}
