//! The schema of what `--json` prints, made from the types that are printed.
//!
//! `TOKENPASS_BLESS=1 cargo test --lib schema` writes it.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, Value, json};

use super::topics::JSON;
use crate::cli::terminal::ErrorDocument;
use crate::cli::verbs::{
    backup, certificate, client, completions, contact, doctor, export, help, identity, import,
    login, logout, man, open, origin, passwd, permission, profile, register, serve, service,
    status, token, transaction, version,
};
use crate::wallet::{FileSignature, PublicKeyInfo};
use crate::wire;
use crate::wire::schema::{laid_out, tidy};

type Make = fn(&mut SchemaGenerator) -> Schema;

fn of<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// What each command prints.
const COMMANDS: &[(&str, Make)] = &[
    ("register", of::<register::Registered>),
    ("import", of::<import::Imported>),
    ("login", of::<login::LoggedIn>),
    ("logout", of::<logout::LoggedOut>),
    ("status", of::<status::Report>),
    ("export", of::<export::Exported>),
    ("passwd", of::<passwd::Changed>),
    ("doctor", of::<doctor::Examined>),
    ("backup", backed_up),
    ("backup status", of::<backup::status::Standing>),
    ("backup merge", of::<backup::merge::Merged>),
    ("auth", of::<wire::access::Granted>),
    ("token list", of::<token::Listed>),
    ("token revoke", of::<token::Revoked>),
    ("sign", signed),
    ("verify", verified),
    ("encrypt", encrypted),
    ("decrypt", decrypted),
    ("key", of::<PublicKeyInfo>),
    ("contact add", of::<contact::Changed>),
    ("contact list", of::<contact::Listed>),
    ("contact remove", of::<contact::Changed>),
    ("contact rename", of::<contact::Changed>),
    ("profile", of::<wire::profile::Profile>),
    ("profile get", of::<wire::profile::Profile>),
    ("profile set", of::<profile::Saved>),
    ("profile clear", of::<profile::Saved>),
    ("identity list", of::<wire::identity::Identities>),
    ("identity create", of::<identity::Changed>),
    ("identity show", of::<identity::Shown>),
    ("identity use", of::<identity::Changed>),
    ("identity rename", of::<identity::Changed>),
    ("identity rotate", of::<identity::Changed>),
    ("identity set", of::<identity::Shown>),
    ("identity sign", signed),
    ("identity op-return", of::<identity::op_return::Pushes>),
    ("identity publish", spent),
    (
        "identity verify-published",
        of::<identity::verify_published::Verified>,
    ),
    ("certificate list", of::<certificate::Listed>),
    ("certificate show", of::<certificate::Shown>),
    ("certificate remove", of::<certificate::Removed>),
    ("transaction show", of::<transaction::Shown>),
    ("transaction sign", spent),
    ("transaction fund", spent),
    ("transaction transfer", spent),
    ("transaction sweep", spent),
    ("origin list", of::<wire::origin::Origins>),
    ("origin allow", of::<origin::Decided>),
    ("origin deny", of::<origin::Decided>),
    ("origin watch", of::<origin::Came>),
    ("permission list", of::<permission::Listed>),
    ("permission allow", of::<permission::Decided>),
    ("permission revoke", of::<permission::Decided>),
    ("client add", of::<client::Added>),
    ("client list", of::<client::Listed>),
    ("client remove", of::<client::Removed>),
    ("serve", of::<serve::Ready>),
    ("open", of::<open::Opened>),
    ("service install", of::<service::Changed>),
    ("service uninstall", of::<service::Changed>),
    ("service status", of::<service::State>),
    ("log", of::<wire::activity::Activity>),
    ("completions", of::<completions::Completed>),
    ("man", of::<man::Manual>),
    ("help", of::<help::Told>),
];

/// The backup that was made with `--to`, the end of the schedule, or how it stands.
fn backed_up(generator: &mut SchemaGenerator) -> Schema {
    any_of([
        generator.subschema_for::<backup::made::Made>(),
        generator.subschema_for::<backup::made::Ended>(),
        generator.subschema_for::<backup::status::Standing>(),
    ])
}

/// The signature of a message or a file, or with `--path` a request's token.
fn signed(generator: &mut SchemaGenerator) -> Schema {
    any_of([
        wire::sign::SignedMessage::json_schema(generator),
        wire::sign::SignedRequest::json_schema(generator),
        generator.subschema_for::<wire::files::SignedFile>(),
        generator.subschema_for::<FileSignature>(),
    ])
}

/// As the API answers, and why not, and who it was; of a file who, what and
/// when; with `--explain` each part of a token.
fn verified(generator: &mut SchemaGenerator) -> Schema {
    let text = json!({"type": "string"});
    let contacts = json!({"type": "array", "items": text});
    let answer = wire::sign::Verified::json_schema(generator);
    any_of([
        with(answer, [("reason", text), ("contacts", contacts)]),
        generator.subschema_for::<wire::files::VerifiedFile>(),
        generator.subschema_for::<wire::files::ExplainedToken>(),
    ])
}

/// In the form that was asked for; or the file that was written.
fn encrypted(generator: &mut SchemaGenerator) -> Schema {
    let answer = wire::encrypt::Ciphertext::json_schema(generator);
    any_of([
        with(answer, [("ciphertext", json!({"type": "string"}))]),
        generator.subschema_for::<wire::files::WrittenFile>(),
    ])
}

/// As the API answers, and how `data` is to be read if it is not text; or the
/// file that was written.
fn decrypted(generator: &mut SchemaGenerator) -> Schema {
    let encoding = json!({"type": "string", "enum": ["base64"]});
    let answer = wire::encrypt::Decrypted::json_schema(generator);
    any_of([
        with(answer, [("encoding", encoding)]),
        generator.subschema_for::<wire::files::WrittenFile>(),
    ])
}

/// As the API answers, with whatever form; or the file that was written.
fn spent(generator: &mut SchemaGenerator) -> Schema {
    any_of([
        generator.subschema_for::<wire::transaction::SignedTransaction>(),
        generator.subschema_for::<wire::files::WrittenFile>(),
    ])
}

fn any_of<const N: usize>(shapes: [Schema; N]) -> Schema {
    json_schema!({"anyOf": shapes.to_vec()})
}

/// A schema with fields that only the command line tells.
fn with<const N: usize>(mut schema: Schema, fields: [(&str, Value); N]) -> Schema {
    if let Some(Value::Object(known)) = schema.get_mut("properties") {
        known.extend(fields.map(|(name, field)| (name.to_owned(), field)));
    }
    schema
}

fn document() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut generator = settings.into_generator();
    let mut definitions = Map::new();
    let mut add = |name: &str, title: &str, make: Make| {
        let mut schema = Value::from(make(&mut generator));
        tidy(&mut schema);
        schema["title"] = title.into();
        definitions.insert(name.to_owned(), schema);
    };
    for (command, make) in COMMANDS {
        add(
            &command.replace(' ', "-"),
            &format!("tokenpass {command}"),
            *make,
        );
    }
    add("version", "tokenpass version", of::<version::Versioned>);
    add(
        "error",
        "An error, on standard error",
        of::<ErrorDocument<'static>>,
    );
    for (name, mut schema) in generator.take_definitions(true) {
        tidy(&mut schema);
        definitions.insert(name, schema);
    }
    let intro = "The document of a command is that of its name, with `-` between words: \
        `#/$defs/token-list`.";
    let description = [JSON.intro, &[intro]].concat().join(" ");
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What `tokenpass --json` prints",
        "description": description,
        "$defs": definitions,
    })
}

#[test]
#[allow(clippy::unwrap_used, reason = "a test")]
fn the_schema_is_that_of_the_types() {
    let made = document();
    if std::env::var_os("TOKENPASS_BLESS").is_some() {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/cli/help/output.schema.json"
        );
        std::fs::write(file, laid_out(&made, 0) + "\n").unwrap();
        return;
    }
    let written: Value = serde_json::from_str(super::SCHEMA).unwrap();
    assert_eq!(written, made, "TOKENPASS_BLESS=1 cargo test --lib schema");
}
