//! What the fuzzer starts from: everything in `tests/vectors` that a target
//! takes, and by hand what the vectors have none of.

use std::collections::BTreeSet;
use std::fs;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use serde_json::Value;
use tokenpass::testing::crypto::brc77::{self, Verifier};
use tokenpass::testing::crypto::brc100::WalletKey;
use tokenpass::testing::crypto::keys::PrivateKey;
use tokenpass::testing::crypto::vault::{KdfCost, Vault};
use tokenpass::testing::crypto::{brc78, ecies};
use tokenpass::testing::identity::{IdentityBook, aip, ids};
use tokenpass::testing::platform::service::{CommandLine, plist, unit};
use tokenpass::testing::transaction::{
    Input, Outpoint, Output, Satoshis, Transaction, Txid, script,
};

use crate::support::certificate::issue;
use crate::support::path;
use crate::targets::request::TOKEN;
use crate::targets::{Target, own_key, password};

/// Seeds from the vectors at most: more of a kind are of no more use.
const MOST: usize = 16;

/// The seeds of a target.
pub(crate) fn of(name: &str, target: Target, vectors: &BTreeSet<Vec<u8>>) -> Vec<Vec<u8>> {
    let taken = vectors.iter().filter(|bytes| target(bytes));
    let taken: Vec<_> = taken.take(MOST).cloned().collect();
    [by_hand(name), taken].concat()
}

/// Every text in the vectors, as it stands and as the bytes that it may encode.
pub(crate) fn vectors() -> BTreeSet<Vec<u8>> {
    let mut texts = BTreeSet::new();
    for file in fs::read_dir(path("vectors")).unwrap() {
        let file = fs::read(file.unwrap().path()).unwrap();
        collect(&serde_json::from_slice(&file).unwrap(), &mut texts);
    }
    let decoded = texts.iter().flat_map(|text| {
        let hex = hex::decode(text).ok();
        [hex, BASE64_STANDARD.decode(text).ok()]
    });
    let decoded: Vec<_> = decoded.flatten().collect();
    texts
        .into_iter()
        .map(String::into_bytes)
        .chain(decoded)
        .collect()
}

fn collect(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            texts.insert(text.clone());
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, texts)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, texts)),
        _ => {}
    }
}

fn by_hand(name: &str) -> Vec<Vec<u8>> {
    let other = PrivateKey::from_bytes(&[2; 32]).unwrap();
    let own = own_key().public_key();
    match name {
        "aip" => vec![pushes(&aip_output())],
        "backup" => vec![backup()],
        "bie1" => [0, 15, 16, 200]
            .map(|len| ecies::encrypt(&vec![7; len], &own, &other))
            .into(),
        "brc100" => texts(&BRC100),
        "brc43" => texts(&["hello world\n1", "auth message signature\nrandom/1 2"]),
        "brc77" => [Verifier::Anyone, Verifier::Key(own)]
            .map(|verifier| brc77::sign(b"message", &other, verifier, [3; 32]))
            .into(),
        "brc78" => vec![brc78::encrypt(b"hi", &other, &own, [3; 32], [4; 32]).unwrap()],
        "certificate" => {
            let issued = issue(1, WalletKey::new(own_key()).identity(), &[("name", "Ada")]);
            [
                texts(&[CERTIFICATES]),
                vec![issued.to_string().into_bytes()],
            ]
            .concat()
        }
        "contact" => texts(&["Ada", "Ren\u{e9} d'Arc", "李 小龍"]),
        "desktop" => vec![desktop_folder()],
        "device_code" => texts(&["BCDF-GHJK", "bcdf ghjk"]),
        "envelope" => texts(&[ENVELOPE]),
        "file_signature" => vec![file_signature()],
        "form" => texts(&["a=1&b=2", "b=%C3%A9+x&a=%00", "a=&c"]),
        "host" => texts(&[
            "example.com",
            "localhost:3000",
            "[::1]:80",
            "münchen.example",
        ]),
        "http" => texts(&HTTP),
        "identities" => vec![identities().to_json().to_vec()],
        "json" => texts(&JSON),
        "nedb" => texts(&[
            "{\"_id\":\"a\",\"host\":\"x\"}\n{\"_id\":\"a\",\"$$deleted\":true}\n{\"_id\":\"b\"}\n",
        ]),
        "oauth" => texts(&OAUTH),
        "origin" => texts(&[
            "https://example.com",
            "http://localhost:3000/",
            "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
        ]),
        "reply" => texts(&REPLIES),
        "request" => requests(),
        "right" => texts(&["everything", "1 some tests", "2 some tests anyone"]),
        "script" => vec![script::data(&[b"hi".to_vec(), vec![7; 80]])[2..].to_vec()],
        "server_file" => texts(&[SERVER_FILE]),
        "service" => services(),
        "transaction" => transactions(),
        "vault" => vec![vault()],
        _ => Vec::new(),
    }
}

fn texts(texts: &[&str]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.as_bytes().to_vec()).collect()
}

const ENVELOPE: &str = "-----BEGIN BITCOIN SIGNED MESSAGE-----\n\
    Hello World\n\
    -----BEGIN SIGNATURE-----\n\
    1KcDRiyL8WrqVfP9xfzCXub5ZYwySakQvk\n\
    ICDskwkdIcXsgWD9dt5y3GNpzpoVhacD7h0VmDM7yvpDCtRWnZHpJNpvBDpRCi4Vy4rhXfJM85K0KFQ4qMerTpM=\n\
    -----END BITCOIN SIGNED MESSAGE-----\n";

const HTTP: [&str; 4] = [
    "GET /api/status?a=b HTTP/1.1\r\nHost: localhost:21000\r\nOrigin: https://a.example\r\n\r\n",
    "POST /api/sign HTTP/1.1\r\nhost: localhost:21000\r\nAuthorization: Bearer x\r\n\
     Content-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n{}",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
     4;a=\"b\"\r\nWiki\r\n0\r\nA: b\r\n\r\n",
    "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\nCookie: a=b\r\n\r\n",
];

const JSON: [&str; 8] = [
    r#"{"message":"Hello","encoding":"utf8","bapID":null}"#,
    r#"{"path":"/api/x","body":"00","bodyEncoding":"hex","signatureType":"bsm"}"#,
    r#"{"host":"a.example","password":"correct horse","expire":"1h","scopes":["sign"],"icon":"/i.png","maxSatoshis":1000}"#,
    r#"{"message":"x","address":"1KcDRiyL8WrqVfP9xfzCXub5ZYwySakQvk","signature":"ICDskwkdIcXsgWD9dt5y3GNpzpoVhacD7h0VmDM7yvpDCtRWnZHpJNpvBDpRCi4Vy4rhXfJM85K0KFQ4qMerTpM="}"#,
    r#"{"data":"6869","encoding":"hex","friendBapId":"x","label":"y"}"#,
    r#"{"password":"correct horse battery","mnemonic":"a b c"}"#,
    r#"{"to":"1KcDRiyL8WrqVfP9xfzCXub5ZYwySakQvk","satoshis":"all","utxos":[{"txid":"ab","vout":0,"satoshis":1,"script":"00"}]}"#,
    "\u{feff}{\"name\":\"\\u00e9\",\"n\":1.5e3,\"a\":[{\"b\":[null,true,-1]}]}\r\n",
];

const BRC100: [&str; 3] = [
    r#"{"protocolID":[1,"hello world"],"keyID":"1","counterparty":"self","data":[1,2,255],"forSelf":true}"#,
    r#"{"protocolID":[2,"tests only"],"keyID":"a b","counterparty":"0292d7a3656b63f2face8abed680d6dd81796a7402c588d77d89df495c38221f92","verifier":"0292d7a3656b63f2face8abed680d6dd81796a7402c588d77d89df495c38221f92","privileged":false}"#,
    r#"{"identityKey":true,"seekPermission":false,"limit":10,"offset":1e3,"types":["AAAA"]}"#,
];

/// As a backup has them.
const CERTIFICATES: &str = r#"[{"type":"AAAA","serialNumber":"AQID","changed":18446744073709551615,
    "certifier":"0292d7a3656b63f2face8abed680d6dd81796a7402c588d77d89df495c38221f92",
    "certificate":null}]"#;

const OAUTH: [&str; 2] = [
    "client_id=https%3A%2F%2Fapp.example%2F&redirect_uri=https%3A%2F%2Fapp.example%2Fback&response_type=code\
     &scope=openid+sign&state=x%20y&nonce=n&code_challenge_method=S256\
     &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "client_id=http://localhost:3000/&redirect_uri=http://localhost:8080/cb?a=b&response_type=code&state=s\
     &code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&prompt=consent",
];

/// Each request of the contract with each of its examples, calls of BRC-100 apps, and
/// what browsers and OAuth clients send.
fn requests() -> Vec<Vec<u8>> {
    let contract = fs::read("src/server/api/openapi.json").unwrap();
    let contract: Value = serde_json::from_slice(&contract).unwrap();
    let mut requests = Vec::new();
    for (path, methods) in contract["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let body = &operation["requestBody"]["content"]["application/json"];
            let examples = body["examples"].as_object().into_iter().flatten();
            let bodies: Vec<_> = examples.map(|(_, one)| one["value"].to_string()).collect();
            let target = format!("{} {path}", method.to_uppercase());
            if bodies.is_empty() {
                requests.push(asked(&target, "", ""));
            }
            requests.extend(bodies.iter().map(|body| asked(&target, JSON_BODY, body)));
        }
    }
    let names = BRC100_METHODS.iter().zip(BRC100.iter().cycle());
    requests.extend(names.map(|(name, args)| asked(&format!("POST /{name}"), OF_AN_APP, args)));
    for query in OAUTH {
        requests.push(asked(&format!("GET /oauth2/authorize?{query}"), "", ""));
    }
    for (target, form) in FORMS {
        requests.push(asked(target, FORM_BODY, form));
    }
    requests
}

fn asked(target: &str, head: &str, body: &str) -> Vec<u8> {
    let token = String::from_utf8_lossy(TOKEN);
    let length = body.len();
    format!(
        "{target} HTTP/1.1\r\nHost: localhost:21000\r\nAuthorization: Bearer {token}\r\n{head}\
         Content-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

const JSON_BODY: &str = "Content-Type: application/json\r\n";
const OF_AN_APP: &str = "Content-Type: application/json\r\nOriginator: a.example\r\n";
const FORM_BODY: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

const BRC100_METHODS: [&str; 12] = [
    "getPublicKey",
    "encrypt",
    "decrypt",
    "createHmac",
    "verifyHmac",
    "createSignature",
    "verifySignature",
    "revealCounterpartyKeyLinkage",
    "revealSpecificKeyLinkage",
    "listCertificates",
    "acquireCertificate",
    "proveCertificate",
];

const FORMS: [(&str, &str); 9] = [
    (
        "POST /",
        "act=open&password=correct+horse+battery&ticket=0.0.0",
    ),
    ("POST /", "act=revoke&session=0707&host=a.example"),
    (
        "POST /device",
        "request=BCDF-GHJK&decision=allow&ticket=0.0.0",
    ),
    ("GET /device?user_code=BCDF-GHJK", ""),
    (
        "GET /auth?host=a.example&returnURL=https://a.example/back&scopes=sign,encrypt",
        "",
    ),
    (
        "POST /oauth2/token",
        "grant_type=authorization_code&code=x&client_id=https%3A%2F%2Fa.example%2F\
         &redirect_uri=https%3A%2F%2Fa.example%2Fback&code_verifier=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    ),
    (
        "POST /oauth2/device_authorization",
        "client_id=http://localhost/&scope=openid+sign",
    ),
    (
        "POST /oauth2/revoke",
        "client_id=https%3A%2F%2Fa.example%2F&token=TOKEN",
    ),
    (
        "GET /oauth2/logout?client_id=https://a.example/&post_logout_redirect_uri=https://a.example/&state=s",
        "",
    ),
];

const REPLIES: [&str; 3] = [
    "HTTP/1.1 401 Unauthorized\r\ncontent-length: 24\r\n\r\n{\"error\":\"no\",\"code\":8}\n",
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{\"unlocked\":true}",
    "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\nContent-Length: 182\r\n\r\n\
     {\"walletId\":null,\"publicKey\":\"0292d7a3656b63f2face8abed680d6dd81796a7402c588d77d89df495c38221f92\",\
     \"proof\":\"0707070707070707070707070707070707070707070707070707070707070707\"}",
];

const SERVER_FILE: &str = r#"{"address":"127.0.0.1:21000","pid":4711,"started":"2026-01-02T03:04:05.678Z",
    "walletId":"07070707070707070707070707070707",
    "key":"0707070707070707070707070707070707070707070707070707070707070707"}"#;

/// Each with words that are hard to quote.
fn services() -> Vec<Vec<u8>> {
    let words = [
        "serve",
        "",
        "a b",
        "100%",
        "$HOME",
        "say \"so\"",
        "a\\",
        "<&>",
    ];
    let command = |program: &str| CommandLine {
        program: program.to_owned(),
        arguments: words.map(str::to_owned).into(),
    };
    let written = [
        unit::service(&command("/usr/bin/tokenpass")),
        unit::service(&command("/it's/tokenpass")),
        plist::agent(&command("/usr/bin/tokenpass"), "/a.log"),
    ];
    written.map(String::into_bytes).into()
}

/// As TokenPass Desktop left it in 2023.
fn desktop_folder() -> Vec<u8> {
    let vectors = fs::read(path("vectors/bap_more.json")).unwrap();
    let vectors: Value = serde_json::from_slice(&vectors).unwrap();
    let folder = &vectors["desktop_2023"];
    let files = ["seed.db with mnemonic", "keys.db", "state.db"];
    let files = files.map(|name| folder[name].as_str().unwrap());
    files.join("\n").into_bytes()
}

fn identities() -> IdentityBook {
    let mut book = IdentityBook::new();
    let id = book.create(&own_key(), "Ada").unwrap().id().clone();
    book.set_attribute(&id, "city", "Zürich", [4; 32]).unwrap();
    book.rotate(&id).unwrap();
    book
}

fn backup() -> Vec<u8> {
    let ephemeral = PrivateKey::from_bytes(&[3; 32]).unwrap();
    let payload = serde_json::json!({
        "ids": ids::export(&identities(), &own_key(), &ephemeral).unwrap(),
        "rootPk": *own_key().expose_wif(),
        "label": "mine",
        "tokenpass": {"version": 1, "hosts": ["a.example"], "profile": {"name": "Ada"}},
    });
    payload.to_string().into_bytes()
}

fn aip_output() -> Vec<Vec<u8>> {
    let data = ["1BAPSuaPnfGnSBM3GLV9yhxUdYe4vGbdMT", "ID", "x", "y"];
    let data = data.map(|push| push.as_bytes().to_vec());
    let signature = aip::sign(&own_key(), &data, aip::Preimage::WithBar);
    data.into_iter().chain(signature).collect()
}

/// As the target reads them.
fn pushes(pushes: &[Vec<u8>]) -> Vec<u8> {
    let with_length = |push: &Vec<u8>| [&[u8::try_from(push.len()).unwrap()], &push[..]].concat();
    pushes.iter().flat_map(with_length).collect()
}

fn file_signature() -> Vec<u8> {
    let key = own_key().public_key();
    let document = serde_json::json!({
        "address": key.address().to_string(),
        "file": "a.txt",
        "format": "tokenpass-file-1",
        "publicKey": key.to_string(),
        "sha256": "00".repeat(32),
        "signature": "ICDskwkdIcXsgWD9dt5y3GNpzpoVhacD7h0VmDM7yvpDCtRWnZHpJNpvBDpRCi4Vy4rhXfJM85K0KFQ4qMerTpM=",
        "size": 5,
        "statementSignature": "",
        "time": "2026-01-02T03:04:05.678Z",
    });
    document.to_string().into_bytes()
}

/// One transaction in each form.
fn transactions() -> Vec<Vec<u8>> {
    let pays = |satoshis| Output {
        satoshis: Satoshis(satoshis),
        script: script::p2pkh(&own_key().public_key().address()),
    };
    let of = |txid: Txid, satoshis| Transaction {
        version: 1,
        inputs: vec![Input {
            outpoint: Outpoint { txid, vout: 0 },
            script: Vec::new(),
            sequence: u32::MAX,
        }],
        outputs: vec![pays(satoshis)],
        lock_time: 0,
    };
    let parent = of("07".repeat(32).parse().unwrap(), 1000);
    let raw = of(parent.txid(), 900).to_bytes();
    // Version, marker, one input with what it spends, the rest (BRC-30).
    let (input, rest) = raw[4..].split_at(1 + 32 + 4 + 1 + 4);
    let output = &parent.to_bytes()[4 + input.len() + 1..];
    let output = &output[..output.len() - 4];
    let marker = [0, 0, 0, 0, 0, 0xef];
    let extended = [&raw[..4], &marker, input, output, rest].concat();
    // No Merkle path, two transactions that none proves (BRC-62).
    let head = [1, 0, 0xbe, 0xef, 0, 2];
    let beef = [&head[..], &parent.to_bytes(), &[0], &raw, &[0]].concat();
    vec![raw, extended, beef]
}

fn vault() -> Vec<u8> {
    let cost = KdfCost::lowered_for_tests(2);
    let vault = Vault::seal(&password(), cost, [1; 32], [2; 16], b"{}");
    let head = [vault.version, vault.kdf, 2, 0];
    let iv = [vault.iv, [0; 16]].concat();
    [
        &head[..],
        &vault.salt,
        &iv,
        &vault.mac,
        &vault.checksum,
        &vault.ciphertext,
    ]
    .concat()
}
