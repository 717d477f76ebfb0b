//! One table of all methods, and what each needs.

use super::call::Call;
use super::error::Outcome;
use super::{certificates, info, keys, linkage};
use crate::http::HttpResponse;

/// What a call of a method needs, and who answers it.
#[derive(Clone, Copy)]
pub(super) enum Method {
    /// Nothing: so an app finds out that there is a wallet.
    Open(fn() -> HttpResponse),
    /// A known app.
    OfApp(fn(&Call<'_>) -> Outcome),
    /// What this wallet does not have.
    Missing(&'static str),
}

use Method::{Missing, OfApp, Open};

const COINS: Method = Missing("coins");
const CHAIN: Method = Missing("a view of the chain");
const DIRECTORY: Method = Missing("a directory of identities");

pub(super) static METHODS: &[(&str, Method)] = &[
    ("getVersion", Open(info::get_version)),
    ("getNetwork", OfApp(info::get_network)),
    ("isAuthenticated", OfApp(info::is_authenticated)),
    (
        "waitForAuthentication",
        OfApp(info::wait_for_authentication),
    ),
    ("getPublicKey", OfApp(keys::get_public_key)),
    ("encrypt", OfApp(keys::encrypt)),
    ("decrypt", OfApp(keys::decrypt)),
    ("createHmac", OfApp(keys::create_hmac)),
    ("verifyHmac", OfApp(keys::verify_hmac)),
    ("createSignature", OfApp(keys::create_signature)),
    ("verifySignature", OfApp(keys::verify_signature)),
    (
        "revealCounterpartyKeyLinkage",
        OfApp(linkage::reveal_counterparty),
    ),
    ("revealSpecificKeyLinkage", OfApp(linkage::reveal_specific)),
    ("listCertificates", OfApp(certificates::list)),
    ("acquireCertificate", OfApp(certificates::acquire)),
    ("proveCertificate", OfApp(certificates::prove)),
    ("relinquishCertificate", OfApp(certificates::relinquish)),
    ("createAction", COINS),
    ("signAction", COINS),
    ("abortAction", COINS),
    ("listActions", COINS),
    ("internalizeAction", COINS),
    ("listOutputs", COINS),
    ("relinquishOutput", COINS),
    ("getHeight", CHAIN),
    ("getHeaderForHeight", CHAIN),
    ("discoverByIdentityKey", DIRECTORY),
    ("discoverByAttributes", DIRECTORY),
];

/// The method that a path names.
pub(super) fn method(path: &str) -> Option<(&'static str, Method)> {
    let name = path.strip_prefix('/')?;
    METHODS.iter().find(|(known, _)| *known == name).copied()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    #[test]
    fn the_contract_and_the_table_name_the_same_methods() {
        let contract: Value = serde_json::from_str(info::OPENAPI).unwrap();
        let documented = contract["paths"].as_object().unwrap().keys();
        let documented: BTreeSet<_> = documented.map(String::as_str).collect();
        let own = METHODS.iter().map(|(name, _)| format!("/{name}"));
        let own: Vec<_> = own.chain(["/openapi.json".to_owned()]).collect();
        assert_eq!(documented, own.iter().map(String::as_str).collect());
        assert_eq!(contract["info"]["version"], env!("CARGO_PKG_VERSION"));
        for (name, method) in METHODS {
            let says = &contract["paths"][format!("/{name}")]["post"];
            let is_missing = matches!(method, Missing(_));
            assert_eq!(says["deprecated"] == true, is_missing, "{name}");
        }
    }
}
