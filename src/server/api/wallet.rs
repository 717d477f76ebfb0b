//! The wallet as a whole: register, unlock, lock, export, import.

use super::{done, ok};
use crate::crypto::secret::Password;
use crate::server::call::Call;
use crate::server::error::Outcome;
use crate::wallet::{ImportSource, Object, Registration, Replace};
use crate::wire::Body;
use crate::wire::wallet::{
    Backup, BroughtIn, Export, Exported, Import, Login, Logout, Register, SeedHex, Source, Words,
};

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
    call.lock.unlock(call.wallet().unlock(&password)?);
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

/// `POST /api/export`
pub(in crate::server) fn export(call: Call<'_>) -> Outcome {
    let Export { password } = call.body.read()?;
    let export = call.wallet().export(&password)?;
    ok(&Exported::from(export))
}

/// `POST /api/import`
pub(in crate::server) fn import(call: Call<'_>) -> Outcome {
    let Import { password, source } = Import::read(&call.body)?;
    let source = match source {
        Source::Words(Words {
            mnemonic,
            passphrase,
        }) => ImportSource::restoring(mnemonic, passphrase),
        Source::Seed(SeedHex { seed }) => ImportSource::restoring(seed, None),
        Source::Backup(Backup {
            backup,
            backup_password,
        }) => ImportSource::Backup {
            text: backup,
            passphrase: backup_password
                .unwrap_or_else(|| Password::new(password.expose().to_owned())),
        },
    };
    let imported = call.wallet().import(&password, source, Replace::No)?;
    call.lock.unlock(imported.wallet);
    ok(&BroughtIn::with(imported.notes))
}
