//! A form that came back from one of our pages.

use zeroize::{Zeroize, Zeroizing};

use crate::crypto::secret::Password;
use crate::http::HttpRequest;

/// Fields of one form at most: the dashboard's largest has ten, and each scope
/// of the consent page is one.
const MAX_FIELDS: usize = 64;

/// Its fields; wiped when dropped, since one may be a password.
pub(crate) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body of a request; what is no form, or has more fields than any
    /// of ours, has none.
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let fields = || url::form_urlencoded::parse(&request.body);
        match fields().nth(MAX_FIELDS) {
            Some(_) => Self(Vec::new()),
            None => Self(fields().into_owned().collect()),
        }
    }

    /// A field. One that is missing, empty or there twice is as good as none.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.all(name);
        let first = values.next().filter(|value| !value.is_empty());
        first.filter(|_| values.next().is_none())
    }

    /// All values of a field.
    pub(in crate::server) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        let named = self.0.iter().filter(move |(known, _)| known == name);
        named.map(|(_, value)| value.as_str())
    }

    /// The password, if one was typed.
    pub(in crate::server) fn password(&self) -> Option<Password> {
        Password::entered(self.get("password")?).ok()
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        for (_, value) in &mut self.0 {
            value.zeroize();
        }
    }
}

/// Whether the body is a form (WHATWG URL, "application/x-www-form-urlencoded").
pub(in crate::server) fn is_form(request: &HttpRequest) -> bool {
    let media_type = request.header("Content-Type").unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    media_type.eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

/// The body as text, for parameters that are looked at without a copy.
pub(in crate::server) fn text_of(request: &HttpRequest) -> Option<Zeroizing<String>> {
    let text = std::str::from_utf8(&request.body).ok()?;
    Some(Zeroizing::new(text.to_owned()))
}
