//! What a till asks of a terminal. Both directions, for the simulator reads what the till writes.

use thiserror::Error;

use crate::apdu::{ApduError, Packet};
use crate::bmp::{Fields, Flaw, Writer};
use crate::tlv::{self, Tlv};
use crate::value::{Amount, Currency, Password, ReceiptNo, Trace};

/// Bits of a payment's type (BMP 19 in 06 01).
pub mod payment_type {
    /// The terminal asks for a tip.
    pub const TIPPABLE: u8 = 0x08;
    /// The terminal decides how.
    pub const TERMINAL_DECIDES: u8 = 0x40;
}

/// A packet that is no command of this crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CommandError {
    /// No command that is known here.
    #[error("the command {0:02X} {1:02X} is not known")]
    Unsupported(u8, u8),
    /// A known command with data that cannot be understood.
    #[error("the command {0:02X} {1:02X} cannot be read: {2}")]
    Bad(u8, u8, Flaw),
}

/// 06 00: how the terminal shall work with this till. Service byte and TLV are sent only behind a currency,
/// for without it they would be read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// The terminal's password.
    pub password: Password,
    /// See [`config`].
    pub config: u8,
    /// The currency of what has none; needed before the fields that follow it.
    pub currency: Option<Currency>,
    /// 01: no service menu on the terminal's function key; 02: capitals.
    pub service: Option<u8>,
    /// Tag 26 permitted commands, 12 printer width, 14 character set, 1A longest packet, …
    pub tlv: Option<Vec<Tlv>>,
}

/// Bits of a registration's config byte.
pub mod config {
    /// The till prints receipts of payments.
    pub const PRINT_RECEIPTS: u8 = 0x02;
    /// The till prints receipts of administration.
    pub const PRINT_ADMIN: u8 = 0x04;
    /// The till wants intermediate status.
    pub const INTERMEDIATE: u8 = 0x08;
    /// No amount is entered at the terminal.
    pub const NO_AMOUNT_ENTRY: u8 = 0x10;
    /// No administration is begun at the terminal.
    pub const NO_ADMIN_START: u8 = 0x20;
    /// The terminal formats the receipt and sends its lines.
    pub const LINES: u8 = 0x80;
    /// Everything to the till, receipts formatted by the terminal.
    pub const RECOMMENDED: u8 =
        LINES | NO_ADMIN_START | NO_AMOUNT_ENTRY | INTERMEDIATE | PRINT_ADMIN | PRINT_RECEIPTS;
    /// What holds after a log-off.
    pub const AFTER_LOG_OFF: u8 = 0x86;
}

/// 06 01 and 06 22: money from a card, or a reservation of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What is asked for.
    pub amount: Amount,
    /// The registration's when absent.
    pub currency: Option<Currency>,
    /// BMP 19; 40: the terminal decides.
    pub payment_type: Option<u8>,
    /// BMP 01: seconds until the terminal repeats 04 0F after 84 9C.
    pub timeout: Option<u8>,
    /// BMP 02: how often at most.
    pub max_status: Option<u8>,
    /// Further tags.
    pub tlv: Option<Vec<Tlv>>,
}

/// 06 23, 06 24 and 06 25: what becomes of a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// The reservation's receipt; [`ReceiptNo::NONE`] in 06 23 asks which are open.
    pub receipt: ReceiptNo,
    /// 06 24: what is used; 06 23: what is *not* used.
    pub amount: Option<Amount>,
    /// The registration's when absent.
    pub currency: Option<Currency>,
    /// BMP 19.
    pub payment_type: Option<u8>,
    /// The reservation's trace number.
    pub trace: Option<Trace>,
    /// BMP 3B: the reservation's authorisation attribute.
    pub authorisation: Option<[u8; 8]>,
    /// Further tags.
    pub tlv: Option<Vec<Tlv>>,
}

/// 06 30: takes a payment back that is in the terminal's turnover store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// The terminal's password.
    pub password: Password,
    /// The receipt of the payment.
    pub receipt: ReceiptNo,
    /// Its amount, if it shall be checked.
    pub amount: Option<Amount>,
    /// The registration's when absent.
    pub currency: Option<Currency>,
    /// BMP 19.
    pub payment_type: Option<u8>,
    /// Further tags.
    pub tlv: Option<Vec<Tlv>>,
}

/// 06 31: money to a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The terminal's password.
    pub password: Password,
    /// What the card's owner gets.
    pub amount: Amount,
    /// The registration's when absent.
    pub currency: Option<Currency>,
    /// BMP 19.
    pub payment_type: Option<u8>,
    /// Further tags.
    pub tlv: Option<Vec<Tlv>>,
}

/// What a till asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// 06 00.
    Registration(Registration),
    /// 06 02; answered by 80 00 00 alone.
    LogOff,
    /// 05 01: what state is the terminal in? Service byte and TLV are sent only behind a password.
    StatusEnquiry {
        /// Needed by some terminals.
        password: Option<Password>,
        /// 01: menu; 02: without software version; 04: with TLV (serial number, device).
        service: Option<u8>,
        /// Further tags.
        tlv: Option<Vec<Tlv>>,
    },
    /// 06 01.
    Authorisation(Payment),
    /// 06 22: reserves.
    PreAuthorisation(Payment),
    /// 06 24: books a reservation.
    Booking(Settlement),
    /// 06 23: gives back what of a reservation is not used.
    PartialReversal(Settlement),
    /// 06 25: gives back all of a reservation.
    PreAuthReversal(Settlement),
    /// 06 30.
    Reversal(Reversal),
    /// 06 31.
    Refund(Refund),
    /// 06 0C: a tip on a payment.
    Tip {
        /// The terminal's password.
        password: Password,
        /// The receipt of the payment.
        receipt: ReceiptNo,
        /// The tip.
        amount: Amount,
        /// Further tags.
        tlv: Option<Vec<Tlv>>,
    },
    /// 06 20: the last transaction again.
    RepeatReceipt {
        /// The terminal's password.
        password: Password,
        /// 01: send 04 0F of the last transaction; 02: print nothing.
        service: Option<u8>,
        /// Further tags.
        tlv: Option<Vec<Tlv>>,
    },
    /// 06 10: what the terminal's day comes to so far; it stays open.
    SendTotals {
        /// The terminal's password.
        password: Password,
        /// Further tags.
        tlv: Option<Vec<Tlv>>,
    },
    /// 06 50: closes the terminal's day.
    EndOfDay {
        /// The terminal's password.
        password: Password,
        /// Further tags.
        tlv: Option<Vec<Tlv>>,
    },
    /// 06 70.
    Diagnosis {
        /// Tag 1B: which kind.
        tlv: Option<Vec<Tlv>>,
    },
    /// 06 93.
    Initialisation {
        /// The terminal's password.
        password: Password,
        /// Further tags.
        tlv: Option<Vec<Tlv>>,
    },
    /// 06 95.
    ChangePassword {
        /// The password that holds.
        old: Password,
        /// The password that shall hold.
        new: Password,
    },
    /// 06 B0: stop what runs, if it can still be stopped.
    Abort,
}

/// Bits of BMP 19 in a completion: what the terminal wants done before it takes payments.
pub mod wants {
    /// An initialisation (06 93).
    pub const INITIALISATION: u8 = 0x01;
    /// A diagnosis (06 70).
    pub const DIAGNOSIS: u8 = 0x02;
}

/// The service byte of 06 20 that asks for the status of the last transaction and prints nothing.
pub const STATUS_WITHOUT_PRINT: u8 = 0x03;

impl Command {
    /// Class and instruction.
    pub const fn control(&self) -> (u8, u8) {
        match self {
            Self::Registration(_) => (0x06, 0x00),
            Self::Authorisation(_) => (0x06, 0x01),
            Self::LogOff => (0x06, 0x02),
            Self::Tip { .. } => (0x06, 0x0c),
            Self::SendTotals { .. } => (0x06, 0x10),
            Self::RepeatReceipt { .. } => (0x06, 0x20),
            Self::PreAuthorisation(_) => (0x06, 0x22),
            Self::PartialReversal(_) => (0x06, 0x23),
            Self::Booking(_) => (0x06, 0x24),
            Self::PreAuthReversal(_) => (0x06, 0x25),
            Self::Reversal(_) => (0x06, 0x30),
            Self::Refund(_) => (0x06, 0x31),
            Self::EndOfDay { .. } => (0x06, 0x50),
            Self::Diagnosis { .. } => (0x06, 0x70),
            Self::Initialisation { .. } => (0x06, 0x93),
            Self::ChangePassword { .. } => (0x06, 0x95),
            Self::Abort => (0x06, 0xb0),
            Self::StatusEnquiry { .. } => (0x05, 0x01),
        }
    }

    /// Whether money moves, so that its ending must be known for certain.
    pub fn moves_money(&self) -> bool {
        match self {
            Self::PartialReversal(settlement) => settlement.receipt != ReceiptNo::NONE,
            Self::Authorisation(_)
            | Self::PreAuthorisation(_)
            | Self::Booking(_)
            | Self::PreAuthReversal(_)
            | Self::Reversal(_)
            | Self::Refund(_)
            | Self::Tip { .. } => true,
            _ => false,
        }
    }

    /// The receipt of an earlier transaction that it is about. Terminals may say that number in the outcome
    /// instead of a new one.
    pub const fn refers_to(&self) -> Option<ReceiptNo> {
        match self {
            Self::Reversal(reversal) => Some(reversal.receipt),
            Self::Tip { receipt, .. } => Some(*receipt),
            Self::Booking(settlement)
            | Self::PartialReversal(settlement)
            | Self::PreAuthReversal(settlement) => Some(settlement.receipt),
            _ => None,
        }
    }

    /// The amount that the outcome must show, if the command says one for certain. (A partial reversal
    /// names what is not used; terminals answer with either part.)
    pub const fn amount(&self) -> Option<Amount> {
        match self {
            Self::Authorisation(payment) | Self::PreAuthorisation(payment) => Some(payment.amount),
            Self::Booking(settlement) => settlement.amount,
            Self::Reversal(reversal) => reversal.amount,
            Self::Refund(refund) => Some(refund.amount),
            _ => None,
        }
    }

    /// The currency it names.
    pub const fn currency(&self) -> Option<Currency> {
        match self {
            Self::Registration(registration) => registration.currency,
            Self::Authorisation(payment) | Self::PreAuthorisation(payment) => payment.currency,
            Self::Booking(settlement)
            | Self::PartialReversal(settlement)
            | Self::PreAuthReversal(settlement) => settlement.currency,
            Self::Reversal(reversal) => reversal.currency,
            Self::Refund(refund) => refund.currency,
            _ => None,
        }
    }

    /// The command's packet; errs with [`ApduError::Oversized`] when its TLV is too long.
    pub fn encode(&self) -> Result<Packet, ApduError> {
        let mut w = Writer::default();
        match self {
            Self::LogOff | Self::Abort => {}
            Self::Registration(registration) => write_registration(&mut w, registration),
            Self::StatusEnquiry { password, service, tlv } => {
                // Only behind the password: a field before it would be read as one.
                if let Some(password) = password {
                    w.bytes.extend_from_slice(&password.write());
                    w.fixed_if(0x03, service.map(|byte| [byte]));
                    write_tlv(&mut w, tlv);
                }
            }
            Self::Authorisation(payment) | Self::PreAuthorisation(payment) => {
                w.fixed_if(0x01, payment.timeout.map(|byte| [byte]));
                w.fixed_if(0x02, payment.max_status.map(|byte| [byte]));
                w.fixed(0x04, &payment.amount.write());
                w.fixed_if(0x49, payment.currency.map(Currency::write));
                w.fixed_if(0x19, payment.payment_type.map(|byte| [byte]));
                write_tlv(&mut w, &payment.tlv);
            }
            Self::Booking(settlement)
            | Self::PartialReversal(settlement)
            | Self::PreAuthReversal(settlement) => write_settlement(&mut w, settlement),
            Self::Reversal(r) => {
                w.bytes.extend_from_slice(&r.password.write());
                w.fixed(0x87, &r.receipt.write());
                w.fixed_if(0x04, r.amount.map(Amount::write));
                w.fixed_if(0x49, r.currency.map(Currency::write));
                w.fixed_if(0x19, r.payment_type.map(|byte| [byte]));
                write_tlv(&mut w, &r.tlv);
            }
            Self::Refund(r) => {
                w.bytes.extend_from_slice(&r.password.write());
                w.fixed(0x04, &r.amount.write());
                w.fixed_if(0x49, r.currency.map(Currency::write));
                w.fixed_if(0x19, r.payment_type.map(|byte| [byte]));
                write_tlv(&mut w, &r.tlv);
            }
            Self::Tip { password, receipt, amount, tlv } => {
                w.bytes.extend_from_slice(&password.write());
                w.fixed(0x87, &receipt.write());
                w.fixed(0x04, &amount.write());
                write_tlv(&mut w, tlv);
            }
            Self::RepeatReceipt { password, service, tlv } => {
                w.bytes.extend_from_slice(&password.write());
                w.fixed_if(0x03, service.map(|byte| [byte]));
                write_tlv(&mut w, tlv);
            }
            Self::EndOfDay { password, tlv }
            | Self::SendTotals { password, tlv }
            | Self::Initialisation { password, tlv } => {
                w.bytes.extend_from_slice(&password.write());
                write_tlv(&mut w, tlv);
            }
            Self::Diagnosis { tlv } => write_tlv(&mut w, tlv),
            Self::ChangePassword { old, new } => {
                w.bytes.extend_from_slice(&old.write());
                w.bytes.extend_from_slice(&new.write());
            }
        }
        let (class, instr) = self.control();
        Packet::new(class, instr, w.bytes)
    }

    /// Reads a packet as a command; errs when it is none of this crate's, or cannot be read to its end:
    /// a terminal does not guess what it was asked.
    pub fn decode(packet: &Packet) -> Result<Self, CommandError> {
        let (class, instr) = packet.control();
        let bad = |flaw| CommandError::Bad(class, instr, flaw);
        let data = packet.data();
        let fields = |data| Read::fields(data).map_err(bad);
        let secured = || Read::after_password(data).map_err(bad);
        let lacks = |tag| bad(Flaw::Lacks(tag));
        Ok(match (class, instr) {
            (0x06, 0x00) => Self::Registration(read_registration(data).map_err(bad)?),
            (0x06, 0x02) => Self::LogOff,
            (0x06, 0xb0) => Self::Abort,
            (0x06, 0x01) => Self::Authorisation(fields(data)?.payment().map_err(bad)?),
            (0x06, 0x22) => Self::PreAuthorisation(fields(data)?.payment().map_err(bad)?),
            (0x06, 0x23) => Self::PartialReversal(fields(data)?.settlement().map_err(bad)?),
            (0x06, 0x24) => Self::Booking(fields(data)?.settlement().map_err(bad)?),
            (0x06, 0x25) => Self::PreAuthReversal(fields(data)?.settlement().map_err(bad)?),
            (0x05, 0x01) if data.is_empty() => {
                Self::StatusEnquiry { password: None, service: None, tlv: None }
            }
            (0x05, 0x01) => {
                let (password, read) = secured()?;
                let password = Some(password);
                Self::StatusEnquiry { password, service: read.service, tlv: read.tlv }
            }
            (0x06, 0x30) => {
                let (password, read) = secured()?;
                let receipt = read.receipt.ok_or(lacks(0x87))?;
                let Read { amount, currency, payment_type, tlv, .. } = read;
                Self::Reversal(Reversal { password, receipt, amount, currency, payment_type, tlv })
            }
            (0x06, 0x31) => {
                let (password, read) = secured()?;
                let amount = read.amount.ok_or(lacks(0x04))?;
                let Read { currency, payment_type, tlv, .. } = read;
                Self::Refund(Refund { password, amount, currency, payment_type, tlv })
            }
            (0x06, 0x0c) => {
                let (password, read) = secured()?;
                let receipt = read.receipt.ok_or(lacks(0x87))?;
                let amount = read.amount.ok_or(lacks(0x04))?;
                Self::Tip { password, receipt, amount, tlv: read.tlv }
            }
            (0x06, 0x20) => {
                let (password, read) = secured()?;
                Self::RepeatReceipt { password, service: read.service, tlv: read.tlv }
            }
            (0x06, 0x10) => {
                let (password, read) = secured()?;
                Self::SendTotals { password, tlv: read.tlv }
            }
            (0x06, 0x50) => {
                let (password, read) = secured()?;
                Self::EndOfDay { password, tlv: read.tlv }
            }
            (0x06, 0x70) => Self::Diagnosis { tlv: fields(data)?.tlv },
            (0x06, 0x93) => {
                let (password, read) = secured()?;
                Self::Initialisation { password, tlv: read.tlv }
            }
            (0x06, 0x95) => {
                let (old, rest) = split_password(data).map_err(bad)?;
                let (new, _) = split_password(rest).map_err(bad)?;
                Self::ChangePassword { old, new }
            }
            _ => return Err(CommandError::Unsupported(class, instr)),
        })
    }
}

fn write_tlv(w: &mut Writer, elements: &Option<Vec<Tlv>>) {
    if let Some(elements) = elements {
        w.bytes.extend(tlv::encode_field(elements));
    }
}

fn write_registration(w: &mut Writer, registration: &Registration) {
    w.bytes.extend_from_slice(&registration.password.write());
    w.bytes.push(registration.config);
    if let Some(currency) = registration.currency {
        w.bytes.extend_from_slice(&currency.write());
        w.fixed_if(0x03, registration.service.map(|byte| [byte]));
        write_tlv(w, &registration.tlv);
    }
}

fn write_settlement(w: &mut Writer, settlement: &Settlement) {
    w.fixed_if(0x19, settlement.payment_type.map(|byte| [byte]));
    w.fixed(0x87, &settlement.receipt.write());
    w.fixed_if(0x49, settlement.currency.map(Currency::write));
    w.fixed_if(0x04, settlement.amount.map(Amount::write));
    w.fixed_if(0x0b, settlement.trace.and_then(Trace::write));
    w.fixed_if(0x3b, settlement.authorisation);
    write_tlv(w, &settlement.tlv);
}

fn split_password(data: &[u8]) -> Result<(Password, &[u8]), Flaw> {
    let (password, rest) = data.split_at_checked(3).ok_or(Flaw::Lacks(0x3d))?;
    Ok((Password::read(password).ok_or(Flaw::BadValue(0x3d))?, rest))
}

fn read_registration(data: &[u8]) -> Result<Registration, Flaw> {
    let (password, rest) = split_password(data)?;
    let (config, rest) = rest.split_first().ok_or(Flaw::Lacks(0x3d))?;
    let (currency, rest) = match rest.split_at_checked(2) {
        Some((currency, rest)) => {
            (Some(Currency::read(currency).ok_or(Flaw::BadValue(0x49))?), rest)
        }
        None => (None, rest),
    };
    let read = Read::fields(rest)?;
    let (service, tlv) = (read.service, read.tlv);
    Ok(Registration { password, config: *config, currency, service, tlv })
}

/// The fields of commands, whichever there are.
#[derive(Default)]
struct Read {
    timeout: Option<u8>,
    max_status: Option<u8>,
    service: Option<u8>,
    amount: Option<Amount>,
    trace: Option<Trace>,
    payment_type: Option<u8>,
    authorisation: Option<[u8; 8]>,
    currency: Option<Currency>,
    receipt: Option<ReceiptNo>,
    tlv: Option<Vec<Tlv>>,
}

impl Read {
    fn fields(data: &[u8]) -> Result<Self, Flaw> {
        let mut read = Self::default();
        let mut fields = Fields::new(data);
        for (tag, content) in fields.by_ref() {
            let wrong = Flaw::BadValue(tag);
            match tag {
                0x01 => read.timeout = content.first().copied(),
                0x02 => read.max_status = content.first().copied(),
                0x03 => read.service = content.first().copied(),
                0x04 => read.amount = Some(Amount::read(content).ok_or(wrong)?),
                0x06 => match tlv::decode(content) {
                    (elements, None) => read.tlv = Some(elements),
                    (_, Some(flaw)) => return Err(flaw),
                },
                0x0b => read.trace = Some(Trace::read(content).ok_or(wrong)?),
                0x19 => read.payment_type = content.first().copied(),
                0x3b => read.authorisation = Some(content.try_into().map_err(|_| wrong)?),
                0x49 => read.currency = Some(Currency::read(content).ok_or(wrong)?),
                0x87 => read.receipt = Some(ReceiptNo::read(content).ok_or(wrong)?),
                _ => {}
            }
        }
        fields.flaw().map_or(Ok(read), Err)
    }

    fn after_password(data: &[u8]) -> Result<(Password, Self), Flaw> {
        let (password, rest) = split_password(data)?;
        Ok((password, Self::fields(rest)?))
    }

    fn payment(self) -> Result<Payment, Flaw> {
        let amount = self.amount.ok_or(Flaw::Lacks(0x04))?;
        let Self { currency, payment_type, timeout, max_status, tlv, .. } = self;
        Ok(Payment { amount, currency, payment_type, timeout, max_status, tlv })
    }

    fn settlement(self) -> Result<Settlement, Flaw> {
        let receipt = self.receipt.ok_or(Flaw::Lacks(0x87))?;
        let Self { amount, currency, payment_type, trace, authorisation, tlv, .. } = self;
        Ok(Settlement { receipt, amount, currency, payment_type, trace, authorisation, tlv })
    }
}
