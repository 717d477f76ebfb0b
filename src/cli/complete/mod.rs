//! Completion: the shell asks the program, which knows what fits.
//!
//! The shell's script (`tokenpass completions SHELL`) runs the program with
//! `TOKENPASS_COMPLETE` set and the words of the command line after a `--`.
//! What is answered ends up on a command line, so only what no shell reads as
//! more than a word is offered: a name from somebody's backup must not become a
//! command. Completing asks nobody, changes nothing and prints no error; where
//! there is no wallet, or it cannot be read now, the fixed values are left.

mod candidates;
mod script;

use std::env;
use std::ffi::OsString;

use clap_complete::engine::{CompletionCandidate, complete};
use clap_complete::{Shell, env::Shells};

use self::candidates::{FILES, with_candidates};
use self::script::VARIABLE;
pub(crate) use self::script::script;
use super::terminal;

/// The shell that asks, if one does.
pub(crate) fn asking_shell() -> Option<Shell> {
    let name = env::var(VARIABLE).ok()?;
    Shells::builtins().completer(&name)?.name().parse().ok()
}

/// Answers on standard output; without words to complete, with the script.
pub(crate) fn answer(shell: Shell, args: &[OsString], command: clap::Command) {
    let words = args.iter().position(|arg| arg == "--");
    let answer = match words.map(|at| args[at + 1..].to_vec()) {
        Some(words) if !words.is_empty() => listed(shell, words, command),
        _ => script(shell),
    };
    // A shell that does not listen is not waited for.
    let _ = terminal::write_stdout(answer.as_bytes());
}

fn listed(shell: Shell, mut words: Vec<OsString>, command: clap::Command) -> String {
    let index = match shell {
        Shell::Zsh | Shell::Elvish => env::var("_CLAP_COMPLETE_INDEX").ok(),
        _ => None,
    };
    let index = index.and_then(|index| index.parse().ok());
    let index = index.unwrap_or(words.len() - 1);
    if words.len() == index {
        // Zsh leaves out an empty last word.
        words.push(OsString::new());
    }
    let mut command = with_candidates(command, shell, &words);
    let here = env::current_dir().ok();
    let found = complete(&mut command, words, index, here.as_deref()).unwrap_or_default();
    let lines = found.iter().filter_map(|one| line(shell, one));
    lines.map(|line| line + "\n").collect()
}

/// A candidate as the shell's script reads it; `None` if it must not be offered.
fn line(shell: Shell, candidate: &CompletionCandidate) -> Option<String> {
    let value = candidate.get_value().to_str()?;
    let is_file = candidate
        .get_tag()
        .is_some_and(|tag| tag.to_string() == FILES);
    if is_file && shell == Shell::Bash {
        // Bash completes files itself, and quotes what it inserts.
        return Some("<files>".to_owned());
    }
    // These quote what they insert.
    let quotes = matches!(shell, Shell::Zsh | Shell::Fish | Shell::Elvish);
    if !(is_harmless(value) || is_file && quotes && !value.chars().any(char::is_control)) {
        return None;
    }
    let help = candidate.get_help().map(|help| help.to_string());
    let help = help.as_deref().and_then(|help| help.lines().next());
    Some(match (shell, help) {
        (Shell::Zsh, help) => {
            let value = value.replace('\\', r"\\").replace(':', r"\:");
            let help = help.map(|help| format!(":{}", help.replace('\\', r"\\")));
            value + &help.unwrap_or_default()
        }
        (Shell::Fish | Shell::PowerShell, Some(help)) => format!("{value}\t{help}"),
        _ => value.to_owned(),
    })
}

/// Whether no shell reads it as more than a word.
fn is_harmless(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "._:/@,=-".contains(c);
    value.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_offered() {
        for value in [
            "example.com:3000",
            "--host=a",
            "sign,encrypt",
            "https://a/",
            "a_b@c",
        ] {
            assert!(is_harmless(value), "{value}");
        }
        for value in [
            "$(touch x)",
            "a b",
            "a;b",
            "`id`",
            "a\nb",
            "'",
            "\"",
            "\\",
            "~",
            "*",
            "é",
            "!1",
            "<files>",
        ] {
            assert!(!is_harmless(value), "{value}");
        }
    }

    #[test]
    fn a_file_is_left_to_bash_and_to_shells_that_quote() {
        let file = |name: &str| CompletionCandidate::new(name).tag(Some(FILES.into()));
        assert_eq!(line(Shell::Bash, &file("a b")).as_deref(), Some("<files>"));
        assert_eq!(line(Shell::Zsh, &file("a b")).as_deref(), Some("a b"));
        assert_eq!(line(Shell::Fish, &file("a\nb")), None);
        assert_eq!(line(Shell::PowerShell, &file("$(x)")), None);
    }
}
