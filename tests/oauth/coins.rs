//! What an app may spend: asked on the consent page, kept with the grant.

use serde_json::json;
use tokenpass::testing::crypto::keys::Address;
use tokenpass::testing::transaction::script;
use tokenpass::testing::wallet::Page;

use crate::client::{Provider, parameter, request, ticked_scopes};
use crate::support::PASSWORD;
use crate::support::http::Answer;

const SCOPE: &str = "openid transfer offline_access";

/// Allows all that is asked for, with this limit in the form.
fn allow(provider: &Provider, scope: &str, limit: Option<&str>) -> Answer {
    let (page, form) = provider.consent_page(&request(scope));
    let mut fields: Vec<_> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    fields.extend([
        ("password", PASSWORD),
        ("decision", "allow"),
        ("expire", "1h"),
    ]);
    let scopes = ticked_scopes(page.text());
    fields.extend(scopes.iter().map(|scope| ("scope", scope.as_str())));
    fields.extend(limit.map(|limit| ("max_satoshis", limit)));
    provider.submit_all("/oauth2/authorize", &fields)
}

fn limits(provider: &Provider) -> Vec<Option<u64>> {
    let tokens = provider.home.wallet().tokens(None, Page::all()).unwrap();
    let limits = tokens.iter().map(|token| token.max_satoshis);
    limits.map(|most| most.map(|most| most.0)).collect()
}

fn spend(provider: &Provider, token: &str, satoshis: u64) -> Answer {
    let row = provider.get("/api/status").send().ok()["keys"][0].clone();
    let own: Address = row["address"].as_str().unwrap().parse().unwrap();
    let utxo = json!({"txid": "11".repeat(32), "vout": 0, "satoshis": 100_000,
        "lockingScript": hex::encode(script::p2pkh(&own))});
    let body = json!({"to": "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH", "satoshis": satoshis,
        "utxos": [utxo]});
    let request = provider.post_json("/api/transaction/transfer", body);
    request.token(token).send()
}

#[test]
fn a_renewed_token_has_what_is_left_of_the_grants_limit() {
    let provider = Provider::new();
    let answer = allow(&provider, SCOPE, Some("1000"));
    let code = parameter(answer.header("Location").unwrap(), "code").unwrap();
    let first = provider.redeem(&code).ok();
    let token = first["access_token"].as_str().unwrap();
    spend(&provider, token, 600).ok();
    let renew = [
        ("grant_type", "refresh_token"),
        ("refresh_token", first["refresh_token"].as_str().unwrap()),
    ];
    let second = provider.token(&renew).ok();
    let token = second["access_token"].as_str().unwrap();
    let said = spend(&provider, token, 600).refused(403, 6);
    assert!(said.contains("1000 satoshis a day"), "{said}");
    assert_eq!(limits(&provider), [Some(1000); 2]);
    // The next time the page suggests the same.
    let (page, _) = provider.consent_page(&request(SCOPE));
    assert!(page.text().contains("name=\"max_satoshis\" value=\"1000\""));
}

#[test]
fn without_an_answer_nothing_can_be_spent() {
    let provider = Provider::new();
    for limit in [None, Some("")] {
        let answer = allow(&provider, SCOPE, limit);
        let code = parameter(answer.header("Location").unwrap(), "code").unwrap();
        let token = provider.redeem(&code).ok()["access_token"].clone();
        spend(&provider, token.as_str().unwrap(), 1).refused(403, 6);
    }
    assert_eq!(limits(&provider), [Some(0); 2]);
    for wrong in ["-1", "1.5", "many", "18446744073709551616"] {
        let answer = allow(&provider, SCOPE, Some(wrong));
        assert_eq!(answer.status, 400, "{wrong}");
        assert!(answer.text().contains("a whole number of satoshis"));
    }
}

#[test]
fn only_who_could_spend_is_asked_about() {
    let provider = Provider::new();
    let (page, _) = provider.consent_page(&request("openid sign"));
    assert!(!page.text().contains("max_satoshis"));
    let answer = allow(&provider, "openid sign", Some("5"));
    let code = parameter(answer.header("Location").unwrap(), "code").unwrap();
    provider.redeem(&code).ok();
    assert_eq!(limits(&provider), [None]);
}
