//! Granting access tokens.

use crate::identity::BapId;
use crate::store::TokenRow;
use crate::text::excerpt;
use crate::wallet::access::tokens::AccessToken;
use crate::wallet::{
    Event, Expiry, Host, Satoshis, Scopes, Timestamp, TokenInfo, UnlockedWallet, WalletError,
};

/// Characters of an icon's URL.
const MAX_ICON_CHARS: usize = 2048;

/// Expired tokens are remembered this long, so that their holder is told
/// "expired", not "unknown": 30 days.
const REMEMBER_EXPIRED: std::time::Duration = std::time::Duration::from_secs(30 * 24 * 60 * 60);

/// Tokens that a page may hold without ever having been given the password.
pub const MAX_PAGE_TOKENS: usize = 64;

/// What to grant.
#[derive(Clone, Debug)]
pub struct Grant {
    /// To whom.
    pub host: Host,
    /// For what.
    pub scopes: Scopes,
    /// For how long.
    pub expiry: Expiry,
    /// The app's picture: an `http` or `https` URL, or a path on the host.
    pub icon: Option<String>,
    /// The identity the token may sign as.
    pub identity: Option<BapId>,
    /// What it may spend in a day; `None` is no limit.
    pub max_satoshis: Option<Satoshis>,
}

/// A grant that is on disk.
pub struct Granted {
    /// The token, to be shown once.
    pub token: AccessToken,
    /// What was granted.
    pub info: TokenInfo,
}

/// A token that is not on disk yet.
pub(crate) struct Minted {
    /// The token, to be shown once.
    pub(crate) token: AccessToken,
    /// What is stored in its place.
    pub(crate) hash: [u8; 32],
    /// What is stored with it.
    pub(crate) row: TokenRow,
}

impl UnlockedWallet {
    /// Grants an access token. It is on disk when this returns.
    pub fn grant(&self, grant: &Grant) -> Result<Granted, WalletError> {
        let token = self.mint(grant)?;
        let state = &self.wallet().store().state;
        state.put_token(self.id(), &token.hash, &token.row, REMEMBER_EXPIRED)?;
        Ok(self.granted(grant, token))
    }

    /// The same for a page that asks without a password: it holds
    /// [`MAX_PAGE_TOKENS`] such tokens at most, and the oldest of its own goes.
    pub fn grant_to_page(&self, grant: &Grant) -> Result<Granted, WalletError> {
        let token = self.mint(grant)?;
        let state = &self.wallet().store().state;
        state.put_page_token(
            self.id(),
            &token.hash,
            &token.row,
            MAX_PAGE_TOKENS,
            REMEMBER_EXPIRED,
        )?;
        Ok(self.granted(grant, token))
    }

    /// Makes an access token that is not on disk yet.
    pub(crate) fn mint(&self, grant: &Grant) -> Result<Minted, WalletError> {
        if let Some(icon) = &grant.icon {
            check_icon(icon)?;
        }
        if let Some(id) = &grant.identity {
            self.identity(id)?;
        }
        // Its address is then known to `status` and to a locked wallet.
        self.note_host(&grant.host)?;
        let now = self.wallet().now();
        let token = AccessToken::generate(self.wallet().environment())?;
        let hash = token.hash();
        let expires = grant.expiry.duration().map(|duration| now.plus(duration));
        let row = TokenRow {
            id: hash.id().to_string(),
            host: grant.host.to_string(),
            scopes: grant.scopes.to_string(),
            identity: grant.identity.as_ref().map(ToString::to_string),
            icon: grant.icon.clone(),
            created: now.as_millis(),
            expires: expires.map(Timestamp::as_millis),
            max_satoshis: grant.max_satoshis.map(|most| most.0),
        };
        Ok(Minted {
            token,
            hash: hash.0,
            row,
        })
    }

    fn granted(&self, grant: &Grant, minted: Minted) -> Granted {
        let mut detail = format!("{} for {}", grant.scopes, grant.expiry);
        if let Some(most) = grant.max_satoshis {
            detail.push_str(&format!(", {most} satoshis a day at most"));
        }
        self.wallet()
            .record(Event::Granted, grant.host.as_str(), &detail);
        Granted {
            token: minted.token,
            info: TokenInfo::from_row(minted.row),
        }
    }
}

/// Pages show icons: a web address, or a path on the app's own host.
fn check_icon(icon: &str) -> Result<(), WalletError> {
    let shown =
        icon.starts_with("https://") || icon.starts_with("http://") || icon.starts_with('/');
    if shown && icon.chars().count() <= MAX_ICON_CHARS && !icon.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(WalletError::BadIcon(excerpt(icon, 80)))
    }
}
