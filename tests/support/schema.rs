//! Holds answers to `openapi.json`: the part of JSON Schema (2020-12) that it
//! uses, and a panic at any other, so that nothing is passed over.

use std::sync::OnceLock;

use regex::Regex;
use serde_json::Value;

use super::http::Answer;

pub(crate) fn contract() -> &'static Value {
    static CONTRACT: OnceLock<Value> = OnceLock::new();
    CONTRACT.get_or_init(|| {
        serde_json::from_str(include_str!("../../src/server/api/openapi.json")).unwrap()
    })
}

/// The operation that answers, if there is one; older clients leave out the
/// prefix.
pub(crate) fn operation(method: &str, path: &str) -> Option<&'static Value> {
    let paths = &contract()["paths"];
    let path = match paths.get(path) {
        Some(path) => path,
        None => paths.get(format!("/api{path}"))?,
    };
    path.get(method.to_lowercase())
}

/// Whether a path is one of the pages or OAuth endpoints.
pub(crate) fn is_web(path: &str) -> bool {
    let methods = contract()["paths"][path].as_object();
    let mut operations = methods
        .into_iter()
        .flatten()
        .map(|(_, operation)| operation);
    operations.any(|operation| matches!(operation["tags"][0].as_str(), Some("OAuth" | "Pages")))
}

/// What the contract says of an answer: its operation's, or, where there is
/// no such operation, what holds for all.
pub(crate) fn check_answer(method: &str, path: &str, answer: &Answer) -> Result<(), String> {
    let status = answer.status.to_string();
    let response = match operation(method, path) {
        Some(operation) => {
            let responses = &operation["responses"];
            let of_its_kind = || responses.get(format!("{}XX", &status[..1]));
            let other = || responses.get("default").filter(|_| answer.status >= 400);
            responses
                .get(&status)
                .or_else(of_its_kind)
                .or_else(other)
                .ok_or_else(|| format!("{status} is not in the contract"))?
        }
        None => &contract()["components"]["responses"][match answer.status {
            400 => "Malformed",
            403 => "Refused",
            404 => "NotFound",
            405 if is_web(path) => "OAuthWrongMethod",
            405 => "MethodNotAllowed",
            415 => "NotJson",
            421 => "Misdirected",
            429 => "TooManyAttempts",
            _ => return Err(format!("{status} where there is no operation")),
        }],
    };
    let response = resolve(response);
    for (name, header) in response["headers"].as_object().into_iter().flatten() {
        if header["required"] == true && answer.header(name).is_none() {
            return Err(format!("the header {name} is missing"));
        }
    }
    let Some(media_type) = answer.header("Content-Type") else {
        let is_empty = response.get("content").is_none() && answer.body.is_empty();
        return is_empty.then_some(()).ok_or("no content type".to_owned());
    };
    let media_type = media_type.split(';').next().unwrap();
    let schema = &response["content"][media_type]["schema"];
    if !schema.is_object() {
        return Err(format!("{media_type} is not in the contract of {status}"));
    }
    match media_type {
        "application/json" => check(schema, &answer.json()),
        _ => check(schema, &answer.text().into()),
    }
}

pub(crate) fn resolve(value: &'static Value) -> &'static Value {
    resolve_in(contract(), value)
}

pub(crate) fn resolve_in(document: &'static Value, mut value: &'static Value) -> &'static Value {
    while let Some(pointer) = value.get("$ref") {
        let pointer = pointer.as_str().unwrap().strip_prefix('#').unwrap();
        value = document.pointer(pointer).unwrap();
    }
    value
}

/// Whether a value is what a schema of the contract says.
pub(crate) fn check(schema: &'static Value, value: &Value) -> Result<(), String> {
    check_in(contract(), schema, value)
}

/// The same, of a schema in another document.
pub(crate) fn check_in(
    document: &'static Value,
    schema: &'static Value,
    value: &Value,
) -> Result<(), String> {
    let check = |schema, value: &Value| check_in(document, schema, value);
    let schema = resolve_in(document, schema);
    let keywords = match schema {
        Value::Bool(true) => return Ok(()),
        Value::Bool(false) => return Err(format!("{value} must not be there")),
        schema => schema.as_object().unwrap(),
    };
    for (keyword, rule) in keywords {
        if !holds(document, keyword, rule, value, schema) {
            return Err(format!("{value} breaks `{keyword}`: {rule}"));
        }
    }
    let fields = keywords.get("properties").and_then(Value::as_object);
    if let Some(object) = value.as_object() {
        for (name, value) in object {
            match fields.and_then(|fields| fields.get(name)) {
                Some(schema) => check(schema, value).map_err(|why| format!("{name}: {why}"))?,
                None if keywords.get("additionalProperties") == Some(&Value::Bool(false)) => {
                    return Err(format!("{name} is not in the contract"));
                }
                None => {}
            }
        }
    }
    Ok(())
}

fn holds(
    document: &'static Value,
    keyword: &str,
    rule: &'static Value,
    value: &Value,
    schema: &'static Value,
) -> bool {
    let check = |schema, value: &Value| check_in(document, schema, value);
    let length = || value.as_str().map(|text| text.chars().count() as u64);
    let items = || value.as_array().map(|items| items.len() as u64);
    let at_least = |n: Option<u64>| n.is_none_or(|n| n >= rule.as_u64().unwrap());
    let at_most = |n: Option<u64>| n.is_none_or(|n| n <= rule.as_u64().unwrap());
    let passes = |schema: &&'static Value| check(schema, value).is_ok();
    let schemas = || rule.as_array().unwrap().iter();
    match keyword {
        "title" | "description" | "default" | "properties" | "additionalProperties" => true,
        "type" => match rule {
            Value::Array(types) => types.iter().any(|one| is_type(one, value)),
            one => is_type(one, value),
        },
        "const" => value == rule,
        "enum" => rule.as_array().unwrap().contains(value),
        "required" => value.as_object().is_none_or(|object| {
            let mut names = rule.as_array().unwrap().iter();
            names.all(|name| object.contains_key(name.as_str().unwrap()))
        }),
        "minLength" => at_least(length()),
        "maxLength" => at_most(length()),
        "minItems" => at_least(items()),
        "maxItems" => at_most(items()),
        "minimum" => at_least(value.as_u64()) && value.as_i64().is_none_or(|n| n >= 0),
        "maximum" => at_most(value.as_u64()),
        "uniqueItems" => value.as_array().is_none_or(|items| {
            let mut rest = items.iter();
            std::iter::from_fn(|| rest.next().map(|item| (item, rest.clone())))
                .all(|(item, mut rest)| !rest.any(|other| other == item))
        }),
        "pattern" => value
            .as_str()
            .is_none_or(|text| Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)),
        "format" => value.as_str().is_none_or(|text| match rule.as_str() {
            Some("uri") => url::Url::parse(text).is_ok(),
            Some("uuid") => text.len() == 36 && uuid::Uuid::parse_str(text).is_ok(),
            Some("password") => true,
            _ => panic!("the format {rule} is not known here"),
        }),
        "prefixItems" => value
            .as_array()
            .is_none_or(|items| schemas().zip(items).all(|(s, item)| check(s, item).is_ok())),
        "items" => value.as_array().is_none_or(|items| {
            let before = schema["prefixItems"].as_array().map_or(0, Vec::len);
            let mut rest = items.iter().skip(before);
            rest.all(|item| check(rule, item).is_ok())
        }),
        "allOf" => schemas().all(|schema| passes(&schema)),
        "anyOf" => schemas().any(|schema| passes(&schema)),
        "oneOf" => schemas().filter(passes).count() == 1,
        _ => panic!("the keyword {keyword} is not known here"),
    }
}

fn is_type(name: &Value, value: &Value) -> bool {
    match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "null" => value.is_null(),
        other => panic!("the type {other} is not known here"),
    }
}

/// Whether what a command printed with `--json` is what `tokenpass help json`
/// says of it.
pub(crate) fn check_output(args: &[String], printed: &Value) -> Result<(), String> {
    check_printed(&command_of(args), printed)
}

/// Whether an error is what `tokenpass help json` says of one.
pub(crate) fn check_error(printed: &Value) -> Result<(), String> {
    check_printed("error", printed)
}

fn check_printed(name: &str, printed: &Value) -> Result<(), String> {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    let schema = SCHEMA.get_or_init(|| {
        serde_json::from_str(include_str!("../../src/cli/help/output.schema.json")).unwrap()
    });
    match schema["$defs"].get(name) {
        Some(command) => check_in(schema, command, printed),
        None => Err(format!("`{name}` is not in the schema")),
    }
}

/// The words of the command that these arguments name, with `-` between.
fn command_of(args: &[String]) -> String {
    let root = tokenpass::testing::cli::command();
    let mut command = &root;
    let mut names = Vec::new();
    for arg in args {
        if let Some(below) = command.find_subcommand(arg) {
            command = below;
            names.push(below.get_name());
        }
    }
    // The parts of `op-return` print the same.
    names.truncate(2);
    names.join("-")
}
