//! Linux and its relatives: an `org.kde.StatusNotifierItem` on the session bus, whose
//! menu is a `com.canonical.dbusmenu`.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use ksni::blocking::{Handle, TrayMethods};
use ksni::menu::{MenuItem, StandardItem, SubMenu};
use ksni::{Category, Icon, Status, ToolTip};

use super::bus::Bus;
use super::view::{Event, Item, NoPanel, Notice, Picture, View};

/// What is shown, and what is chosen there.
pub struct Panel<C: Send + 'static> {
    shown: Handle<Shown<C>>,
    bus: Bus<C>,
    events: Receiver<Event<C>>,
}

/// Shows the first view of an icon, and runs `work` until it is done. Where `waits`, a
/// panel that is not there yet may come later.
///
/// # Errors
/// There is no panel, and `work` was not started; or what it fails with.
pub fn run<C: Clone + PartialEq + Send + 'static>(
    id: &'static str,
    title: &'static str,
    first: View<C>,
    waits: bool,
    work: impl FnOnce(Panel<C>) -> Result<(), NoPanel> + Send + 'static,
) -> Result<(), NoPanel> {
    let (sender, events) = channel();
    let shown = Shown {
        id,
        title,
        view: first,
        events: sender.clone(),
    };
    let shown = shown.assume_sni_available(waits).spawn();
    work(Panel {
        shown: shown.map_err(|error| no_panel(&error))?,
        bus: Bus::connect(title, sender).map_err(|error| no_bus(&error))?,
        events,
    })
}

fn no_panel(error: &ksni::Error) -> NoPanel {
    let why = match error {
        ksni::Error::Dbus(error) => return no_bus(error),
        ksni::Error::Watcher(zbus::fdo::Error::ServiceUnknown(_)) => {
            "there is no StatusNotifierWatcher on the session bus".to_owned()
        }
        other => one_line(other),
    };
    NoPanel::None(format!("no panel here shows icons: {why}"))
}

fn no_bus(error: &zbus::Error) -> NoPanel {
    NoPanel::None(format!("there is no session bus: {}", one_line(error)))
}

fn one_line(error: &dyn std::error::Error) -> String {
    error.to_string().replace(['\n', '\r'], " ")
}

impl<C: Clone + PartialEq + Send + 'static> Panel<C> {
    /// Shows something else.
    pub fn show(&mut self, view: View<C>) {
        self.bus.retract(&view);
        // Whether it still is there is told by the bus.
        let _ = self.shown.update(|shown| shown.view = view);
    }

    /// Shows a notification, where somebody shows them.
    pub fn notify(&mut self, notice: Notice<C>) {
        self.bus.notify(notice);
    }

    /// Waits for something to come from it.
    pub fn wait(&mut self, patience: Duration) -> Event<C> {
        match self.events.recv_timeout(patience) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Nothing,
            Err(RecvTimeoutError::Disconnected) => Event::Gone,
        }
    }
}

impl<C: Send + 'static> Drop for Panel<C> {
    fn drop(&mut self) {
        self.shown.shutdown().wait();
    }
}

struct Shown<C> {
    id: &'static str,
    title: &'static str,
    view: View<C>,
    events: Sender<Event<C>>,
}

impl<C: Clone + Send + 'static> Shown<C> {
    fn items(items: &[Item<C>]) -> Vec<MenuItem<Self>> {
        items.iter().map(Self::item).collect()
    }

    fn item(item: &Item<C>) -> MenuItem<Self> {
        match item {
            Item::Line => MenuItem::Separator,
            Item::Text(text) => StandardItem {
                label: literal(text),
                enabled: false,
                ..StandardItem::default()
            }
            .into(),
            Item::Command(text, command) => {
                let command = command.clone();
                StandardItem {
                    label: literal(text),
                    activate: Box::new(move |shown: &mut Self| {
                        // Nobody listens once the program is about to end.
                        let _ = shown.events.send(Event::Chosen(command.clone()));
                    }),
                    ..StandardItem::default()
                }
                .into()
            }
            Item::Menu(text, items) => SubMenu {
                label: literal(text),
                submenu: Self::items(items),
                ..SubMenu::default()
            }
            .into(),
        }
    }
}

impl<C: Clone + Send + 'static> ksni::Tray for Shown<C> {
    const MENU_ON_ACTIVATE: bool = true;

    fn id(&self) -> String {
        self.id.into()
    }

    fn title(&self) -> String {
        self.title.into()
    }

    fn category(&self) -> Category {
        Category::SystemServices
    }

    fn status(&self) -> Status {
        match self.view.is_urgent {
            true => Status::NeedsAttention,
            false => Status::Active,
        }
    }

    fn icon_pixmap(&self) -> Vec<Icon> {
        self.view.icon.iter().map(argb).collect()
    }

    fn attention_icon_pixmap(&self) -> Vec<Icon> {
        self.icon_pixmap()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.title.into(),
            description: self.view.tip.clone(),
            ..ToolTip::default()
        }
    }

    fn menu(&self) -> Vec<MenuItem<Self>> {
        Self::items(&self.view.menu)
    }
}

fn argb(picture: &Picture) -> Icon {
    let mut data = picture.rgba.clone();
    for pixel in data.chunks_exact_mut(4) {
        pixel.rotate_right(1);
    }
    let side = i32::try_from(picture.side).unwrap_or(i32::MAX);
    Icon {
        width: side,
        height: side,
        data,
    }
}

/// In a label an underscore marks the key that chooses it, unless it is doubled.
fn literal(text: &str) -> String {
    text.replace('_', "__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_turned_and_underscores_doubled() {
        let picture = Picture {
            side: 1,
            rgba: vec![1, 2, 3, 4],
        };
        assert_eq!(argb(&picture).data, [4, 1, 2, 3]);
        assert_eq!(literal("a_b"), "a__b");
    }
}
