//! What the OAuth provider keeps: the owner's clients, what was allowed to
//! whom, and the codes and refresh tokens that hang on it, as SHA-256 only.
//!
//! One *grant* is one yes of the owner's. Its codes, refresh tokens and access
//! tokens name it, and go when it goes.

pub(in crate::store) mod clients;
pub(in crate::store) mod devices;
pub(in crate::store) mod grants;
pub(in crate::store) mod redeem;

pub(super) const SCHEMA: &str = "
    CREATE TABLE oauth_clients (
        wallet        BLOB NOT NULL,
        name          TEXT NOT NULL,
        redirect_uris TEXT NOT NULL,
        secret        BLOB,
        pkce          INTEGER NOT NULL,
        key           TEXT,
        algorithm     TEXT NOT NULL,
        created       INTEGER NOT NULL,
        PRIMARY KEY (wallet, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE oauth_grants (
        id        BLOB PRIMARY KEY,
        wallet    BLOB NOT NULL,
        client    TEXT NOT NULL,
        host      TEXT NOT NULL,
        scopes    TEXT NOT NULL,
        identity  TEXT NOT NULL,
        expiry    TEXT NOT NULL,
        auth_time INTEGER NOT NULL,
        ends      INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX oauth_grants_by_host ON oauth_grants (wallet, host);
    CREATE INDEX oauth_grants_by_end ON oauth_grants (ends) WHERE ends IS NOT NULL;

    CREATE TABLE oauth_codes (
        hash         BLOB PRIMARY KEY,
        grant_id     BLOB NOT NULL REFERENCES oauth_grants (id) ON DELETE CASCADE,
        redirect_uri TEXT NOT NULL,
        challenge    TEXT,
        nonce        TEXT,
        expires      INTEGER NOT NULL,
        used         INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX oauth_codes_by_grant ON oauth_codes (grant_id);

    CREATE TABLE oauth_refresh_tokens (
        hash     BLOB PRIMARY KEY,
        grant_id BLOB NOT NULL REFERENCES oauth_grants (id) ON DELETE CASCADE,
        expires  INTEGER NOT NULL,
        used     INTEGER NOT NULL DEFAULT 0
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX oauth_refresh_by_grant ON oauth_refresh_tokens (grant_id);

    CREATE TABLE oauth_devices (
        hash      BLOB PRIMARY KEY,
        user_code BLOB NOT NULL UNIQUE,
        wallet    BLOB NOT NULL,
        client    TEXT NOT NULL,
        scopes    TEXT NOT NULL,
        created   INTEGER NOT NULL,
        expires   INTEGER NOT NULL,
        interval  INTEGER NOT NULL,
        polled    INTEGER NOT NULL DEFAULT 0,
        answer    TEXT NOT NULL DEFAULT 'pending'
                  CHECK (answer IN ('pending', 'allowed', 'denied')),
        grant_id  BLOB REFERENCES oauth_grants (id) ON DELETE CASCADE
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE oauth_apps (
        wallet       BLOB NOT NULL,
        client       TEXT NOT NULL,
        redirect_uri TEXT NOT NULL,
        host         TEXT NOT NULL,
        scopes       TEXT NOT NULL,
        identity     TEXT NOT NULL,
        expiry       TEXT NOT NULL,
        first        INTEGER NOT NULL,
        last         INTEGER NOT NULL,
        PRIMARY KEY (wallet, client, redirect_uri)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX oauth_apps_by_host ON oauth_apps (wallet, host);

    CREATE TABLE oauth_denials (
        wallet BLOB NOT NULL,
        client TEXT NOT NULL,
        at     INTEGER NOT NULL,
        PRIMARY KEY (wallet, client)
    ) STRICT, WITHOUT ROWID;

    -- The public half of the key that signs ID tokens, for a locked wallet.
    ALTER TABLE wallets ADD COLUMN oidc_key TEXT;

    ALTER TABLE tokens ADD COLUMN grant_id BLOB
        REFERENCES oauth_grants (id) ON DELETE CASCADE;
    CREATE INDEX tokens_by_grant ON tokens (grant_id) WHERE grant_id IS NOT NULL;
";
