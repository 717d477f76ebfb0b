//! `/oauth2/logout` (OpenID Connect RP-Initiated Logout): there is no sign-in
//! session that could end. The page says so, offers to lock, and leads back.

use super::Visit;
use super::door::{Entrance, entrance};
use crate::http::HttpResponse;
use crate::oauth::Params;
use crate::server::pages::{self, MessagePage};

impl Visit<'_> {
    /// The page.
    pub(super) fn logout(&self) -> HttpResponse {
        if entrance(self.request, &self.issuer) == Entrance::Closed {
            return self.closed();
        }
        let page = MessagePage {
            frame: self.frame(),
            title: "You are signed out there".to_owned(),
            texts: vec![
                "TokenPass keeps no sign-in session: each app asks you again. What you allowed \
                 stays until it ends or you take it back on your dashboard, where you can also \
                 lock TokenPass."
                    .to_owned(),
            ],
            next: Some(
                self.way_back()
                    .unwrap_or_else(|| ("/".to_owned(), "Dashboard".to_owned())),
            ),
        };
        pages::answer(200, &page, None)
    }

    /// Where the app wants its person back, if that address is the app's own.
    fn way_back(&self) -> Option<(String, String)> {
        let params = Params::parse(&self.request.query).ok()?;
        let id = params.get("client_id").ok()??;
        let uri = params.get("post_logout_redirect_uri").ok()??;
        let client = self.web.provider.client(id).ok()?.ok()?;
        let redirect = client.redirect(uri).ok()?;
        let state = params.get("state").ok()?;
        let url = match state {
            Some(state) => redirect.with(&[("state", state)]),
            None => redirect.to_string(),
        };
        Some((url, "Back to the app".to_owned()))
    }
}
