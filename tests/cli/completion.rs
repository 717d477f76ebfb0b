//! Completion, in real shells: what is typed, a tab, and what then stands on the
//! line. Where a shell is not installed, its part is skipped and says so.

use std::fs::File;
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tokenpass::Password;

use crate::support::terminal::terminal;
use crate::support::{Home, PASSWORD};

const PATIENCE: Duration = Duration::from_secs(20);

/// A wallet with a host, an origin, a token, a client and identities, of which
/// one has a name that a shell would run.
struct Known {
    home: Home,
    session: String,
    bap_id: String,
    token: String,
}

fn known() -> Known {
    let home = Home::registered();
    let session = home.login();
    let run = |words: &str| {
        let run = home.run(words.split(' ')).session(&session);
        String::from_utf8(run.succeeds()).unwrap()
    };
    run("key --host shop.example:3000");
    run("origin allow https://app.example:8443");
    run("client add desk --redirect-uri https://desk.example/cb --secret");
    run("auth --host shop.example:3000 --expire 1d");
    run("identity create --name Work");
    run("contact add Alice 2ZHQjomPDgD7hMkHEcBioKj8f3y9");
    home.run([
        "contact",
        "add",
        "$(touch pwned)",
        "1BQHPiqMNoSpLoNFsLc9aSkaob4uxsyQhj",
    ])
    .done();
    let (wallet, password) = (home.wallet(), Password::new(PASSWORD.into()));
    let unlocked = wallet.unlock(&password).unwrap();
    let hostile = |book: &mut tokenpass::IdentityBook, root: &tokenpass::PrivateKey| {
        book.create(root, "$(touch pwned)").cloned()
    };
    let made = unlocked.change_identities(hostile).unwrap();
    let tokens = home.run(["token", "list"]).json();
    Known {
        bap_id: made.id().to_string(),
        token: tokens["tokens"][0]["id"].as_str().unwrap().to_owned(),
        session,
        home,
    }
}

impl Known {
    /// A shell that finds the program by its name and has the session.
    fn shell(&self, program: &str) -> Command {
        let bin = PathBuf::from(env!("CARGO_BIN_EXE_tokenpass"));
        let path = std::env::var("PATH").unwrap();
        let mut command = Command::new(program);
        command
            .env_clear()
            .env(
                "PATH",
                format!("{}:{path}", bin.parent().unwrap().display()),
            )
            .env("TERM", "dumb")
            .env("HOME", self.home.beside("."))
            .env("ZDOTDIR", self.home.beside("."))
            .env("TOKENPASS_HOME", self.home.path())
            .env("TOKENPASS_SESSION", &self.session)
            .current_dir(self.home.beside("."));
        command
    }

    fn write(&self, name: &str, text: &str) -> String {
        let path = self.home.beside(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn script(&self, shell: &str) -> String {
        self.home.run(["completions", shell]).prints()
    }
}

fn is_there(shell: &str) -> bool {
    let there = Command::new(shell).arg("-c").arg("true").output().is_ok();
    if !there {
        let _ = writeln!(std::io::stderr(), "skipped: {shell} is not installed");
    }
    there
}

/// A shell on a terminal, which shows its line as `<<…>>` when it is asked to.
struct Prompt {
    shell: Child,
    keyboard: File,
    shown: Receiver<Vec<u8>>,
    unread: String,
}

impl Prompt {
    fn start(mut command: Command) -> Self {
        let (keyboard, open) = terminal(200, 50);
        command.stdin(open()).stdout(open()).stderr(open());
        let shell = command.spawn().unwrap();
        drop(command);
        let (sender, shown) = channel();
        let mut screen = keyboard.try_clone().unwrap();
        std::thread::spawn(move || {
            let mut part = [0; 1024];
            while let Ok(n @ 1..) = screen.read(&mut part) {
                if sender.send(part[..n].to_vec()).is_err() {
                    break;
                }
            }
        });
        let mut prompt = Self {
            shell,
            keyboard,
            shown,
            unread: String::new(),
        };
        prompt.until("ready");
        prompt
    }

    /// What is shown up to this, which is taken away too.
    fn until(&mut self, mark: &str) -> String {
        loop {
            if let Some((before, after)) = self.unread.split_once(mark) {
                let before = before.to_owned();
                self.unread = after.to_owned();
                return before;
            }
            match self.shown.recv_timeout(PATIENCE) {
                Ok(bytes) => self.unread += &String::from_utf8_lossy(&bytes),
                Err(_) => panic!("`{mark}` is not shown, but: {}", self.unread),
            }
        }
    }

    /// The line after a tab.
    fn completed(&mut self, typed: &str) -> String {
        self.keyboard
            .write_all(format!("{typed}\t\u{18}").as_bytes())
            .unwrap();
        self.until("<<");
        self.until(">>")
    }
}

impl Drop for Prompt {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}

/// What bash and zsh do alike: what is typed, and what then is on the line.
fn holds(known: &Known, prompt: &mut Prompt) {
    let (id, token) = (&known.bap_id, &known.token);
    for (typed, line) in [
        ("tokenpass veri", "tokenpass verify "),
        ("tokenpass regi", "tokenpass register "),
        ("tokenpass sign --enco", "tokenpass sign --encoding "),
        ("tokenpass sign --js", "tokenpass sign --json "),
        (
            "tokenpass sign --encoding h",
            "tokenpass sign --encoding hex ",
        ),
        (
            "tokenpass sign --encoding=h",
            "tokenpass sign --encoding=hex ",
        ),
        (
            "tokenpass sign --scheme br",
            "tokenpass sign --scheme brc77 ",
        ),
        (
            "tokenpass permission allow https://app.example 2 'server hmac' an",
            "tokenpass permission allow https://app.example 2 'server hmac' anyone ",
        ),
        (
            "tokenpass auth --scopes si",
            "tokenpass auth --scopes sign ",
        ),
        (
            "tokenpass auth --scopes sign,enc",
            "tokenpass auth --scopes sign,encrypt ",
        ),
        (
            "tokenpass auth --expire mo",
            "tokenpass auth --expire month ",
        ),
        (
            "tokenpass key --host sh",
            "tokenpass key --host shop.example:3000 ",
        ),
        (
            "tokenpass key --host=sh",
            "tokenpass key --host=shop.example:3000 ",
        ),
        (
            "tokenpass key --host shop.example:3",
            "tokenpass key --host shop.example:3000 ",
        ),
        (
            "tokenpass key --host=shop.example:30",
            "tokenpass key --host=shop.example:3000 ",
        ),
        (
            "tokenpass origin deny ht",
            "tokenpass origin deny https://app.example:8443 ",
        ),
        (
            "tokenpass origin deny https://a",
            "tokenpass origin deny https://app.example:8443 ",
        ),
        ("tokenpass client remove d", "tokenpass client remove desk "),
        (
            "tokenpass identity show Wo",
            "tokenpass identity show Work ",
        ),
        (
            "tokenpass encrypt hi --friend Al",
            "tokenpass encrypt hi --friend Alice ",
        ),
        (
            "tokenpass contact remove Al",
            "tokenpass contact remove Alice ",
        ),
        ("tokenpass help envi", "tokenpass help environment "),
        (
            "tokenpass completions po",
            "tokenpass completions powershell ",
        ),
    ] {
        // That a blank follows is a matter of taste of the shell and its options.
        let completed = prompt.completed(typed);
        assert_eq!(completed.trim_end(), line.trim_end(), "{typed}");
    }
    for (command, value) in [("identity show", id), ("token revoke", token)] {
        let typed = format!("tokenpass {command} {}", &value[..8]);
        let completed = prompt.completed(&typed);
        assert_eq!(completed.trim_end(), format!("tokenpass {command} {value}"));
    }
    // What a shell would run is not offered, neither alone nor among others.
    for typed in ["tokenpass identity show \\$", "tokenpass identity show '$("] {
        let completed = prompt.completed(typed);
        assert!(!completed.contains("touch"), "{completed}");
    }
    assert!(!known.home.beside("pwned").exists());
}

#[test]
fn in_bash() {
    if !is_there("bash") {
        return;
    }
    let known = known();
    known.write("a file", "");
    let script = known.script("bash");
    let start = r#"
        PS1='ready '
        bind 'set enable-bracketed-paste off'
        bind 'set bell-style none'
        show() { printf '<<%s>>\n' "$READLINE_LINE"; READLINE_LINE=; READLINE_POINT=0; }
        bind -x '"\C-x": show'
    "#;
    let rc = known.write("bashrc", &format!("{start}\n{script}"));
    let mut shell = known.shell("bash");
    shell.args(["--noprofile", "--rcfile", &rc, "-i"]);
    let mut prompt = Prompt::start(shell);
    holds(&known, &mut prompt);
    // Files are completed by bash itself, which quotes them.
    for (typed, line) in [
        (
            "tokenpass sign --file a\\ f",
            r"tokenpass sign --file a\ file",
        ),
        (
            "tokenpass sign --file=a\\ f",
            r"tokenpass sign --file=a\ file",
        ),
        (
            "tokenpass key --host \"sh",
            "tokenpass key --host \"shop.example:3000\"",
        ),
    ] {
        assert_eq!(prompt.completed(typed).trim_end(), line);
    }
}

#[test]
fn in_zsh() {
    if !is_there("zsh") {
        return;
    }
    let known = known();
    known.write("a file", "");
    std::fs::create_dir(known.home.beside("functions")).unwrap();
    // As it is installed: found in a folder, and loaded when it is first used.
    known.write("functions/_tokenpass", &known.script("zsh"));
    known.write(
        ".zshrc",
        r#"
        fpath=($HOME/functions $fpath)
        autoload -U compinit && compinit -u -D
        unset zle_bracketed_paste
        unsetopt beep prompt_sp
        PS1='ready '
        show() { print -r -- "<<$BUFFER>>"; BUFFER=; }
        zle -N show
        bindkey '^X' show
        "#,
    );
    let mut shell = known.shell("zsh");
    shell.args(["-d", "-i"]);
    let mut prompt = Prompt::start(shell);
    holds(&known, &mut prompt);
    let completed = prompt.completed("tokenpass sign --file a\\ f");
    assert_eq!(completed.trim_end(), r"tokenpass sign --file a\ file");
}

#[test]
fn in_fish() {
    if !is_there("fish") {
        return;
    }
    let known = known();
    let script = known.write("tokenpass.fish", &known.script("fish"));
    let complete = |typed: &str| {
        let ask = format!("source {script}; complete -C '{typed}'");
        let done = known
            .shell("fish")
            .args(["-N", "-c", &ask])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&done.stderr), "");
        let lines = String::from_utf8(done.stdout).unwrap();
        let values = lines
            .lines()
            .map(|line| line.split('\t').next().unwrap().to_owned());
        values.collect::<Vec<_>>()
    };
    for (typed, values) in [
        ("tokenpass regi", &["register"][..]),
        ("tokenpass sign --encoding ", &["utf8", "hex", "base64"]),
        ("tokenpass sign --encoding=h", &["--encoding=hex"]),
        ("tokenpass auth --scopes sign,enc", &["sign,encrypt"]),
        ("tokenpass key --host ", &["shop.example:3000", "localhost"]),
        ("tokenpass key --host=sh", &["--host=shop.example:3000"]),
        ("tokenpass origin deny ht", &["https://app.example:8443"]),
        ("tokenpass client remove ", &["desk", "--home"]),
        ("tokenpass token revoke ", &[&known.token]),
        ("tokenpass identity show ", &["Work", &known.bap_id]),
    ] {
        let found = complete(typed);
        for value in values {
            assert!(found.contains(&(*value).to_owned()), "{typed}: {found:?}");
        }
        assert!(!found.iter().any(|value| value.contains('$')), "{found:?}");
    }
    assert!(!known.home.beside("pwned").exists());
}

/// What the program answers when a shell asks.
fn answered(home: &Home, words: &[&str]) -> Vec<String> {
    let words = ["--", "tokenpass"].iter().chain(words);
    let said = home.run(words).env("TOKENPASS_COMPLETE", "bash").prints();
    said.lines().map(str::to_owned).collect()
}

#[test]
fn without_a_wallet_or_with_a_broken_one_the_fixed_values_are_left() {
    let hosts = ["key", "--host", ""];
    let home = Home::new();
    assert_eq!(answered(&home, &hosts), ["localhost"]);
    assert_eq!(
        answered(&home, &["sign", "--encoding", ""]),
        ["utf8", "hex", "base64"]
    );
    assert!(!home.path().exists());
    let home = Home::registered();
    for name in ["seed.db", "keys.db", "state.db"] {
        std::fs::write(home.path().join(name), "no database").unwrap();
    }
    assert_eq!(answered(&home, &hosts), ["localhost"]);
    assert_eq!(
        answered(&home, &["token", "revoke", "--h"]),
        ["--host", "--help", "--home"]
    );
    let nothing = home.run(["--", "tokenpass", "identity", "show", "x"]);
    assert_eq!(nothing.env("TOKENPASS_COMPLETE", "zsh").prints(), "");
}

#[test]
fn completing_changes_nothing_and_waits_for_nobody() {
    let known = known();
    let files = || {
        let entries = std::fs::read_dir(known.home.path()).unwrap();
        let mut files: Vec<_> = entries
            .map(|entry| {
                let path = entry.unwrap().path();
                (path.clone(), std::fs::read(path).unwrap())
            })
            .collect();
        files.sort();
        files
    };
    let before = files();
    for words in [
        &["key", "--host", ""][..],
        &["identity", "show", ""],
        &["token", "revoke", ""],
        &["origin", "deny", ""],
        &["client", "remove", ""],
    ] {
        assert!(!answered(&known.home, words).is_empty(), "{words:?}");
    }
    assert_eq!(files(), before);
    // A home of an older version is not brought up to date for it.
    let old = Home::of_version("0.1.0");
    let before = std::fs::read(old.path().join("keys.db")).unwrap();
    answered(&old, &["key", "--host", ""]);
    assert_eq!(std::fs::read(old.path().join("keys.db")).unwrap(), before);
}

#[test]
fn names_are_offered_to_a_session_only_and_the_home_is_that_of_the_line() {
    let known = known();
    let offered = answered(&known.home, &["identity", "show", "W"]);
    assert_eq!(offered, Vec::<String>::new());
    let other = Home::new();
    let home = known.home.path();
    let hosts = answered(
        &other,
        &["--home", home.to_str().unwrap(), "key", "--host", "s"],
    );
    assert_eq!(hosts, ["shop.example:3000"]);
}

#[test]
fn every_value_with_a_fixed_choice_is_completed() {
    // Values that only their user knows.
    let free = [
        "ADDRESS",
        "BAPID",
        "CIPHERTEXT",
        "COMMAND",
        "KEY=VALUE",
        "MESSAGE",
        "N",
        "NAME",
        "NEW_NAME",
        "PART",
        "PATH",
        "PAYMAIL",
        "PUBKEY",
        "SIGNATURE",
        "TEXT",
        "TOKEN",
        "URI",
        "URL",
        "XPUB",
        "HEX",
        "JSON",
        "DATA",
        "URN",
        "BACKUP",
        "KEY",
        "VALUE",
        "SEQUENCE",
    ];
    fn check(command: &clap::Command, path: &[&str], free: &[&str]) {
        for option in command
            .get_arguments()
            .filter(|arg| arg.get_long().is_some())
        {
            let takes = option.get_action().takes_values();
            let name = option.get_value_names().and_then(|names| names.first());
            let Some(name) = name.filter(|_| takes) else {
                continue;
            };
            let long = format!("--{}", option.get_long().unwrap());
            if free.contains(&name.as_str()) || matches!(&*long, "--timestamp" | "--home") {
                continue;
            }
            let words = [path, &[long.as_str(), ""]].concat();
            let home = Home::new();
            let offered = answered(&home, &words);
            let none_known = ["IDENTITY", "FRIEND"].contains(&name.as_str());
            assert!(
                none_known || !offered.is_empty(),
                "{path:?} {long} <{name}>"
            );
        }
        for below in command.get_subcommands() {
            check(below, &[path, &[below.get_name()]].concat(), free);
        }
    }
    check(&tokenpass::testing::cli::command(), &[], &free);
}
