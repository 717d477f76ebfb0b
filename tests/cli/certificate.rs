//! `tokenpass certificate`

use serde_json::json;
use tokenpass::Password;

use crate::support::certificate::acquire;
use crate::support::{Home, PASSWORD};

#[test]
fn a_certificate_is_listed_shown_and_given_up() {
    let home = Home::registered();
    let list = || home.run(["certificate", "list"]).password();
    assert_eq!(list().prints(), "");
    let unlocked = home
        .wallet()
        .unlock(&Password::new(PASSWORD.into()))
        .unwrap();
    let id = acquire(
        &unlocked,
        1,
        &[("email", "alice@example.com"), ("name", "Ali\x1bce")],
    );
    let (serial, certifier) = (&id.serial_number, &id.certifier);
    assert_eq!(
        list().prints(),
        format!("{serial}\t{certifier}\temail, name\n")
    );
    let told = list().json();
    let first = &told["certificates"][0];
    assert_eq!(first["fields"], json!(["email", "name"]));
    assert_eq!(first["serialNumber"], *serial);

    let show = || home.run(["certificate", "show", serial]).password();
    let subject = unlocked.brc100_key().unwrap().identity();
    assert_eq!(
        show().prints(),
        format!(
            "type\t{}\nserial number\t{serial}\ncertifier\t{certifier}\n\
             subject\t{subject}\nrevocation outpoint\t{}.7\n\
             email\talice@example.com\nname\tAli\\u{{1b}}ce\n",
            id.kind,
            "ab".repeat(32)
        )
    );
    assert_eq!(show().json()["fields"]["email"], "alice@example.com");
    let remove = || home.run(["certificate", "remove", serial]).password();
    assert_eq!(remove().prints(), format!("{serial}\n"));
    assert_eq!(list().prints(), "");
    remove().fails(
        1,
        "error: there is no certificate with this serial number
hint: `tokenpass certificate list` shows them\n",
    );
    home.run(["certificate", "list"]).fails(
        4,
        "error: the password is missing, and there is nobody to ask
hint: start a session with `tokenpass login`, or use `--password-file`, \
         `--password-stdin` or `TOKENPASS_PASSWORD`\n",
    );
}
