//! The schemas of the contract, made from the types of this room.
//!
//! Most are derived. By hand are those of values that are texts with a rule,
//! and of requests in which one field says how another is to be read.

use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Map, Value, json};

use super::{Exposed, Success, access, crypto, error, identity, profile, server, wallet};
use crate::crypto::auth_token::Scheme;
use crate::crypto::bsm::Signature;
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::{Address, PublicKey};
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::identity::BapId;
use crate::wallet::{Expiry, Host, Scope, Scopes, Timestamp};

const CONTRACT: &str = include_str!("../server/api/openapi.json");

/// Gives types the schema that is written here: as a component of that name,
/// or in the place where it is used.
macro_rules! by_hand {
    ($($type:ty $(as $name:literal)? => $schema:expr;)*) => {$(
        impl JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                let names: &[&'static str] = &[$($name,)? stringify!($type)];
                names[0].into()
            }

            fn inline_schema() -> bool {
                let name: &[&str] = &[$($name)?];
                name.is_empty()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let schema: fn(&mut SchemaGenerator) -> Schema = $schema;
                schema(generator)
            }
        }
    )*};
}

/// A text with even hex digits.
pub(super) struct HexText;
/// What `encrypt` answers.
pub(super) struct CiphertextHex;
/// A public key in either form.
pub(super) struct AnyPublicKey;
/// A BAP ID where `null` may stand instead.
pub(super) struct BapIdText;
/// The three pushes of an AIP signature.
pub(super) struct AipPushes;
/// Scopes as they may be asked for.
pub(super) struct WishedScopes;
/// An address that need not be one of a known form to be refused.
struct ClaimedAddress;
/// What may be sent instead of any body.
struct SealedBody;
/// A change of the profile.
struct ProfileChange;

const HEX: &str = "^([0-9a-fA-F]{2})*$";
const BASE64: &str =
    "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$";
const BAP_ID: &str = "^[1-9A-HJ-NP-Za-km-z]{20,28}$";
const PATH: &str = r"^[^|\u0000-\u001f\u007f-\u009f]*$";
const LAST_MOMENT: u64 = 253_402_300_799_999;

by_hand! {
    Host as "Host" => |_| json_schema!({
        "type": "string",
        "description": "An app's origin without its scheme: `example.com`, `localhost:3000`.",
        "minLength": 1,
        "maxLength": 259,
    });
    Address as "Address" => |_| json_schema!({
        "type": "string",
        "description": "P2PKH address, base58check.",
        "pattern": "^1[1-9A-HJ-NP-Za-km-z]{25,33}$",
    });
    PublicKey as "PublicKey" => |_| json_schema!({
        "type": "string",
        "description": "Compressed public key, hex.",
        "pattern": "^0[23][0-9a-f]{64}$",
    });
    BapId as "BapId" => |_| json_schema!({
        "type": "string",
        "description": "BAP ID: base58 of 20 bytes.",
        "pattern": BAP_ID,
    });
    Timestamp as "Time" => |_| json_schema!({
        "type": "integer",
        "minimum": 0,
        "maximum": LAST_MOMENT,
        "description": "Milliseconds since 1970-01-01T00:00:00Z.",
    });
    access::ExpireTime as "ExpireTime" => |_| json_schema!({
        "type": "integer",
        "minimum": 0,
        "maximum": LAST_MOMENT,
        "description": "When the token ends, in milliseconds since 1970-01-01T00:00:00Z; 0 is never.",
    });
    Signature as "Signature" => |_| json_schema!({
        "type": "string",
        "description": "Compact recoverable signature of a Bitcoin Signed Message: base64 of 65 bytes.",
        "pattern": "^(G[w-z0-9+/]|H[A-Za-z0-9+/]|I[A-Za-v])[A-Za-z0-9+/]{84}[AEIMQUYcgkosw048]=$",
    });
    Scope as "Scope" => |_| json_schema!({
        "type": "string",
        "enum": Scope::ALL,
        "description": "One thing that an access token allows. `fund` and `transfer` are known for \
            older clients' sake and allow nothing here.",
    });
    Scopes => |generator| json_schema!({
        "type": "array",
        "items": generator.subschema_for::<Scope>(),
        "uniqueItems": true,
    });
    WishedScopes => |generator| json_schema!({
        "anyOf": [
            {"type": "array", "items": generator.subschema_for::<Scope>()},
            {
                "type": "string",
                "pattern": format!("^ *(({}) *(, *|$))*$", Scope::ALL.map(Scope::as_str).join("|")),
                "description": "With commas between.",
            },
            {"type": "null"},
        ],
    });
    Expiry => |_| json_schema!({
        "type": "string",
        "enum": ["once", "1h", "1d", "1w", "1m", "forever"],
    });
    Scheme => |_| json_schema!({"type": "string", "enum": ["brc77", "bsm"]});
    Encoding => |_| json_schema!({"type": "string", "enum": ["utf8", "hex", "base64"]});
    Password => |_| json_schema!({"type": "string", "format": "password"});
    Mnemonic => |_| json_schema!({"type": "string"});
    Seed => |_| json_schema!({"type": "string", "pattern": "^[0-9a-fA-F]{128}$"});
    Exposed => |_| json_schema!({"type": "string"});
    Success => |_| json_schema!({"type": "boolean", "const": true});
    error::ErrorCode => |_| json_schema!({"type": "integer", "enum": error::ErrorCode::ALL});
    HexText => |_| json_schema!({"type": "string", "pattern": HEX});
    CiphertextHex => |_| json_schema!({"type": "string", "pattern": "^([0-9a-f]{2})+$"});
    AnyPublicKey => |_| json_schema!({
        "type": "string",
        "pattern": "^(0[23][0-9a-fA-F]{64}|04[0-9a-fA-F]{128})$",
    });
    BapIdText => |_| json_schema!({"type": "string", "pattern": BAP_ID});
    ClaimedAddress => |_| json_schema!({
        "type": "string",
        "description": "P2PKH address, base58check.",
    });
    AipPushes => |generator| json_schema!({
        "type": "array",
        "prefixItems": [
            {"type": "string", "const": "BITCOIN_ECDSA"},
            generator.subschema_for::<Address>(),
            generator.subschema_for::<Signature>(),
        ],
        "items": false,
        "minItems": 3,
    });
    SealedBody as "SealedBody" => |_| json_schema!({
        "type": "object",
        "description": "What may be sent instead of any body.",
        "required": ["ciphertext"],
        "properties": {
            "ciphertext": {
                "type": "string",
                "description": "A whole JSON body, encrypted (BRC-78) to the key of \
                    `GET /api/session-key`; hex, lower case.",
                "pattern": "^42421033([0-9a-f]{2})+$",
            },
        },
    });
    profile::Profile as "Profile" => |generator| json_schema!({
        "type": "object",
        "description": "What is public of the primary identity: `displayName`, `paymail`, `logo` \
            and whatever else was stored. Empty where there is no wallet.",
        "properties": {
            "host": {"type": "string", "const": "global"},
            "bapID": generator.subschema_for::<BapId>(),
        },
    });
    ProfileChange as "ProfileChange" => |_| json_schema!({
        "type": "object",
        "description": "Fields to set; `null` removes one. `bapID` and `host` are derived and \
            cannot be set.",
        "properties": {"host": false, "bapID": false},
    });
    profile::State as "State" => |_| json_schema!({
        "type": "object",
        "description": "A host's own JSON object.",
        "properties": {},
    });
    crypto::Sign as "Sign" => |_| {
        let request = |title: &str, body: Value, encoding: Value| {
            let mut shape = json!({
                "type": "object",
                "title": title,
                "required": ["path"],
                "properties": {
                    "message": {"type": "null"},
                    "encoding": {
                        "type": ["string", "null"],
                        "enum": ["utf8", "hex", "base64", null],
                        "description": "How the text stands for bytes; `utf8` where absent.",
                    },
                    "path": {
                        "type": "string",
                        "pattern": PATH,
                        "description": "The path of the request that the token goes with. No `|` \
                            and no control characters.",
                    },
                    "body": body,
                    "bodyEncoding": encoding,
                    "signatureType": {
                        "type": ["string", "null"],
                        "enum": ["brc77", "bsm", null],
                        "description": "`brc77` where absent.",
                    },
                },
            });
            if shape["properties"]["bodyEncoding"].get("const").is_some() {
                shape["required"] = json!(["path", "bodyEncoding"]);
            }
            shape
        };
        let body = |how: &str, pattern: &str| {
            let description = format!("That request's body, in {how}.");
            json!({"type": ["string", "null"], "description": description, "pattern": pattern})
        };
        let mut shapes = encoded("message", "What is signed.", "");
        shapes.push(request(
            "Request",
            json!({"type": ["string", "null"], "description": "That request's body."}),
            json!({"type": ["string", "null"], "enum": ["utf8", null]}),
        ));
        shapes.push(request(
            "Request with a body in hex",
            body("hex", HEX),
            json!({"type": "string", "const": "hex"}),
        ));
        shapes.push(request(
            "Request with a body in base64",
            body("base64", BASE64),
            json!({"type": "string", "const": "base64"}),
        ));
        json_schema!({
            "type": "object",
            "description": "`message` is signed as a Bitcoin Signed Message; without it, `path` \
                and `body` as a bitcoin-auth token.",
            "properties": {
                "identityKey": {
                    "type": ["string", "null"],
                    "description": "Sign as this identity, by its BAP ID, instead of the host. The \
                        token must have been granted for it.",
                },
            },
            "anyOf": shapes,
        })
    };
    crypto::Verify as "Verify" => |generator| json_schema!({
        "type": "object",
        "required": ["address", "sig"],
        "properties": {
            "address": generator.subschema_for::<ClaimedAddress>(),
            "sig": generator.subschema_for::<Signature>(),
        },
        "anyOf": encoded("message", "What was signed.", ""),
    });
    crypto::Encrypt as "Encrypt" => |generator| {
        let mut shapes = encoded("message", "What is encrypted.", "");
        for mut shape in encoded("data", "What is encrypted.", " to a friend") {
            shape["properties"]["message"] = json!({"type": "null"});
            shapes.push(shape);
        }
        let friend = crypto::Friend::json_schema(generator);
        json_schema!({
            "type": "object",
            "description": "`message` is encrypted to the host's own key. Without it, `data` is: \
                to `theirPublicKey`, else to the own key for `friendBapId`, else to the host's.",
            "properties": friend.get("properties"),
            "anyOf": shapes,
        })
    };
}

/// The shapes of a text that `encoding` tells how to read.
fn encoded(name: &str, what: &str, whose: &str) -> Vec<Value> {
    let text = |how: &str| json!({"type": "string", "description": format!("{what} {how}.")});
    let shape = |title: &str, text: Value, encoding: Value| {
        json!({
            "type": "object",
            "title": format!("{title}{whose}"),
            "required": [name],
            "properties": {name: text, "encoding": encoding},
        })
    };
    let strict = |title: &str, how: &str, pattern: &str, encoding: &str| {
        let mut text = text(how);
        text["pattern"] = pattern.into();
        let mut shape = shape(title, text, json!({"type": "string", "const": encoding}));
        shape["required"] = json!([name, "encoding"]);
        shape
    };
    vec![
        shape(
            "UTF-8",
            text("As text"),
            json!({"type": ["string", "null"], "enum": ["utf8", null]}),
        ),
        strict("Hex", "In hex", HEX, "hex"),
        strict(
            "Base64",
            "In base64 (RFC 4648, with padding)",
            BASE64,
            "base64",
        ),
    ]
}

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
        crypto::Sign,
        crypto::SignAip,
        crypto::Verify,
        crypto::Encrypt,
        crypto::Decrypt,
        crypto::FriendPublicKey,
    )>(&mut requests);
    ask_for::<(identity::NewIdentity, ProfileChange, SealedBody)>(&mut requests);
    let mut answers = settings().for_serialize().into_generator();
    ask_for::<(
        wallet::Done,
        wallet::Exported,
        wallet::Status,
        access::Granted,
        crypto::Signed,
        crypto::SignedAip,
        crypto::Verified,
        crypto::Encrypted,
        crypto::Decrypted,
        crypto::FriendPublicKeyIs,
    )>(&mut answers);
    ask_for::<(
        identity::Identities,
        identity::CreatedIdentity,
        profile::Profile,
        profile::State,
        server::Health,
        server::SessionKey,
        error::ErrorAnswer,
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
fn tidy(schema: &mut Value) {
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
fn laid_out(value: &Value, indent: usize) -> String {
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
