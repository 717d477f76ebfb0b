//! `GET /api/status`: all may ask, and each kind of caller is told its part.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::ok;
use crate::server::call::Call;
use crate::server::caller::Caller;
use crate::server::error::{ApiError, Outcome};
use crate::wallet::{HostKeyInfo, Origin, TokenInfo, TokenPlace, Wallet, WalletError};
use crate::wire::access::TokenState;
use crate::wire::wallet::{HostKey, Status};

/// The most keys, and the most tokens, in one answer. A page of them costs the
/// same wherever it is in the list, and so little that it holds nobody up.
const MOST: usize = 100;

/// Totals are told as far as they are counted quickly.
const MOST_COUNTED: u64 = 1000;

/// `GET /api/status[?limit=&cursor=]`
pub(in crate::server) fn status(call: Call<'_>) -> Outcome {
    let asked = Asked::of(&call.request.query)?;
    let wallet = call.lock.wallet();
    let exists = wallet.exists()?;
    let unlocked = call.lock.peek();
    let mut answer = Status::new(exists, unlocked.is_some());
    match call.caller {
        Caller::OwnersProgram if exists => {
            answer.bap_id = wallet.primary_bap_id()?;
            answer.bap_id_upper.clone_from(&answer.bap_id);
            answer.backup = wallet.backup_status()?.map(Into::into);
            if let Some(unlocked) = unlocked {
                let totals = unlocked.counts_up_to(MOST_COUNTED)?;
                (answer.keys_total, answer.states_total) = totals;
                Told::all(wallet, &asked)?.put_into(&mut answer, asked.limit);
            }
        }
        Caller::ApprovedPage(origin) if answer.unlocked => {
            Told::of_page(wallet, &asked, origin)?.put_into(&mut answer, asked.limit);
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
                "offset" => {
                    return Err(ApiError::field(
                        "offset",
                        "is no longer taken: use `cursor`",
                    ));
                }
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
        cursor.ok_or_else(|| ApiError::field("cursor", "is not one that this server gave"))
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

    fn put_into(mut self, answer: &mut Status, limit: usize) {
        let next = Cursor {
            keys: cut(&mut self.keys, limit, |key| key.host.clone()),
            tokens: cut(&mut self.tokens, limit, |token| token.into()),
        };
        answer.keys = self.keys.into_iter().map(HostKey::from).collect();
        answer.states = self.tokens.into_iter().map(TokenState::from).collect();
        answer.cursor = next.to_text();
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
        _ => Err(ApiError::field(name, "must be a whole number from 1 up")),
    }
}
