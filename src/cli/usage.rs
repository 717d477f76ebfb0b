//! Wrong use, reported like every other error: what `clap` found, as `error:`
//! and `hint:` (or JSON), and exit code 2.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::error::CliError;
use crate::text::{excerpt, shortened};

/// What must be known before parsing, so that errors of parsing are shown right.
pub(crate) struct Early {
    /// `--json` is among the arguments.
    pub(crate) json: bool,
    /// The value of `--color`, if it is given.
    pub(crate) color: Option<String>,
}

impl Early {
    /// Looks at the arguments before a `--`.
    pub(crate) fn scan(args: &[OsString]) -> Self {
        let mut early = Self {
            json: false,
            color: None,
        };
        let mut words = args.iter().skip(1).map(|arg| arg.to_string_lossy());
        while let Some(word) = words.next().filter(|word| word != "--") {
            match word.as_ref() {
                "--json" => early.json = true,
                "--color" => early.color = words.next().map(Into::into),
                _ => {
                    if let Some(value) = word.strip_prefix("--color=") {
                        early.color = Some(value.to_owned());
                    }
                }
            }
        }
        early
    }
}

/// Puts an error of the parser of `root` into our words. Not for help and
/// version.
pub(crate) fn explain(error: &clap::Error, args: &[OsString], root: &clap::Command) -> CliError {
    let context = Context(error);
    let arg = || context.quoted(ContextKind::InvalidArg);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => format!("unexpected argument {}", arg()),
        ErrorKind::InvalidSubcommand => format!(
            "unknown command {}",
            context.quoted(ContextKind::InvalidSubcommand)
        ),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "no command given".to_owned()
        }
        ErrorKind::MissingRequiredArgument => missing(&context),
        ErrorKind::ArgumentConflict => conflict(&context),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => bad_value(error, &context),
        ErrorKind::InvalidUtf8 => "an argument is not valid UTF-8".to_owned(),
        ErrorKind::NoEquals => format!("{} wants `=` before its value", arg()),
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("wrong number of values for {}", arg())
        }
        other => other.as_str().unwrap_or("wrong use").to_owned(),
    };
    CliError::input_hint(message, next_step(&context, args, root))
}

/// Names what is missing; of a group (`<--a|--b>`) its members.
fn missing(context: &Context) -> String {
    let words = context.words(ContextKind::InvalidArg);
    let group = match &words[..] {
        [word] => word
            .strip_prefix('<')
            .and_then(|word| word.strip_suffix('>')),
        _ => None,
    };
    match group.filter(|group| group.contains('|')) {
        Some(group) => format!("missing one of `{}`", group.replace('|', "`, `")),
        None => format!("missing {}", context.quoted(ContextKind::InvalidArg)),
    }
}

fn conflict(context: &Context) -> String {
    let arg = context.quoted(ContextKind::InvalidArg);
    let prior = context.quoted(ContextKind::PriorArg);
    if prior.is_empty() || prior == arg {
        format!("{arg} was given more than once")
    } else {
        format!("{arg} cannot be used with {prior}")
    }
}

fn bad_value(error: &clap::Error, context: &Context) -> String {
    let arg = context.quoted(ContextKind::InvalidArg);
    let value = context.quoted(ContextKind::InvalidValue);
    match error.source().map(ToString::to_string) {
        // It names the value itself, or has a reason not to.
        Some(reason) if reason.contains('`') => format!("{arg}: {reason}"),
        Some(reason) => format!("invalid value {value} for {arg}: {reason}"),
        None if value.is_empty() || value == "``" => format!("{arg} needs a value"),
        None => format!("invalid value {value} for {arg}"),
    }
}

fn next_step(context: &Context, args: &[OsString], root: &clap::Command) -> String {
    if let Some(question) = meant(context) {
        return question;
    }
    if context.has(ContextKind::ValidValue) {
        return format!("it is one of {}", context.quoted(ContextKind::ValidValue));
    }
    format!("`{} --help` says more", command_of(args, root))
}

/// What may have been meant instead, as a question.
pub(crate) fn suggestion(error: &clap::Error) -> Option<String> {
    meant(&Context(error))
}

fn meant(context: &Context) -> Option<String> {
    let suggested = [
        ContextKind::SuggestedSubcommand,
        ContextKind::SuggestedArg,
        ContextKind::SuggestedValue,
    ];
    let kind = suggested.into_iter().find(|kind| context.has(*kind))?;
    Some(format!("did you mean {}?", context.quoted(kind)))
}

/// What the parser recorded about its error.
struct Context<'a>(&'a clap::Error);

impl Context<'_> {
    fn words(&self, kind: ContextKind) -> Vec<String> {
        match self.0.get(kind) {
            Some(ContextValue::String(word)) => vec![word.clone()],
            Some(ContextValue::Strings(words)) => words.clone(),
            Some(ContextValue::StyledStr(text)) => vec![text.to_string()],
            _ => Vec::new(),
        }
    }

    fn has(&self, kind: ContextKind) -> bool {
        !self.words(kind).is_empty()
    }

    /// The words in backticks, long ones cut, and nothing of secrets.
    fn quoted(&self, kind: ContextKind) -> String {
        let shown = |word: &String| match kind {
            ContextKind::InvalidValue | ContextKind::InvalidSubcommand => excerpt(word, MAX_SHOWN),
            ContextKind::InvalidArg if !is_name(word) => excerpt(word, MAX_SHOWN),
            _ => shortened(word, MAX_SHOWN),
        };
        let quote = |word: &String| format!("`{}`", shown(word));
        let words: Vec<_> = self.words(kind).iter().map(quote).collect();
        words.join(", ")
    }
}

/// Whether it is an option or argument by name, and not a value in its place.
fn is_name(word: &str) -> bool {
    const LONGEST: usize = 24;
    let (name, _) = word.split_once(" <").unwrap_or((word, ""));
    let begins = |name: &str| name.starts_with(|c: char| c.is_ascii_lowercase());
    match name.strip_prefix("--") {
        Some(name) => begins(name) && name.len() <= LONGEST && !name.contains(' '),
        None => word.starts_with(['<', '[']) || (name.starts_with('-') && name.len() == 2),
    }
}

/// The command that was meant, like `tokenpass token revoke`.
fn command_of(args: &[OsString], root: &clap::Command) -> String {
    let (mut command, mut name) = (root, root.get_name().to_owned());
    for word in args.iter().skip(1) {
        if let Some(found) = command.find_subcommand(word) {
            command = found;
            name = format!("{name} {}", found.get_name());
        }
    }
    name
}

/// How many characters of a wrong value are repeated.
const MAX_SHOWN: usize = 100;

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(args: &[&str]) -> Early {
        let args: Vec<_> = args.iter().map(OsString::from).collect();
        Early::scan(&args)
    }

    #[test]
    fn options_are_seen_before_the_parser_sees_them() {
        assert!(scan(&["tokenpass", "sign", "--nope", "--json"]).json);
        assert!(!scan(&["tokenpass", "sign", "--", "--json"]).json);
        assert_eq!(
            scan(&["tokenpass", "--color", "never"]).color.as_deref(),
            Some("never")
        );
        assert_eq!(
            scan(&["tokenpass", "--color=always"]).color.as_deref(),
            Some("always")
        );
    }
}
