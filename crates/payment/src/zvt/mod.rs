//! ZVT: what most card terminals of Germany and Austria speak, over TCP (port 20007 mostly), TLS or a serial
//! line. The language itself is in the crate `zvt`; this driver says which commands follow one another.
//!
//! Before money is asked for, the terminal is registered and asked for its last transaction: that is what
//! recovery compares with. A yes that does not belong to what was asked is turned down, so that the terminal
//! takes it back; only one of another amount or currency is handed out to be stored as it is, for a person
//! must see what was booked.

mod asking;
mod finding_out;
mod link;
mod reserving;
mod told;

use ::zvt::command::{Command, Payment, Refund, Registration, Reversal, config, payment_type};
use ::zvt::known::{Known, doubt_of};
use ::zvt::status::StatusInformation;
use ::zvt::tlv;
use ::zvt::value::{Amount, Currency, Password, ReceiptNo, TerminalId, Trace};

pub(crate) use told::{currency, currency_code, moment};

use crate::driver::{
    Approved, Ask, Before, Capabilities, Conversation, Driver, Purpose, Reference, Reserving, Talk,
    Why,
};
use asking::{Asking, Job};
use finding_out::FindingOut;
use reserving::Settles;

/// 06 D3, a receipt as one block: terminals send it only to tills that name it.
const TEXT_BLOCK: (u8, u8) = (0x06, 0xd3);

/// Two silences on a serial line, and a long packet at its slowest rate.
const SERIAL_SLACK_MILLIS: u32 = 2 * ::zvt::serial_link::T2_MILLIS + 5_000;

/// A configuration that no terminal can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadSettings {
    /// Not one to six digits.
    #[error("a terminal's password has one to six digits")]
    Password,
    /// Not a currency that is known here.
    #[error("the currency is not known")]
    Currency,
    /// Not one to eight digits.
    #[error("a terminal's identification has one to eight digits")]
    Terminal,
    /// A moment that no year has.
    #[error("the clock says a time that there is not")]
    Clock,
}

/// A terminal's configuration. Its password is shown by no `Debug`.
#[derive(Debug, Clone)]
pub struct Zvt {
    password: Password,
    code: &'static str,
    currency: Currency,
    terminal: Option<TerminalId>,
    width: Option<u8>,
    slack: u32,
    asks_who: bool,
}

impl Zvt {
    /// A terminal with this password (`"000000"`) that takes this currency (ISO 4217).
    ///
    /// # Errors
    /// When there can be no such password, or the currency is not known.
    pub fn new(password: &str, currency: &str) -> Result<Self, BadSettings> {
        let (code, currency) = self::currency(currency).ok_or(BadSettings::Currency)?;
        Ok(Self {
            password: self::password(password)?,
            code,
            currency,
            terminal: None,
            width: None,
            slack: 0,
            asks_who: false,
        })
    }

    /// Asks no other terminal than this one (TID) for money.
    ///
    /// # Errors
    /// When there can be no such identification.
    pub fn only_terminal(mut self, tid: &str) -> Result<Self, BadSettings> {
        self.terminal = Some(terminal(tid)?);
        Ok(self)
    }

    /// Asks which device it is before each payment, not only for its identification: what it says is handed
    /// out before money is asked for.
    #[must_use]
    pub const fn asking_who(mut self) -> Self {
        self.asks_who = true;
        self
    }

    /// Has receipts laid out for so many characters a line.
    #[must_use]
    pub fn printing(mut self, columns: u8) -> Self {
        self.width = Some(columns);
        self
    }

    /// Is spoken to over a serial line, where a frame may have to be sent again before it arrives.
    #[must_use]
    pub fn over_serial(mut self) -> Self {
        self.slack = SERIAL_SLACK_MILLIS;
        self
    }

    fn registration(&self) -> Registration {
        let commands = tlv::permitted_commands(&[TEXT_BLOCK]);
        let width = self.width.and_then(tlv::printer_width);
        Registration {
            password: self.password,
            config: config::RECOMMENDED,
            currency: Some(self.currency),
            service: None,
            tlv: Some(commands.into_iter().chain(width).collect()),
        }
    }

    /// What moves money, or a stable code of why it cannot be asked.
    fn order(&self, purpose: &Purpose, ask: &Ask) -> Result<Order, &'static str> {
        let amount = Amount::new(ask.amount).ok().filter(|amount| amount.minor_units() > 0);
        let amount = amount.ok_or("bad_amount")?;
        if ask.currency != self.code {
            return Err("wrong_currency");
        }
        let (password, currency) = (self.password, Some(self.currency));
        let payment = || {
            let tips = if ask.tips { payment_type::TIPPABLE } else { 0 };
            let payment_type = Some(payment_type::TERMINAL_DECIDES | tips);
            Payment { amount, currency, payment_type, timeout: None, max_status: None, tlv: None }
        };
        let (command, takes_back) = match purpose {
            Purpose::Payment => (Command::Authorisation(payment()), None),
            Purpose::Reservation(Reserving::Reserve) => {
                (Command::PreAuthorisation(payment()), None)
            }
            Purpose::Reservation(step) => return reserving::settling(step, amount, currency),
            Purpose::Refund => {
                let refund = Refund { password, amount, currency, payment_type: None, tlv: None };
                (Command::Refund(refund), None)
            }
            Purpose::Reversal(of) => {
                let (receipt, trace) = numbers(of)?;
                let amount = Some(amount);
                let (payment_type, tlv) = (None, None);
                let reversal = Reversal { password, receipt, amount, currency, payment_type, tlv };
                (Command::Reversal(reversal), trace)
            }
        };
        Ok(Order { command, takes_back, settles: None })
    }

    fn talk(&self, job: Job) -> Talk {
        Box::new(Asking::new(self.clone(), job))
    }

    fn money(&self, purpose: &Purpose, ask: &Ask) -> Talk {
        self.talk(Job::Money(self.order(purpose, ask)))
    }
}

pub(crate) fn password(text: &str) -> Result<Password, BadSettings> {
    let number = digits(text, 6).ok_or(BadSettings::Password)?;
    Password::new(number).map_err(|_| BadSettings::Password)
}

pub(crate) fn terminal(tid: &str) -> Result<TerminalId, BadSettings> {
    let number = digits(tid, 8).ok_or(BadSettings::Terminal)?;
    TerminalId::new(number).map_err(|_| BadSettings::Terminal)
}

/// The numbers of an earlier transaction.
fn numbers(of: &Reference) -> Result<(ReceiptNo, Option<Trace>), &'static str> {
    let receipt = of.receipt.parse().ok().and_then(|number| ReceiptNo::new(number).ok());
    let trace = of.trace.as_ref().and_then(|trace| trace.parse().ok());
    Ok((receipt.ok_or("bad_reference")?, trace.and_then(|trace| Trace::new(trace).ok())))
}

/// What a driver keeps, whoever wrote it.
pub(crate) fn fuzz(before: &Before) {
    let _ = told::write_before(&told::read_before(before, Currency::EUR));
}

/// A number of one to `most` digits.
fn digits(text: &str, most: usize) -> Option<u32> {
    let fits = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| fits)
}

/// A command that moves money.
#[derive(Debug, Clone)]
struct Order {
    command: Command,
    /// The trace number of the payment that it takes back.
    takes_back: Option<Trace>,
    /// What it makes of a reservation.
    settles: Option<Settles>,
}

impl Order {
    /// Why a yes does not belong to it.
    fn misfit(&self, known: &Known, status: &StatusInformation) -> Option<(Why, &'static str)> {
        if let Some(doubt) = doubt_of(&self.command, known, status) {
            return Some((told::why(doubt), doubt.code()));
        }
        let amount = |amount: Option<Amount>| amount.map_or(0, Amount::minor_units);
        if amount(status.cashback) > 0 {
            // Nobody asked for it, and the drawer would lack it.
            return Some((Why::AmountDiffers, "cashback"));
        }
        let said = amount(status.amount);
        let fits = match &self.settles {
            Some(settles) => settles.may_say(said),
            None => said > amount(status.tip),
        };
        if !fits {
            return Some((Why::AmountDiffers, "other_amount"));
        }
        match (self.takes_back, status.original_trace) {
            (Some(asked), Some(done)) if asked != done => Some((Why::BadAnswer, "other_payment")),
            _ => None,
        }
    }
}

impl Order {
    /// A yes that belongs to it, as it is booked.
    fn approved(&self, status: &StatusInformation, asked: Currency) -> Approved {
        let mut approved = told::approved(status, asked);
        if let Some(settles) = self.settles.as_ref().filter(|s| s.may_say(approved.amount)) {
            approved.amount = settles.booked;
        }
        approved
    }
}

impl Driver for Zvt {
    fn capabilities(&self) -> Capabilities {
        Capabilities {
            refund: true,
            reverse: true,
            query: true,
            cancel: true,
            end_of_day: true,
            reserve: true,
            tips: true,
        }
    }

    fn pay(&self, ask: &Ask) -> Talk {
        self.money(&Purpose::Payment, ask)
    }

    fn refund(&self, ask: &Ask) -> Talk {
        self.money(&Purpose::Refund, ask)
    }

    fn reverse(&self, ask: &Ask, reference: &Reference) -> Talk {
        self.money(&Purpose::Reversal(reference.clone()), ask)
    }

    fn query(&self, purpose: &Purpose, ask: &Ask, before: &Before) -> Talk {
        let order = self.order(purpose, ask);
        let talk: Box<dyn Conversation> = Box::new(FindingOut::new(self, order, ask, before));
        talk
    }

    fn end_of_day(&self) -> Talk {
        self.talk(Job::EndOfDay)
    }

    fn day_so_far(&self) -> Option<Talk> {
        Some(self.talk(Job::Totals))
    }

    fn identity(&self) -> Talk {
        self.talk(Job::Identity)
    }

    fn diagnose(&self) -> Talk {
        self.talk(Job::Diagnosis)
    }

    fn reservation(&self, step: &Reserving, ask: &Ask) -> Talk {
        self.money(&Purpose::Reservation(step.clone()), ask)
    }

    fn reservations(&self) -> Talk {
        self.talk(Job::Reservations)
    }

    fn initialise(&self) -> Talk {
        self.talk(Job::Initialisation)
    }

    fn log_off(&self) -> Talk {
        self.talk(Job::LogOff)
    }
}
