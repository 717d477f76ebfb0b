//! `GET /api/status`: all may ask, and each kind of caller is told its part.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{expire_time, ok};
use crate::server::body::field;
use crate::server::call::Call;
use crate::server::caller::Caller;
use crate::server::error::{ApiError, Outcome};
use crate::wallet::{HostKeyInfo, Origin, Page, TokenInfo, TokenPlace, Wallet, WalletError};

/// The most keys, and the most tokens, in one answer. A page of them costs the
/// same wherever it is in the list, and so little that it holds nobody up.
const MOST: usize = 100;

/// `GET /api/status[?limit=&cursor=]`
pub(in crate::server) fn status(call: Call<'_>) -> Outcome {
    let asked = Asked::of(&call.request.query)?;
    let wallet = call.lock.wallet();
    let exists = wallet.exists()?;
    let unlocked = call.lock.is_unlocked()?;
    let mut answer = json!({
        "seed": exists,
        // What `LocalServerSigner` calls it.
        "created": exists,
        "unlocked": unlocked,
        "keys": [],
        "states": [],
    });
    match call.caller {
        Caller::OwnersProgram if exists => {
            let status = wallet.status(Page {
                offset: 0,
                limit: 0,
            })?;
            if let Some(bap_id) = status.bap_id {
                answer["bapID"] = bap_id.as_str().into();
                answer["bapId"] = bap_id.as_str().into();
            }
            if unlocked {
                answer["keysTotal"] = status.host_count.into();
                answer["statesTotal"] = status.token_count.into();
                tell(&mut answer, &asked, Told::all(wallet, &asked)?);
            }
        }
        Caller::ApprovedPage(origin) if unlocked => {
            tell(&mut answer, &asked, Told::of_page(wallet, &asked, origin)?);
        }
        // Nobody else learns more, nor by the time it takes how much there is.
        _ => {}
    }
    ok(&answer)
}

/// What the query asks for.
struct Asked {
    limit: usize,
    from: Cursor,
}

/// How far the lists have been told. `None` is to the end.
#[derive(Serialize, Deserialize)]
struct Cursor {
    keys: Option<Place<String>>,
    tokens: Option<Place<TokenPlace>>,
}

/// The last entry that was told, or the start.
#[derive(Serialize, Deserialize)]
enum Place<T> {
    Start,
    After(T),
}

impl<T> Place<T> {
    fn last(&self) -> Option<&T> {
        match self {
            Self::Start => None,
            Self::After(last) => Some(last),
        }
    }
}

impl Asked {
    fn of(query: &str) -> Result<Self, ApiError> {
        let mut asked = Self {
            limit: MOST,
            from: Cursor {
                keys: Some(Place::Start),
                tokens: Some(Place::Start),
            },
        };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "limit" => asked.limit = number("limit", &value)?.min(MOST),
                "cursor" => asked.from = Cursor::parse(&value)?,
                "offset" => return Err(field("offset", "is no longer taken: use `cursor`")),
                _ => {}
            }
        }
        Ok(asked)
    }
}

impl Cursor {
    fn parse(text: &str) -> Result<Self, ApiError> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok();
        let cursor = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        cursor.ok_or_else(|| field("cursor", "is not one that this server gave"))
    }

    /// Opaque to clients; `None` at the end of both lists.
    fn to_text(&self) -> Option<String> {
        if self.keys.is_none() && self.tokens.is_none() {
            return None;
        }
        let json = serde_json::to_vec(self).ok()?;
        Some(URL_SAFE_NO_PAD.encode(json))
    }
}

/// Keys and tokens: one more of each than is asked for, if there are so many.
#[derive(Default)]
struct Told {
    keys: Vec<HostKeyInfo>,
    tokens: Vec<TokenInfo>,
}

impl Told {
    fn all(wallet: &Wallet, asked: &Asked) -> Result<Self, WalletError> {
        let mut told = Self::default();
        let limit = asked.limit + 1;
        if let Some(place) = &asked.from.keys {
            let after = place.last().map(String::as_str);
            told.keys = wallet.host_keys_after(after, limit)?;
        }
        if let Some(place) = &asked.from.tokens {
            told.tokens = wallet.tokens_after(None, place.last(), limit)?;
        }
        Ok(told)
    }

    /// A page is shown its own host's.
    fn of_page(wallet: &Wallet, asked: &Asked, origin: &Origin) -> Result<Self, WalletError> {
        let mut told = Self::default();
        let host = origin.host();
        if let Some(Place::Start) = asked.from.keys {
            told.keys.extend(wallet.key_of_host(&host)?);
        }
        if let Some(place) = &asked.from.tokens {
            told.tokens = wallet.tokens_after(Some(&host), place.last(), asked.limit + 1)?;
        }
        Ok(told)
    }
}

fn tell(answer: &mut Value, asked: &Asked, mut told: Told) {
    let next = Cursor {
        keys: cut(&mut told.keys, asked.limit, |key| key.host.clone()),
        tokens: cut(&mut told.tokens, asked.limit, |token| token.into()),
    };
    let keys = told
        .keys
        .iter()
        .map(|key| json!({"host": key.host, "address": key.address, "pub": key.public_key}));
    let states = told.tokens.iter().map(|token| {
        json!({
            "host": token.host,
            "scopes": token.scopes,
            "expireTime": expire_time(token),
            "icon": token.icon,
        })
    });
    answer["keys"] = keys.collect();
    answer["states"] = states.collect();
    if let Some(next) = next.to_text() {
        answer["cursor"] = next.into();
    }
}

/// Takes what is beyond the limit off a list, and says where to go on.
fn cut<T, P>(list: &mut Vec<T>, limit: usize, place: impl Fn(&T) -> P) -> Option<Place<P>> {
    let is_more = list.len() > limit;
    list.truncate(limit);
    let last = list.last().filter(|_| is_more)?;
    Some(Place::After(place(last)))
}

/// A number too large to represent counts as the largest.
fn number(name: &str, digits: &str) -> Result<usize, ApiError> {
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.parse() {
        Ok(number) if is_number && number > 0 => Ok(number),
        Err(_) if is_number => Ok(usize::MAX),
        _ => Err(field(name, "must be a whole number from 1 up")),
    }
}
