//! Two documents of settings or of an item, field by field: what differs, in words.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::changes::FieldChange;
use super::words::Words;

/// Fields with their values in words, by the place at which they are shown.
type Flat = BTreeMap<(usize, String), String>;

/// What differs between two documents. Parts of lists are told apart by what identifies them, not by their place.
pub(super) fn differences(
    words: &Words,
    before: Option<&Value>,
    now: Option<&Value>,
) -> Vec<FieldChange> {
    let flat = |document: Option<&Value>| {
        let mut flat = BTreeMap::new();
        if let Some(document) = document {
            flatten(words, document, &[], &mut flat);
        }
        flat
    };
    let (before, now): (Flat, Flat) = (flat(before), flat(now));
    let fields = before.keys().chain(now.keys().filter(|field| !before.contains_key(field)));
    let mut fields: Vec<&(usize, String)> = fields.collect();
    fields.sort();
    fields
        .into_iter()
        .filter(|field| before.get(field) != now.get(field))
        .map(|field| FieldChange {
            field: field.1.clone(),
            from: before.get(field).cloned(),
            to: now.get(field).cloned(),
        })
        .collect()
}

/// What tells the parts of a list apart.
const IDENTITIES: [&str; 6] = ["id", "till", "unit", "terminal", "currency", "key"];
/// What an account of the books is for. Its "key" is DATEV's, which many have, and tells none apart.
const PURPOSE: &str = "purpose";

fn flatten(words: &Words, value: &Value, path: &[(String, String)], flat: &mut Flat) {
    let at = |key: &str, part: String| {
        let mut longer = path.to_vec();
        longer.push((key.to_owned(), part));
        longer
    };
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(words, value, &at(key, String::new()), flat);
            }
        }
        Value::Array(parts) if parts.iter().any(Value::is_object) => {
            let key = path.last().map(|(key, _)| key.clone()).unwrap_or_default();
            let within = path.get(..path.len().saturating_sub(1)).unwrap_or_default();
            let mut seen = BTreeSet::new();
            for (place, part) in (1..).zip(parts) {
                let mut longer = within.to_vec();
                let mut of = identity(words, part, place);
                // Of two parts under one name a change would vanish.
                if !seen.insert(of.clone()) {
                    of = format!("{of} ({place})");
                }
                longer.push((key.clone(), of));
                flatten(words, &without_identity(part), &longer, flat);
            }
        }
        Value::Null => {}
        // What says nothing is as good as not there.
        Value::Array(parts) if parts.is_empty() => {}
        Value::String(text) if text.is_empty() => {}
        value => {
            let keys: Vec<&str> = path.iter().map(|(key, _)| key.as_str()).collect();
            let names = path.iter().map(|(key, part)| {
                let name = words.field(key);
                if part.is_empty() { name } else { format!("{name} {part}") }
            });
            let place = words.place(keys.first().copied().unwrap_or_default());
            let name = names.collect::<Vec<_>>().join(" · ");
            flat.insert((place, name), words.value(&keys, value));
        }
    }
}

/// What a part is called by already is not told of it once more.
fn without_identity(part: &Value) -> Value {
    let Value::Object(fields) = part else { return part.clone() };
    if fields.contains_key(PURPOSE) {
        return part.clone();
    }
    let mut rest = fields.clone();
    if let Some(key) = IDENTITIES.iter().find(|key| fields.contains_key(**key)) {
        rest.remove(*key);
        if fields.contains_key("rate") {
            rest.remove("from");
        }
    }
    Value::Object(rest)
}

fn identity(words: &Words, part: &Value, place: usize) -> String {
    let text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    };
    if part.get(PURPOSE).is_some() {
        let parts = [PURPOSE, "tax", "rate", "reason"].into_iter();
        let said = parts.filter_map(|key| {
            part.get(key)
                .filter(|value| !value.is_null())
                .map(|v| words.value(&["accounts", key], v))
        });
        return said.collect::<Vec<_>>().join(", ");
    }
    let found = IDENTITIES.iter().find_map(|key| part.get(*key).map(text));
    let of = found.unwrap_or_else(|| place.to_string());
    // A rate of a key, and a foreign currency's, is one from a date on.
    match part.get("from").and_then(Value::as_str) {
        Some(from) if part.get("rate").is_some() => {
            let from = from.split('T').next().unwrap_or(from);
            format!("{of}, {}", words.text_date(from))
        }
        _ => of,
    }
}
