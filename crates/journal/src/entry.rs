//! An entry: the envelope around an event, and its exact bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

use domain::event::Event;
use domain::{CommandId, PersonId, TillId};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

/// Everything about an entry but what happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryMeta {
    /// The shop's short id.
    pub shop: String,
    /// Rises when a shop is restored from a backup.
    pub incarnation: u32,
    /// Number in the journal, from 1, without gaps.
    pub seq: u64,
    /// The machine's wall clock, cut to milliseconds in the bytes; orders nothing.
    pub at: Timestamp,
    /// The till it happened at; none for the shop as a whole.
    pub till: Option<TillId>,
    /// Who did it; none for the program itself.
    pub person: Option<PersonId>,
    /// The command that made it, unique for ever.
    pub command: CommandId,
}

/// Why bytes are no entry.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// Not one JSON object with exactly the fields of the envelope.
    #[error("the entry's envelope cannot be read")]
    Envelope(#[source] serde_json::Error),
    /// A version of the envelope that this program does not know.
    #[error("the entry is of version {0}, which this program does not know")]
    Version(u64),
    /// The event has no JSON form.
    #[error("the event cannot be written as JSON")]
    Write(#[source] serde_json::Error),
    /// The kind is not a plain word.
    #[error("the entry's kind is not a word")]
    Kind,
    /// The kind is not known, or its body has another shape.
    #[error("the body of an entry of kind {kind} cannot be read")]
    Body {
        /// The kind as it stands there.
        kind: String,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

/// The bytes of an entry: one JSON object, fields always in the same order, no white space.
///
/// `{"v":1,"shop":…,"incarnation":…,"seq":…,"at":"2026-11-23T13:07:12.482Z","till":…,"person":…,
/// "command":"uuid","kind":…,"body":{…}}`; `till` and `person` are left out when there is none.
///
/// Errs only for an event that has no JSON form, which no kind in use can be.
pub fn encode(meta: &EntryMeta, event: &Event) -> Result<String, JournalError> {
    let mut bytes = Vec::with_capacity(512);
    bytes.extend_from_slice(b"{\"v\":1,\"shop\":");
    serde_json::to_writer(&mut bytes, &meta.shop).map_err(JournalError::Write)?;
    let mut head = String::with_capacity(160);
    // Writing to a String cannot fail.
    let _ = write!(
        head,
        ",\"incarnation\":{},\"seq\":{},\"at\":\"{:.3}\"",
        meta.incarnation, meta.seq, meta.at
    );
    if let Some(till) = meta.till {
        let _ = write!(head, ",\"till\":{till}");
    }
    if let Some(person) = meta.person {
        let _ = write!(head, ",\"person\":{person}");
    }
    let _ = write!(head, ",\"command\":\"{}\"", meta.command);
    bytes.extend_from_slice(head.as_bytes());
    let body_at = bytes.len();
    serde_json::to_writer(&mut bytes, event).map_err(JournalError::Write)?;
    // The event is an object of its own, `{"kind":…,"body":…}`: its brace becomes the comma.
    if let Some(brace) = bytes.get_mut(body_at) {
        *brace = b',';
    }
    String::from_utf8(bytes).map_err(|_| JournalError::Kind)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<'a> {
    v: u64,
    #[serde(borrow)]
    shop: Cow<'a, str>,
    incarnation: u32,
    seq: u64,
    at: Timestamp,
    #[serde(default)]
    till: Option<TillId>,
    #[serde(default)]
    person: Option<PersonId>,
    command: CommandId,
    #[serde(borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    body: &'a RawValue,
}

/// Reads an entry. Strict on the envelope: an unknown field, a missing one or another version errs.
pub fn decode(bytes: &str) -> Result<(EntryMeta, Event), JournalError> {
    let (envelope, meta) = envelope(bytes)?;
    let Envelope { kind, body, .. } = envelope;
    if kind.is_empty() || !kind.bytes().all(|b| b.is_ascii_lowercase() || b == b'_') {
        return Err(JournalError::Kind);
    }
    let body = body.get();
    let mut whole = String::with_capacity(body.len().saturating_add(64));
    let _ = write!(whole, "{{\"kind\":\"{kind}\",\"body\":{body}}}");
    match serde_json::from_str(&whole) {
        Ok(event) => Ok((meta, event)),
        Err(source) => Err(JournalError::Body { kind: kind.into_owned(), source }),
    }
}

/// Reads the envelope alone.
pub(crate) fn decode_meta(bytes: &str) -> Result<EntryMeta, JournalError> {
    envelope(bytes).map(|(_, meta)| meta)
}

fn envelope(bytes: &str) -> Result<(Envelope<'_>, EntryMeta), JournalError> {
    let envelope: Envelope<'_> = serde_json::from_str(bytes).map_err(JournalError::Envelope)?;
    if envelope.v != 1 {
        return Err(JournalError::Version(envelope.v));
    }
    let meta = EntryMeta {
        shop: envelope.shop.clone().into_owned(),
        incarnation: envelope.incarnation,
        seq: envelope.seq,
        at: envelope.at,
        till: envelope.till,
        person: envelope.person,
        command: envelope.command,
    };
    Ok((envelope, meta))
}
