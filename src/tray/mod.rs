//! `tokenpass-tray`: the wallet's state in the panel, and what can be done about it there. A
//! client of the running server, by its API alone: it holds no keys and asks for no
//! password; what needs one is done on the dashboard.
//!
//! `watch` says how it is, `menu` what is shown of that and what was chosen, `icon` draws.

mod icon;
mod menu;
mod options;
mod pace;
mod watch;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use self::menu::Action;
use self::options::{Chosen, Options};
use self::pace::Pace;
use self::watch::{Seen, Watch};
use crate::platform::child::SECRETS;
use crate::platform::errors::plain;
use crate::platform::panel::{self, Event, NoPanel, Panel};
use crate::platform::{browser, files, locks};

/// How often it is looked whether something was written.
const TICK: Duration = Duration::from_secs(1);

/// Held while a tray runs: one a home.
const LOCK_FILE: &str = "tray.lock";

/// Why there is no tray: the exit code, and what is said.
struct Failure(u8, String);

const FAILED: u8 = 1;
const USAGE: u8 = 2;
const TAKEN: u8 = 6;

/// Runs until it is told to quit.
pub(crate) fn run(args: impl Iterator<Item = OsString>) -> ExitCode {
    match options::read(args) {
        Ok(Chosen::Tell(text)) => {
            let _ = io::stdout().write_all(text.as_bytes());
            ExitCode::SUCCESS
        }
        Ok(Chosen::Run(options)) => stay(options).map_or_else(tell, |()| ExitCode::SUCCESS),
        Err(why) => tell(Failure(USAGE, why)),
    }
}

fn tell(Failure(code, why): Failure) -> ExitCode {
    let _ = writeln!(io::stderr(), "error: {why}");
    code.into()
}

fn stay(options: Options) -> Result<(), Failure> {
    let _one = claim(&options.home)?;
    let mut watch = Watch::new(options.home);
    let seen = watch.look().unwrap_or_default();
    let tray = Tray {
        watch,
        seen: Seen::default(),
        pace: Pace::default(),
        is_reminded: false,
    };
    let first = menu::view(&seen);
    let work = move |panel| tray.follow(panel, seen);
    panel::run("tokenpass", "TokenPass", first, options.waits, work)
        .map_err(|error| Failure(FAILED, error.to_string()))
}

fn claim(home: &Path) -> Result<File, Failure> {
    let lock = files::create_private_dir(home).and_then(|()| locks::lock(&home.join(LOCK_FILE)));
    lock.map_err(|error| match error.kind() {
        io::ErrorKind::WouldBlock => {
            Failure(TAKEN, "there is a tray of this wallet already".to_owned())
        }
        _ => {
            let home = home.display();
            Failure(FAILED, format!("cannot use `{home}`: {}", plain(&error)))
        }
    })
}

struct Tray {
    watch: Watch,
    /// What is shown.
    seen: Seen,
    pace: Pace,
    is_reminded: bool,
}

impl Tray {
    fn follow(mut self, mut panel: Panel<Action>, first: Seen) -> Result<(), NoPanel> {
        let mut news = Some(first);
        loop {
            if let Some(seen) = news {
                self.show(&mut panel, seen);
            }
            match panel.wait(TICK) {
                Event::Nothing => {}
                Event::Chosen(Action::Quit) => return Ok(()),
                Event::Chosen(action) => {
                    if let Err(why) = self.act(&action) {
                        panel.notify(menu::failure(&why));
                    }
                    self.watch.forget();
                }
                Event::Gone => return Err(NoPanel::Gone),
            }
            news = self.watch.look();
        }
    }

    fn show(&mut self, panel: &mut Panel<Action>, seen: Seen) {
        if seen == self.seen {
            return;
        }
        panel.show(menu::view(&seen));
        let news = seen.asks.iter().filter(|ask| !self.seen.asks.contains(ask));
        for ask in news {
            if self.pace.allows(Instant::now()) {
                panel.notify(menu::question(ask));
            }
        }
        if seen.is_unsaved && !self.is_reminded {
            self.is_reminded = true;
            panel.notify(menu::reminder());
        }
        self.seen = seen;
    }

    /// What went wrong is said in words.
    fn act(&self, action: &Action) -> Result<(), String> {
        match action {
            Action::Open => {
                let url = self.watch.dashboard().map_err(|error| error.to_string())?;
                browser::open(&url, &SECRETS).map_err(|error| plain(&error))
            }
            Action::Lock => self.watch.lock().map_err(|error| error.to_string()),
            Action::Decide(ask, allow) => {
                let decided = self.watch.decide(ask, *allow);
                decided.map_err(|error| error.to_string())
            }
            Action::Quit => Ok(()),
        }
    }
}
