//! The shape of every driver. A driver holds its configuration and nothing else; what it is asked to do it
//! gives back as a [`Conversation`]: a state machine without I/O that [`crate::line`] carries over a socket.

use std::fmt;

/// What a driver can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Capabilities {
    /// Money to a card without the payment it came from.
    pub refund: bool,
    /// Taking back a payment as if it had not been.
    pub reverse: bool,
    /// Finding out what became of a payment.
    pub query: bool,
    /// Giving up while the customer is asked.
    pub cancel: bool,
    /// Closing the terminal's day.
    pub end_of_day: bool,
    /// Reserving money, and settling later what was reserved.
    pub reserve: bool,
    /// Asking the customer for a tip.
    pub tips: bool,
}

/// What money is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// Above nothing, minor units.
    pub amount: i64,
    /// ISO 4217, three letters.
    pub currency: String,
    /// When, by the shop's clock: a terminal's word of another time is no answer. `None` to compare no
    /// times.
    pub at: Option<Moment>,
    /// Names it among everything that is ever asked, ASCII: another one for each time that money is asked
    /// for, also when it is for the same thing again.
    pub key: String,
    /// When, ISO 8601 in UTC, for terminals that want to be told.
    pub time: String,
    /// Seconds since then.
    pub age: u64,
    /// The customer is asked for a tip, where the terminal can do that ([`Capabilities::tips`]).
    pub tips: bool,
}

/// A moment on the shop's calendar. Terminals know no year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
}

/// The payment that is taken back, as [`Approved`] named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The terminal's receipt number.
    pub receipt: String,
    /// Its trace number.
    pub trace: Option<String>,
}

/// What was asked, when it is asked what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    /// [`Driver::pay`].
    Payment,
    /// [`Driver::refund`].
    Refund,
    /// [`Driver::reverse`].
    Reversal(Reference),
    /// [`Driver::reservation`].
    Reservation(Reserving),
}

/// Money that is reserved on a card, and what becomes of it. Each of them moves money or makes sure that none
/// will move, and is asked for and found out like a payment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reserving {
    /// So much is reserved.
    Reserve,
    /// So much of the reservation is taken, at most all, and the rest given back.
    Book(Reserved),
    /// So much of the reservation is *not* needed: it is given back, and the rest taken. What is booked is
    /// the rest.
    ReleasePart(Reserved),
    /// The whole reservation is given back; the amount is what was reserved.
    Release(Reserved),
}

/// A reservation, as [`Approved`] named it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserved {
    /// Its numbers.
    pub reference: Reference,
    /// What was reserved, minor units.
    pub amount: i64,
}

/// What a driver has to know to find out what became of what it asked for (what the terminal's last transaction
/// was before, or the number of the message), in the driver's own words: at most 100 ASCII characters, to be kept with the attempt and given back to [`Driver::query`]. An empty one, or
/// another driver's, means that nobody looked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Before(pub String);

/// Draws random bytes, never the same again.
pub type Draw = fn() -> [u8; 32];

/// Takes money. Implementations are configuration only and do nothing by themselves.
pub trait Driver: fmt::Debug + Send + Sync {
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// A customer pays.
    fn pay(&self, ask: &Ask) -> Talk;
    /// A customer gets money on a card.
    fn refund(&self, ask: &Ask) -> Talk;
    /// A payment is taken back whole; `ask` says what it came to.
    fn reverse(&self, ask: &Ask, reference: &Reference) -> Talk;
    /// What became of what was asked; never asks for money. Says [`Said::Approved`] and ends as
    /// acknowledged when it was carried out, as [`End::NoMoney`] when it was not.
    fn query(&self, purpose: &Purpose, ask: &Ask, before: &Before) -> Talk;
    /// Closes the terminal's day: [`Output::About`] before it is asked, [`Said::DayClosed`], then
    /// [`End::DayClosed`]. Where that ends as [`End::Unknown`], [`Driver::day_so_far`] finds out.
    fn end_of_day(&self) -> Talk;
    /// What the terminal's day comes to so far; closes nothing. Ends as [`End::DayStands`]. None where
    /// terminals cannot be asked.
    fn day_so_far(&self) -> Option<Talk> {
        None
    }
    /// Which terminal it is: [`End::Identity`].
    fn identity(&self) -> Talk;
    /// Lets the terminal test its own connection: [`End::Diagnosed`].
    fn diagnose(&self) -> Talk;
    /// Reserves money, or settles what was reserved; [`Driver::query`] finds out what became of it.
    fn reservation(&self, _step: &Reserving, _ask: &Ask) -> Talk {
        Box::new(Impossible)
    }
    /// Which reservations are open: [`End::Reservations`].
    fn reservations(&self) -> Talk {
        Box::new(Impossible)
    }
    /// Lets the terminal fetch what it needs from its acquirer: [`End::Done`].
    fn initialise(&self) -> Talk {
        Box::new(Impossible)
    }
    /// Tells the terminal that the till does not work with it any more: [`End::Done`].
    fn log_off(&self) -> Talk {
        Box::new(Impossible)
    }
}

/// What a driver cannot do: nothing is sent.
struct Impossible;

impl Conversation for Impossible {
    fn on(&mut self, input: Input<'_>) -> Vec<Output> {
        match input {
            Input::Begin => {
                vec![Output::Done(End::NoMoney(Said::Cancelled { code: "function_impossible" }))]
            }
            _ => Vec::new(),
        }
    }
}

/// A conversation of any driver.
pub type Talk = Box<dyn Conversation>;

/// One thing asked of a terminal, from its first byte to its end, without I/O. It never ends twice, and says
/// nothing more after [`Output::Done`].
pub trait Conversation: Send {
    /// Takes what happened and says what to do, in that order. [`Output::Connect`], [`Output::About`] and
    /// [`Output::Outcome`] wait for their answer and are the last of their list.
    fn on(&mut self, input: Input<'_>) -> Vec<Output>;
}

/// What happens to a conversation.
#[derive(Clone, Copy)]
pub enum Input<'a> {
    /// The first of all.
    Begin,
    /// After [`Output::Connect`]: there is a connection.
    Connected,
    /// After [`Output::Connect`]: there is none.
    Unreachable,
    /// After [`Output::Connect`]: whoever answered could not prove to be the terminal; nothing was sent.
    NotTrusted,
    /// Bytes as they came, split anywhere.
    Bytes(&'a [u8]),
    /// The connection is gone.
    Closed,
    /// After [`Output::Post`] and [`Output::Get`]: the answer to it.
    Answered {
        /// Which.
        number: u8,
        /// HTTP's status.
        status: u16,
        /// The whole body.
        body: &'a [u8],
    },
    /// After [`Output::Post`] and [`Output::Get`]: there is none.
    NotAnswered {
        /// Which.
        number: u8,
        /// Why.
        how: NotAnswered,
    },
    /// The time of the last [`Output::StartTimer`] is over.
    Timer,
    /// After [`Output::About`] and [`Output::Outcome`]: it is on disk.
    Stored,
    /// After [`Output::About`] and [`Output::Outcome`]: it is not.
    NotStored,
    /// Somebody wants to give up. The terminal may still say yes.
    CancelAsked,
}

/// Why there is no answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAnswered {
    /// Nobody could be reached: nothing was sent.
    Unreachable,
    /// Whoever answered could not prove to be the terminal: nothing was sent.
    NotTrusted,
    /// It may have arrived.
    Lost,
}

/// What the caller does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Output {
    /// Close any connection, wait, connect.
    Connect {
        /// Milliseconds to wait before.
        after: u32,
    },
    /// Send these bytes.
    Send(Bytes),
    /// Post this on a connection of its own, beside others that are still under way, and read what is
    /// answered.
    Post {
        /// Names it among those under way.
        number: u8,
        /// Where to.
        path: String,
        /// JSON.
        body: Bytes,
    },
    /// The same without anything to tell: it only looks.
    Get {
        /// Names it among those under way.
        number: u8,
        /// Where.
        path: String,
    },
    /// Forget the timer that runs; [`Input::Timer`] after this time.
    StartTimer {
        /// Milliseconds.
        after: u32,
        /// The time is a pause between two questions rather than a limit of patience.
        pause: bool,
    },
    /// Show what is going on.
    Progress(Progress),
    /// The terminal said which one it is: hold it against the register before [`Output::About`] is answered.
    Reported(Box<Identity>),
    /// The terminal was asked which device it is, and does not say.
    Silent,
    /// The next bytes ask the terminal for money: have that on disk, and this with it.
    About(Before),
    /// Have this on disk; the terminal is answered accordingly.
    Outcome(Said),
    /// Over; close the connection.
    Done(End),
}

/// Bytes for a terminal. `Debug` tells their number only: they may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bytes({})", self.0.len())
    }
}

/// What is going on at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Stable, for translation.
    pub code: &'static str,
    /// What the terminal shows, in its own words and language.
    pub text: Option<String>,
}

/// What a terminal says became of what was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Money moved.
    Approved(Box<Approved>),
    /// Card, bank or terminal said no: no money moved.
    Declined {
        /// Stable, for translation.
        code: &'static str,
        /// In the terminal's words.
        text: Option<String>,
    },
    /// It was given up before money moved. `customer` and `cashier` pressed stop; `unreachable`,
    /// `not_registered`, `busy` and the like were in the way; `not_stored`: it could not be put on disk, and
    /// the terminal took it back; `not_booked`: the terminal has nothing of it.
    Cancelled {
        /// Stable, for translation.
        code: &'static str,
    },
    /// The terminal is about to close its day.
    DayClosed(Box<DayTotals>),
}

/// How a card was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// Inserted.
    Chip,
    /// Held against the terminal.
    Contactless,
    /// Swiped.
    Stripe,
    /// Typed in.
    Manual,
}

impl Entry {
    /// A stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Chip => "chip",
            Self::Contactless => "contactless",
            Self::Stripe => "stripe",
            Self::Manual => "manual",
        }
    }
}

/// Money that moved, as the terminal booked it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Approved {
    /// What was booked, minor units, above nothing also for a refund; a tip is not in it.
    pub amount: i64,
    /// What was given beside it, minor units.
    pub tip: i64,
    /// ISO 4217, three letters; the number where a terminal names one that is not known here.
    pub currency: String,
    /// The terminal itself says that it booked less than was asked for.
    pub partial: bool,
    /// The terminal's identification (TID).
    pub tid: Option<String>,
    /// Its receipt number; with it the payment is taken back.
    pub receipt: Option<String>,
    /// Its trace number.
    pub trace: Option<String>,
    /// `girocard`, `Visa`, … as printed.
    pub scheme: Option<String>,
    /// At most the last four digits of the card's number.
    pub last4: Option<String>,
    /// How the card was read.
    pub entry: Option<Entry>,
    /// The authorisation's number.
    pub authorisation: Option<String>,
    /// The customer signs; the cashier compares.
    pub signature: bool,
    /// What the terminal wants printed. A terminal that sends it only after its outcome was acknowledged
    /// (ZVT) has it in [`End::Acknowledged`].
    pub slips: Slips,
}

/// Receipts as the terminal lays them out, line by line, cut to what fits on paper.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slips {
    /// For the customer.
    pub customer: Vec<String>,
    /// For the shop.
    pub merchant: Vec<String>,
}

/// Sums of a terminal's day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayTotals {
    /// First and last receipt number.
    pub receipts: Option<(String, String)>,
    /// By kind of card; those without payments are left out.
    pub cards: Vec<CardTotal>,
    /// What the terminal wants printed, in [`End::DayClosed`].
    pub lines: Vec<String>,
}

/// Number and sum of one kind of card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardTotal {
    /// Stable: `girocard`, `mastercard`, `visa`, `amex`, `jcb`, `diners`, `other`.
    pub scheme: &'static str,
    /// How many payments.
    pub count: u32,
    /// Their sum, minor units.
    pub sum: i64,
}

/// Which terminal it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// Its identification (TID), as the acquirer knows it.
    pub tid: Option<String>,
    /// The device.
    pub model: Option<String>,
    /// Its serial number.
    pub serial: Option<String>,
    /// Its software's version.
    pub software: Option<String>,
    /// Its state: `approved` when it is ready, or what is in the way, a stable code.
    pub state: Option<&'static str>,
}

/// How a conversation ended. Whatever is not clearly another one is [`End::Unknown`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Money moved, that is on disk, and the terminal holds to it. What was stored, now with the slips.
    Acknowledged(Box<Approved>),
    /// It did not take place; no money moved.
    NoMoney(Said),
    /// Neither yes nor no. [`Driver::query`] finds out, or a person does.
    Unknown {
        /// Why.
        why: Why,
        /// The driver's own stable word for it, for the record.
        detail: &'static str,
    },
    /// The terminal closed its day.
    DayClosed(Box<DayTotals>),
    /// So much stands in the terminal's journal; its day goes on.
    DayStands(Box<DayTotals>),
    /// The terminal said which one it is.
    Identity(Box<Identity>),
    /// The terminal tested its connection and found nothing wrong.
    Diagnosed,
    /// The receipts of the reservations that are open, as far as the terminal names them.
    Reservations(Vec<String>),
    /// The terminal did what moves no money and has nothing to say about it.
    Done,
}

/// Why nobody knows whether money moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The connection broke after the terminal was asked.
    ConnectionLost,
    /// The terminal did not answer in time.
    NoAnswer,
    /// What it said made no sense, or does not belong to what was asked.
    BadAnswer,
    /// Its yes is on disk, but it may not have heard so, and then takes it back.
    NotAcknowledged,
    /// It booked another amount than was asked for.
    AmountDiffers,
    /// It booked in another currency.
    CurrencyDiffers,
    /// Another terminal answered.
    TerminalDiffers,
    /// What it said could not be put on disk.
    NotStored,
    /// It cannot be asked what became of it.
    Unreachable,
    /// Old and new cannot be told apart: nobody looked before.
    NothingToCompare,
}

impl Why {
    /// A stable name in snake case, for translation.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::ConnectionLost => "connection_lost",
            Self::NoAnswer => "no_answer",
            Self::BadAnswer => "bad_answer",
            Self::NotAcknowledged => "not_acknowledged",
            Self::AmountDiffers => "amount_differs",
            Self::CurrencyDiffers => "currency_differs",
            Self::TerminalDiffers => "terminal_differs",
            Self::NotStored => "not_stored",
            Self::Unreachable => "unreachable",
            Self::NothingToCompare => "nothing_to_compare",
        }
    }
}
