//! Help: commands in groups, topics, and examples that can be pasted.

pub(crate) mod manual;
#[cfg(test)]
mod schema_tests;
pub(crate) mod topics;

use std::fmt::Write as _;

use clap::builder::StyledStr;
use clap::{ArgAction, Command};

use self::topics::TEXTS;

/// The commands by what they are for. A command that is in none goes into the
/// last.
const GROUPS: [(&str, &[&str]); 7] = [
    (
        "Wallet",
        &[
            "register", "import", "login", "logout", "status", "export", "passwd", "doctor",
            "backup",
        ],
    ),
    (
        "Apps",
        &["auth", "run", "token", "origin", "permission", "client"],
    ),
    (
        "Cryptography",
        &["sign", "verify", "encrypt", "decrypt", "key", "contact"],
    ),
    ("Coins", &["transaction"]),
    ("Identity", &["identity", "profile", "certificate"]),
    ("Server", &["serve", "open", "log", "service", "tray"]),
    ("More", &["help", "completions", "man", "version"]),
];

/// What `--json` prints, as a JSON Schema: `tokenpass help json`.
pub(crate) const SCHEMA: &str = include_str!("output.schema.json");

/// Before it is broken into lines by the parser, an example's spaces become
/// these, and spaces again afterwards: a line that is pasted must stay one.
const HARD_SPACE: &str = "\u{a0}";

/// What is told at the end of every command's help.
const TEMPLATE: &str = "\
{before-help}{about-with-newline}
{usage-heading} {usage}

{all-args}

Options of every command: `tokenpass help options`{after-help}";

const ROOT_TEMPLATE: &str = "\
{about-with-newline}
{usage-heading} {usage}{after-help}";

/// The command line as its help shows it: commands in groups, no options that
/// every command takes.
pub(crate) fn presented(root: Command) -> Command {
    let groups = groups(&root);
    let globals = globals(&root);
    let root = globals
        .into_iter()
        .fold(root, |root, id| root.mut_arg(id, |arg| arg.hide(true)));
    each_below(root, &|command| {
        let examples = command.get_after_help().map(ToString::to_string);
        let command = command.help_template(TEMPLATE);
        match examples {
            Some(text) => command.after_help(hardened(&text)),
            None => command,
        }
    })
    .help_template(ROOT_TEMPLATE)
    .after_help(groups)
}

/// Gives the examples their spaces back.
pub(crate) fn softened(text: &str) -> String {
    text.replace(HARD_SPACE, " ")
}

/// The text of a topic; `None` if there is none of that name.
pub(crate) fn topic(name: &str, root: &Command) -> Option<String> {
    if name == topics::OPTIONS {
        return Some(options(root));
    }
    if name == topics::JSON.name {
        return Some(SCHEMA.to_owned());
    }
    let topic = TEXTS.into_iter().find(|topic| topic.name == name)?;
    Some(topic.text())
}

/// What there is help about below a command: its commands and, at the root, the
/// topics. Only to find what a misspelt word was meant to be.
pub(crate) fn words(command: &Command, is_root: bool) -> Command {
    let topics = topics::ALL.iter().filter(|_| is_root);
    Command::new("help")
        .disable_help_subcommand(true)
        .subcommands(command.get_subcommands().cloned())
        .subcommands(topics.map(|(name, _)| Command::new(*name)))
}

fn hardened(text: &str) -> StyledStr {
    StyledStr::from(text.replace(' ', HARD_SPACE))
}

fn each_below(command: Command, change: &dyn Fn(Command) -> Command) -> Command {
    command.mut_subcommands(|below| each_below(change(below), change))
}

fn globals(root: &Command) -> Vec<clap::Id> {
    let globals = root.get_arguments().filter(|arg| arg.is_global_set());
    globals.map(|arg| arg.get_id().clone()).collect()
}

/// The list of commands, which the parser has no groups for. Only the titles are
/// in colour: where the colour changes, the parser would break a line.
fn groups(root: &Command) -> StyledStr {
    let header = root.get_styles().get_header();
    let mut text = String::new();
    let mut list = |title: &str, rows: &[(String, String)]| {
        let _ = write!(text, "\n\n{header}{title}:{header:#}");
        for (name, about) in rows {
            let _ = write!(text, "\n  {name:<13}{about}");
        }
    };
    for (title, _) in GROUPS {
        let members = root
            .get_subcommands()
            .filter(|command| !command.is_hide_set() && group_of(command.get_name()) == title);
        let about = |command: &Command| command.get_about().map(ToString::to_string);
        let mut rows: Vec<_> = members
            .map(|command| {
                let name = command.get_name().to_owned();
                (name, about(command).unwrap_or_default())
            })
            .collect();
        rows.sort_by_key(|(name, _)| place(name));
        if !rows.is_empty() {
            list(title, &rows);
        }
    }
    let topics = topics::ALL.map(|(name, about)| (name.to_owned(), about.to_owned()));
    list("Topics (`tokenpass help TOPIC`)", &topics);
    let flags = [
        ("-h, --help", "Print help, also of a command"),
        ("-V, --version", "Print the version"),
    ];
    let _ = write!(text, "\n\n{header}Options:{header:#}");
    for (name, about) in flags {
        let _ = write!(text, "\n  {name:<15}{about}");
    }
    if let Some(examples) = root.get_after_help() {
        let _ = write!(text, "\n\n{examples}");
    }
    hardened(text.trim_start())
}

fn group_of(name: &str) -> &'static str {
    let group = GROUPS.iter().find(|(_, names)| names.contains(&name));
    group.map_or("More", |(title, _)| title)
}

/// Where in its group a command is listed.
fn place(name: &str) -> usize {
    let groups = GROUPS.iter().map(|(_, names)| names);
    let places = groups.filter_map(|names| names.iter().position(|one| *one == name));
    places.min().unwrap_or(usize::MAX)
}

/// The options that every command takes, as the parser lists options.
fn options(root: &Command) -> String {
    let globals = root.get_arguments().filter(|arg| arg.is_global_set());
    let shown = globals
        .cloned()
        .map(|arg| arg.help_heading("Every command takes"));
    let mut command = Command::new("options")
        .max_term_width(80)
        .disable_help_flag(true)
        .help_template("{all-args}")
        .args(shown);
    let mut text = command.render_help().to_string();
    text.truncate(text.trim_end().len());
    debug_assert!(root.get_arguments().all(|arg| arg.is_global_set()
        || matches!(arg.get_action(), ArgAction::Help | ArgAction::Version)));
    text + "\n"
}
