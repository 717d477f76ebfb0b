//! A secret in the wrong place is not repeated: every form of one is thrown at
//! every option and argument that takes a value. The command line itself says
//! which there are, so that new ones are held to it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use clap::{Arg, ArgAction, Command};
use tokenpass::testing::cli::command;

use crate::support::{Home, Run, golden};

/// What is thrown, and the parts of it that are secret.
pub(crate) struct Secret {
    thrown: String,
    secret: Vec<String>,
}

/// So many characters in a row are too many.
const TELLING: usize = 8;

impl Secret {
    fn new(thrown: &str) -> Self {
        Self {
            thrown: thrown.to_owned(),
            secret: vec![thrown.to_owned()],
        }
    }

    /// What of it stands in a text.
    fn told_in(&self, text: &str) -> Option<String> {
        self.secret.iter().find_map(|secret| {
            let chars: Vec<char> = secret.chars().collect();
            let mut parts = chars.windows(TELLING).map(|part| part.iter().collect());
            parts.find(|part: &String| text.contains(part.as_str()))
        })
    }
}

fn secrets() -> Vec<Secret> {
    let golden = golden();
    let text = |name: &str| golden[name].as_str().unwrap().to_owned();
    let (seed, words) = (text("seed"), text("mnemonic"));
    let mut export = Secret::new(&format!("{{\"seed\":\"{seed}\",\"mnemonic\":\"{words}\"}}"));
    export.secret = vec![seed.clone(), words.clone()];
    let wif = golden["root"]["wif"].as_str().unwrap();
    [&seed, &words, wif, &text("xprv")]
        .into_iter()
        .map(Secret::new)
        .chain([
            Secret::new("5f0c1c0e-7a1f-4c27-9f5e-0d8ad2a5c3f1"),
            Secret::new("quilt-Zebra-77"),
            Secret::new("unlikely zebra quilt"),
            export,
        ])
        .collect()
}

/// Options that take any text, and show it: that is what they are for.
const SHOWN: [&str; 4] = ["display_name", "paymail", "logo", "name"];

/// Commands that go on until they are stopped, where they start at all.
const ENDLESS: [&str; 4] = ["serve", "tray", "open", "run"];

/// A command line, and what is thrown at it last.
struct Throw {
    line: Vec<String>,
    at: String,
}

/// Every option and argument of every command, with what the command needs
/// beside it.
fn throws(path: &[String], command: &Command, throws: &mut Vec<Throw>) {
    for sub in command.get_subcommands() {
        if sub.get_name() != "help" && !ENDLESS.contains(&sub.get_name()) {
            let path = [path, &[sub.get_name().to_owned()]].concat();
            self::throws(&path, sub, throws);
        }
    }
    let takes_value = |arg: &&Arg| matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    for arg in command.get_arguments().filter(takes_value) {
        let id = arg.get_id().as_str();
        if arg.is_global_set() || SHOWN.contains(&id) {
            continue;
        }
        let mut line = path.to_vec();
        let needed = command
            .get_arguments()
            .filter(|other| other.is_required_set() && other.get_id() != arg.get_id());
        for other in needed.filter(takes_value) {
            if let Some(long) = other.get_long() {
                line.push(format!("--{long}"));
            }
            line.push(filler(other));
        }
        if let Some(long) = arg.get_long() {
            line.push(format!("--{long}"));
        }
        throws.push(Throw {
            line,
            at: format!("{} {id}", path.join(" ")),
        });
    }
}

/// Something that the argument takes.
fn filler(arg: &Arg) -> String {
    let golden = golden();
    let name = arg.get_value_names().and_then(|names| names.first());
    match name.map_or("", |name| name.as_str()) {
        "HOST" => "example.com".to_owned(),
        "ORIGIN" => "https://example.com".to_owned(),
        "BAPID" | "ID" => golden["bap_ids"][0]["identity_key"]
            .as_str()
            .unwrap()
            .to_owned(),
        "ADDRESS" => golden["root"]["address"].as_str().unwrap().to_owned(),
        _ => "x".to_owned(),
    }
}

#[test]
fn no_option_repeats_a_secret() {
    let home = Home::registered();
    let session = home.login();
    let mut all = Vec::new();
    throws(&[], &command(), &mut all);
    assert!(all.len() > 60, "{} options", all.len());
    let secrets = secrets();
    let told = Mutex::new(Vec::new());
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(throw) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                    for secret in &secrets {
                        for json in [false, true] {
                            told.lock()
                                .unwrap()
                                .extend(throw_at(&home, &session, throw, secret, json));
                        }
                    }
                }
            });
        }
    });
    let told = told.into_inner().unwrap();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// What the program said of the secret, if it did.
fn throw_at(
    home: &Home,
    session: &str,
    throw: &Throw,
    secret: &Secret,
    json: bool,
) -> Option<String> {
    let json = json.then_some("--json".to_owned());
    let line = json.iter().chain(&throw.line).chain([&secret.thrown]);
    let run: Run = home.run(line).session(session).folder(&home.beside("."));
    let done = run.done();
    let mut said = done.stderr;
    if done.code != 0 {
        // Of what was done, the secret may be a part: a message, a label.
        said += &String::from_utf8_lossy(&done.stdout);
    }
    let part = secret.told_in(&said)?;
    Some(format!("{}: `{part}` in {said}", throw.at))
}
