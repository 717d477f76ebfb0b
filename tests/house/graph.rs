//! Which file uses which, and who holds each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::Module;

/// To each file the files that it uses.
pub(crate) type Edges = BTreeMap<String, BTreeSet<String>>;

/// A chain of re-exports longer than this is taken for a circle of them.
const MAX_STEPS: usize = 16;

/// To each file the rooms that its paths name: a door that a room holds open
/// to one below is the room's own.
pub(crate) fn rooms(modules: &[Module]) -> Edges {
    let house = House::new(modules);
    let mut rooms = Edges::new();
    for module in modules {
        let imported = module.imports.iter().map(|import| &import.path);
        let named = imported
            .chain(&module.paths)
            .filter_map(|path| house.room_of(module, path, MAX_STEPS));
        rooms.entry(module.file.clone()).or_default().extend(named);
    }
    rooms
}

pub(crate) fn edges(modules: &[Module]) -> Edges {
    let house = House::new(modules);
    let mut edges = Edges::new();
    for module in modules {
        let imported = module
            .imports
            .iter()
            // What is only passed on holds nobody.
            .filter(|import| !import.is_public || module.mentioned.contains(&import.name))
            .map(|import| &import.path);
        let used = imported
            .chain(&module.paths)
            .filter_map(|path| house.file_of(module, path, MAX_STEPS))
            .filter(|file| *file != module.file)
            .map(ToOwned::to_owned);
        edges.entry(module.file.clone()).or_default().extend(used);
    }
    edges
}

struct House<'a>(BTreeMap<&'a [String], &'a Module>);

impl<'a> House<'a> {
    fn new(modules: &'a [Module]) -> Self {
        Self(modules.iter().map(|m| (m.path.as_slice(), m)).collect())
    }

    /// The room that `path`, written in `from`, names.
    fn room_of(&self, from: &Module, path: &[String], steps: usize) -> Option<String> {
        let (first, rest) = path.split_first()?;
        let parents = path.iter().take_while(|name| *name == "super").count();
        match first.as_str() {
            "crate" => rest.first().cloned(),
            "self" => from.path.first().cloned(),
            "super" => {
                let depth = from.path.len().checked_sub(parents)?;
                let whole = [&from.path[..depth], &path[parents..]].concat();
                whole.first().cloned()
            }
            name if from.children.contains(name) => from.path.first().or(Some(first)).cloned(),
            name => {
                let import = from.imports.iter().find(|import| import.name == name)?;
                self.room_of(from, &import.path, steps.checked_sub(1)?)
            }
        }
    }
    /// The file that defines what `path`, written in `from`, names; `None`
    /// where that is in another crate.
    fn file_of(&self, from: &'a Module, path: &[String], steps: usize) -> Option<&'a str> {
        let (first, rest) = path.split_first()?;
        match first.as_str() {
            "crate" => self.below(self.0.get(&[][..])?, rest, steps),
            "self" => self.below(from, rest, steps),
            "super" => {
                let (_, parent) = from.path.split_last()?;
                let parent = self.0.get(parent)?;
                match rest.first().map(String::as_str) {
                    Some("super") => self.file_of(parent, rest, steps),
                    _ => self.below(parent, rest, steps),
                }
            }
            name if self.knows(from, name) => self.below(from, path, steps),
            _ => None,
        }
    }

    fn below(&self, module: &'a Module, path: &[String], steps: usize) -> Option<&'a str> {
        let Some((name, rest)) = path.split_first() else {
            return Some(&module.file);
        };
        if module.children.contains(name) {
            let child = [&module.path[..], std::slice::from_ref(name)].concat();
            return self.below(self.0.get(&child[..])?, rest, steps);
        }
        let steps = steps.checked_sub(1)?;
        let import = module
            .imports
            .iter()
            // `use regex;` names a crate, not itself.
            .find(|import| import.name == *name && import.path[..] != path[..1]);
        if let Some(import) = import {
            let whole = [&import.path[..], rest].concat();
            return self.file_of(module, &whole, steps);
        }
        if !module.items.contains(name) {
            for import in module.imports.iter().filter(|import| import.name == "*") {
                let whole = [&import.path[..], path].concat();
                if self.defines(module, &import.path, name, steps) {
                    return self.file_of(module, &whole, steps);
                }
            }
        }
        Some(&module.file)
    }

    /// Whether a name on its own is one of the module's own.
    fn knows(&self, module: &Module, name: &str) -> bool {
        module.children.contains(name) || module.imports.iter().any(|import| import.name == name)
    }

    /// Whether the module at `path` has `name`, its own or passed on.
    fn defines(&self, from: &'a Module, path: &[String], name: &str, steps: usize) -> bool {
        let Some(file) = self.file_of(from, path, steps) else {
            return false;
        };
        self.0
            .values()
            .filter(|module| module.file == file)
            .any(|module| module.items.contains(name) || self.knows(module, name))
    }
}

/// The files that use each other, directly or round about, in groups.
pub(crate) fn circles(edges: &Edges) -> Vec<BTreeSet<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = edges
        .keys()
        .map(|file| (file, reachable(edges, file)))
        .collect();
    let groups: BTreeSet<BTreeSet<String>> = reached
        .iter()
        .filter(|(file, reach)| reach.contains(*file))
        .map(|(file, reach)| {
            let back = |other: &&&String| reached.get(**other).is_some_and(|r| r.contains(*file));
            reach.iter().filter(back).map(|f| (*f).clone()).collect()
        })
        .collect();
    groups.into_iter().collect()
}

fn reachable<'a>(edges: &'a Edges, from: &String) -> BTreeSet<&'a String> {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&String> = edges[from].iter().collect();
    while let Some(file) = next.pop() {
        if seen.insert(file) {
            next.extend(edges.get(file).into_iter().flatten());
        }
    }
    seen
}
