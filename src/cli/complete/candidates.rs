//! What fits where: by the name that an option's value has in the help.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Arg, Command};
use clap_complete::Shell;
use clap_complete::engine::{
    ArgValueCandidates, ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter,
};

use crate::cli::app;
use crate::cli::help::topics;
use crate::oauth::Provider;
use crate::wallet::{
    ContactTarget as Who, OriginInfo, OriginStatus, Page, Scope, TokenInfo, Wallet,
};

/// Marks candidates that are files.
pub(super) const FILES: &str = "files";

/// More are not read: nobody looks through them.
const MOST: usize = 500;

type Values = Vec<(String, String)>;

/// The command line, with what fits at each of its options.
pub(super) fn with_candidates(root: Command, shell: Shell, words: &[OsString]) -> Command {
    let source = Arc::new(Source {
        home: home_among(words).map(PathBuf::from),
    });
    let commands = root.get_subcommands().map(|one| one.get_name().to_owned());
    let commands: Vec<_> = commands.collect();
    each(root, &|arg| of(arg, &source, shell, &commands))
}

fn each(command: Command, change: &dyn Fn(Arg) -> Arg) -> Command {
    let command = command.mut_args(change);
    command.mut_subcommands(|below| each(below, change))
}

fn of(arg: Arg, source: &Arc<Source>, shell: Shell, commands: &[String]) -> Arg {
    let name = arg.get_value_names().and_then(|names| names.first());
    let name = name.map(ToString::to_string).unwrap_or_default();
    let wallet = |read: fn(&Source) -> Option<Values>| {
        let source = Arc::clone(source);
        ArgValueCandidates::new(move || offered(read(&source).unwrap_or_default()))
    };
    match (&*name, arg.get_id().as_str()) {
        ("HOST", _) => arg.add(wallet(Source::hosts)),
        ("IDENTITY", _) => arg.add(wallet(Source::identities)),
        ("ORIGIN", _) => arg.add(wallet(Source::origins)),
        ("ID", "id") => arg.add(wallet(Source::tokens)),
        ("CLIENT", _) => arg.add(wallet(Source::clients)),
        ("CONTACT", _) => arg.add(wallet(|source| source.contacts(|_| true))),
        ("FRIEND", _) => arg.add(wallet(|source| {
            source.contacts(|who| matches!(who, Who::BapId(_)))
        })),
        ("PUBKEY", "to" | "from") => arg.add(wallet(|source| {
            source.contacts(|who| matches!(who, Who::PublicKey(_)))
        })),
        ("ADDRESS", "address" | "to") => arg.add(wallet(|source| {
            source.contacts(|who| who.address().is_some())
        })),
        ("SCOPES", _) => arg.add(ArgValueCompleter::new(scopes)),
        ("EXPIRY", _) => arg.add(fixed(&["once", "1h", "1d", "1w", "month", "forever"])),
        ("TIME", "timestamp") => arg,
        ("TIME", _) => arg.add(fixed(&["5m", "15m", "30m", "1h", "8h", "1d", "1w"])),
        ("ENCODING", _) => arg.add(fixed(&["utf8", "hex", "base64"])),
        ("FORM", _) => arg.add(fixed(&["raw", "ef", "beef"])),
        ("LEVEL", _) => arg.add(fixed(&["1", "2"])),
        ("COUNTERPARTY", _) => arg.add(fixed(&["self", "anyone"])),
        ("SCHEME", _) => arg.add(fixed(&["brc77", "bsm"])),
        ("COMMAND|TOPIC", _) => arg.add(ArgValueCompleter::new(Help(commands.to_owned()))),
        ("FILE" | "DIR", _) => arg.add(ArgValueCompleter::new(move |current: &OsStr| {
            files(shell, current)
        })),
        _ => arg,
    }
}

fn offered(values: Values) -> Vec<CompletionCandidate> {
    let candidate = |(value, help): (String, String)| {
        CompletionCandidate::new(value).help((!help.is_empty()).then(|| help.into()))
    };
    values.into_iter().map(candidate).collect()
}

fn fixed(values: &'static [&'static str]) -> ArgValueCandidates {
    ArgValueCandidates::new(move || values.iter().map(CompletionCandidate::new).collect())
}

/// The rest of a list with commas.
fn scopes(current: &OsStr) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let (before, last) = match current.rfind(',') {
        Some(comma) => current.split_at(comma + 1),
        None => ("", &*current),
    };
    let given: Vec<_> = before.split(',').collect();
    let fits = |scope: &Scope| {
        let word = scope.as_str();
        word.starts_with(last) && !given.contains(&word)
    };
    let scopes = Scope::ALL.into_iter().filter(fits);
    scopes
        .map(|scope| CompletionCandidate::new(format!("{before}{}", scope.as_str())))
        .collect()
}

fn files(shell: Shell, current: &OsStr) -> Vec<CompletionCandidate> {
    let found = match shell {
        // It does so itself; see `line`.
        Shell::Bash => vec![CompletionCandidate::new("-")],
        _ => PathCompleter::any().complete(current),
    };
    let mark = |one: CompletionCandidate| one.tag(Some(FILES.into()));
    found.into_iter().map(mark).collect()
}

/// The first word after `help`.
struct Help(Vec<String>);

impl ValueCompleter for Help {
    fn complete(&self, current: &OsStr) -> Vec<CompletionCandidate> {
        let current = current.to_string_lossy();
        let topics = topics::ALL.iter().map(|(name, _)| *name);
        let all = self.0.iter().map(String::as_str).chain(topics);
        let fitting = all.filter(|name| name.starts_with(&*current));
        fitting.map(CompletionCandidate::new).collect()
    }

    fn complete_at(&self, index: usize, current: &OsStr) -> Vec<CompletionCandidate> {
        match index {
            0 => self.complete(current),
            _ => Vec::new(),
        }
    }
}

/// The wallet whose values are offered. Nothing is unlocked for it: the names of
/// identities are there for who has a session.
struct Source {
    home: Option<PathBuf>,
}

impl Source {
    fn wallet(&self) -> Option<Wallet> {
        app::wallet_to_look_at(self.home.as_deref()).ok()
    }

    fn hosts(&self) -> Option<Values> {
        let page = Page {
            offset: 0,
            limit: MOST,
        };
        let known = self.wallet().and_then(|wallet| wallet.host_keys(page).ok());
        let hosts = known
            .into_iter()
            .flatten()
            .map(|key| (key.host, String::new()));
        let mut hosts: Values = hosts.collect();
        if !hosts.iter().any(|(host, _)| host == "localhost") {
            hosts.push(("localhost".to_owned(), String::new()));
        }
        Some(hosts)
    }

    fn identities(&self) -> Option<Values> {
        let wallet = self.wallet()?;
        let session = app::session().and_then(Result::ok);
        let unlocked = session.and_then(|key| wallet.resume(&key).ok());
        let Some(book) = unlocked.and_then(|unlocked| unlocked.identities().ok()) else {
            let primary = wallet.primary_bap_id().ok()??;
            return Some(vec![(primary.to_string(), "the primary one".to_owned())]);
        };
        let named = book.iter().flat_map(|one| {
            let (id, name) = (one.id().to_string(), one.name().to_owned());
            [(name.clone(), id.clone()), (id, name)]
        });
        Some(named.collect())
    }

    fn tokens(&self) -> Option<Values> {
        let page = Page {
            offset: 0,
            limit: MOST,
        };
        let tokens = self.wallet()?.listed_tokens(None, page).ok()?;
        let token = |(info, _): (TokenInfo, _)| (info.id.to_string(), info.host.to_string());
        Some(tokens.into_iter().map(token).collect())
    }

    fn origins(&self) -> Option<Values> {
        let mut origins = self.wallet()?.origins().ok()?;
        origins.truncate(MOST);
        // What waits for a decision comes first.
        origins.sort_by_key(|info| info.status != OriginStatus::Pending);
        let origin = |info: OriginInfo| (info.origin, info.status.as_str().to_owned());
        Some(origins.into_iter().map(origin).collect())
    }

    fn contacts(&self, fits: fn(&Who) -> bool) -> Option<Values> {
        let contacts = self.wallet()?.contacts().ok()?;
        let fitting = contacts.into_iter().filter(|contact| fits(&contact.target));
        let named = fitting.map(|contact| (contact.name.to_string(), contact.target.to_string()));
        Some(named.collect())
    }

    fn clients(&self) -> Option<Values> {
        let clients = Provider::new(self.wallet()?).ok()?.clients().ok()?;
        Some(
            clients
                .into_iter()
                .map(|client| (client.name, String::new()))
                .collect(),
        )
    }
}

/// The value of `--home` among the words that are being completed.
fn home_among(words: &[OsString]) -> Option<OsString> {
    let mut words = words.iter();
    while let Some(word) = words.next() {
        if word == "--home" {
            return words.next().cloned();
        }
        if let Some(home) = word.to_str().and_then(|word| word.strip_prefix("--home=")) {
            return Some(home.into());
        }
    }
    env::var_os("TOKENPASS_HOME").filter(|home| home != OsStr::new(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_home_is_that_of_the_words() {
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let home = |given: &[&str]| home_among(&words(given));
        assert_eq!(
            home(&["tokenpass", "--home", "/a", "sign"]),
            Some("/a".into())
        );
        assert_eq!(home(&["tokenpass", "sign", "--home=/b"]), Some("/b".into()));
    }
}
