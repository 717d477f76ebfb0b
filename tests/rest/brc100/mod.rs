//! The wallet that BRC-100 apps find.

mod certificates;
mod keys;
mod permissions;
mod reserved;

use std::net::SocketAddr;
use std::sync::LazyLock;

use serde_json::{Value, json};
use tokenpass::testing::server::{ServeOptions, Server};
use tokenpass::testing::wallet::{Host, Right, Wallet};

use crate::harness::{Answer, Home, PASSWORD, Request, options};
use crate::support::schema::{check_in, resolve_in};

/// A page that is approved, and its host.
pub(super) const PAGE: &str = "https://app.example";
pub(super) const APP: &str = "app.example";

pub(super) static CONTRACT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../../src/server/brc100/openapi.json")).unwrap()
});

/// A server with a BRC-100 wallet on a free port.
pub(super) struct Wire {
    pub(super) home: Home,
    pub(super) address: SocketAddr,
    pub(super) main: SocketAddr,
    pub(super) server: Server,
}

impl Wire {
    /// Of an unlocked wallet, with one page approved.
    pub(super) fn new() -> Self {
        let home = Home::new();
        let (wallet, registered) = home.register();
        wallet.allow_origin(&PAGE.parse().unwrap()).unwrap();
        Self::serve(home, Some(registered.wallet))
    }

    pub(super) fn locked() -> Self {
        let home = Home::new();
        let (wallet, _) = home.register();
        wallet.allow_origin(&PAGE.parse().unwrap()).unwrap();
        Self::serve(home, None)
    }

    pub(super) fn serve(
        home: Home,
        unlocked: Option<tokenpass::testing::wallet::UnlockedWallet>,
    ) -> Self {
        let options = ServeOptions {
            brc100: Some(SocketAddr::from(([127, 0, 0, 1], 0)).into()),
            unlocked,
            ..options()
        };
        let server = Server::start(home.wallet(), options).unwrap();
        Self {
            address: server.brc100_addresses()[0],
            main: server.addresses()[0],
            home,
            server,
        }
    }

    /// A call without an app.
    pub(super) fn bare(&self, method: &str, args: Value) -> Request {
        let request = Request::to(self.address, "POST", &format!("/{method}"));
        request.checked_by(check).json(args)
    }

    /// A call of the approved page.
    pub(super) fn page(&self, method: &str, args: Value) -> Request {
        self.bare(method, args).origin(PAGE)
    }

    /// A call of a program of the owner's.
    pub(super) fn program(&self, app: &str, method: &str, args: Value) -> Request {
        self.bare(method, args).header("Originator", app)
    }

    pub(super) fn login(&self) {
        let login = Request::to(self.main, "POST", "/api/login");
        login.json(json!({"password": PASSWORD})).send().ok();
    }

    /// Permits everything to the page's host.
    pub(super) fn allow_all(self) -> Self {
        self.wallet().allow_permission(&app(), &Right::All).unwrap();
        self
    }

    pub(super) fn wallet(&self) -> Wallet {
        self.home.wallet()
    }
}

pub(super) fn app() -> Host {
    APP.parse().unwrap()
}

/// A right as `permission allow` takes it.
pub(super) fn right(level: u64, protocol: &str, with: Option<&str>) -> Right {
    Right::named(level, protocol, with).unwrap()
}

/// The answer of a refused call: status, code, message.
pub(super) fn refusal(answer: &Answer) -> (u16, u64, String) {
    let fault = answer.json();
    assert_eq!(fault["isError"], true, "{fault}");
    let message = fault["message"].as_str().unwrap().to_owned();
    (answer.status, fault["code"].as_u64().unwrap(), message)
}

/// The answer is what the contract says.
fn check(request: &Request, answer: &Answer) {
    if request.method == "HEAD" || answer.status == 204 {
        return;
    }
    let media_type = answer.header("Content-Type");
    assert_eq!(media_type, Some("application/json"), "{}", request.target);
    assert_eq!(answer.header("Cache-Control"), Some("no-store"));
    let responses = &CONTRACT["components"]["responses"];
    let operation = &CONTRACT["paths"][&request.target][request.method.to_lowercase()];
    let response = match (operation.get("responses"), answer.status) {
        (Some(named), status) => named.get(status.to_string()).unwrap_or(&named["default"]),
        (None, 403) => &responses["NotKnown"],
        (None, 404) => &responses["NotFound"],
        (None, 405) => &responses["MethodNotAllowed"],
        (None, _) => &responses["Refused"],
    };
    let response = resolve_in(&CONTRACT, response);
    for name in response["headers"].as_object().into_iter().flatten() {
        assert!(answer.header(name.0).is_some(), "{}", name.0);
    }
    let schema = &response["content"]["application/json"]["schema"];
    let problem = check_in(&CONTRACT, schema, &answer.json());
    let target = &request.target;
    assert_eq!(problem, Ok(()), "{target} answered {}", answer.text());
}
