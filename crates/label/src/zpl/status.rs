//! How a printer is (`~HS`): three strings of figures between STX and ETX.
//!
//! Source: ZPL II Programming Guide, ~HS. The papers say that some printers do not answer at all while they lack labels or their head
//! is open: silence is no sign that nothing is there.

use std::fmt::Write as _;

/// What asks for it.
pub const ASK: &[u8] = b"~HS";
/// Longer is no answer.
const LONGEST: usize = 1_024;
const STX: u8 = 2;
const ETX: u8 = 3;

/// How a printer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// No labels.
    pub paper_out: bool,
    /// No ribbon.
    pub ribbon_out: bool,
    /// The print head is up, the cover open.
    pub head_open: bool,
    /// Somebody paused it.
    pub paused: bool,
    /// Too hot or too cold to print.
    pub temperature: bool,
    /// It takes nothing more for the moment.
    pub buffer_full: bool,
    /// It is in the middle of a label's commands.
    pub partial: bool,
    /// Labels that wait in its memory.
    pub formats: u32,
    /// Copies that are still to be printed.
    pub left: u32,
}

/// Why a printer does not print.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Problem {
    /// No labels.
    PaperOut,
    /// No ribbon.
    RibbonOut,
    /// The print head is up.
    HeadOpen,
    /// Paused.
    Paused,
    /// Too hot or too cold.
    Temperature,
}

impl Status {
    /// What keeps it from printing; the worst first.
    #[must_use]
    pub const fn problem(self) -> Option<Problem> {
        if self.head_open {
            Some(Problem::HeadOpen)
        } else if self.paper_out {
            Some(Problem::PaperOut)
        } else if self.ribbon_out {
            Some(Problem::RibbonOut)
        } else if self.temperature {
            Some(Problem::Temperature)
        } else if self.paused {
            Some(Problem::Paused)
        } else {
            None
        }
    }

    /// All that it was sent came out.
    #[must_use]
    pub const fn is_done(self) -> bool {
        self.formats == 0 && self.left == 0 && !self.partial
    }

    /// As a printer says it, for the simulator.
    #[must_use]
    pub fn said(self) -> Vec<u8> {
        let flag = u8::from;
        let mut text = String::new();
        let _ = write!(
            text,
            "\u{2}030,{},{},0400,{:03},{},0,{},000,0,0,{}\u{3}\r\n",
            flag(self.paper_out),
            flag(self.paused),
            self.formats.min(999),
            flag(self.buffer_full),
            flag(self.partial),
            flag(self.temperature)
        );
        let _ = write!(
            text,
            "\u{2}000,0,{},{},0,2,4,0,{:08},1,000\u{3}\r\n",
            flag(self.head_open),
            flag(self.ribbon_out),
            self.left.min(99_999_999)
        );
        text.push_str("\u{2}1234,0\u{3}\r\n");
        text.into_bytes()
    }
}

/// What came back so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Not all of it yet.
    More,
    /// All of it.
    Status(Status),
    /// Something else.
    Garbage,
}

/// Reads an answer, from its first byte on.
#[must_use]
pub fn read(bytes: &[u8]) -> Answer {
    let mut strings: Vec<&[u8]> = Vec::new();
    let mut rest = bytes;
    while strings.len() < 3 {
        // Line ends stand between them.
        let begins = rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n'));
        let Some((first, inside)) =
            begins.and_then(|at| rest.get(at..)).and_then(|r| r.split_first())
        else {
            return more(bytes);
        };
        if *first != STX {
            return Answer::Garbage;
        }
        let Some(ends) = inside.iter().position(|byte| *byte == ETX) else { return more(bytes) };
        strings.push(inside.get(..ends).unwrap_or_default());
        rest = inside.get(ends.saturating_add(1)..).unwrap_or_default();
    }
    match strings.as_slice() {
        [first, second, _] => figures(first, second).map_or(Answer::Garbage, Answer::Status),
        _ => Answer::Garbage,
    }
}

fn more(bytes: &[u8]) -> Answer {
    if bytes.len() > LONGEST { Answer::Garbage } else { Answer::More }
}

fn figures(first: &[u8], second: &[u8]) -> Option<Status> {
    let split = |bytes: &[u8]| -> Option<Vec<u32>> {
        let text = std::str::from_utf8(bytes).ok()?;
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        text.split(',').map(|part| if digits(part) { part.parse().ok() } else { None }).collect()
    };
    let (first, second) = (split(first)?, split(second)?);
    let (
        &[_, paper, paused, _, formats, full, _, partial, _, _, under, over],
        &[_, _, head, ribbon, _, _, _, _, left, _, _],
    ) = (first.as_slice(), second.as_slice())
    else {
        return None;
    };
    let flag = |figure: u32| match figure {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    Some(Status {
        paper_out: flag(paper)?,
        ribbon_out: flag(ribbon)?,
        head_open: flag(head)?,
        paused: flag(paused)?,
        temperature: flag(under)? || flag(over)?,
        buffer_full: flag(full)?,
        partial: flag(partial)?,
        formats,
        left,
    })
}
