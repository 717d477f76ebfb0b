//! The schemas that are written by hand.

use schemars::generate::SchemaGenerator;
use schemars::{JsonSchema, Schema, json_schema};
use serde_json::{Value, json};

use crate::crypto::auth_token::Scheme;
use crate::crypto::bsm::Signature;
use crate::crypto::encoding::Encoding;
use crate::crypto::keys::{Address, PublicKey};
use crate::crypto::mnemonic::{Mnemonic, Seed};
use crate::crypto::secret::Password;
use crate::identity::BapId;
use crate::transaction::TransactionForm;
use crate::wallet::{Expiry, Host, Satoshis, Scope, Scopes, Timestamp};
use crate::wire::proof::{Nonce, Proof};
use crate::wire::{Exposed, Success, access, encrypt, error, profile, sign};

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
pub(in crate::wire) struct HexText;
/// What `encrypt` answers.
pub(in crate::wire) struct CiphertextHex;
/// A public key in either form.
pub(in crate::wire) struct AnyPublicKey;
/// A BAP ID where `null` may stand instead.
pub(in crate::wire) struct BapIdText;
/// A transaction's id.
pub(in crate::wire) struct TxidText;
/// An amount of coins, or all that there are.
pub(in crate::wire) struct AmountOrAll;
/// The three pushes of an AIP signature.
pub(in crate::wire) struct AipPushes;
/// Scopes as they may be asked for.
pub(in crate::wire) struct WishedScopes;
/// An address that need not be one of a known form to be refused.
struct ClaimedAddress;
/// What may be sent instead of any body.
pub(super) struct SealedBody;
/// A change of the profile.
pub(super) struct ProfileChange;

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
        "description": "One thing that an access token allows. `fund` completes transactions with the \
            coins at the host's own address, `transfer` sends them.",
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
    Satoshis as "Satoshis" => |_| json_schema!({
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": u64::MAX},
            {"type": "string", "pattern": "^[0-9]+$"},
        ],
        "description": "A whole number of satoshis below 2^64, as a number or a string of digits. \
            Answers write numbers up to 2^53 - 1, strings beyond.",
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
    Nonce => |_| json_schema!({"type": "string", "pattern": "^[0-9a-fA-F]{64}$"});
    Proof => |_| json_schema!({"type": "string", "pattern": "^[0-9a-fA-F]{64}$"});
    HexText => |_| json_schema!({"type": "string", "pattern": HEX});
    CiphertextHex => |_| json_schema!({"type": "string", "pattern": "^([0-9a-f]{2})+$"});
    AnyPublicKey => |_| json_schema!({
        "type": "string",
        "pattern": "^(0[23][0-9a-fA-F]{64}|04[0-9a-fA-F]{128})$",
    });
    TxidText => |_| json_schema!({"type": "string", "pattern": "^[0-9a-fA-F]{64}$"});
    AmountOrAll => |_| json_schema!({
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": u64::MAX},
            {"type": "string", "pattern": "^([0-9]+|all)$"},
        ],
    });
    TransactionForm => |_| json_schema!({"type": "string", "enum": TransactionForm::ALL.map(TransactionForm::as_str)});
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
    sign::Sign<'_> as "Sign" => |_| {
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
    sign::Verify<'_> as "Verify" => |generator| json_schema!({
        "type": "object",
        "required": ["address", "sig"],
        "properties": {
            "address": generator.subschema_for::<ClaimedAddress>(),
            "sig": generator.subschema_for::<Signature>(),
        },
        "anyOf": encoded("message", "What was signed.", ""),
    });
    encrypt::Encrypt<'_> as "Encrypt" => |generator| {
        let mut shapes = encoded("message", "What is encrypted.", "");
        for mut shape in encoded("data", "What is encrypted.", " to a friend") {
            shape["properties"]["message"] = json!({"type": "null"});
            shapes.push(shape);
        }
        let friend = encrypt::Friend::json_schema(generator);
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
