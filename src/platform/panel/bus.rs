//! Notifications with buttons on the session bus, by freedesktop.org's specification
//! (`org.freedesktop.Notifications`, 1.2). Where nobody shows them, or shows no buttons,
//! there still is the menu.

use std::collections::HashMap;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::Value;

use super::view::{Event, Item, Notice, View};

const SERVICE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// The icon theme's name of what they are about.
const ICON: &str = "dialog-password";

/// For as long as whoever shows them thinks right.
const USUAL: i32 = -1;

/// See the module.
pub(super) struct Bus<C> {
    program: &'static str,
    proxy: Proxy<'static>,
    open: Arc<Open<C>>,
}

/// The buttons of each notification, by its number.
struct Open<C>(Mutex<HashMap<u32, Buttons<C>>>);

/// What each does, by its key.
type Buttons<C> = Vec<(String, C)>;

impl<C: Clone + PartialEq + Send + 'static> Bus<C> {
    /// Chosen commands go to `events`, and that the bus is gone.
    pub(super) fn connect(program: &'static str, events: Sender<Event<C>>) -> zbus::Result<Self> {
        let connection = Connection::session()?;
        let proxy = Proxy::new_owned(connection, SERVICE, PATH, SERVICE)?;
        let open = Arc::new(Open(Mutex::default()));
        let signals = proxy.receive_signal("ActionInvoked")?;
        let known = Arc::clone(&open);
        let listen = move || {
            for signal in signals {
                if let Some(command) = known.chosen(&signal) {
                    let _ = events.send(Event::Chosen(command));
                }
            }
            let _ = events.send(Event::Gone);
        };
        thread::Builder::new()
            .name("notifications".into())
            .spawn(listen)?;
        Ok(Self {
            program,
            proxy,
            open,
        })
    }

    /// Shows one.
    pub(super) fn notify(&self, notice: Notice<C>) {
        // Asked each time: another program may have taken its place.
        let can: Vec<String> = self.proxy.call("GetCapabilities", &()).unwrap_or_default();
        let can = |what: &str| can.iter().any(|one| one == what);
        let body = match can("body-markup") {
            true => without_markup(&notice.body),
            false => notice.body,
        };
        // What is pressed is told to everybody, and its number may be another's by then.
        let keys = (0..notice.buttons.len()).map(|n| format!("{}-{n}", self.program));
        let keys: Vec<_> = keys.collect();
        let mut buttons = Vec::new();
        if can("actions") {
            for (key, (label, _)) in keys.iter().zip(&notice.buttons) {
                buttons.extend([key.as_str(), label]);
            }
        }
        let hints: HashMap<&str, Value<'_>> = HashMap::new();
        let call = (
            self.program,
            0_u32,
            ICON,
            notice.title,
            body,
            buttons,
            hints,
            USUAL,
        );
        // Held over the call: a button may be pressed before it returns.
        let mut open = self.open.lock();
        if let Ok(id) = self.proxy.call::<_, _, u32>("Notify", &call) {
            let commands = notice.buttons.into_iter().map(|(_, command)| command);
            open.insert(id, keys.into_iter().zip(commands).collect());
        }
    }

    /// Takes back those whose commands are not offered any more.
    pub(super) fn retract(&self, view: &View<C>) {
        let is_over = |buttons: &Buttons<C>| {
            !buttons.is_empty()
                && !buttons
                    .iter()
                    .any(|(_, command)| offers(&view.menu, command))
        };
        let over: Vec<u32> = {
            let mut open = self.open.lock();
            let over = open.extract_if(|_, buttons| is_over(buttons));
            over.map(|(id, _)| id).collect()
        };
        for id in over {
            // One that is not shown any more is none to complain about.
            let _ = self.proxy.call::<_, _, ()>("CloseNotification", &id);
        }
    }
}

impl<C: Clone> Open<C> {
    fn lock(&self) -> MutexGuard<'_, HashMap<u32, Buttons<C>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a signal chooses.
    fn chosen(&self, signal: &zbus::Message) -> Option<C> {
        let (id, pressed): (u32, String) = signal.body().deserialize().ok()?;
        let mut open = self.lock();
        let mut buttons = open.get(&id)?.iter();
        let command = buttons.find(|(key, _)| *key == pressed)?.1.clone();
        open.remove(&id);
        Some(command)
    }
}

/// Whether a menu offers the command.
fn offers<C: PartialEq>(menu: &[Item<C>], command: &C) -> bool {
    menu.iter().any(|item| match item {
        Item::Line | Item::Text(_) => false,
        Item::Command(_, own) => own == command,
        Item::Menu(_, items) => offers(items, command),
    })
}

/// The text as the markup that shows it.
fn without_markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_foreign_text_is_markup() {
        assert_eq!(
            without_markup("<a href=\"x\">&amp;</a>"),
            "&lt;a href=\"x\"&gt;&amp;amp;&lt;/a&gt;"
        );
    }
}
