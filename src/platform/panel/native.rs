//! macOS and Windows: an icon with a menu of the system's own. Both want it to be on the
//! program's first thread, which runs their loop of messages; the work is on another.

use std::collections::HashMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use tray_icon::menu::{IsMenuItem, Menu, MenuEvent, MenuId, MenuItem, PredefinedMenuItem, Submenu};
use tray_icon::{Icon, TrayIcon, TrayIconBuilder};
use winit::application::ApplicationHandler;
use winit::event::{StartCause, WindowEvent};
use winit::event_loop::{ActiveEventLoop, EventLoop, EventLoopProxy};
#[cfg(target_os = "macos")]
use winit::platform::macos::{ActivationPolicy, EventLoopBuilderExtMacOS};
use winit::window::WindowId;

use super::view::{Event, Item, NoPanel, Notice, Picture, View};

/// The side of the picture that is shown, of which the system makes what it needs.
const SIDE: u32 = 32;

/// What is shown, and what is chosen there.
pub struct Panel<C: 'static> {
    screen: EventLoopProxy<Order<C>>,
    events: Receiver<Event<C>>,
}

/// What the first thread is told.
enum Order<C> {
    Show(View<C>),
    Choose(MenuId),
    End(Result<(), NoPanel>),
}

/// Shows the first view of an icon, and runs `work` until it is done. There always is a
/// panel to wait for.
///
/// # Errors
/// There is no panel; or what `work` fails with.
pub fn run<C: Clone + PartialEq + Send + 'static>(
    id: &'static str,
    title: &'static str,
    first: View<C>,
    _waits: bool,
    work: impl FnOnce(Panel<C>) -> Result<(), NoPanel> + Send + 'static,
) -> Result<(), NoPanel> {
    let mut builder = EventLoop::with_user_event();
    // No icon in the Dock.
    #[cfg(target_os = "macos")]
    builder.with_activation_policy(ActivationPolicy::Accessory);
    let messages = builder.build().map_err(|error| refused(&error))?;
    let chosen = messages.create_proxy();
    MenuEvent::set_event_handler(Some(move |event: MenuEvent| {
        let _ = chosen.send_event(Order::Choose(event.id));
    }));
    let (sender, events) = channel();
    let panel = Panel {
        screen: messages.create_proxy(),
        events,
    };
    let end = messages.create_proxy();
    let work = move || {
        let ended = work(panel);
        let _ = end.send_event(Order::End(ended));
    };
    let working = thread::Builder::new().name(id.into()).spawn(work);
    working.map_err(|error| refused(&error))?;
    let mut screen = Screen {
        id,
        title,
        view: first,
        icon: None,
        menus: 0,
        commands: HashMap::new(),
        events: sender,
        ended: Ok(()),
    };
    messages
        .run_app(&mut screen)
        .map_err(|error| refused(&error))?;
    screen.ended
}

fn refused(error: &dyn std::error::Error) -> NoPanel {
    NoPanel::None(format!("the system shows no icon: {error}"))
}

impl<C: Clone + PartialEq + Send + 'static> Panel<C> {
    /// Shows something else.
    pub fn show(&mut self, view: View<C>) {
        // The loop ends with the program.
        let _ = self.screen.send_event(Order::Show(view));
    }

    /// Nobody shows it: the icon and its menu tell the same.
    pub fn notify(&mut self, _notice: Notice<C>) {}

    /// Waits for something to come from it.
    pub fn wait(&mut self, patience: Duration) -> Event<C> {
        match self.events.recv_timeout(patience) {
            Ok(event) => event,
            Err(RecvTimeoutError::Timeout) => Event::Nothing,
            Err(RecvTimeoutError::Disconnected) => Event::Gone,
        }
    }
}

/// What the first thread has.
struct Screen<C> {
    id: &'static str,
    title: &'static str,
    view: View<C>,
    icon: Option<TrayIcon>,
    /// How many menus there were: none has the ids of another.
    menus: u64,
    /// What the items of the menu do.
    commands: HashMap<MenuId, C>,
    events: Sender<Event<C>>,
    ended: Result<(), NoPanel>,
}

impl<C: Clone + 'static> ApplicationHandler<Order<C>> for Screen<C> {
    fn new_events(&mut self, messages: &ActiveEventLoop, cause: StartCause) {
        // Not before the loop runs.
        if cause == StartCause::Init
            && let Err(error) = self.draw()
        {
            self.end(messages, Err(error));
        }
    }

    fn user_event(&mut self, messages: &ActiveEventLoop, order: Order<C>) {
        match order {
            Order::Show(view) => {
                self.view = view;
                if let Err(error) = self.draw() {
                    self.end(messages, Err(error));
                }
            }
            Order::Choose(id) => {
                if let Some(command) = self.commands.get(&id) {
                    // Nobody listens once the program is about to end.
                    let _ = self.events.send(Event::Chosen(command.clone()));
                }
            }
            Order::End(ended) => self.end(messages, ended),
        }
    }

    fn resumed(&mut self, _: &ActiveEventLoop) {}

    fn window_event(&mut self, _: &ActiveEventLoop, _: WindowId, _: WindowEvent) {}
}

impl<C: Clone + 'static> Screen<C> {
    fn end(&mut self, messages: &ActiveEventLoop, ended: Result<(), NoPanel>) {
        self.icon = None;
        self.ended = ended;
        messages.exit();
    }

    fn draw(&mut self) -> Result<(), NoPanel> {
        self.menus += 1;
        self.commands.clear();
        let items = std::mem::take(&mut self.view.menu);
        let menu = Menu::new();
        for item in &items {
            let item = self.item(item)?;
            menu.append(&*item).map_err(|error| refused(&error))?;
        }
        self.view.menu = items;
        let picture = picture(&self.view.icon)?;
        let tip = format!("{}: {}", self.title, self.view.tip);
        let icon = match self.icon.take() {
            Some(icon) => {
                icon.set_menu(Some(Box::new(menu)));
                icon.set_icon(Some(picture))
                    .and_then(|()| icon.set_tooltip(Some(tip)))
                    .map(|()| icon)
            }
            None => TrayIconBuilder::new()
                .with_id(self.id)
                .with_menu(Box::new(menu))
                .with_icon(picture)
                .with_tooltip(tip)
                .build(),
        };
        self.icon = Some(icon.map_err(|error| refused(&error))?);
        Ok(())
    }

    fn item(&mut self, item: &Item<C>) -> Result<Box<dyn IsMenuItem>, NoPanel> {
        Ok(match item {
            Item::Line => Box::new(PredefinedMenuItem::separator()),
            Item::Text(text) => Box::new(MenuItem::new(literal(text), false, None)),
            Item::Command(text, command) => {
                let id = MenuId::new(format!("{}-{}", self.menus, self.commands.len()));
                self.commands.insert(id.clone(), command.clone());
                Box::new(MenuItem::with_id(id, literal(text), true, None))
            }
            Item::Menu(text, items) => {
                let menu = Submenu::new(literal(text), true);
                for item in items {
                    let item = self.item(item)?;
                    menu.append(&*item).map_err(|error| refused(&error))?;
                }
                Box::new(menu)
            }
        })
    }
}

fn picture(pictures: &[Picture]) -> Result<Icon, NoPanel> {
    let fits = pictures.iter().find(|picture| picture.side == SIDE);
    let picture = fits.or(pictures.first());
    let Some(Picture { side, rgba }) = picture else {
        return Err(NoPanel::None("there is no picture to show".to_owned()));
    };
    Icon::from_rgba(rgba.clone(), *side, *side).map_err(|error| refused(&error))
}

/// In a label `&` marks the key that chooses it, unless it is doubled.
fn literal(text: &str) -> String {
    text.replace('&', "&&")
}
