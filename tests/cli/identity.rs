//! Identities, as the ecosystem derives and publishes them.

use crate::support::{Home, golden};

#[test]
fn the_identities_are_the_golden_ones() {
    let home = Home::golden();
    let session = home.login();
    let run = |args: &[&str]| home.run(args).session(&session);
    // Those without a gap before them, in the order in which they are made.
    for (counter, expected) in golden()["bap_ids"].as_array().unwrap()[..3]
        .iter()
        .enumerate()
    {
        if counter > 0 {
            run(&["identity", "create", "--name", "Another", "-q"]).succeeds();
        }
        let id = expected["identity_key"].as_str().unwrap();
        let shown = run(&["identity", "show", id]).json();
        assert_eq!(shown["counter"], expected["counter"]);
        assert_eq!(shown["rootAddress"], expected["root_address"]);
        let address = expected["signing_address"].as_str().unwrap();
        assert_eq!(shown["address"], address);
        let signature = run(&["sign", "hi", "--identity", id]).prints();
        let verify = [
            "verify",
            "hi",
            "--address",
            address,
            "--signature",
            signature.trim_end(),
        ];
        assert_eq!(run(&verify).prints(), "valid\n");
    }
    let listed = run(&["identity", "list"]).json();
    assert_eq!(listed["count"], 3);
}

#[test]
fn a_rotation_is_published_as_the_ecosystem_does() {
    let home = Home::golden();
    let expected = &golden()["bap_ids"][0];
    let id = expected["identity_key"].as_str().unwrap();
    let rotated = home.run(["identity", "rotate", "-q"]).password().prints();
    assert_eq!(rotated.trim_end(), id);
    let shown = home.run(["identity", "show"]).password().json();
    assert_eq!(shown["currentPath"], expected["rotated_path"]);
    assert_eq!(shown["address"], expected["rotated_signing_address"]);
    let pushes = home
        .run(["identity", "op-return", "id"])
        .password()
        .prints();
    let lines: Vec<_> = pushes.lines().collect();
    let golden = expected["initial_id_op_return"].as_array().unwrap();
    assert_eq!(
        lines,
        golden
            .iter()
            .map(|push| push.as_str().unwrap())
            .collect::<Vec<_>>()
    );
}

#[test]
fn an_identity_that_is_not_ours_is_named() {
    let (home, other) = (Home::golden(), Home::registered());
    let stranger = other.run(["status"]).json()["bapID"]
        .as_str()
        .unwrap()
        .to_owned();
    for args in [
        &["identity", "use", &stranger][..],
        &["identity", "show", &stranger],
        &["sign", "hi", "--identity", &stranger],
    ] {
        home.run(args).password().fails(
            2,
            &format!(
                "error: identity `{stranger}` is not one of this wallet
hint: `tokenpass identity list` shows those of this wallet\n"
            ),
        );
    }
}

#[test]
fn attributes_are_set_all_or_none() {
    let home = Home::golden();
    let id = golden()["bap_ids"][0]["identity_key"]
        .as_str()
        .unwrap()
        .to_owned();
    let set = |pairs: &[&str]| {
        home.run([&["identity", "set", &id], pairs].concat())
            .password()
    };
    let shown = set(&["email=ada@example.com", "name=Ada"]).json();
    assert_eq!(shown["attributes"].as_array().unwrap().len(), 2);
    set(&["phone=1", "a:b=2"]).fails(2, "error: attribute name `a:b` contains a colon\n");
    let shown = set(&["name="]).json();
    let names: Vec<_> = shown["attributes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|a| &a["name"])
        .collect();
    assert_eq!(names, ["email"]);
}

#[test]
fn an_attribute_of_somebody_else_is_attested_by_its_urn() {
    use tokenpass::testing::identity::attributes::AttestationHash;
    let home = Home::golden();
    let urn = "urn:bap:id:name:Ada:00ff";
    let about = "3jNV7pKbXva3nwPx2vq9xv8FqYUS";
    let command = ["identity", "op-return", "attest", "--urn", urn];
    let pushes = home
        .run(command.iter().chain(&["--about", about]).copied())
        .password()
        .prints();
    let hash = AttestationHash::of(urn, &about.parse().unwrap()).to_string();
    assert_eq!(pushes.lines().nth(2), Some(&*hex::encode(hash)));
    assert_eq!(
        home.run(["identity", "op-return", "attest", "--about", about])
            .password()
            .done()
            .code,
        2
    );
}
