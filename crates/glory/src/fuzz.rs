//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests.

use crate::engine::{Packet, decode};
use crate::message::read;
use crate::session::{Login, Outcome, Session, Step, Wanted};
use crate::websocket::{Frame, Reader, head};

/// Bytes as a WebSocket, as packets, as XML. Claims that it returns.
pub fn bytes(bytes: &[u8]) {
    let _ = head(bytes);
    let _ = read(bytes);
    let _ = decode(&String::from_utf8_lossy(bytes));
    let _ = Reader::default().push(bytes);
}

/// Bytes as what a machine says in a payment. How many outcomes came of it: one at most, and none says "paid" with figures that do
/// not come to the amount.
pub fn session(bytes: &[u8]) -> usize {
    let mut session = Session::new(Wanted::Pay { amount: 500, number: 7 }, Login::default());
    let mut outcomes: usize = 0;
    let mut steps = session.packet(&Packet::Connect);
    let Ok(frames) = Reader::default().push(bytes) else { return 0 };
    for frame in frames {
        steps.extend(match frame {
            Frame::Text(text) => session.packet(&decode(&text)),
            Frame::Binary(said) => session.binary(&said),
            _ => Vec::new(),
        });
        for step in steps.drain(..) {
            match step {
                Step::Outcome(Outcome::Paid { inserted, dispensed, .. }) => {
                    let right = inserted.checked_sub(dispensed) == Some(500);
                    outcomes = outcomes.saturating_add(if right { 1 } else { 2 });
                }
                Step::Outcome(_) => outcomes = outcomes.saturating_add(1),
                _ => {}
            }
        }
        steps.extend(session.go());
    }
    outcomes
}
