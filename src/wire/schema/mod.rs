//! The schemas of the contract, made from the types of this room.
//!
//! Most are derived. By hand are those of values that are texts with a rule,
//! and of requests in which one field says how another is to be read.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::oauth::answers;

use super::{
    access, activity, agent, encrypt, error, identity, origin, permission, profile, server, sign,
    transaction, wallet,
};

mod by_hand;

pub(super) use self::by_hand::{
    AipPushes, AmountOrAll, AnyPublicKey, BapIdText, CiphertextHex, HexText, TxidText, WishedScopes,
};
use self::by_hand::{ProfileChange, SealedBody};

const CONTRACT: &str = include_str!("../../server/api/openapi.json");

/// Exactly one of the shapes, instead of any.
pub(super) fn one_of(schema: &mut Schema) {
    if let Some(shapes) = schema.remove("anyOf") {
        schema.insert("oneOf".to_owned(), shapes);
    }
}

pub(super) fn instead_of_seed_and_backup(schema: &mut Schema) {
    without(schema, ["seed", "backup"]);
}

pub(super) fn instead_of_mnemonic_and_backup(schema: &mut Schema) {
    without(schema, ["mnemonic", "backup"]);
}

pub(super) fn instead_of_mnemonic_and_seed(schema: &mut Schema) {
    without(schema, ["mnemonic", "seed"]);
}

/// The fields of the other shapes must be absent or `null`.
fn without(schema: &mut Schema, names: [&str; 2]) {
    schema.remove("description");
    if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        properties.extend(names.map(|name| (name.to_owned(), json!({"type": "null"}))));
    }
}

/// All components, by name.
fn components() -> Map<String, Value> {
    let settings = || {
        SchemaSettings::draft2020_12().with(|settings| {
            settings.definitions_path = "/components/schemas".into();
        })
    };
    let mut requests = settings().for_deserialize().into_generator();
    ask_for::<(
        wallet::Register,
        wallet::Login,
        wallet::Logout,
        wallet::Export,
        wallet::Import,
        access::Auth,
        sign::Sign,
        sign::SignAip,
        sign::Verify,
        encrypt::Encrypt,
        encrypt::Decrypt,
        encrypt::FriendPublicKey,
    )>(&mut requests);
    ask_for::<(identity::NewIdentity, ProfileChange, SealedBody)>(&mut requests);
    ask_for::<(agent::Prove, agent::AskAgent)>(&mut requests);
    ask_for::<(origin::DecideOrigin, permission::DecidePermission)>(&mut requests);
    ask_for::<(
        transaction::SignTransaction,
        transaction::FundTransaction,
        transaction::TransferCoins,
    )>(&mut requests);
    let mut answers = settings().for_serialize().into_generator();
    ask_for::<(
        (wallet::Done, wallet::BroughtIn),
        wallet::Exported,
        wallet::Status,
        access::Granted,
        sign::Signed,
        sign::SignedAip,
        sign::Verified,
        encrypt::Encrypted,
        encrypt::Decrypted,
        encrypt::FriendPublicKeyIs,
    )>(&mut answers);
    ask_for::<(
        identity::Identities,
        identity::CreatedIdentity,
        profile::Profile,
        profile::State,
        server::Health,
        server::BodyKey,
        error::ErrorAnswer,
    )>(&mut answers);
    ask_for::<(
        agent::Proven,
        agent::AgentSession,
        activity::Activity,
        origin::Origins,
        permission::Permissions,
        transaction::SignedTransaction,
    )>(&mut answers);
    ask_for::<(
        answers::TokenAnswer,
        answers::Introspection,
        answers::DeviceAuthorization,
        answers::Claims,
        answers::OAuthError,
    )>(&mut answers);
    let mut components = requests.take_definitions(true);
    components.extend(answers.take_definitions(true));
    for component in components.values_mut() {
        tidy(component);
        let open = component["type"] == "object"
            && component.get("anyOf").is_none()
            && component.get("oneOf").is_none()
            && component.get("additionalProperties").is_none();
        if open {
            component["additionalProperties"] = true.into();
        }
    }
    components
}

/// A tuple makes each of its types a component.
fn ask_for<T: JsonSchema>(generator: &mut SchemaGenerator) {
    T::json_schema(generator);
}

/// Takes away what says nothing in JSON: Rust's sizes of numbers, what a field
/// that is absent becomes in Rust, line ends of comments.
pub(crate) fn tidy(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            let says_nothing = |name: &str, value: &Value| match name {
                "format" => value
                    .as_str()
                    .is_some_and(|format| format.starts_with("uint")),
                "default" => true,
                _ => false,
            };
            fields.retain(|name, value| !says_nothing(name, value));
            if let Some(Value::String(text)) = fields.get_mut("description") {
                *text = text.replace('\n', " ");
            }
            fields.values_mut().for_each(tidy);
        }
        Value::Array(values) => values.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// JSON as a person lays it out: on one line what fits there.
pub(crate) fn laid_out(value: &Value, indent: usize) -> String {
    const WIDTH: usize = 110;
    let flat = flat(value);
    if indent + flat.len() <= WIDTH {
        return flat;
    }
    let pad = " ".repeat(indent + 2);
    let lines: Vec<String> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| format!("{pad}{}: {}", json!(name), laid_out(value, indent + 2)))
            .collect(),
        Value::Array(values) => values
            .iter()
            .map(|value| format!("{pad}{}", laid_out(value, indent + 2)))
            .collect(),
        _ => return flat,
    };
    let (open, close) = if value.is_object() {
        ('{', '}')
    } else {
        ('[', ']')
    };
    format!(
        "{open}\n{}\n{}{close}",
        lines.join(",\n"),
        " ".repeat(indent)
    )
}

fn flat(value: &Value) -> String {
    let joined = |parts: Vec<String>| parts.join(", ");
    match value {
        Value::Object(fields) => {
            let field =
                |(name, value): (&String, &Value)| format!("{}: {}", json!(name), flat(value));
            format!("{{{}}}", joined(fields.iter().map(field).collect()))
        }
        Value::Array(values) => format!("[{}]", joined(values.iter().map(flat).collect())),
        other => other.to_string(),
    }
}

/// `TOKENPASS_BLESS=1` writes the schemas into the contract.
#[test]
#[allow(clippy::unwrap_used, reason = "a test")]
fn the_schemas_of_the_contract_are_those_of_the_types() {
    const START: &str = "    \"schemas\": ";
    let made = Value::Object(components());
    if std::env::var_os("TOKENPASS_BLESS").is_some() {
        let (before, _) = CONTRACT.split_once(START).unwrap();
        let contract = format!("{before}{START}{}\n  }}\n}}\n", laid_out(&made, 4));
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/server/api/openapi.json");
        std::fs::write(file, contract).unwrap();
        return;
    }
    let contract: Value = serde_json::from_str(CONTRACT).unwrap();
    let written = &contract["components"]["schemas"];
    for (name, schema) in made.as_object().unwrap() {
        assert_eq!(&written[name], schema, "{name}");
    }
    assert_eq!(written, &made, "a schema that no type has");
}

#[test]
#[allow(clippy::unwrap_used, reason = "a test")]
fn all_schemas_that_the_contract_refers_to_are_there() {
    let components = components();
    let refers = CONTRACT.split("\"#/components/schemas/").skip(1);
    for rest in refers {
        let (name, _) = rest.split_once('"').unwrap();
        assert!(components.contains_key(name), "{name}");
    }
}
