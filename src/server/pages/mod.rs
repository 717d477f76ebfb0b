//! What people see: templates that are checked when the program is built, and
//! one style sheet. Nothing here decides anything.

pub(super) mod words;

use askama::Template;

use crate::http::HttpResponse;
use crate::server::reply::page_headers;

/// The style sheet of all pages.
pub(super) const STYLE: &str = include_str!("style.css");

/// What stands around every page.
#[derive(Clone)]
pub(super) struct Frame {
    /// What the address bar should say.
    pub(super) address: String,
    /// The wallet's own picture, as SVG: where it may be shown.
    pub(super) picture: Option<String>,
}

/// An app's name, in the parts that are shown differently.
pub(super) struct AppName {
    /// Before the registrable domain.
    pub(super) before: String,
    /// The registrable domain.
    pub(super) bold: String,
    /// After it: the port.
    pub(super) after: String,
    /// All of it.
    pub(super) plain: String,
    /// How it shows with letters beyond ASCII.
    pub(super) unicode: Option<String>,
    /// Whether it is a program on this computer, which nobody can check.
    pub(super) is_local: bool,
    /// What the owner called it.
    pub(super) owner_name: Option<String>,
}

/// A scope, in words.
pub(super) struct ScopeLine {
    pub(super) word: &'static str,
    pub(super) name: &'static str,
    pub(super) loss: &'static str,
    pub(super) is_risky: bool,
    pub(super) is_new: bool,
}

/// One of several things to choose from.
pub(super) struct Choice {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) is_chosen: bool,
}

/// How long a grant may last.
pub(super) struct Duration {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    pub(super) is_chosen: bool,
}

/// What a person decides on the consent page and the device page alike.
pub(super) struct Question {
    pub(super) request: String,
    pub(super) ticket: String,
    pub(super) app: AppName,
    /// What the app would do: `sign`, `encrypt`, `sign in`.
    pub(super) verb: &'static str,
    pub(super) scopes: Vec<ScopeLine>,
    pub(super) identities: Vec<Choice>,
    pub(super) durations: Vec<Duration>,
    /// What it may spend in a day, as suggested; where it could spend at all.
    pub(super) limit: Option<String>,
    pub(super) asks_password: bool,
    pub(super) is_locked: bool,
    pub(super) error: Option<String>,
}

/// `/oauth2/authorize` and `/auth`.
#[derive(Template)]
#[template(path = "consent.html")]
pub(super) struct ConsentPage {
    pub(super) frame: Frame,
    pub(super) question: Question,
    /// Where the form goes.
    pub(super) action: &'static str,
    pub(super) redirect: String,
    pub(super) new_redirect: bool,
    /// When it was allowed last.
    pub(super) remembered: Option<String>,
    /// When it was denied.
    pub(super) denied: Option<String>,
}

/// `/device`, before a code is known.
#[derive(Template)]
#[template(path = "device.html")]
pub(super) struct DevicePage {
    pub(super) frame: Frame,
    pub(super) error: Option<String>,
}

/// `/device`, with a code.
#[derive(Template)]
#[template(path = "confirm.html")]
pub(super) struct ConfirmPage {
    pub(super) frame: Frame,
    pub(super) question: Question,
    pub(super) code: String,
}

/// Something to read, and perhaps one place to go.
#[derive(Template)]
#[template(path = "message.html")]
pub(super) struct MessagePage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) texts: Vec<String>,
    pub(super) next: Option<(String, String)>,
}

/// `/`, before the password.
#[derive(Template)]
#[template(path = "unlock.html")]
pub(super) struct UnlockPage {
    pub(super) frame: Frame,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
    pub(super) button: &'static str,
    pub(super) ticket: String,
    /// Whether it makes a wallet.
    pub(super) creates: bool,
    pub(super) error: Option<String>,
}

/// An app on the dashboard.
pub(super) struct AppRow {
    pub(super) host: String,
    pub(super) tokens: String,
    pub(super) granted: String,
    pub(super) ends: String,
    /// What it may spend, where it could spend at all.
    pub(super) spends: Option<String>,
    pub(super) scopes: Vec<ScopeLine>,
}

/// Something and when it was.
pub(super) struct Dated {
    pub(super) name: String,
    pub(super) when: String,
}

/// A contact.
pub(super) struct ContactLine {
    pub(super) name: String,
    pub(super) who: String,
}

/// A line of the audit trail.
pub(super) struct Activity {
    pub(super) when: String,
    pub(super) what: String,
    pub(super) who: String,
}

/// What a BRC-100 app may do, or asks for.
pub(super) struct PermissionRow {
    pub(super) app: String,
    pub(super) what: String,
    pub(super) when: String,
}

/// `/`, after the password.
#[derive(Template)]
#[template(path = "dashboard.html")]
pub(super) struct DashboardPage {
    pub(super) frame: Frame,
    pub(super) session: String,
    pub(super) name: String,
    pub(super) bap_id: String,
    pub(super) done: Option<String>,
    pub(super) error: Option<String>,
    /// What is in no backup.
    pub(super) unsaved: Option<String>,
    pub(super) pending: Vec<Dated>,
    pub(super) asked: Vec<PermissionRow>,
    pub(super) permitted: Vec<PermissionRow>,
    pub(super) apps: Vec<AppRow>,
    pub(super) apps_total: usize,
    pub(super) denials: Vec<Dated>,
    pub(super) approved: Vec<String>,
    pub(super) profile: Vec<(String, String)>,
    pub(super) display_name: String,
    pub(super) paymail: String,
    pub(super) logo: String,
    pub(super) identities: Vec<Choice>,
    pub(super) contacts: Vec<ContactLine>,
    pub(super) activity: Vec<Activity>,
}

/// A page as an answer. Its forms may go here, and be sent on to
/// `form_target` where there is one.
pub(super) fn answer(status: u16, page: &impl Template, form_target: Option<&str>) -> HttpResponse {
    // The templates write to a string, which does not fail.
    let html = page.render().unwrap_or_default();
    let response = HttpResponse::new(status, "text/html; charset=utf-8", html);
    page_headers(response, form_target)
}
