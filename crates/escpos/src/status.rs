//! What a printer answers about itself: real-time status (`DLE EOT n`), automatic status back (ASB) and `GS r 1`.
//!
//! The level of drawer pin 3 says nothing by itself: drawers differ in polarity, and a printer without a wired switch
//! always answers the same level. Each till calibrates it; until then the drawer's state is unknown.

/// A question that the printer answers at once, even when it is off line: `DLE EOT n`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Query {
    /// n = 1
    Printer,
    /// n = 2
    Offline,
    /// n = 3
    Error,
    /// n = 4
    Paper,
}

impl Query {
    /// All four, in the order in which they are asked.
    pub const ALL: [Self; 4] = [Self::Printer, Self::Offline, Self::Error, Self::Paper];

    /// The bytes to send.
    #[must_use]
    pub fn bytes(self) -> [u8; 3] {
        [0x10, 0x04, self.number()]
    }

    /// 1 to 4.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::Printer => 1,
            Self::Offline => 2,
            Self::Error => 3,
            Self::Paper => 4,
        }
    }

    /// The query with this number.
    #[must_use]
    pub fn from_number(n: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|query| query.number() == n)
    }
}

/// The byte has not the fixed bits of a status answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAStatus;

impl std::fmt::Display for NotAStatus {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the byte has not the pattern of a printer status")
    }
}

impl std::error::Error for NotAStatus {}

/// The printer's state as far as it has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Status {
    /// Level of drawer pin 3; what it means is calibrated per till.
    pub drawer_pin_high: bool,
    /// Prints nothing for now.
    pub offline: bool,
    /// Waits to be put on line again.
    pub waiting_recovery: bool,
    /// The feed button is held.
    pub feed_button: bool,
    /// The cover is open.
    pub cover_open: bool,
    /// Feeds paper because of the button.
    pub feeding: bool,
    /// Stopped because the paper has ended.
    pub paper_stop: bool,
    /// Stopped by an error (see the next four).
    pub error: bool,
    /// A mechanical error that a person can clear.
    pub mechanical: bool,
    /// The cutter is stuck.
    pub cutter: bool,
    /// Needs service.
    pub unrecoverable: bool,
    /// Goes away by itself, e.g. a hot head.
    pub auto_recoverable: bool,
    /// The roll is nearly used up.
    pub near_end: bool,
    /// No paper.
    pub paper_end: bool,
}

/// Why a printer will not print, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Needs service.
    Unrecoverable,
    /// The cutter is stuck.
    Cutter,
    /// A mechanical error, e.g. a paper jam.
    Mechanical,
    /// The cover is open.
    CoverOpen,
    /// No paper.
    PaperEnd,
    /// The head is too hot; it goes on by itself.
    Hot,
    /// Off line or stopped for another reason.
    Offline,
}

fn bit(byte: u8, n: u8) -> bool {
    byte & (1 << n) != 0
}

fn bits(pairs: &[(bool, u8)]) -> u8 {
    pairs.iter().filter(|(on, _)| *on).fold(0, |byte, (_, mask)| byte | mask)
}

impl Status {
    /// Bits 0 and 7 are 0, bits 1 and 4 are 1 in every answer to `DLE EOT`; ASB and `GS r` differ in them.
    #[must_use]
    pub fn is_answer(byte: u8) -> bool {
        byte & 0x93 == 0x12
    }

    /// Takes in the answer to one query; errs when the byte is no such answer, and then changes nothing.
    ///
    /// # Errors
    /// [`NotAStatus`] when the fixed bits are wrong.
    pub fn take_answer(&mut self, query: Query, byte: u8) -> Result<(), NotAStatus> {
        if !Self::is_answer(byte) {
            return Err(NotAStatus);
        }
        match query {
            Query::Printer => {
                self.drawer_pin_high = bit(byte, 2);
                self.offline = bit(byte, 3);
                self.waiting_recovery = bit(byte, 5);
                self.feed_button = bit(byte, 6);
            }
            Query::Offline => {
                self.cover_open = bit(byte, 2);
                self.feeding = bit(byte, 3);
                self.paper_stop = bit(byte, 5);
                self.error = bit(byte, 6);
            }
            Query::Error => {
                self.mechanical = bit(byte, 2);
                self.cutter = bit(byte, 3);
                self.unrecoverable = bit(byte, 5);
                self.auto_recoverable = bit(byte, 6);
            }
            Query::Paper => {
                // Two bits each; makers set both, some only one.
                self.near_end = byte & 0x0C != 0;
                self.paper_end = byte & 0x60 != 0;
            }
        }
        Ok(())
    }

    /// The byte by which a printer in this state answers the query (for the simulator).
    #[must_use]
    pub fn answer(&self, query: Query) -> u8 {
        0x12 | match query {
            Query::Printer => bits(&[
                (self.drawer_pin_high, 0x04),
                (self.offline, 0x08),
                (self.waiting_recovery, 0x20),
                (self.feed_button, 0x40),
            ]),
            Query::Offline => bits(&[
                (self.cover_open, 0x04),
                (self.feeding, 0x08),
                (self.paper_stop, 0x20),
                (self.error, 0x40),
            ]),
            Query::Error => bits(&[
                (self.mechanical, 0x04),
                (self.cutter, 0x08),
                (self.unrecoverable, 0x20),
                (self.auto_recoverable, 0x40),
            ]),
            Query::Paper => bits(&[(self.near_end, 0x0C), (self.paper_end, 0x60)]),
        }
    }

    /// The state from the four bytes of an automatic status (ASB).
    ///
    /// # Errors
    /// [`NotAStatus`] when the fixed bits of one of the bytes are wrong.
    pub fn from_asb(bytes: [u8; 4]) -> Result<Self, NotAStatus> {
        let [first, second, third, fourth] = bytes;
        let fixed =
            first & 0x93 == 0x10 && second & 0x90 == 0 && third & 0x90 == 0 && fourth & 0x90 == 0;
        if !fixed {
            return Err(NotAStatus);
        }
        let mut status = Self {
            drawer_pin_high: bit(first, 2),
            offline: bit(first, 3),
            cover_open: bit(first, 5),
            feeding: bit(first, 6),
            waiting_recovery: bit(second, 0),
            feed_button: bit(second, 1),
            mechanical: bit(second, 2),
            cutter: bit(second, 3),
            unrecoverable: bit(second, 5),
            auto_recoverable: bit(second, 6),
            near_end: third & 0x03 != 0,
            paper_end: third & 0x0C != 0,
            ..Self::default()
        };
        status.error =
            status.mechanical || status.cutter || status.unrecoverable || status.auto_recoverable;
        status.paper_stop = status.offline && status.paper_end;
        Ok(status)
    }

    /// The four bytes of an automatic status in this state (for the simulator).
    #[must_use]
    pub fn to_asb(&self) -> [u8; 4] {
        [
            0x10 | bits(&[
                (self.drawer_pin_high, 0x04),
                (self.offline, 0x08),
                (self.cover_open, 0x20),
                (self.feeding, 0x40),
            ]),
            bits(&[
                (self.waiting_recovery, 0x01),
                (self.feed_button, 0x02),
                (self.mechanical, 0x04),
                (self.cutter, 0x08),
                (self.unrecoverable, 0x20),
                (self.auto_recoverable, 0x40),
            ]),
            bits(&[(self.near_end, 0x03), (self.paper_end, 0x0C)]),
            0x0F,
        ]
    }

    /// The worst thing that keeps the printer from printing; `None` when it can print. Near end is no problem.
    #[must_use]
    pub fn problem(&self) -> Option<Problem> {
        let ladder = [
            (self.unrecoverable, Problem::Unrecoverable),
            (self.cutter, Problem::Cutter),
            (self.mechanical, Problem::Mechanical),
            (self.cover_open, Problem::CoverOpen),
            (self.paper_end || self.paper_stop, Problem::PaperEnd),
            (self.auto_recoverable, Problem::Hot),
            (self.offline || self.error, Problem::Offline),
        ];
        ladder.into_iter().find(|(on, _)| *on).map(|(_, problem)| problem)
    }
}

/// The answer to `GS r 1`, which the printer gives only when it has worked off everything sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaperAnswer {
    /// The roll is nearly used up.
    pub near_end: bool,
    /// No paper.
    pub paper_end: bool,
}

impl PaperAnswer {
    /// The bytes to send: `GS r 1`.
    pub const QUERY: [u8; 3] = [0x1D, b'r', 1];

    /// Reads the byte; bits 4 and 7 are 0, which tells it from real-time answers.
    ///
    /// # Errors
    /// [`NotAStatus`] when the fixed bits are wrong.
    pub fn parse(byte: u8) -> Result<Self, NotAStatus> {
        if byte & 0x90 != 0 {
            return Err(NotAStatus);
        }
        Ok(Self { near_end: byte & 0x03 != 0, paper_end: byte & 0x0C != 0 })
    }

    /// The byte that a printer in this state answers (for the simulator).
    #[must_use]
    pub fn of(status: &Status) -> u8 {
        bits(&[(status.near_end, 0x03), (status.paper_end, 0x0C)])
    }
}

/// Takes the blocks of an automatic status (ASB) out of what a printer sends. A printer whose own switches turn it on sends them whenever it
/// likes, and their last three bytes look exactly like the answer to `GS r 1`.
///
/// A byte inside a block that cannot be part of one (a real-time answer that got in between, noise) is passed on and the rest of the block is still
/// awaited: to lose an answer is to say that nobody knows, to take a piece of a block for one is to say that a receipt came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AutoStatusFilter {
    /// How many bytes of a block are still to come.
    left: u8,
}

impl AutoStatusFilter {
    /// The byte when it belongs to no block.
    pub fn pass(&mut self, byte: u8) -> Option<u8> {
        if byte & 0x93 == 0x10 {
            self.left = 3;
            return None;
        }
        if self.left > 0 && byte & 0x90 == 0 {
            self.left -= 1;
            return None;
        }
        Some(byte)
    }
}
