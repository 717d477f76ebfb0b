//! What is shown in a panel, on every system, and what comes back from it.

use thiserror::Error;

/// All that is shown of a program whose commands are `C`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View<C> {
    /// The icon, in some sizes.
    pub icon: Vec<Picture>,
    /// Whether the panel is to draw attention to it.
    pub is_urgent: bool,
    /// What it says when it is pointed at.
    pub tip: String,
    /// What it offers when it is clicked.
    pub menu: Vec<Item<C>>,
}

/// A line of a menu. Its text is shown as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item<C> {
    /// Nothing but a line between two groups.
    Line,
    /// Something that is only told.
    Text(String),
    /// Something that can be chosen.
    Command(String, C),
    /// A menu in the menu.
    Menu(String, Vec<Item<C>>),
}

/// A square picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row, and rows.
    pub side: u32,
    /// Red, green, blue and opacity of each pixel, row by row.
    pub rgba: Vec<u8>,
}

/// A notification. It goes away once the menu offers none of its commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice<C> {
    /// In a few words.
    pub title: &'static str,
    /// In a sentence; shown as it is.
    pub body: String,
    /// What its buttons say and do.
    pub buttons: Vec<(&'static str, C)>,
}

/// What came from the panel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<C> {
    /// A command was chosen.
    Chosen(C),
    /// Nothing, for as long as was waited.
    Nothing,
    /// There is no panel any more, and there will be none.
    Gone,
}

/// Why nothing can be shown.
#[derive(Debug, Error)]
pub enum NoPanel {
    /// There is none, for this reason.
    #[error("{0}")]
    None(String),
    /// There was one.
    #[error("the panel is gone, and the session with it")]
    Gone,
}
