//! The shells' scripts, which ask the program.

use clap_complete::Shell;
use clap_complete::env::{Elvish, EnvCompleter, Fish, Powershell, Zsh};

/// Says to the program that a shell asks, and which.
pub(super) const VARIABLE: &str = "TOKENPASS_COMPLETE";

/// The script of a shell.
pub(crate) fn script(shell: Shell) -> String {
    let (engine, end): (&dyn EnvCompleter, _) = match shell {
        Shell::Elvish => (&Elvish, ""),
        Shell::Fish => (&Fish, ""),
        Shell::PowerShell => (&Powershell, ""),
        Shell::Zsh => (&Zsh, ZSH_FIRST_TIME),
        // The engine's own is at a loss where a word has a `:` or `=` in it.
        _ => return include_str!("tokenpass.bash").to_owned(),
    };
    let mut script = Vec::new();
    let written = engine.write_registration(VARIABLE, NAME, NAME, NAME, &mut script);
    written.expect("memory takes all that is written");
    // Zsh hands over words as they are typed, with their quotes.
    let script = String::from_utf8_lossy(&script).replace("${words[@]}", "${(Q)words[@]}");
    format!("{}\n{end}", script.trim())
}

const NAME: &str = "tokenpass";

/// Found in `$fpath`, the file is itself the function, run for the first time.
const ZSH_FIRST_TIME: &str = r#"
if [ "$funcstack[1]" = "_tokenpass" ]; then
    _clap_dynamic_completer_tokenpass "$@"
fi
"#;
