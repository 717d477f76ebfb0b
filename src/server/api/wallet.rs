//! The wallet as a whole: register, unlock, lock, export, import.

use serde_json::json;

use super::{done, ok};
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::server::body::{Body, bad, field};
use crate::server::call::Call;
use crate::server::error::{ApiError, Outcome};
use crate::wallet::{ImportSource, Object, Registration, Replace};

/// `POST /api/register`
pub(in crate::server) fn register(call: Call<'_>) -> Outcome {
    let password = needed_password(&call.body)?;
    let mut profile = Object::new();
    for name in ["displayName", "paymail", "logo"] {
        if let Some(text) = call.body.text(name)? {
            profile.insert(name.into(), text.into());
        }
    }
    let registration = Registration {
        profile,
        ..Registration::default()
    };
    let registered = call.lock.wallet().register(&password, registration)?;
    call.lock.unlock(registered.wallet);
    done()
}

/// `POST /api/login`
pub(in crate::server) fn login(call: Call<'_>) -> Outcome {
    let password = needed_password(&call.body)?;
    call.lock.unlock(call.lock.wallet().unlock(&password)?);
    done()
}

/// `POST /api/logout`: the body may be left out, since nothing in it is read.
pub(in crate::server) fn logout(call: Call<'_>) -> Outcome {
    if !call.request.body.is_empty() {
        Body::parse(&call.request.body)?;
    }
    call.lock.lock("logout");
    done()
}

/// `POST /api/export`
pub(in crate::server) fn export(call: Call<'_>) -> Outcome {
    let password = needed_password(&call.body)?;
    let export = call.lock.wallet().export(&password)?;
    ok(&json!({
        "seed": export.seed.map(|seed| seed.expose_hex().to_string()),
        "mnemonic": export.mnemonic.map(|mnemonic| mnemonic.expose_phrase().to_string()),
    }))
}

/// `POST /api/import`
pub(in crate::server) fn import(call: Call<'_>) -> Outcome {
    let password = needed_password(&call.body)?;
    let source = source(&call.body)?;
    let imported = call.lock.wallet().import(&password, source, Replace::No)?;
    call.lock.unlock(imported.wallet);
    done()
}

fn source(body: &Body) -> Result<ImportSource, ApiError> {
    let named = ["mnemonic", "seed", "backup"]
        .into_iter()
        .filter(|name| body.get(name).is_some());
    let [name] = named.collect::<Vec<_>>()[..] else {
        return Err(bad("one of `mnemonic`, `seed` and `backup` is needed"));
    };
    let text = body.required(name)?;
    Ok(match name {
        "mnemonic" => ImportSource::Mnemonic {
            mnemonic: Mnemonic::parse(text).map_err(|error| field(name, &error.to_string()))?,
            passphrase: body
                .password("passphrase")?
                .unwrap_or_else(|| Password::new(String::new())),
        },
        "seed" => {
            ImportSource::Seed(Seed::from_hex(text).map_err(|e| field(name, &e.to_string()))?)
        }
        _ => ImportSource::Backup {
            text: text.to_owned(),
            passphrase: match body.password("backupPassword")? {
                Some(passphrase) => passphrase,
                None => needed_password(body)?,
            },
        },
    })
}

/// A missing password has a code of its own in the contract; it is not just a
/// bad field.
pub(super) fn needed_password(body: &Body) -> Result<Password, ApiError> {
    body.password("password")?.ok_or(ApiError::PasswordNeeded)
}
