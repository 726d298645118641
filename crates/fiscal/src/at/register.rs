//! A till under RKSV: what its next code is, what must be signed, what is owed.
//!
//! It is folded from its receipts: [`Register::draft`] decides the code, somebody asks the signing unit, [`Draft::seal`]
//! makes the receipt of its answer, [`Register::apply`] takes it in. The key of the counter is not part of it.

use jiff::civil::{Date, DateTime};
use money::Money;
use serde::{Deserialize, Serialize};

use super::card::Signer;
use super::code::{self, Code, Sums, Unit, Unreadable};
use super::counter::{AesKey, Counter, WIDTHS};
use super::due::{Due, Month, Open};
use super::jws::{self, Jws, Signature};

/// Hours of outage after which FinanzOnline has to be told (RKSV § 17).
const HOURS_UNTIL_NOTICE: i64 = 48;

/// What kind of receipt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Startbeleg: the first one, without turnover, signed.
    Start,
    /// A sale or a return.
    Standard,
    /// Stornobeleg: takes a receipt back; its sums are negative as a rule.
    Cancellation,
    /// Trainingsbeleg: counted nowhere.
    Training,
    /// Nullbeleg: without turnover, when an inspector asks for it.
    Zero,
    /// Monatsbeleg.
    Monthly,
    /// Jahresbeleg: the monthly receipt of December; signed.
    Yearly,
    /// Sammelbeleg after an outage; signed.
    AfterOutage,
    /// Schlussbeleg: the last one.
    Closing,
}

impl Kind {
    /// Whether a receipt of this kind has no turnover.
    #[must_use]
    pub fn is_zero(self) -> bool {
        !matches!(self, Kind::Standard | Kind::Cancellation | Kind::Training)
    }

    /// Whether a receipt of this kind counts only with a signature (BMF, notes of 2016-11-18).
    #[must_use]
    pub fn must_be_signed(self) -> bool {
        matches!(self, Kind::Start | Kind::Yearly | Kind::AfterOutage)
    }
}

/// Why there is no such receipt. Stable codes in `Debug`; nothing has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The first receipt is the Startbeleg.
    #[error("the till has no Startbeleg yet")]
    NotStarted,
    /// There is one Startbeleg.
    #[error("the till has its Startbeleg")]
    Started,
    /// Nothing follows the Schlussbeleg.
    #[error("the till is closed for ever")]
    Closed,
    /// A kind without turnover came with some.
    #[error("a receipt of this kind has no turnover")]
    Turnover,
    /// A Sammelbeleg without an outage.
    #[error("there was no outage")]
    NoOutage,
    /// During an outage what must be signed waits; the Sammelbeleg comes first.
    #[error("the Sammelbeleg comes first")]
    OutageFirst,
    /// December is closed by the Jahresbeleg.
    #[error("this month is closed by the Jahresbeleg")]
    YearlyInstead,
    /// The signing unit did not sign what counts only with a signature.
    #[error("a receipt of this kind must be signed")]
    MustBeSigned,
    /// The counter does not fit into its bytes, or the sums are out of range.
    #[error("the counter of turnover is full")]
    CounterFull,
    /// The receipt's number cannot stand in a code.
    #[error("the number of the receipt cannot stand in a code")]
    Number,
    /// Another receipt came between draft and seal.
    #[error("another receipt came between")]
    Stale,
}

/// What receipt is asked for.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Its kind.
    pub kind: Kind,
    /// Its number: never used before at this till. Whoever keeps the receipts keeps that.
    pub receipt: String,
    /// Local time.
    pub at: DateTime,
    /// Gross per rate.
    pub sums: Sums,
}

/// A code that waits for the signing unit's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    kind: Kind,
    code: Code,
    counter: Money,
    outage: bool,
}

impl Draft {
    /// The code that waits.
    #[must_use]
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// What the signing unit is to sign; `None` while it is out of order and nothing is to be signed.
    #[must_use]
    pub fn to_sign(&self) -> Option<String> {
        let wanted = !self.outage || self.kind == Kind::AfterOutage;
        wanted.then(|| jws::signing_input(&self.code.to_string()))
    }

    /// The receipt. `signature` is what the unit gave; `None` when it gave nothing, or was not asked. Errs when the kind
    /// counts only with a signature: then nothing has happened, and the number is free.
    pub fn seal(self, signature: Option<[u8; 64]>) -> Result<Issued, Refusal> {
        let signature = match signature {
            Some(bytes) if self.to_sign().is_some() => Signature::Signed(Box::new(bytes)),
            _ if self.kind.must_be_signed() => return Err(Refusal::MustBeSigned),
            _ => Signature::OutOfOrder,
        };
        let signed = matches!(signature, Signature::Signed(_));
        let at = self.code.at;
        let before = self.code.chain;
        let jws = Jws { code: self.code, signature }.compact();
        Ok(Issued { kind: self.kind, at, jws, signed, counter: self.counter, before })
    }
}

/// A receipt as it is kept for ever.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issued {
    /// Its kind.
    pub kind: Kind,
    /// Local time.
    pub at: DateTime,
    /// Code and signature, JWS compact: what the DEP holds.
    pub jws: String,
    /// Whether the unit signed it. If not, the paper says "Sicherheitseinrichtung ausgefallen".
    pub signed: bool,
    /// The turnover after it.
    pub counter: Money,
    /// The chain value it carries.
    before: [u8; 8],
}

/// What a till carries from receipt to receipt, beside the last code itself: whoever keeps it with each code need not read
/// all of them again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The turnover so far, gross.
    pub counter: Money,
    /// Since when receipts lack their signature.
    pub outage: Option<DateTime>,
    /// It has its Schlussbeleg.
    pub closed: bool,
    /// Months with receipts that no monthly receipt has followed.
    pub months: Vec<Month>,
    /// Years with receipts that no yearly receipt has followed.
    pub years: Vec<i16>,
}

/// A till, as of its last receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    cashbox: String,
    unit: Unit,
    /// Bytes of the counter.
    width: u8,
    counter: Money,
    last_jws: Option<String>,
    outage: Option<DateTime>,
    closed: bool,
    open: Open,
}

impl Register {
    /// A till before its Startbeleg. `width` is the bytes of the counter, 5 to 16; 8 is usual. Errs when the name cannot
    /// stand in a code or the width is none.
    pub fn new(cashbox: &str, unit: Unit, width: u8) -> Result<Self, Unreadable> {
        if !WIDTHS.contains(&width) {
            return Err(Unreadable::Counter);
        }
        Ok(Register {
            cashbox: code::name(cashbox, Unreadable::Cashbox)?,
            unit,
            width,
            counter: Money::ZERO,
            last_jws: None,
            outage: None,
            closed: false,
            open: Open::default(),
        })
    }

    /// A till after the receipt `last_jws`, as [`Register::carried`] said it then. Errs like [`Register::new`].
    pub fn resume(
        cashbox: &str,
        unit: Unit,
        width: u8,
        last_jws: &str,
        carried: &Carried,
    ) -> Result<Self, Unreadable> {
        let new = Register::new(cashbox, unit, width)?;
        Ok(Register {
            counter: carried.counter,
            last_jws: Some(last_jws.to_owned()),
            outage: carried.outage,
            closed: carried.closed,
            open: Open::of(&carried.months, &carried.years),
            ..new
        })
    }

    /// What is carried on to the next receipt.
    #[must_use]
    pub fn carried(&self) -> Carried {
        let (months, years) = self.open.parts();
        let Register { counter, outage, closed, .. } = *self;
        Carried { counter, outage, closed, months, years }
    }

    /// The till's name.
    #[must_use]
    pub fn cashbox(&self) -> &str {
        &self.cashbox
    }

    /// Bytes of its counter.
    #[must_use]
    pub fn width(&self) -> u8 {
        self.width
    }

    /// The signing unit that the next receipt names.
    #[must_use]
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Another signing unit from the next receipt on.
    pub fn set_unit(&mut self, unit: Unit) {
        self.unit = unit;
    }

    /// The turnover so far, gross.
    #[must_use]
    pub fn counter(&self) -> Money {
        self.counter
    }

    /// Since when receipts lack their signature; `None` when the unit is in order.
    #[must_use]
    pub fn outage(&self) -> Option<DateTime> {
        self.outage
    }

    /// Whether FinanzOnline has to be told of the outage: it lasts longer than 48 hours.
    #[must_use]
    pub fn outage_to_be_reported(&self, now: DateTime) -> bool {
        self.outage.is_some_and(|since| now.duration_since(since).as_hours() >= HOURS_UNTIL_NOTICE)
    }

    /// Receipts that are owed on `today`, in the order they are to be made. They do not keep the till from selling.
    #[must_use]
    pub fn due(&self, today: Date) -> Vec<Due> {
        if self.closed {
            return Vec::new();
        }
        if self.last_jws.is_none() {
            return vec![Due::Start];
        }
        let outage = self.outage.map(|since| Due::AfterOutage { since });
        outage.into_iter().chain(self.open.due(today)).collect()
    }

    /// Decides the code of the next receipt. Errs with the first rule that says no.
    pub fn draft(&self, key: &AesKey, ask: &Ask) -> Result<Draft, Refusal> {
        let Ask { kind, ref receipt, at, sums } = *ask;
        if self.closed {
            return Err(Refusal::Closed);
        }
        if self.last_jws.is_none() && kind != Kind::Start {
            return Err(Refusal::NotStarted);
        }
        if self.last_jws.is_some() && kind == Kind::Start {
            return Err(Refusal::Started);
        }
        if kind.is_zero() && !sums.are_zero() {
            return Err(Refusal::Turnover);
        }
        if kind == Kind::AfterOutage && self.outage.is_none() {
            return Err(Refusal::NoOutage);
        }
        if kind == Kind::Yearly && self.outage.is_some() {
            return Err(Refusal::OutageFirst);
        }
        if kind == Kind::Monthly && self.open.wants_year(at.date()) {
            return Err(Refusal::YearlyInstead);
        }
        let receipt = code::name(receipt, Unreadable::Receipt).map_err(|_| Refusal::Number)?;
        let total = sums.total().map_err(|_| Refusal::CounterFull)?;
        let turnover = if kind == Kind::Training { Money::ZERO } else { total };
        let after = self.counter.plus(turnover).map_err(|_| Refusal::CounterFull)?;
        // Training and cancellations show no counter, but it has to fit all the same when the next sale comes.
        let enciphered = Counter::encipher(key, &self.cashbox, &receipt, after, self.width)
            .ok_or(Refusal::CounterFull)?;
        let counter = match kind {
            Kind::Training => Counter::Training,
            Kind::Cancellation => Counter::Cancellation,
            _ => enciphered,
        };
        let code = Code {
            unit: self.unit.clone(),
            cashbox: self.cashbox.clone(),
            receipt,
            at: code::whole_seconds(at),
            sums,
            counter,
            chain: self.chain(),
        };
        Ok(Draft { kind, code, counter: after, outage: self.outage.is_some() })
    }

    /// Takes a receipt in. Errs when it does not follow the last one; a receipt of [`Draft::seal`] of this state always does.
    pub fn apply(&mut self, issued: &Issued) -> Result<(), Refusal> {
        if issued.before != self.chain() || self.closed {
            return Err(Refusal::Stale);
        }
        let day = issued.at.date();
        match issued.kind {
            Kind::Monthly => self.open.close_month(day),
            Kind::Yearly => self.open.close_year(day),
            // The next month's first receipt proves the zero as well, but the law asks for one of its own.
            _ => self.open.used(day),
        }
        if !issued.signed {
            self.outage.get_or_insert(issued.at);
        } else if issued.kind == Kind::AfterOutage {
            self.outage = None;
        }
        self.closed = issued.kind == Kind::Closing;
        self.counter = issued.counter;
        self.last_jws = Some(issued.jws.clone());
        Ok(())
    }

    /// Draft, signature, seal and apply in one: for callers whose unit answers at once.
    pub fn issue(
        &mut self,
        key: &AesKey,
        ask: &Ask,
        unit: &mut impl Signer,
    ) -> Result<Issued, Refusal> {
        let draft = self.draft(key, ask)?;
        let signature = draft.to_sign().and_then(|input| unit.sign(input.as_bytes()).ok());
        let issued = draft.seal(signature)?;
        self.apply(&issued)?;
        Ok(issued)
    }

    /// The chain value of the next receipt.
    fn chain(&self) -> [u8; 8] {
        jws::chain_value(self.last_jws.as_deref().unwrap_or(&self.cashbox))
    }
}
