//! The server that a home's `server.json` tells of.

use std::io;
use std::path::Path;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::json;
use zeroize::Zeroizing;

use super::error::ClientError;
use super::http::{PATIENT, SOON, ServerUrl};
use crate::crypto::brc78;
use crate::crypto::keys::{PrivateKey, PublicKey};
use crate::crypto::secret::Password;
use crate::platform::files;
use crate::wire;
use crate::wire::agent::{AgentSession, AskAgent, Prove, Proven};
use crate::wire::proof::{Nonce, ProofKey};
use crate::wire::server_file::{MAX_LEN, SERVER_FILE, ServerFile};
use crate::wire::wallet::{Glance, Login, Logout};

/// The server that `server.json` tells of, which may be gone.
pub(crate) struct HomeServer {
    url: ServerUrl,
    key: ProofKey,
}

/// A server that has proved that it knows the key in `server.json`.
pub(crate) struct ProvenServer {
    url: ServerUrl,
    wallet_id: Option<String>,
    public_key: PublicKey,
}

/// The server of the wallet with this id, proven; `named` must be that one.
///
/// # Errors
/// Nothing secret was sent. What was named is said to be another wallet's if
/// that is what it says itself.
pub(crate) fn proven(
    home: &Path,
    wallet_id: Option<&str>,
    named: Option<&ServerUrl>,
) -> Result<ProvenServer, ClientError> {
    let ours = HomeServer::of(home)?;
    let server = match (ours, named) {
        (Some(ours), None) => ours.prove()?,
        (Some(ours), Some(named)) if named.is_same_place(&ours.url) => ours.prove()?,
        (_, Some(named)) => return Err(stranger(named, wallet_id)),
        (None, None) => return Err(ClientError::NotRunning),
    };
    if server.wallet_id() == wallet_id {
        Ok(server)
    } else {
        Err(ClientError::OtherWallet(server.url.to_string()))
    }
}

/// What is wrong with a server that is not the one of `server.json`.
fn stranger(named: &ServerUrl, wallet_id: Option<&str>) -> ClientError {
    match ask(named) {
        Ok((_, said)) if said.wallet_id.is_some() && said.wallet_id.as_deref() != wallet_id => {
            ClientError::OtherWallet(named.to_string())
        }
        Err(gone @ ClientError::NoServer { .. }) => gone,
        _ => ClientError::NotProven(named.to_string()),
    }
}

/// Asks for a proof; what comes back is not checked yet.
pub(super) fn ask(url: &ServerUrl) -> Result<(Nonce, Proven), ClientError> {
    let nonce = Nonce(*random()?);
    let body = wire::to_json(&Prove { nonce });
    let said = url.request("POST", "/api/prove", &body, SOON)?;
    Ok((nonce, said))
}

impl HomeServer {
    /// The one that the home's `server.json` tells of, if there is such a file.
    pub(crate) fn of(home: &Path) -> Result<Option<Self>, ClientError> {
        let path = home.join(SERVER_FILE);
        let bytes = match files::read_private(&path, MAX_LEN) {
            // A power cut may have left it so: see `files::write_fleeting`.
            Ok(bytes) if bytes.is_empty() => return Ok(None),
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(ClientError::File { path, cause }),
        };
        let file = ServerFile::parse(&bytes);
        let known = file.and_then(|file| Some((ServerUrl::at(file.address)?, file.key)));
        match known {
            Some((url, key)) => Ok(Some(Self { url, key })),
            None => Err(ClientError::File {
                path,
                cause: io::ErrorKind::InvalidData.into(),
            }),
        }
    }

    /// Where it is said to be.
    pub(crate) fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// Lets it prove itself.
    pub(crate) fn prove(&self) -> Result<ProvenServer, ClientError> {
        let unproven = || ClientError::NotProven(self.url.to_string());
        let (nonce, said) = ask(&self.url).map_err(|error| match error {
            ClientError::Refused { .. } => unproven(),
            other => other,
        })?;
        if said.proof != self.key.of_server(&nonce, &said.public_key) {
            return Err(unproven());
        }
        Ok(ProvenServer {
            url: self.url.clone(),
            wallet_id: said.wallet_id,
            public_key: said.public_key,
        })
    }

    /// A short session, if it is unlocked: what `TOKENPASS_SESSION` holds
    /// otherwise. That it opens is proof of who sent it.
    pub(crate) fn session(&self) -> Result<Zeroizing<String>, ClientError> {
        let nonce = Nonce(*random()?);
        let body = wire::to_json(&AskAgent {
            nonce,
            proof: self.key.of_caller(&nonce),
        });
        let said: AgentSession = self.url.request("POST", "/api/agent", &body, SOON)?;
        let unproven = || ClientError::NotProven(self.url.to_string());
        let sealed = hex::decode(said.sealed).map_err(|_| unproven())?;
        let opened = self.key.open(&nonce, &sealed).map_err(|_| unproven())?;
        let text = std::str::from_utf8(&opened).map_err(|_| unproven())?;
        Ok(Zeroizing::new(text.to_owned()))
    }
}

impl ProvenServer {
    /// Where it is.
    pub(crate) fn url(&self) -> &ServerUrl {
        &self.url
    }

    /// What names the wallet in its home.
    pub(crate) fn wallet_id(&self) -> Option<&str> {
        self.wallet_id.as_deref()
    }

    /// Whether its wallet is unlocked.
    pub(crate) fn is_unlocked(&self) -> Result<bool, ClientError> {
        let status: Glance = self.get("/api/status")?;
        Ok(status.unlocked)
    }

    /// Unlocks it. The password goes sealed to the key that was proven.
    pub(crate) fn login(&self, password: Password) -> Result<(), ClientError> {
        let body = wire::to_json(&Login { password });
        let sealed = brc78::encrypt(
            &body,
            &fresh_key()?,
            &self.public_key,
            *random()?,
            *random()?,
        )
        .map_err(|_| ClientError::Unsealable(self.url.to_string()))?;
        let body = json!({"ciphertext": hex::encode(sealed)}).to_string();
        self.url
            .request("POST", "/api/login", body.as_bytes(), PATIENT)
            .map(|_: IgnoredAny| ())
    }

    /// Locks it.
    pub(crate) fn logout(&self) -> Result<(), ClientError> {
        self.post("/api/logout", &wire::to_json(&Logout {}))
    }

    /// What is answered there.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ClientError> {
        self.url.request("GET", path, b"", SOON)
    }

    /// Asks for something to be done.
    pub(crate) fn post(&self, path: &str, body: &[u8]) -> Result<(), ClientError> {
        self.url
            .request("POST", path, body, SOON)
            .map(|_: IgnoredAny| ())
    }
}

fn random() -> Result<Zeroizing<[u8; 32]>, ClientError> {
    let mut bytes = Zeroizing::new([0; 32]);
    getrandom::fill(&mut *bytes).map_err(|_| ClientError::NoRandomness)?;
    Ok(bytes)
}

/// A key for one message.
fn fresh_key() -> Result<PrivateKey, ClientError> {
    loop {
        // All but one in 2^128 are valid.
        if let Ok(key) = PrivateKey::from_bytes(&*random()?) {
            return Ok(key);
        }
    }
}
