//! What is asked of a simulated unit over HTTP.

use hyper::Method;
use serde_json::Value;

pub(super) struct Asked<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) body: Value,
}

impl Asked<'_> {
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        self.query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.body.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn page<T>(&self, all: impl Iterator<Item = T>) -> Vec<T> {
        let number = |name| self.query(name).and_then(|text| text.parse::<usize>().ok());
        let limit = number("limit").unwrap_or(100).min(100);
        all.skip(number("offset").unwrap_or(0)).take(limit).collect()
    }
}
