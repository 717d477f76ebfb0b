//! The wallet as a whole: register, unlock, lock, status, export, import.

use super::{done, ok};
use crate::crypto::secret::Password;
use crate::server::call::Call;
use crate::server::error::{ApiError, Outcome};
use crate::wallet::{self, ImportSource, Object, Page, Registration, Replace};
use crate::wire::Body;
use crate::wire::access::TokenState;
use crate::wire::wallet::{
    Backup, Export, Exported, HostKey, Import, Login, Logout, Register, SeedHex, Source, Status,
    Words,
};

/// The most keys and tokens in one answer of `status`.
const MAX_PAGE: usize = 1000;

/// `POST /api/register`
pub(in crate::server) fn register(call: Call<'_>) -> Outcome {
    let asked: Register = call.body.read()?;
    let mut profile = Object::new();
    for (name, text) in [
        ("displayName", asked.display_name),
        ("paymail", asked.paymail),
        ("logo", asked.logo),
    ] {
        if let Some(text) = text {
            profile.insert(name.into(), text.into());
        }
    }
    let registration = Registration {
        profile,
        ..Registration::default()
    };
    let wallet = call.lock.wallet();
    let registered = wallet.register(&asked.password, registration)?;
    call.lock.unlock(registered.wallet);
    done()
}

/// `POST /api/login`
pub(in crate::server) fn login(call: Call<'_>) -> Outcome {
    let Login { password } = call.body.read()?;
    call.lock.unlock(call.lock.wallet().unlock(&password)?);
    done()
}

/// `POST /api/logout`: the body may be left out, since nothing in it is read.
pub(in crate::server) fn logout(call: Call<'_>) -> Outcome {
    if !call.request.body.is_empty() {
        let Logout {} = Body::parse(&call.request.body)?.read()?;
    }
    call.lock.lock("logout");
    done()
}

/// `GET /api/status[?offset=&limit=]`
pub(in crate::server) fn status(call: Call<'_>) -> Outcome {
    let unlocked = call.lock.is_unlocked()?;
    let is_stranger = call.caller.is_stranger();
    let page = page(&call.request.query)?;
    let wallet::Status {
        exists,
        bap_id,
        hosts,
        host_count,
        tokens,
        token_count,
    } = call.lock.wallet().status(page)?;
    let bap_id = bap_id.filter(|_| !is_stranger);
    let lists = unlocked && !is_stranger;
    ok(&Status {
        seed: exists,
        created: exists,
        unlocked,
        keys: if lists {
            hosts.into_iter().map(HostKey::from).collect()
        } else {
            Vec::new()
        },
        states: if lists {
            tokens.into_iter().map(TokenState::from).collect()
        } else {
            Vec::new()
        },
        keys_total: lists.then_some(host_count),
        states_total: lists.then_some(token_count),
        bap_id_upper: bap_id.clone(),
        bap_id,
    })
}

/// `POST /api/export`
pub(in crate::server) fn export(call: Call<'_>) -> Outcome {
    let Export { password } = call.body.read()?;
    let export = call.lock.wallet().export(&password)?;
    ok(&Exported::from(export))
}

/// `POST /api/import`
pub(in crate::server) fn import(call: Call<'_>) -> Outcome {
    let Import { password, source } = Import::read(&call.body)?;
    let source = match source {
        Source::Words(Words {
            mnemonic,
            passphrase,
        }) => ImportSource::Mnemonic {
            mnemonic,
            passphrase: passphrase.unwrap_or_else(|| Password::new(String::new())),
        },
        Source::Seed(SeedHex { seed }) => ImportSource::Seed(seed),
        Source::Backup(Backup {
            backup,
            backup_password,
        }) => ImportSource::Backup {
            text: backup,
            passphrase: backup_password
                .unwrap_or_else(|| Password::new(password.expose().to_owned())),
        },
    };
    let imported = call.lock.wallet().import(&password, source, Replace::No)?;
    call.lock.unlock(imported.wallet);
    done()
}

fn page(query: &str) -> Result<Page, ApiError> {
    let mut page = Page::first();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match &*name {
            "offset" => page.offset = number("offset", &value)?,
            "limit" => page.limit = number("limit", &value)?.min(MAX_PAGE),
            _ => {}
        }
    }
    Ok(page)
}

/// A number too large to represent counts as the largest.
fn number(name: &str, digits: &str) -> Result<usize, ApiError> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ApiError::field(name, "is no whole number"));
    }
    Ok(digits.parse().unwrap_or(usize::MAX))
}
