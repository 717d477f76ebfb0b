//! A server, an OAuth client, and a browser that fills in forms.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokenpass::testing::wallet::{ImportSource, Replace};
use tokenpass::{LogFormat, Mnemonic, Password, ServeOptions, Server};

use crate::support::http::{Answer, Request};
use crate::support::schema;
use crate::support::{Home, PASSWORD};

pub(crate) const APP: &str = "https://app.example";
pub(crate) const CALLBACK: &str = "https://app.example/callback";
/// RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

pub(crate) type Fields = BTreeMap<String, String>;

/// A home with a server on it, whose wallet is unlocked.
pub(crate) struct Provider {
    pub(crate) home: Home,
    address: SocketAddr,
    _server: Server,
}

impl Provider {
    pub(crate) fn new() -> Self {
        let provider = Self::without_wallet();
        let register = json!({"password": PASSWORD, "displayName": "Alice"});
        provider.post_json("/api/register", register).send().ok();
        provider
    }

    pub(crate) fn without_wallet() -> Self {
        Self::serving(ServeOptions::default())
    }

    pub(crate) fn serving(options: ServeOptions) -> Self {
        let home = Home::new();
        let options = ServeOptions {
            listen: vec![SocketAddr::from(([127, 0, 0, 1], 0)).into()],
            auto_lock: None,
            log: LogFormat::Off,
            ..options
        };
        let server = Server::start(home.wallet(), options).unwrap();
        Self {
            address: server.addresses()[0],
            home,
            _server: server,
        }
    }

    pub(crate) fn issuer(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// A request whose answer is held to the contract.
    pub(crate) fn request(&self, method: &str, target: &str) -> Request {
        Request::to(self.address, method, target).checked_by(check)
    }

    pub(crate) fn get(&self, target: &str) -> Request {
        self.request("GET", target)
    }

    pub(crate) fn post_json(&self, target: &str, body: Value) -> Request {
        self.request("POST", target).json(body)
    }

    pub(crate) fn post_form(&self, target: &str, fields: &[(&str, &str)]) -> Request {
        let form = encoded(fields);
        self.request("POST", target)
            .bytes("application/x-www-form-urlencoded", form.as_bytes())
    }

    /// Lets that many seconds pass.
    pub(crate) fn pass(&self, seconds: u64) {
        self.home.pass(std::time::Duration::from_secs(seconds));
    }

    /// Puts another wallet in the place of this one, behind the server's back.
    pub(crate) fn replace_wallet(&self) {
        let seed = Mnemonic::from_entropy(&[7; 16]).unwrap().seed("");
        let secret = Password::new(PASSWORD.into());
        let wallet = self.home.wallet();
        wallet
            .import(&secret, ImportSource::Seed(seed), Replace::Yes)
            .unwrap();
    }

    pub(crate) fn lock(&self) {
        self.request("POST", "/api/logout").send().ok();
    }

    /// Follows a client's link, as a browser does.
    pub(crate) fn visit(&self, target: &str) -> Answer {
        navigation(self.get(target)).send()
    }

    /// Sends a form of one of our pages, as a browser does.
    pub(crate) fn submit(&self, target: &str, fields: &Fields) -> Answer {
        let fields: Vec<_> = fields
            .iter()
            .map(|(n, v)| (n.as_str(), v.as_str()))
            .collect();
        self.submit_all(target, &fields)
    }

    pub(crate) fn submit_all(&self, target: &str, fields: &[(&str, &str)]) -> Answer {
        navigation(self.post_form(target, fields))
            .header("Sec-Fetch-Site", "same-origin")
            .origin(&self.issuer())
            .send()
    }

    /// The page for a request, and the fields of its form.
    pub(crate) fn consent_page(&self, request: &[(&str, &str)]) -> (Answer, Fields) {
        let answer = self.visit(&format!("/oauth2/authorize?{}", encoded(request)));
        let fields = hidden_fields(answer.text());
        (answer, fields)
    }

    /// A whole consent, by the password. Where the browser is sent.
    #[track_caller]
    pub(crate) fn allow(&self, request: &[(&str, &str)]) -> String {
        let (page, _) = self.consent_page(request);
        assert_eq!(page.status, 200, "{}", page.text());
        let form = filled_in(page.text());
        let fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
        let answer = self.submit_all("/oauth2/authorize", &fields);
        assert_eq!(answer.status, 303, "{}", answer.text());
        answer.header("Location").unwrap().to_owned()
    }

    /// A code for the usual request with these scopes.
    #[track_caller]
    pub(crate) fn code(&self, scope: &str) -> String {
        let location = self.allow(&request(scope));
        parameter(&location, "code").expect("a code")
    }

    /// Redeems a code as the usual client.
    pub(crate) fn redeem(&self, code: &str) -> Answer {
        self.token(&[("code", code)])
    }

    /// A token request of the usual client, with other or more fields.
    pub(crate) fn token(&self, changes: &[(&str, &str)]) -> Answer {
        let usual = [
            ("grant_type", "authorization_code"),
            ("client_id", APP),
            ("redirect_uri", CALLBACK),
            ("code_verifier", VERIFIER),
        ];
        self.post_form("/oauth2/token", &changed(&usual, changes))
            .send()
    }

    /// The tokens of a fresh consent.
    #[track_caller]
    pub(crate) fn tokens(&self, scope: &str) -> Value {
        self.redeem(&self.code(scope)).ok()
    }
}

/// The answer is what the contract says, and breaks none of the rules that
/// hold for every answer.
fn check(request: &Request, answer: &Answer) {
    let what = format!("{} {}", request.method, request.target);
    assert_eq!(answer.header("Set-Cookie"), None, "{what}");
    let reader = answer.header("Access-Control-Allow-Origin");
    assert_ne!(reader, Some("*"), "{what}");
    let path = request.target.split('?').next().unwrap();
    if request.method != "HEAD" && answer.status != 204 {
        let problem = schema::check_answer(&request.method, path, answer);
        assert_eq!(problem, Ok(()), "{what} answered {}", answer.text());
    }
}

/// The usual request.
pub(crate) fn request(scope: &str) -> Vec<(&str, &str)> {
    vec![
        ("client_id", APP),
        ("redirect_uri", CALLBACK),
        ("response_type", "code"),
        (
            "code_challenge",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ),
        ("code_challenge_method", "S256"),
        ("state", "the state"),
        ("nonce", "the nonce"),
        ("scope", scope),
    ]
}

/// Fields with some replaced; one that is replaced by the empty text goes.
pub(crate) fn changed<'a>(
    usual: &[(&'a str, &'a str)],
    changes: &[(&'a str, &'a str)],
) -> Vec<(&'a str, &'a str)> {
    let kept = usual
        .iter()
        .filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    let added = changes.iter().filter(|(_, value)| !value.is_empty());
    kept.chain(added).copied().collect()
}

pub(crate) fn encoded(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

/// What a browser says when somebody follows a link on another site.
pub(crate) fn navigation(request: Request) -> Request {
    request
        .header("Sec-Fetch-Mode", "navigate")
        .header("Sec-Fetch-Dest", "document")
}

/// A parameter of an address.
pub(crate) fn parameter(location: &str, name: &str) -> Option<String> {
    let url = url::Url::parse(location).unwrap();
    let mut pairs = url.query_pairs();
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

/// The hidden fields of a page's form.
pub(crate) fn hidden_fields(html: &str) -> Fields {
    html.split("<input type=\"hidden\"")
        .skip(1)
        .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
        .collect()
}

/// The scopes that a page offers.
pub(crate) fn ticked_scopes(html: &str) -> Vec<String> {
    html.split("<input type=\"checkbox\"")
        .skip(1)
        .map(|tag| attribute(tag, "value"))
        .collect()
}

/// All that is sent where a page that asks is answered with the password: its offers as
/// they are, for an hour.
pub(crate) fn filled_in(html: &str) -> Vec<(String, String)> {
    let mut form = hidden_fields(html);
    for (name, value) in [
        ("password", PASSWORD),
        ("decision", "allow"),
        ("expire", "1h"),
    ] {
        form.insert(name.to_owned(), value.to_owned());
    }
    let scopes = ticked_scopes(html).into_iter();
    form.into_iter()
        .chain(scopes.map(|scope| ("scope".to_owned(), scope)))
        .collect()
}

fn attribute(tag: &str, name: &str) -> String {
    let tag = &tag[..tag.find('>').unwrap()];
    let start = tag.find(&format!("{name}=\"")).unwrap() + name.len() + 2;
    let text = &tag[start..start + tag[start..].find('"').unwrap()];
    text.replace("&#38;", "&")
        .replace("&#60;", "<")
        .replace("&#62;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
}

/// The claims of an ID token, its signature checked against the server's keys.
#[track_caller]
pub(crate) fn claims(provider: &Provider, id_token: &str) -> Value {
    use p256::ecdsa::signature::Verifier;
    use p256::ecdsa::{Signature, VerifyingKey};
    let keys = provider.get("/oauth2/jwks").send().ok();
    let key = &keys["keys"][0];
    let parts: Vec<_> = id_token.split('.').collect();
    let header: Value = decoded_json(parts[0]);
    assert_eq!(
        (&header["alg"], &header["kid"]),
        (&json!("ES256"), &key["kid"])
    );
    let coordinate = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
    let point = [vec![4], coordinate("x"), coordinate("y")].concat();
    let signature = Signature::from_slice(&URL_SAFE_NO_PAD.decode(parts[2]).unwrap()).unwrap();
    let signed = format!("{}.{}", parts[0], parts[1]);
    VerifyingKey::from_sec1_bytes(&point)
        .unwrap()
        .verify(signed.as_bytes(), &signature)
        .unwrap();
    decoded_json(parts[1])
}

fn decoded_json(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// The `at_hash` of an access token.
pub(crate) fn at_hash(token: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(token)[..16])
}

impl Home {
    /// A client of the owner's; its secret, where it has one.
    pub(crate) fn add_client(&self, name: &str, redirect_uri: &str, options: &[&str]) -> String {
        let command = ["client", "add", name, "--redirect-uri", redirect_uri];
        let printed = self.run([&command, options].concat()).prints();
        printed.trim().to_owned()
    }
}
