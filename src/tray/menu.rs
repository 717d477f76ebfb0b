//! What is shown of what was seen: pure.

use std::borrow::Cow;

use super::icon::{self, Face};
use super::watch::{Ask, Seen, State};
use crate::platform::panel::{Item, Notice, View};
use crate::text::{escape, shortened, uncapitalized};

/// Characters of a line.
const WIDTH: usize = 60;

/// Questions in the menu; the dashboard has all.
const MOST_ASKS: usize = 10;

/// What can be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Action {
    /// The dashboard is to be opened.
    Open,
    /// The wallet is to be locked.
    Lock,
    /// Something is permitted, or refused.
    Decide(Ask, bool),
    /// The icon is to go.
    Quit,
}

/// The icon and its menu.
pub(super) fn view(seen: &Seen) -> View<Action> {
    let asks = !seen.asks.is_empty();
    let face = match seen.state {
        State::NoServer | State::NoWallet => Face::Outline,
        State::Locked => Face::Closed,
        State::Unlocked => Face::Open,
    };
    View {
        icon: icon::draw(face, asks),
        is_urgent: asks,
        tip: match asks {
            true => format!("{}; something waits for your decision", state(seen.state)),
            false => state(seen.state).to_owned(),
        },
        menu: menu(seen),
    }
}

fn state(state: State) -> &'static str {
    match state {
        State::NoServer => "Not running",
        State::NoWallet => "There is no wallet yet",
        State::Locked => "Locked",
        State::Unlocked => "Unlocked",
    }
}

fn menu(seen: &Seen) -> Vec<Item<Action>> {
    let command = |label: &str, action| Item::Command(label.to_owned(), action);
    let mut menu = vec![Item::Text(format!(
        "TokenPass: {}",
        uncapitalized(state(seen.state))
    ))];
    if seen.is_unsaved {
        menu.push(Item::Text("Some changes are in no backup".to_owned()));
    }
    menu.push(Item::Line);
    for ask in seen.asks.iter().take(MOST_ASKS) {
        let decide = |label, allow| command(label, Action::Decide(ask.clone(), allow));
        let answers = vec![
            Item::Text(with_end(&ask.what).into_owned()),
            Item::Line,
            decide("Approve", true),
            decide("Refuse", false),
        ];
        let label = format!("{} asks", with_end(&ask.who));
        menu.push(Item::Menu(label, answers));
    }
    if let Some(more) = seen.asks.len().checked_sub(MOST_ASKS + 1) {
        let more = format!("{} more on the dashboard", more + 1);
        menu.push(command(&more, Action::Open));
    }
    if !seen.asks.is_empty() {
        menu.push(Item::Line);
    }
    match seen.state {
        State::NoServer => {
            menu.push(Item::Text("`tokenpass serve` starts it".to_owned()));
        }
        // The page makes one.
        State::NoWallet => menu.push(command("Make a wallet…", Action::Open)),
        // The page asks for the password.
        State::Locked => menu.push(command("Unlock…", Action::Open)),
        State::Unlocked => menu.push(command("Lock", Action::Lock)),
    }
    if !seen.activity.is_empty() {
        let lines = seen.activity.iter();
        let lines = lines.map(|line| Item::Text(shortened(line, WIDTH)));
        menu.push(Item::Menu("Activity".to_owned(), lines.collect()));
    }
    if matches!(seen.state, State::Locked | State::Unlocked) {
        menu.push(command("Open the dashboard", Action::Open));
    }
    menu.extend([Item::Line, command("Quit", Action::Quit)]);
    menu
}

/// A host's end says whose it is, so that is what stays of one that is too long.
fn with_end(text: &str) -> Cow<'_, str> {
    let text = escape(text);
    let Some((cut, _)) = text.char_indices().rev().nth(WIDTH - 1) else {
        return text;
    };
    match cut {
        0 => text,
        _ => format!("…{}", &text[cut..]).into(),
    }
}

/// The question, with buttons.
pub(super) fn question(ask: &Ask) -> Notice<Action> {
    Notice {
        title: "May it use TokenPass?",
        body: format!("{} {}.", escape(&ask.who), escape(&ask.what)),
        buttons: vec![
            ("Approve", Action::Decide(ask.clone(), true)),
            ("Refuse", Action::Decide(ask.clone(), false)),
        ],
    }
}

/// The reminder to make a backup.
pub(super) fn reminder() -> Notice<Action> {
    Notice {
        title: "Make a backup",
        body: "Some changes are in none yet: `tokenpass backup --to FOLDER` makes one.".to_owned(),
        buttons: Vec::new(),
    }
}

/// Why something was not done.
pub(super) fn failure(why: &str) -> Notice<Action> {
    Notice {
        title: "That did not work",
        body: escape(why).into_owned(),
        buttons: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(state: State) -> Seen {
        Seen {
            state,
            ..Seen::default()
        }
    }

    /// One line for each item.
    fn lines(menu: &[Item<Action>]) -> Vec<String> {
        let mut lines = Vec::new();
        for item in menu {
            match item {
                Item::Line => lines.push("-".to_owned()),
                Item::Text(text) => lines.push(format!("({text})")),
                Item::Command(text, _) => lines.push(text.clone()),
                Item::Menu(text, items) => {
                    lines.push(format!("{text}:"));
                    let items = self::lines(items).into_iter();
                    lines.extend(items.map(|line| format!("  {line}")));
                }
            }
        }
        lines
    }

    #[test]
    fn the_menu_offers_what_the_state_allows() {
        let menu = |state| lines(&view(&seen(state)).menu).join("|");
        assert_eq!(
            menu(State::NoServer),
            "(TokenPass: not running)|-|(`tokenpass serve` starts it)|-|Quit"
        );
        assert_eq!(
            menu(State::NoWallet),
            "(TokenPass: there is no wallet yet)|-|Make a wallet…|-|Quit"
        );
        assert_eq!(
            menu(State::Locked),
            "(TokenPass: locked)|-|Unlock…|Open the dashboard|-|Quit"
        );
        assert_eq!(
            menu(State::Unlocked),
            "(TokenPass: unlocked)|-|Lock|Open the dashboard|-|Quit"
        );
    }

    #[test]
    fn what_waits_comes_first_and_the_rest_is_counted() {
        let mut seen = seen(State::Unlocked);
        seen.is_unsaved = true;
        seen.activity = vec!["granted app.example".to_owned()];
        seen.asks = (0..12)
            .map(|n| Ask::origin(&format!("https://{n}.example")))
            .collect();
        let view = view(&seen);
        assert!(view.is_urgent);
        let lines = lines(&view.menu);
        assert_eq!(
            lines[..8],
            [
                "(TokenPass: unlocked)",
                "(Some changes are in no backup)",
                "-",
                "https://0.example asks:",
                "  (wants to use the wallet)",
                "  -",
                "  Approve",
                "  Refuse",
            ]
        );
        let rest = lines[lines.len() - 8..].join("|");
        assert_eq!(
            rest,
            "2 more on the dashboard|-|Lock|Activity:|  (granted app.example)|\
             Open the dashboard|-|Quit"
        );
        seen.asks.truncate(10);
        assert!(!self::lines(&super::view(&seen).menu).contains(&"0 more on the dashboard".into()));
    }

    #[test]
    fn of_a_long_name_the_end_is_shown_and_nothing_unshowable() {
        let long = format!("https://{}.evil.example", "bank.example.".repeat(9));
        let shown = with_end(&long);
        assert!(shown.starts_with('…') && shown.ends_with(".evil.example"));
        assert_eq!(shown.chars().count(), WIDTH + 1);
        let fits = "x".repeat(WIDTH);
        assert_eq!(with_end(&fits), fits);
        assert_eq!(with_end("a\u{202e}b"), "a\\u{202e}b");
    }
}
