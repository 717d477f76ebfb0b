//! Coins at a host's address: its token signs for them, within its limit, and
//! for no others.

use serde_json::{Value, json};
use tokenpass::testing::crypto::keys::Address;
use tokenpass::testing::transaction::{
    Brought, Input, Outpoint, Output, Satoshis, Transaction, script,
};

use crate::harness::{Answer, Home, PASSWORD, Site};

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

fn address_of(site: &Site, host: &str) -> Address {
    let keys = site.get("/api/status").send().ok()["keys"].clone();
    let keys = keys.as_array().unwrap().iter();
    let mut of_host = keys.filter(|key| key["host"] == host);
    let address = of_host.next().unwrap()["address"].as_str().unwrap();
    address.parse().unwrap()
}

fn limited(site: &Site, scopes: &str, most: Value) -> String {
    let body = json!({"host": "example.com", "password": PASSWORD, "scopes": scopes,
        "expire": "forever", "maxSatoshis": most});
    let granted = site.post("/api/auth", body).send().ok();
    assert_eq!(granted["maxSatoshis"], most);
    granted["accessToken"].as_str().unwrap().to_owned()
}

fn txid(n: u8) -> String {
    hex::encode([n; 32])
}

fn utxo(n: u8, satoshis: impl Into<Value>, to: &Address) -> Value {
    json!({"txid": txid(n), "vout": 0, "satoshis": satoshis.into(),
        "lockingScript": hex::encode(script::p2pkh(to))})
}

/// Spends those outputs, pays `satoshis`.
fn unsigned(spends: &[u8], satoshis: u64) -> String {
    paying(spends, &[(satoshis, script::p2pkh(&somebody()))])
}

/// The same, to these scripts.
fn paying(spends: &[u8], outputs: &[(u64, Vec<u8>)]) -> String {
    let output = |(satoshis, script): &(u64, Vec<u8>)| Output {
        satoshis: Satoshis(*satoshis),
        script: script.clone(),
    };
    let inputs = spends.iter().map(|n| Input {
        outpoint: Outpoint {
            txid: txid(*n).parse().unwrap(),
            vout: 0,
        },
        script: Vec::new(),
        sequence: u32::MAX,
    });
    let transaction = Transaction {
        version: 1,
        inputs: inputs.collect(),
        outputs: outputs.iter().map(output).collect(),
        lock_time: 0,
    };
    hex::encode(transaction.to_bytes())
}

fn somebody() -> Address {
    "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH".parse().unwrap()
}

fn read(answer: &Value) -> Transaction {
    let bytes = hex::decode(answer["transaction"].as_str().unwrap()).unwrap();
    Brought::read(&bytes).unwrap().transaction
}

/// A good request for an endpoint, with a token of `example.com`.
pub(crate) fn good_body(site: &Site, path: &str) -> Value {
    let utxos = json!([utxo(1, 1_000, &address_of(site, "example.com"))]);
    match path {
        "/api/transaction/sign" => json!({"transaction": unsigned(&[1], 900), "utxos": utxos}),
        "/api/transaction/fund" => json!({"transaction": unsigned(&[], 900), "utxos": utxos}),
        _ => json!({"to": somebody().to_string(), "satoshis": 900, "utxos": utxos}),
    }
}

fn ask(site: &Site, token: &str, what: &str, body: Value) -> Answer {
    site.post(&format!("/api/transaction/{what}"), body)
        .token(token)
        .send()
}

#[test]
fn a_token_signs_what_is_its_hosts_and_leaves_the_rest() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("fund");
    site.token_for("other.example", "");
    let (own, other) = (
        address_of(&site, "example.com"),
        address_of(&site, "other.example"),
    );
    let utxos = json!([utxo(1, 5_000, &own), utxo(2, 5_000, &other)]);
    let body = json!({"transaction": unsigned(&[2, 1], 9_900), "utxos": utxos});
    let signed = ask(&site, &token, "sign", body).ok();
    assert_eq!(signed["signed"], json!([1]));
    assert_eq!(signed["fee"], 100);
    let transaction = read(&signed);
    assert_eq!(signed["txid"], transaction.txid().to_string());
    assert!(transaction.inputs[0].script.is_empty());
    assert!(!transaction.inputs[1].script.is_empty());

    // Nothing at all of another host's, whichever way it is asked.
    let foreign = json!([utxo(2, 5_000, &other)]);
    let body = json!({"transaction": unsigned(&[2], 4_900), "utxos": foreign});
    let refused = ask(&site, &token, "sign", body).refused(400, 0);
    assert!(
        refused.contains(&format!("no input pays to `{own}`")),
        "{refused}"
    );
    let token = site.token("fund,transfer");
    let to = somebody().to_string();
    let body = json!({"to": to, "satoshis": "all", "utxos": foreign});
    let refused = ask(&site, &token, "transfer", body).refused(400, 0);
    assert!(refused.contains("does not pay to"), "{refused}");
    let body = json!({"transaction": unsigned(&[], 1), "utxos": foreign});
    ask(&site, &token, "fund", body).refused(400, 0);
}

#[test]
fn the_trail_says_who_and_what_else_is_paid() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("fund");
    let own = address_of(&site, "example.com");
    let outputs = [
        (500, script::p2pkh(&somebody())),
        (300, vec![0x51]),
        (0, vec![0x6a]),
        (100, script::p2pkh(&own)),
    ];
    let utxos = json!([utxo(1, 1_000, &own)]);
    let body = json!({"transaction": paying(&[1], &outputs), "utxos": utxos});
    ask(&site, &token, "sign", body).ok();
    let trail = home.wallet().audit(None, 1).unwrap();
    let told = format!("500 to {}, 300 to another script;", somebody());
    assert!(trail[0].detail.contains(&told), "{}", trail[0].detail);
}

#[test]
fn each_needs_its_scope() {
    let home = Home::new();
    let site = home.serve_registered();
    let (fund, transfer) = (site.token("fund,sign"), site.token("transfer,sign"));
    for (what, token) in [
        ("transfer", &fund),
        ("sign", &transfer),
        ("fund", &transfer),
    ] {
        ask(&site, token, what, json!({})).refused(403, 6);
    }
    ask(&site, &fund, "sign", json!({})).refused(400, 0);
}

#[test]
fn a_transfer_goes_out_with_the_rest_coming_back() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("transfer");
    let own = address_of(&site, "example.com");
    let to = somebody().to_string();
    let body = json!({"to": to, "satoshis": "600", "data": ["6869", ""],
        "utxos": [utxo(1, "1000", &own), utxo(2, 1_000, &own)], "format": "ef"});
    let signed = ask(&site, &token, "transfer", body).ok();
    let transaction = read(&signed);
    assert_eq!(transaction.inputs.len(), 1);
    let fee = signed["fee"].as_u64().unwrap();
    let paid: Vec<_> = transaction
        .outputs
        .iter()
        .map(|output| (output.satoshis.0, hex::encode(&output.script)))
        .collect();
    let script_of = |address: &Address| hex::encode(script::p2pkh(address));
    assert_eq!(
        paid,
        [
            (600, script_of(&somebody())),
            (0, "006a02686900".to_owned()),
            (400 - fee, script_of(&own)),
        ]
    );
    let size = u64::try_from(transaction.size()).unwrap();
    // A signature may be a few bytes shorter than what is paid for.
    let fees = size.div_ceil(10)..=(size + 8).div_ceil(10);
    assert!(fees.contains(&fee), "{fee} for {size} bytes");
    let trail = home.wallet().audit(None, 10).unwrap();
    let told = &trail
        .iter()
        .find(|e| e.event == "transaction-signed")
        .unwrap();
    assert_eq!(told.subject, "example.com");
    let expected = format!(
        "transfer: {} satoshis, {fee} of them for the fee, 600 to {to}; {}",
        600 + fee,
        transaction.txid()
    );
    assert_eq!(told.detail, expected);
}

#[test]
fn bad_transactions_are_named_and_nothing_is_signed() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = site.token("fund,transfer");
    let own = address_of(&site, "example.com");
    let good = unsigned(&[1], 900);
    let utxos = json!([utxo(1, 1_000, &own)]);
    let said = |body: Value| ask(&site, &token, "sign", body).refused(400, 0);
    for (transaction, utxos, what) in [
        (good[..100].to_owned(), utxos.clone(), "cut short"),
        (format!("{good}00"), utxos.clone(), "1 bytes follow"),
        ("0g".to_owned(), utxos.clone(), "`transaction`"),
        (good.clone(), json!([]), "which was not given"),
        (
            good.clone(),
            json!([utxo(1, 899, &own)]),
            "more than the inputs",
        ),
        (
            good.clone(),
            json!([utxo(1, 3_000, &own)]),
            "the fee is 2100",
        ),
        (
            good.clone(),
            json!([utxo(1, "9007199254740993", &own)]),
            "9007199254740993 satoshis: more than 21 million",
        ),
        (
            good.clone(),
            json!([utxo(1, u64::MAX, &own)]),
            "18446744073709551615 satoshis: more than 21 million",
        ),
        (
            good.clone(),
            json!([utxo(1, 1.5, &own)]),
            "`utxos`: element 0",
        ),
        (
            good.clone(),
            json!([utxo(1, 1_000, &own), utxo(1, 1_000, &own)]),
            "given twice",
        ),
        (unsigned(&[1, 1], 1), utxos.clone(), "as an input before"),
        (
            unsigned(&[1], 2_100_000_000_000_001),
            utxos.clone(),
            "output 0 holds 2100000000000001",
        ),
    ] {
        let said = said(json!({"transaction": transaction, "utxos": utxos}));
        assert!(said.contains(what), "{what}: {said}");
    }
    let over = json!({"transaction": good, "utxos": [utxo(1, 3_000, &own)], "maxFee": "2100"});
    ask(&site, &token, "sign", over).ok();
    let trail = home.wallet().audit(None, 100).unwrap();
    let signed = trail.iter().filter(|e| e.event == "transaction-signed");
    assert_eq!(signed.count(), 1);
}

#[test]
fn a_limit_holds_for_a_day_across_restarts_and_requests_at_once() {
    let home = Home::new();
    let site = home.serve_registered();
    let token = limited(&site, "transfer", json!(3_000));
    let unlimited = site.token("transfer");
    let own = address_of(&site, "example.com");
    let to = somebody().to_string();
    let send = |site: &Site, token: &str, satoshis: u64| {
        let body = json!({"to": to, "satoshis": satoshis, "utxos": [utxo(1, 100_000, &own)]});
        ask(site, token, "transfer", body)
    };
    let answers: Vec<_> = std::thread::scope(|scope| {
        let asked: Vec<_> = (0..6)
            .map(|_| scope.spawn(|| send(&site, &token, 900)))
            .collect();
        asked.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let allowed = answers.iter().filter(|one| one.status == 200).count();
    assert_eq!(allowed, 3);
    let refused = answers.into_iter().find(|one| one.status != 200).unwrap();
    let refused = refused.refused(403, 6);
    assert!(
        refused.contains("may spend 3000 satoshis a day"),
        "{refused}"
    );
    send(&site, &unlimited, 50_000).ok();

    drop(site);
    let site = home.serve();
    site.login();
    send(&site, &token, 900).refused(403, 6);
    home.pass(DAY + std::time::Duration::from_secs(60));
    send(&site, &token, 900).ok();
    // Everything, the fee included.
    send(&site, &token, 2_200).refused(403, 6);
}

#[test]
fn a_limit_is_kept_whatever_its_size() {
    let home = Home::new();
    let site = home.serve_registered();
    for most in [
        json!(0),
        json!((1_u64 << 53) - 1),
        json!("9007199254740993"),
        json!("18446744073709551615"),
    ] {
        limited(&site, "fund", most);
    }
    for wrong in [
        json!(-1),
        json!(1.5),
        json!("1e3"),
        json!("18446744073709551616"),
    ] {
        let body = json!({"host": "example.com", "password": PASSWORD, "maxSatoshis": wrong});
        let refused = site.post("/api/auth", body).send().refused(400, 0);
        assert!(refused.contains("`maxSatoshis`"), "{refused}");
    }
}
