//! A module as its tokens tell: what it declares, imports and mentions.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Text by path below `src/`.
pub(crate) type Files = BTreeMap<String, String>;

/// A module, with what is in it.
#[derive(Default)]
pub(crate) struct Module {
    /// Its name from the crate's root: `wallet::moving`.
    pub(crate) path: Vec<String>,
    /// The file it is in.
    pub(crate) file: String,
    /// Its modules.
    pub(crate) children: BTreeSet<String>,
    /// The items it defines.
    pub(crate) items: BTreeSet<String>,
    /// What its `use` lines bring in.
    pub(crate) imports: Vec<Import>,
    /// Paths of two names and more in its code.
    pub(crate) paths: Vec<Vec<String>>,
    /// All names in its code, `use` lines apart.
    pub(crate) mentioned: BTreeSet<String>,
}

/// One name of a `use` line.
pub(crate) struct Import {
    /// Where it comes from.
    pub(crate) path: Vec<String>,
    /// What it is called here; `*` is everything.
    pub(crate) name: String,
    /// Whether others can have it from here.
    pub(crate) is_public: bool,
}

/// The modules that the crate's root leads to, without those of tests.
pub(crate) fn read(files: &Files) -> Vec<Module> {
    let mut reader = Reader {
        files,
        modules: Vec::new(),
    };
    reader.file("lib.rs", Vec::new());
    reader.modules
}

struct Reader<'a> {
    files: &'a Files,
    modules: Vec<Module>,
}

impl Reader<'_> {
    fn file(&mut self, file: &str, path: Vec<String>) {
        let text = self.files.get(file);
        let text = text.unwrap_or_else(|| panic!("no file `{file}` for `{}`", path.join("::")));
        let tokens: TokenStream = text.parse().expect("the compiler takes it too");
        self.module(tokens, file, path);
    }

    fn module(&mut self, tokens: TokenStream, file: &str, path: Vec<String>) {
        let mut module = Module {
            path,
            file: file.to_owned(),
            ..Module::default()
        };
        self.scan(tokens, &mut module);
        self.modules.push(module);
    }

    fn scan(&mut self, tokens: TokenStream, module: &mut Module) {
        let tokens: Vec<_> = tokens.into_iter().collect();
        let mut rest = &tokens[..];
        let mut is_public = false;
        let mut place = None;
        while let [first, after @ ..] = rest {
            rest = after;
            match first {
                TokenTree::Punct(punct) if punct.as_char() == '#' => {
                    let Some(attribute) = attribute(&mut rest) else {
                        continue;
                    };
                    match &*attribute {
                        "cfg (test)" => rest = after_item(rest),
                        other => place = path_of(other).or(place),
                    }
                    continue;
                }
                TokenTree::Ident(ident) if *ident == "pub" => {
                    is_public = true;
                    if let [TokenTree::Group(_), after @ ..] = rest {
                        rest = after;
                    }
                    continue;
                }
                TokenTree::Ident(ident) if *ident == "use" => {
                    let end = rest.iter().position(|t| is_punct(t, ';'));
                    let (tree, after) = rest.split_at(end.unwrap_or(rest.len()));
                    imports(tree, Vec::new(), is_public, &mut module.imports);
                    rest = after;
                }
                TokenTree::Ident(ident) if *ident == "mod" => {
                    if let [TokenTree::Ident(name), body, ..] = rest {
                        self.child(&name.to_string(), body, place.take(), module);
                        rest = &rest[2..];
                    }
                }
                TokenTree::Ident(_) => {
                    let names = names(first, &mut rest);
                    note(names, rest, module);
                }
                TokenTree::Group(group) => self.scan(group.stream(), module),
                _ => {}
            }
            is_public = false;
        }
    }

    fn child(&mut self, name: &str, body: &TokenTree, place: Option<String>, module: &mut Module) {
        let mut path = module.path.clone();
        path.push(name.to_owned());
        if !module.children.insert(name.to_owned()) {
            // The same module for another system.
            path.push("elsewhere".to_owned());
        }
        if let TokenTree::Group(group) = body {
            return self.module(group.stream(), &module.file, path);
        }
        let (folder, file) = module.file.rsplit_once('/').unwrap_or(("", &module.file));
        let own = match file {
            "mod.rs" | "lib.rs" => folder.to_owned(),
            other => format!("{folder}/{}", other.trim_end_matches(".rs")),
        };
        let candidates = match place {
            Some(place) => vec![format!("{folder}/{place}")],
            None => vec![format!("{own}/{name}.rs"), format!("{own}/{name}/mod.rs")],
        };
        let candidates = candidates.iter().map(|file| file.trim_start_matches('/'));
        let found = candidates
            .clone()
            .find(|file| self.files.contains_key(*file));
        let file = found.unwrap_or_else(|| panic!("no file for `{}`", path.join("::")));
        self.file(file, path);
    }
}

fn note(names: Vec<String>, rest: &[TokenTree], module: &mut Module) {
    const DEFINING: [&str; 7] = ["struct", "enum", "fn", "trait", "type", "const", "static"];
    module.mentioned.extend(names.first().cloned());
    if names.len() > 1 {
        module.paths.push(names);
    } else if DEFINING.contains(&&*names[0])
        && let [TokenTree::Ident(item), ..] = rest
    {
        module.items.insert(item.to_string());
    }
}

/// The names of a path that starts with `first`: `a::b::C`.
fn names(first: &TokenTree, rest: &mut &[TokenTree]) -> Vec<String> {
    let mut names = vec![first.to_string()];
    while let [a, b, TokenTree::Ident(name), after @ ..] = *rest
        && is_punct(a, ':')
        && is_punct(b, ':')
    {
        names.push(name.to_string());
        *rest = after;
    }
    names
}

/// The names that the tree of a `use` line brings in.
fn imports(tree: &[TokenTree], before: Vec<String>, is_public: bool, found: &mut Vec<Import>) {
    let mut path = before;
    let mut name = None;
    let mut rest = tree;
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            TokenTree::Ident(ident) if *ident == "as" => {
                name = rest.first().map(ToString::to_string);
                break;
            }
            // `a::{self}` is `a`.
            TokenTree::Ident(ident) if *ident == "self" && !path.is_empty() => {}
            TokenTree::Ident(ident) => path.push(ident.to_string()),
            TokenTree::Punct(punct) if punct.as_char() == '*' => name = Some("*".to_owned()),
            TokenTree::Group(group) => {
                for branch in branches(group) {
                    imports(&branch, path.clone(), is_public, found);
                }
                return;
            }
            _ => {}
        }
    }
    let Some(name) = name.or_else(|| path.last().cloned()) else {
        return;
    };
    found.push(Import {
        path,
        name,
        is_public,
    });
}

fn branches(group: &Group) -> Vec<Vec<TokenTree>> {
    let tokens: Vec<_> = group.stream().into_iter().collect();
    tokens
        .split(|token| is_punct(token, ','))
        .map(<[_]>::to_vec)
        .collect()
}

/// The text of an attribute whose `#` was read.
fn attribute(rest: &mut &[TokenTree]) -> Option<String> {
    let start = usize::from(rest.first().is_some_and(|token| is_punct(token, '!')));
    let TokenTree::Group(group) = rest.get(start)? else {
        return None;
    };
    *rest = &rest[start + 1..];
    Some(group.stream().to_string())
}

fn path_of(attribute: &str) -> Option<String> {
    let text = attribute.strip_prefix("path = \"")?;
    text.strip_suffix('"').map(str::to_owned)
}

/// What follows the item that starts here.
fn after_item(tokens: &[TokenTree]) -> &[TokenTree] {
    let end = tokens.iter().position(|token| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        other => is_punct(other, ';'),
    });
    &tokens[end.map_or(tokens.len(), |end| end + 1)..]
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}
