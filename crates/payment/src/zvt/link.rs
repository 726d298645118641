//! One connection: packets put together from bytes, the session that runs on it, and what it shows and
//! prints on the way.

use ::zvt::apdu::Decoder;
use ::zvt::codes::{ResultCode, intermediate_name};
use ::zvt::command::Command;
use ::zvt::known::Known;
use ::zvt::message::{Intermediate, PrintLine};
use ::zvt::session::{Ending, Output as Said, Session, Timer};
use ::zvt::status::StatusInformation;
use ::zvt::text::Charset;

use crate::clean;
use crate::driver::{Bytes, Output, Progress, Slips};

/// Longest packet that is taken, bytes: a receipt as one block.
const PACKET_MAX: usize = 16 * 1024;
/// Most packets of one session: a terminal that speaks on and on is not one.
const PACKETS_MAX: u32 = 2_000;
/// Most lines of a receipt, and most characters of a line.
const LINES_MAX: usize = 300;
const COLUMNS_MAX: usize = 80;
/// Most characters of a text for the cashier.
pub(super) const TEXT_MAX: usize = 200;
/// From here on an attribute ends a receipt, but for [`FEED`].
const LAST_LINE: u8 = 0x80;
const FEED: u8 = 0xff;

/// What a conversation must decide.
pub(super) enum Event {
    /// Answer it by [`Link::answer`].
    Outcome(Box<StatusInformation>),
    /// The session is over.
    Ended(Box<Ending>),
}

pub(super) struct Link {
    decoder: Decoder,
    session: Option<Session>,
    timer: Option<Timer>,
    /// An outcome waits for its answer; nothing is read meanwhile.
    storing: bool,
    /// How much longer than the protocol says everything may take, milliseconds.
    slack: u32,
    packets: u32,
    slips: Slips,
    /// Receipts that are neither the customer's nor of a payment.
    admin: Vec<String>,
}

impl Link {
    pub(super) fn new(slack: u32) -> Self {
        Self {
            slack,
            decoder: Decoder::new(PACKET_MAX),
            session: None,
            timer: None,
            storing: false,
            packets: 0,
            slips: Slips::default(),
            admin: Vec::new(),
        }
    }

    /// Begins a session. A command that cannot be written is one that was not taken.
    pub(super) fn begin(
        &mut self,
        command: Command,
        known: Known,
        out: &mut Vec<Output>,
    ) -> Option<Event> {
        (self.packets, self.storing) = (0, false);
        match Session::begin(command, known, Charset::default()) {
            Ok((session, said)) => {
                self.session = Some(session);
                self.obey(said, out)
            }
            Err(_) => {
                let code = ResultCode::IMPOSSIBLE;
                Some(Event::Ended(Box::new(Ending::Refused { code, detail: None })))
            }
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.decoder.push(bytes);
    }

    /// Reads on until something must be decided, or nothing is left.
    pub(super) fn read(&mut self, out: &mut Vec<Output>) -> Option<Event> {
        while !self.storing
            && let Some(session) = self.session.as_mut()
        {
            let said = match self.decoder.next_packet() {
                Ok(None) => return None,
                Ok(Some(packet)) if self.packets < PACKETS_MAX => {
                    self.packets += 1;
                    session.on_packet(&packet)
                }
                Ok(Some(_)) | Err(_) => session.on_garbage(),
            };
            if let Some(event) = self.obey(said, out) {
                return Some(event);
            }
        }
        None
    }

    /// The answer to an outcome.
    pub(super) fn answer(&mut self, stored: bool, out: &mut Vec<Output>) -> Option<Event> {
        self.storing = false;
        let session = self.session.as_mut()?;
        let said = if stored { session.acknowledge_stored() } else { session.reject_not_stored() };
        self.obey(said, out)
    }

    pub(super) fn timeout(&mut self, out: &mut Vec<Output>) -> Option<Event> {
        let said = self.session.as_mut()?.on_timeout(self.timer?);
        self.obey(said, out)
    }

    pub(super) fn closed(&mut self, out: &mut Vec<Output>) -> Option<Event> {
        let said = self.session.as_mut()?.on_closed();
        self.obey(said, out)
    }

    pub(super) fn abort(&mut self, out: &mut Vec<Output>) -> Option<Event> {
        let said = self.session.as_mut()?.abort();
        self.obey(said, out)
    }

    /// What was printed for customer and shop.
    pub(super) fn take_slips(&mut self) -> Slips {
        std::mem::take(&mut self.slips)
    }

    /// Everything that was printed.
    pub(super) fn take_lines(&mut self) -> Vec<String> {
        let Slips { customer, merchant } = self.take_slips();
        customer.into_iter().chain(merchant).chain(std::mem::take(&mut self.admin)).collect()
    }

    /// A session says at most one thing that must be decided, and that last.
    fn obey(&mut self, said: Vec<Said>, out: &mut Vec<Output>) -> Option<Event> {
        let mut event = None;
        for said in said {
            match said {
                Said::Send(wire) => out.push(Output::Send(Bytes(wire.0))),
                Said::StartTimer { timer, millis } => {
                    self.timer = Some(timer);
                    let after = millis.saturating_add(self.slack);
                    out.push(Output::StartTimer { after, pause: false });
                }
                Said::Status(status) => out.push(Output::Progress(progress(&status))),
                Said::PrintLine(line) => keep(&mut self.slips.customer, &line),
                Said::PrintBlock(block) => {
                    let kept = match block.receipt_type {
                        Some(1) => &mut self.slips.merchant,
                        Some(3) => &mut self.admin,
                        _ => &mut self.slips.customer,
                    };
                    block.lines.iter().for_each(|line| keep(kept, line));
                }
                Said::Outcome(status) => {
                    self.storing = true;
                    event = Some(Event::Outcome(status));
                }
                Said::Done(ending) => {
                    (self.session, self.timer) = (None, None);
                    event = Some(Event::Ended(ending));
                }
            }
        }
        event
    }
}

fn keep(lines: &mut Vec<String>, line: &PrintLine) {
    let only_cuts = line.text.is_empty() && (LAST_LINE..FEED).contains(&line.attribute);
    if !only_cuts && lines.len() < LINES_MAX {
        lines.push(clean::line(&line.text, COLUMNS_MAX));
    }
}

fn progress(status: &Intermediate) -> Progress {
    let text = clean::text(&status.lines.join(" "), TEXT_MAX);
    Progress { code: intermediate_name(status.code), text }
}
