//! What lies within the WebSocket: packets of Engine.IO 3 with events of socket.io 2 in them.

use serde_json::Value;

/// Where the machine waits for a WebSocket.
pub const PATH: &str = "/socket.io/?transport=websocket&EIO=3";

/// A packet.
#[derive(Debug, Clone, PartialEq)]
pub enum Packet {
    /// The machine begins; it wants a ping every so many milliseconds.
    Open {
        /// Milliseconds from one ping to the next.
        ping_interval: u64,
    },
    /// The other side ends.
    Close,
    /// Is anybody there?
    Ping,
    /// Yes.
    Pong,
    /// Events may be sent from now on.
    Connect,
    /// An event, by its name, with what comes along.
    Event(String, Vec<Value>),
    /// Something that says nothing here.
    Other,
}

/// Reads a packet; what nobody knows says nothing.
#[must_use]
pub fn decode(text: &str) -> Packet {
    let mut letters = text.chars();
    match letters.next() {
        Some('0') => {
            let said: Value = serde_json::from_str(letters.as_str()).unwrap_or_default();
            let interval = said.get("pingInterval").and_then(Value::as_u64).unwrap_or(25_000);
            Packet::Open { ping_interval: interval.clamp(1_000, 60_000) }
        }
        Some('1') => Packet::Close,
        Some('2') => Packet::Ping,
        Some('3') => Packet::Pong,
        Some('4') => match letters.next() {
            Some('0') => Packet::Connect,
            Some('1') => Packet::Close,
            Some('2') => event(letters.as_str()),
            _ => Packet::Other,
        },
        _ => Packet::Other,
    }
}

fn event(json: &str) -> Packet {
    let Ok(Value::Array(mut parts)) = serde_json::from_str(json) else { return Packet::Other };
    if parts.is_empty() {
        return Packet::Other;
    }
    match parts.remove(0) {
        Value::String(name) => Packet::Event(name, parts),
        _ => Packet::Other,
    }
}

/// Writes a packet.
#[must_use]
pub fn encode(packet: &Packet) -> String {
    match packet {
        Packet::Open { ping_interval } => {
            let open = serde_json::json!({
                "sid": "simulator", "upgrades": [], "pingInterval": ping_interval, "pingTimeout": 60_000,
            });
            format!("0{open}")
        }
        Packet::Close => "1".to_owned(),
        Packet::Ping => "2".to_owned(),
        Packet::Pong => "3".to_owned(),
        Packet::Connect => "40".to_owned(),
        Packet::Event(name, parts) => {
            let mut all = vec![Value::String(name.clone())];
            all.extend(parts.iter().cloned());
            format!("42{}", Value::Array(all))
        }
        Packet::Other => "6".to_owned(),
    }
}
