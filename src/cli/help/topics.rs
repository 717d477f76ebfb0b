//! What `tokenpass help TOPIC` and the sections of the manual pages say: one
//! text for both.

/// What is worth knowing and belongs to no single command.
pub(crate) struct Topic {
    /// The word after `tokenpass help`.
    pub(crate) name: &'static str,
    /// In a few words, for the list of topics.
    pub(crate) about: &'static str,
    /// Paragraphs, each on one line.
    pub(crate) intro: &'static [&'static str],
    /// Things, and what each of them is or does.
    pub(crate) entries: &'static [(&'static str, &'static str)],
    /// Paragraphs after them.
    pub(crate) rest: &'static [&'static str],
}

/// The environment variables.
pub(crate) const ENVIRONMENT: Topic = Topic {
    name: "environment",
    about: "the environment variables",
    intro: &["An empty variable counts as absent. Options come before variables."],
    entries: &[
        (
            "TOKENPASS_HOME",
            "The wallet's folder, as --home; without either it is ~/.tokenpass.",
        ),
        (
            "TOKENPASS_SESSION",
            "The session of this shell, which `tokenpass login` starts.",
        ),
        (
            "TOKENPASS_PASSWORD",
            "The wallet's password, where no option gives it. Other programs of yours can read \
            it: a session is better, or --password-file.",
        ),
        (
            "TOKENPASS_TOKEN",
            "The access token of a program that `tokenpass run` started.",
        ),
        (
            "TOKENPASS_URL",
            "Likewise: where the server is that takes the token.",
        ),
        (
            "TOKENPASS_PORT",
            "The port that `tokenpass serve` listens on and commands look for (21000).",
        ),
        (
            "TOKENPASS_HOST",
            "More names that the server answers to, separated by commas. If the first is an \
            address, the server listens there.",
        ),
        (
            "TOKENPASS_ORIGIN_WHITELIST",
            "Origins that are approved while the server runs, separated by commas.",
        ),
        (
            "TOKENPASS_COMPLETE",
            "Set by the shell's completion script, which asks the program what fits.",
        ),
        (
            "PAGER",
            "What long lists are shown with on a terminal; without it less, or more.",
        ),
        (
            "NO_COLOR",
            "Not empty: no colours, unless --color asks for them.",
        ),
    ],
    rest: &[],
};

/// The exit codes.
pub(crate) const EXIT_CODES: Topic = Topic {
    name: "exit-codes",
    about: "what a script learns from $?",
    intro: &[],
    entries: &[
        ("0", "Done; for `verify`: valid."),
        (
            "1",
            "The thing asked for did not hold: an invalid signature, a wrong password, a damaged \
            file, I/O.",
        ),
        (
            "2",
            "Wrong use: bad arguments, bad input, a missing answer.",
        ),
        ("3", "There is no wallet yet."),
        (
            "4",
            "Locked: the session has ended, or the password of an existing wallet is missing and \
            there is nobody to ask.",
        ),
        (
            "5",
            "Refused: a scope, an origin, too many attempts, a server that did not prove itself.",
        ),
        (
            "6",
            "There is one already, such as a server of this wallet.",
        ),
    ],
    rest: &[
        "`tokenpass run` ends with the exit code of the program that it ran.",
        "`tokenpass status --check` prints nothing and exits with 0 if no password is needed, \
        with 4 if one is, with 3 if there is no wallet.",
    ],
};

/// What is in a home.
pub(crate) const FILES: Topic = Topic {
    name: "files",
    about: "what is in the wallet's folder",
    intro: &[
        "All of a wallet is in one folder, by default ~/.tokenpass, which only its owner may read \
        (mode 0700, files 0600).",
    ],
    entries: &[
        (
            "~/.tokenpass/seed.db",
            "The words and the root key, encrypted under the password. The only file that cannot \
            be made again; the words restore it.",
        ),
        (
            "~/.tokenpass/keys.db",
            "For each host its address and public key. No private key.",
        ),
        (
            "~/.tokenpass/state.db",
            "Access tokens (hashed), sessions and identities (sealed), the profile, origins, \
            clients and the audit trail.",
        ),
        (
            "~/.tokenpass/server.json",
            "Where the running server is, and the key by which both prove themselves. It goes \
            when the server ends.",
        ),
        (
            "*.bep",
            "An encrypted backup, as `tokenpass export --format bep` and `tokenpass import \
            --force` write it.",
        ),
    ],
    rest: &["`tokenpass doctor` checks all of them and says what to do."],
};

/// What protects what.
pub(crate) const SECURITY: Topic = Topic {
    name: "security",
    about: "what protects the keys, and what does not",
    intro: &[
        "Whoever has the words has the wallet: keep them on paper. The password protects the \
        folder where somebody copies it, so choose one that cannot be guessed. Neither is ever \
        taken as an argument, since others can read a command line.",
    ],
    entries: &[
        (
            "A session",
            "(`tokenpass login`) lets the programs of one shell use the wallet until it ends. The \
            disk holds a sealed key, the shell the key to it; neither is worth anything alone.",
        ),
        (
            "An unlocked server",
            "(`tokenpass serve`) also lets your other shells in. It locks after 30 minutes \
            without a request. --no-agent switches that off.",
        ),
        (
            "An access token",
            "(`tokenpass auth`) lets one app use its own host's key for what its scopes allow, \
            through the server. `tokenpass token revoke` ends it at once.",
        ),
        (
            "A web page",
            "is a stranger until you approve its origin (`tokenpass origin allow`), and then \
            still needs a token of its own.",
        ),
        (
            "Every host",
            "has a key of its own, so that two apps cannot tell that you are the same person.",
        ),
    ],
    rest: &[
        "Nothing protects the wallet from programs that run as you while it is unlocked, or from \
        an administrator. `tokenpass log` shows unlocks, grants, refusals and exports.",
        "Nothing is sent anywhere: there is no account, no telemetry and no update check.",
    ],
};

/// What `--json` prints.
pub(crate) const JSON: Topic = Topic {
    name: "json",
    about: "what --json prints, as a JSON Schema",
    intro: &[
        "With --json a command prints one JSON document to standard output and nothing else \
        there. An error is {\"error\",\"code\",\"hint\"} on standard error; its code is the exit \
        code.",
        "The same thing has the same name everywhere: bapID is an identity's BAP ID (idKey in \
        lists of identities, as other BAP programs have it), publicKey a public key in hex, \
        expireTime a moment in milliseconds since 1970, where 0 is never. What the REST API \
        answers, too, is called as it is there.",
    ],
    entries: &[],
    rest: &[],
};

/// Those that are told in words.
pub(crate) const TEXTS: [&Topic; 4] = [&ENVIRONMENT, &EXIT_CODES, &FILES, &SECURITY];

/// The options that every command takes.
pub(crate) const OPTIONS: &str = "options";

/// All topics, with a few words about each.
pub(crate) const ALL: [(&str, &str); 6] = [
    (OPTIONS, "the options that every command takes"),
    (ENVIRONMENT.name, ENVIRONMENT.about),
    (EXIT_CODES.name, EXIT_CODES.about),
    (FILES.name, FILES.about),
    (JSON.name, JSON.about),
    (SECURITY.name, SECURITY.about),
];

impl Topic {
    /// As it is printed: paragraphs, and the entries with their names in front.
    pub(crate) fn text(&self) -> String {
        let mut blocks: Vec<String> = Vec::new();
        blocks.extend(self.intro.iter().map(|text| wrapped(text, "", "")));
        if self.entries.iter().all(|(name, _)| name.len() < 3) {
            let lines = self.entries.iter();
            let lines = lines.map(|(name, text)| wrapped(text, &format!("  {name}  "), "     "));
            blocks.push(lines.collect::<Vec<_>>().join("\n"));
        } else {
            let entry = |(name, text): &(&str, &str)| {
                format!("  {name}\n{}", wrapped(text, "      ", "      "))
            };
            blocks.extend(self.entries.iter().map(entry));
        }
        blocks.extend(self.rest.iter().map(|text| wrapped(text, "", "")));
        blocks.retain(|block| !block.is_empty());
        blocks.join("\n\n") + "\n"
    }
}

/// Breaks a paragraph into lines of at most 80 columns.
fn wrapped(text: &str, first: &str, others: &str) -> String {
    const WIDTH: usize = 80;
    let mut lines = vec![first.to_owned()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is a first line");
        let is_start = line.trim_end().is_empty() || line == first;
        let space = usize::from(!is_start);
        if !is_start && line.chars().count() + space + word.chars().count() > WIDTH {
            lines.push(format!("{others}{word}"));
        } else {
            line.push_str(if is_start { "" } else { " " });
            line.push_str(word);
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_fit_a_narrow_terminal() {
        for topic in TEXTS {
            let text = topic.text();
            assert!(
                text.lines().all(|line| line.chars().count() <= 80),
                "{text}"
            );
            assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
        }
    }

    #[test]
    fn long_words_are_not_broken() {
        let word = "x".repeat(90);
        assert_eq!(wrapped(&word, "  ", "  "), format!("  {word}"));
        assert_eq!(
            wrapped(&format!("a {word} b"), "", "  "),
            format!("a\n  {word}\n  b")
        );
    }
}
