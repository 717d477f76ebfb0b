//! Coins from the command line: shown, asked for, signed, published.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Home, golden};

const SOMEBODY: &str = "1BgGZ9tcN4rm9KBzDn7KprQz87SZ26SAMH";
const TO_SOMEBODY: &str = "76a914751e76e8199196d454941c45d1b3a323f1433bd688ac";

fn txid(n: u8) -> String {
    hex::encode([n; 32])
}

fn script_of(address: &str) -> String {
    let payload = bs58::decode(address).into_vec().unwrap();
    format!("76a914{}88ac", hex::encode(&payload[1..21]))
}

fn utxos(home: &Home, name: &str, coins: &[(u8, u64, &str)]) -> String {
    let list: Vec<_> = coins
        .iter()
        .map(|(n, satoshis, address)| {
            json!({"txid": txid(*n), "vout": 0, "satoshis": satoshis,
                "lockingScript": script_of(address)})
        })
        .collect();
    home.secret_file(name, &Value::from(list).to_string())
}

fn address(home: &Home, args: &[&str]) -> String {
    let args = [&["key"], args].concat();
    let key = home.run(args).password().json();
    key["address"].as_str().unwrap().to_owned()
}

#[test]
fn a_transfer_is_made_shown_and_kept_out_of_files_that_are_there() {
    let home = Home::golden();
    let own = address(&home, &["--host", "example.com"]);
    let coins = utxos(&home, "coins.json", &[(1, 10_000, &own)]);
    let out = home.beside("out.bin");
    let transfer = |more: &[&str]| {
        let args = [
            &[
                "transaction",
                "transfer",
                "--to",
                SOMEBODY,
                "--amount",
                "4000",
            ][..],
            &["--utxos", &coins],
            more,
        ];
        home.run(args.concat()).password()
    };
    let hex = transfer(&["--host", "example.com"]).prints();
    let made = transfer(&[]).json();
    assert_eq!(made["transaction"], hex.trim_end());
    assert_eq!((&made["signed"], &made["fee"]), (&json!([0]), &json!(23)));
    let path = out.to_str().unwrap();
    let to_file = ["-q", "--binary", "--format", "ef", "--output", path];
    assert_eq!(transfer(&to_file).prints(), "");
    assert_eq!(transfer(&to_file).done().code, 1);
    let file = home.secret_file("payment.hex", &hex);
    for (path, unspent) in [(path, None), (&*file, Some(&*coins))] {
        let mut show = vec!["transaction", "show", path];
        show.extend(unspent.iter().flat_map(|file| ["--utxos", file]));
        let shown = home.run(&show).password().json();
        assert_eq!(shown["txid"], made["txid"]);
        assert_eq!(shown["fee"], 23);
        let (input, outputs) = (&shown["inputs"][0], &shown["outputs"]);
        assert_eq!(input["owner"], "host example.com");
        assert_eq!(input["signed"], true);
        assert_eq!(outputs[0]["address"], SOMEBODY);
        assert_eq!(outputs[0]["owner"], Value::Null);
        assert_eq!(outputs[1]["owner"], "host example.com");
        // Without the password all but that is said.
        show.push("-q");
        let shown = home.run(&show).json();
        assert_eq!(shown["outputs"][1]["owner"], Value::Null);
    }
    // Without a wallet, and without what it spends.
    let nowhere = Home::new();
    let shown = nowhere.run(["transaction", "show"]).stdin(hex).json();
    assert_eq!(shown["fee"], Value::Null);
}

#[test]
fn a_sweep_finds_every_key_of_the_wallet() {
    let home = Home::golden();
    let golden = golden();
    let id = golden["bap_ids"][0]["identity_key"].as_str().unwrap();
    let before = address(&home, &["--identity", id]);
    home.run(["identity", "rotate", "-q"]).password().succeeds();
    let root = home.run(["identity", "show"]).password().json();
    let keys = [
        address(&home, &["--host", "a.example"]),
        address(&home, &["--host", "b.example"]),
        address(&home, &["--identity", id]),
        before,
        root["rootAddress"].as_str().unwrap().to_owned(),
    ];
    let coins: Vec<_> = keys
        .iter()
        .zip(1..)
        .map(|(key, n)| (n, 1_000, &**key))
        .collect();
    let file = utxos(&home, "coins.json", &coins);
    let sweep = ["transaction", "sweep", "--to", SOMEBODY, "--utxos", &file];
    let swept = home.run(sweep).password().json();
    assert_eq!(swept["signed"], json!([0, 1, 2, 3, 4]));
    let foreign = utxos(&home, "foreign.json", &[(9, 1_000, SOMEBODY)]);
    let sweep = [
        "transaction",
        "sweep",
        "--to",
        SOMEBODY,
        "--utxos",
        &foreign,
    ];
    home.run(sweep).password().fails(
        2,
        &format!(
            "error: the unspent output `{}:0` does not pay to any key of this wallet
hint: `--host`, `--identity` and `--root` say whose coins they are
",
            txid(9)
        ),
    );
}

#[test]
fn what_is_refused_says_what_to_do() {
    let home = Home::golden();
    let own = address(&home, &["--host", "example.com"]);
    let coins = utxos(&home, "coins.json", &[(1, 10_000, &own)]);
    let bare = format!("0100000000012823000000000000 19{TO_SOMEBODY} 00000000");
    let file = home.secret_file("bare.hex", &bare.replace(' ', ""));
    // It has no inputs: `fund` adds them, `sign` has nothing to sign.
    let fund = ["transaction", "fund", &file, "--utxos", &coins];
    let funded = home.run(fund).password().json();
    let paid = home.secret_file("paid.hex", funded["transaction"].as_str().unwrap());
    let sign = |file: &str, more: &[&str]| {
        let args = [&["transaction", "sign", file][..], more].concat();
        home.run(args).password()
    };
    sign(&file, &[]).fails(2, "error: the transaction has no inputs\n");
    let again = sign(&paid, &["--utxos", &coins]).json();
    assert_eq!(again["transaction"], funded["transaction"]);
    sign(&paid, &[]).fails(
        2,
        &format!(
            "error: input 0 spends `{}:0`, which was not given
hint: give it with `--utxos FILE`, or the transaction as EF or BEEF
",
            txid(1)
        ),
    );
    sign(&paid, &["--utxos", &coins, "--max-fee", "0"]).fails(
        2,
        &format!(
            "error: the fee is {} satoshis, more than the 0 that it may be
hint: `--max-fee N` allows it
",
            funded["fee"]
        ),
    );
    assert_eq!(
        sign(&paid, &["--utxos", &coins, "--host", "other.example"])
            .done()
            .code,
        2
    );
    let broken = home.secret_file("broken.json", r#"[{"txid":"00"}]"#);
    sign(&paid, &["--utxos", &broken]).fails(
        2,
        &format!(
            "error: `{broken}`: `utxos`: element 0: `txid`: `00` is not a transaction's id: it has 64 hex digits
hint: it holds a JSON array of `{{txid, vout, satoshis, lockingScript}}`
"
        ),
    );
}

#[test]
fn an_identity_is_published_and_verified() {
    let home = Home::golden();
    let golden = golden();
    let id = golden["bap_ids"][0]["identity_key"].as_str().unwrap();
    let own = address(&home, &["--identity", id]);
    let coins = utxos(&home, "coins.json", &[(1, 10_000, &own)]);
    let publish = |what: &[&str]| {
        let args = [&["identity", "publish"], what, &["--utxos", &coins]].concat();
        home.run(args).password().prints()
    };
    let verify = |transaction: &str| {
        let file = home.secret_file("published.hex", transaction);
        let args = ["identity", "verify-published", "--transaction", &file];
        Home::new().run(args)
    };
    let hex = publish(&["id"]);
    let verified = verify(&hex).json();
    assert_eq!(verified["valid"], true);
    let statement = &verified["published"][0]["statements"][0];
    assert_eq!(
        statement,
        &json!({"kind": "id", "idKey": id, "address": own, "byRoot": true})
    );
    // The script is the one that `op-return` prints.
    let script = home.run(["identity", "op-return", "id", "--script"]);
    let script = script.password().prints();
    assert!(hex.contains(script.trim_end()));
    let alias = publish(&["alias", "--profile", r#"{"name":"Ada"}"#]);
    let verified = verify(&alias).json();
    assert_eq!(
        verified["published"][0]["statements"][0]["profile"],
        r#"{"name":"Ada"}"#
    );
    assert_eq!(verified["published"][0]["signer"], own);
    publish(&["attest", "--hash", &"ab".repeat(32)]);
    publish(&["revoke", "--hash", &"ab".repeat(32)]);
    // A profile that was changed after it was signed.
    let forged = alias.replace(&hex::encode("Ada"), &hex::encode("Eve"));
    assert_eq!(verify(&forged).done().code, 1);
    // A transaction that says nothing of anybody.
    let coins = utxos(&home, "other.json", &[(1, 10_000, &own)]);
    let args = [
        "transaction",
        "transfer",
        "--to",
        SOMEBODY,
        "--amount",
        "all",
    ];
    let args = [&args[..], &["--utxos", &coins]].concat();
    assert_eq!(verify(&home.run(args).password().prints()).done().code, 1);
    assert!(Path::new(&coins).exists());
}

#[test]
fn on_a_terminal_the_whole_transaction_is_shown_first() {
    let home = Home::golden();
    let own = address(&home, &["--host", "example.com"]);
    utxos(&home, "coins.json", &[(1, 10_000, &own)]);
    let args = format!(
        "tokenpass transaction transfer --to {SOMEBODY} --amount 4000 --utxos {}",
        home.beside("coins.json").display()
    );
    crate::support::terminal::plays(
        &home,
        &format!(
            "
$ {args}
Password: ‹correct horse battery⏎›
input 0  10000  {own}  host example.com
output 0  4000  {SOMEBODY}
output 1  5977  {own}  host example.com
fee  23
Sign this transaction? [y/N] ‹n›
Sign this transaction? no
error: that was a no, so nothing was done
--- exit 1
"
        ),
    );
    let trail = home.run(["log"]).prints();
    assert!(!trail.contains("transaction-signed"), "{trail}");
}

#[test]
fn the_example_publishes_an_identity() {
    let home = Home::golden();
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/publish-identity.sh");
    let mut command = crate::support::run::tokenpass(&home.path());
    let environment: Vec<_> = command
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    let program = command.get_program().to_owned();
    command = std::process::Command::new("bash");
    let done = command
        .arg(example)
        .envs(environment)
        .env("TOKENPASS", program)
        .env("TOKENPASS_PASSWORD", crate::support::PASSWORD)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    assert!(said.contains("\nvalid\n"), "{said}");
}
