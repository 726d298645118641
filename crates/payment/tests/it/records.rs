//! A line that counts what goes over it – records of TLS, or pieces as they come – and can break before any of
//! them.

use std::sync::{Arc, Mutex};

use payment::line::Dial;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, ReadHalf, duplex, split};

use crate::kit::locked;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pieces {
    Records,
    AsTheyCome,
}

pub(crate) struct Line {
    pieces: Pieces,
    attach: Box<dyn Fn(DuplexStream) + Send + Sync>,
    /// The connection of that number breaks before that record; both from 1.
    breaks: Mutex<Option<(usize, usize)>>,
    /// Records of each connection.
    records: Arc<Mutex<Vec<usize>>>,
}

impl Line {
    /// To whoever takes the other end.
    pub(crate) fn to(
        pieces: Pieces,
        attach: impl Fn(DuplexStream) + Send + Sync + 'static,
    ) -> Arc<Self> {
        let (breaks, records) = (Mutex::default(), Arc::default());
        Arc::new(Self { pieces, attach: Box::new(attach), breaks, records })
    }

    /// Counts connections anew.
    pub(crate) fn begin_anew(&self, breaks: Option<(usize, usize)>) {
        *locked(&self.breaks) = breaks;
        locked(&self.records).clear();
    }

    /// Records of each connection since then.
    pub(crate) fn records(&self) -> Vec<usize> {
        locked(&self.records).clone()
    }
}

/// The end of the line that is dialled.
#[derive(Clone)]
pub(crate) struct Below(pub(crate) Arc<Line>);

impl Dial for Below {
    type Stream = DuplexStream;

    async fn dial(&self) -> std::io::Result<DuplexStream> {
        let Line { pieces, attach, breaks, records } = &*self.0;
        let number = {
            let mut records = locked(records);
            records.push(0);
            records.len()
        };
        let (till, inner) = duplex(64 * 1024);
        let (outer, at_terminal) = duplex(64 * 1024);
        attach(at_terminal);
        let breaks = locked(breaks).filter(|(at, _)| *at == number).map(|(_, before)| before);
        tokio::spawn(relay((inner, outer), *pieces, Arc::clone(records), number, breaks));
        Ok(till)
    }
}

/// Carries pieces between till and terminal, until it breaks.
async fn relay(
    (till, terminal): (DuplexStream, DuplexStream),
    pieces: Pieces,
    records: Arc<Mutex<Vec<usize>>>,
    number: usize,
    breaks: Option<usize>,
) {
    let (from_till, mut to_till) = split(till);
    let (from_terminal, mut to_terminal) = split(terminal);
    let (mut from_till, mut from_terminal) =
        (Side::new(from_till, pieces), Side::new(from_terminal, pieces));
    let (mut till_ended, mut terminal_ended) = (false, false);
    loop {
        let (is_till, record) = tokio::select! {
            biased;
            record = from_terminal.record(), if !terminal_ended => (false, record),
            record = from_till.record(), if !till_ended => (true, record),
            else => return,
        };
        let Some(record) = record else {
            // Half of the line is closed; the other may still say something.
            if is_till {
                till_ended = true;
                let _closed = to_terminal.shutdown().await;
            } else {
                terminal_ended = true;
                let _closed = to_till.shutdown().await;
            }
            continue;
        };
        let count = locked(&records).get_mut(number - 1).map(|count| {
            *count += 1;
            *count
        });
        if breaks.is_some() && breaks == count {
            return;
        }
        let to = if is_till { &mut to_terminal } else { &mut to_till };
        if to.write_all(&record).await.is_err() {
            return;
        }
    }
}

struct Side {
    from: ReadHalf<DuplexStream>,
    pieces: Pieces,
    bytes: Vec<u8>,
}

impl Side {
    fn new(from: ReadHalf<DuplexStream>, pieces: Pieces) -> Self {
        Self { from, pieces, bytes: Vec::new() }
    }

    /// The next piece; none at the end. May be dropped and asked anew.
    async fn record(&mut self) -> Option<Vec<u8>> {
        loop {
            if self.pieces == Pieces::AsTheyCome && !self.bytes.is_empty() {
                return Some(std::mem::take(&mut self.bytes));
            }
            if self.pieces == Pieces::Records
                && let Some(head) = self.bytes.get(3..5)
            {
                let whole = 5 + usize::from(u16::from_be_bytes([head[0], head[1]]));
                if self.bytes.len() >= whole {
                    let rest = self.bytes.split_off(whole);
                    return Some(std::mem::replace(&mut self.bytes, rest));
                }
            }
            if self.from.read_buf(&mut self.bytes).await.ok()? == 0 {
                return None;
            }
        }
    }
}
