//! Austria's tills (Registrierkassen-Sicherheitsverordnung): what is set of them, and how far each one's chain of
//! receipts is.
//!
//! Every receipt of a till carries a code that is chained to the one before it. The codes themselves are made outside, by
//! whoever knows the regulation; here stands what was said last, and that nothing comes between two of them.

mod owed;
mod rates;

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::event::{Event, RksvSigned, RksvTold};
use crate::ids::{BasketId, TillId, UnitId};
use crate::settings::{Country, Settings};
use crate::signing::Subject;
use crate::state::{Part, State};

pub use owed::{EndedOutage, HOURS_UNTIL_NOTICE, Owed, is_to_be_told};
pub use rates::{RATES, RateField, field_of};

/// What a signature device (Signaturerstellungseinheit) is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SignerKind {
    /// Software in the program itself, for training and tests: **no certified device**, and whatever it signs says so.
    Software,
    /// A.sign RK HSM of A-Trust, over the web.
    AtrustHsm,
}

/// A signature device of the shop's. Its password lies apart from the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignerSettings {
    /// Identity, from 1.
    pub id: UnitId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: SignerKind,
    /// The interface's address; the provider's own unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The user there, as the provider gave it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

/// A till that is known to FinanzOnline by a name of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterSettings {
    /// Which till.
    pub till: TillId,
    /// Its name (Kassenidentifikationsnummer).
    pub cash_register: String,
}

/// How an Austrian shop's receipts are signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RksvSettings {
    /// A till's name at FinanzOnline (Kassenidentifikationsnummer) is this, a hyphen and its number, unless it has one of
    /// its own. Letters, digits and hyphens, at most 20.
    pub prefix: String,
    /// Tills with names of their own: after a restart with a new Startbeleg, for example.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub registers: Vec<RegisterSettings>,
    /// The signature devices. Each receipt is signed by the first one that signs.
    pub devices: Vec<SignerSettings>,
    /// Receipts show the code as text for OCR as well, for those whom a QR code does not help.
    #[serde(default)]
    pub clear_text: bool,
}

impl RksvSettings {
    /// A till's name at FinanzOnline (Kassenidentifikationsnummer).
    pub fn cash_register(&self, till: TillId) -> String {
        let own = self.registers.iter().find(|register| register.till == till);
        own.map_or_else(|| format!("{}-{till}", self.prefix), |own| own.cash_register.clone())
    }
}

/// What a signature device says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignerIdentity {
    /// Who vouches for it: `AT1` and the like, `AT0` for a closed system without certificates.
    pub provider: String,
    /// Its certificate's number in hex, or the key's name in a closed system.
    pub certificate: String,
    /// Its public key, Base64 of a point on P-256, uncompressed.
    pub public_key: String,
    /// Its certificates, Base64 of DER, its own first; none in a closed system.
    pub certificates: Vec<String>,
    /// It is a device of a provider's: never for software.
    pub certified: bool,
}

impl SignerIdentity {
    /// By which codes name it: provider and certificate.
    pub fn key(&self) -> String {
        format!("{}/{}", self.provider, self.certificate)
    }
}

/// What kind of receipt it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RksvKind {
    /// Startbeleg: the first one, without turnover, signed.
    Start,
    /// A sale or a return.
    Standard,
    /// Stornobeleg: goods come back.
    Cancellation,
    /// Trainingsbeleg: counted nowhere.
    Training,
    /// Nullbeleg: when an inspector asks for it.
    Zero,
    /// Monatsbeleg.
    Monthly,
    /// Jahresbeleg, the monthly receipt of December.
    Yearly,
    /// Sammelbeleg after an outage.
    AfterOutage,
    /// Schlussbeleg: the last one.
    Closing,
}

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Month {
    /// The year.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

/// What a till carries on from one code to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carried {
    /// The turnover so far, gross, minor units.
    pub counter: Money,
    /// Since when codes lack their signature, local time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<DateTime>,
    /// It has its Schlussbeleg.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// Months with receipts that no monthly receipt has followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub months: Vec<Month>,
    /// Years with receipts that no yearly receipt has followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub years: Vec<i16>,
}

/// What a person has done outside the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RksvNote {
    /// The Startbeleg was checked with FinanzOnline.
    StartChecked,
    /// The last Jahresbeleg was checked with FinanzOnline.
    YearChecked,
    /// The outage was told to FinanzOnline.
    OutageTold,
    /// The end of outages that are over was told to FinanzOnline, and their beginning where it had not been.
    OutageEndTold,
    /// The till was taken out of service at FinanzOnline.
    ClosingTold,
    /// The export was saved on a medium of its own, as every quarter asks for.
    Saved,
    /// It was seen that receipts have no code.
    SeenWithoutCode,
}

/// What a person did with a secret of a chain's or a device's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum RksvSecret {
    /// The key of a counter was shown.
    KeyShown {
        /// The till's name at FinanzOnline.
        register: String,
    },
    /// The file of keys for the checking tool was handed out.
    KeysHandedOut {
        /// The till's name at FinanzOnline.
        register: String,
    },
    /// The key of a counter was entered.
    KeyEntered {
        /// The till's name at FinanzOnline.
        register: String,
    },
    /// A device's password was entered.
    PasswordEntered {
        /// Which device.
        device: UnitId,
    },
}

/// A till's chain, as of its last code. A till that sold before its chain began has one without name and codes, which
/// knows what it sold so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Register {
    /// Which till.
    pub till: TillId,
    /// Its name at FinanzOnline; empty before its chain began.
    pub cash_register: String,
    /// How many codes it has; 0 before its chain began.
    pub position: u64,
    /// It has its Startbeleg since, local time.
    pub started: DateTime,
    /// The last code and its signature (JWS compact): the next one is chained to it.
    pub last: String,
    /// The device that the last code names.
    pub device: String,
    /// What it carries on.
    pub carried: Carried,
    /// Names that it had before; none of them is ever given again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<String>,
    /// Receipts that a person asked for and that are not made yet, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<RksvKind>,
    /// Why the last one that was asked for was not made; none when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_issued: Option<NotIssued>,
    /// Why the last receipt has no code at all; none when it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_signed: Option<String>,
    /// The Startbeleg was checked with FinanzOnline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub start_checked: bool,
    /// A Jahresbeleg that is to be checked with FinanzOnline: its date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year_to_check: Option<Date>,
    /// The outage was told to FinanzOnline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub outage_told: bool,
    /// Outages that are over and were long enough, until FinanzOnline was told of their end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outages_to_tell: Vec<EndedOutage>,
    /// That it is given up was told to FinanzOnline.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closing_told: bool,
    /// The export was saved last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub saved: Option<Timestamp>,
    /// How many codes it had then.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub saved_through: u64,
    /// What is still owed for names that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owed: Vec<Owed>,
    /// Receipts of the till without any code that nobody has seen yet, whichever name it had.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub without_code: u32,
    /// Why those have none: stable codes, each once, in the order in which they came up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_code_why: Vec<String>,
    /// It comes out of a backup: codes may have been handed out that the shop does not know. Nothing follows the last one
    /// that it does know. The last field: whoever puts a backup back adds it to what is saved.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub restored: bool,
}

const fn is_none_yet(count: &u64) -> bool {
    *count == 0
}

const fn is_zero(count: &u32) -> bool {
    *count == 0
}

/// A receipt that was asked for and not made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NotIssued {
    /// Which.
    pub kind: RksvKind,
    /// Stable code.
    pub why: String,
}

/// What the program says of a till's chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RksvStep {
    /// The next code.
    Signed(Box<RksvSigned>),
    /// A receipt has no code and will have none.
    NotSigned {
        /// Which basket.
        basket: BasketId,
        /// Stable code.
        why: String,
    },
    /// What a person asked for is not made.
    NotIssued(NotIssued),
}

/// Whether each receipt of this shop has to have a code (RKSV), whatever is set up.
pub fn applies(settings: &Settings) -> bool {
    settings.country == Country::At
}

/// How Austria's receipts are signed, where this shop's are.
pub fn of(settings: &Settings) -> Option<&RksvSettings> {
    settings.rksv.as_ref().filter(|_| applies(settings))
}

/// How a closed system's codes name the shop: `U:` and its VAT id, or `S:` and its tax number; none when it has neither.
pub fn company_key(settings: &Settings) -> Option<String> {
    let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let vat = settings.vat_id.as_deref().map(bare).unwrap_or_default().to_ascii_uppercase();
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if let Some(number) = vat.strip_prefix("ATU")
        && number.len() == 8
        && digits(number)
    {
        return Some(format!("U:{vat}"));
    }
    let tax = settings.tax_number.as_deref().map(bare).unwrap_or_default();
    (tax.len() == 9 && digits(&tax)).then(|| format!("S:{tax}"))
}

/// Whether a receipt that is issued waits for its code, or for being told that it gets none.
pub(crate) fn is_signed(settings: Option<&Settings>, event: &Event) -> bool {
    matches!(event, Event::ReceiptIssued(_)) && settings.is_some_and(applies)
}

/// Takes an event of the tills' chains in.
pub(crate) fn apply(state: &mut State, at: Timestamp, event: &Event) {
    match event {
        Event::RksvSigned(signed) => {
            signed.basket.and_then(|basket| state.signings.remove(&Subject::Basket(basket)));
            take_code(&mut state.registers, signed);
        }
        Event::RksvTold(told) => take_told(state, at, told),
        Event::ShopRestored(_) => {
            state.registers.values_mut().for_each(|register| register.restored = true);
        }
        _ => {}
    }
}

/// The parts of the state that an event changes.
pub(crate) fn parts_of(told: &RksvTold) -> [Option<Part>; 2] {
    let part = match told {
        RksvTold::NotSigned { till, basket, .. } => {
            return [Some(Part::Signing(Subject::Basket(*basket))), Some(Part::Register(*till))];
        }
        RksvTold::Asked { till, .. }
        | RksvTold::NotIssued { till, .. }
        | RksvTold::Noted { till, .. } => Part::Register(*till),
        RksvTold::Device { device, .. } => Part::Signer(*device),
        RksvTold::Secret { .. } => return [None, None],
    };
    [Some(part), None]
}

fn take_told(state: &mut State, at: Timestamp, told: &RksvTold) {
    let registers = &mut state.registers;
    match told {
        RksvTold::NotSigned { till, basket, why } => {
            state.signings.remove(&Subject::Basket(*basket));
            let register = registers.entry(*till).or_insert_with(|| Register::before(*till));
            register.not_signed = Some(why.clone());
            register.without_code = register.without_code.saturating_add(1);
            if !register.without_code_why.contains(why) {
                register.without_code_why.push(why.clone());
            }
        }
        RksvTold::Asked { till, kind } => {
            if let Some(register) = registers.get_mut(till) {
                register.asked.push(*kind);
                register.not_issued = None;
            }
        }
        RksvTold::NotIssued { till, kind, why } => {
            if let Some(register) = registers.get_mut(till) {
                register.forget_asked(*kind);
                register.not_issued = Some(NotIssued { kind: *kind, why: why.clone() });
            }
        }
        RksvTold::Noted { till, note, register: name } => {
            if let Some(register) = registers.get_mut(till) {
                match name {
                    Some(name) => register.settle(name, *note),
                    None => register.note(*note, at),
                }
            }
        }
        RksvTold::Device { device, identity } => {
            state.signers.insert(*device, identity.clone());
        }
        RksvTold::Secret { .. } => {}
    }
}

fn take_code(registers: &mut BTreeMap<TillId, Register>, signed: &RksvSigned) {
    let before = registers.remove(&signed.till);
    let same = before.as_ref().filter(|r| r.cash_register == signed.cash_register).cloned();
    let mut register = same.unwrap_or_else(|| {
        let old = before.unwrap_or_else(|| Register::before(signed.till));
        let mut past = old.past.clone();
        past.extend(Some(old.cash_register.clone()).filter(|name| !name.is_empty()));
        // A new name makes no receipt seen.
        let (without_code, without_code_why) = (old.without_code, old.without_code_why.clone());
        Register {
            cash_register: signed.cash_register.clone(),
            started: signed.at,
            past,
            without_code,
            without_code_why,
            owed: old.given_up(signed.at),
            ..Register::before(signed.till)
        }
    });
    register.position = signed.position;
    register.not_signed = None;
    register.last.clone_from(&signed.jws);
    register.device.clone_from(&signed.device);
    let outage = register.carried.outage;
    register.carried = signed.carried.clone();
    register.outage_over(outage, signed.at);
    if signed.basket.is_none() {
        register.forget_asked(signed.kind);
    }
    if signed.kind == RksvKind::Yearly {
        register.year_to_check = Some(signed.at.date());
    }
    registers.insert(signed.till, register);
}

impl Register {
    /// A till whose chain has not begun.
    fn before(till: TillId) -> Register {
        Register {
            till,
            cash_register: String::new(),
            position: 0,
            started: DateTime::default(),
            last: String::new(),
            device: String::new(),
            carried: Carried {
                counter: Money::ZERO,
                outage: None,
                closed: false,
                months: Vec::new(),
                years: Vec::new(),
            },
            past: Vec::new(),
            asked: Vec::new(),
            not_issued: None,
            not_signed: None,
            start_checked: false,
            year_to_check: None,
            outage_told: false,
            outages_to_tell: Vec::new(),
            closing_told: false,
            saved: None,
            saved_through: 0,
            owed: Vec::new(),
            without_code: 0,
            without_code_why: Vec::new(),
            restored: false,
        }
    }

    /// It has its Startbeleg.
    pub const fn begun(&self) -> bool {
        self.position > 0
    }

    /// All names that it has and had, today's last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let today = Some(self.cash_register.as_str()).filter(|_| self.begun());
        self.past.iter().map(String::as_str).chain(today)
    }

    fn forget_asked(&mut self, kind: RksvKind) {
        if let Some(at) = self.asked.iter().position(|asked| *asked == kind) {
            self.asked.remove(at);
        }
    }

    fn note(&mut self, what: RksvNote, at: Timestamp) {
        match what {
            RksvNote::StartChecked => self.start_checked = true,
            RksvNote::YearChecked => self.year_to_check = None,
            RksvNote::OutageTold => self.outage_told = true,
            RksvNote::OutageEndTold => self.outages_to_tell.clear(),
            RksvNote::ClosingTold => self.closing_told = true,
            RksvNote::Saved => {
                self.saved = Some(at);
                self.saved_through = self.position;
            }
            RksvNote::SeenWithoutCode => {
                self.without_code = 0;
                self.without_code_why.clear();
            }
        }
    }
}
