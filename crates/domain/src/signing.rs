//! Signing units (Signatureinheiten; in Germany TSE): which there are, what they are asked to sign, and what is
//! known of them.
//!
//! A sale is told to a unit with its first line and finished there when its receipt is issued, before anything is
//! printed. The receipt itself never waits for it: where a unit does not answer, selling goes on, and receipt and
//! journal say so (AEAO zu § 146a, 1.14). What was not signed is not signed later.

use core::net::SocketAddr;
use std::collections::BTreeMap;

use jiff::Timestamp;
use money::Money;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::basket::Basket;
use crate::event::{Event, SigningTidied};
use crate::ids::{BasketId, PersonId, ReceiptNo, TillId, UnitId};
use crate::rksv::{self, SignerIdentity, SignerKind};
use crate::settings::{Settings, TillSettings};

/// What a signing unit is, and where. What it takes to be let in lies apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    /// Software in the program itself, for training and tests: **no certified unit**, and whatever it signs says so.
    Software,
    /// One of fiskaly's in the cloud (SIGN DE v2).
    Fiskaly(FiskalyUnit),
    /// Epson's, in a printer or a server of the shop's network.
    Epson(EpsonUnit),
}

/// A unit of fiskaly's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FiskalyUnit {
    /// Where the interface is: `https://…`; without TLS on this very machine alone, where the simulator is.
    #[schema(max_length = 120)]
    pub address: String,
    /// The unit's UUID (`tss_id`), lower case with hyphens. A new one is drawn by whoever sets it up.
    #[schema(max_length = 36)]
    pub tss: String,
}

/// A unit of Epson's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EpsonUnit {
    /// `host:port`; the port is 8009 as a rule.
    #[schema(max_length = 120)]
    pub address: String,
    /// Its name there: `local_TSE` as a rule.
    #[schema(max_length = 40)]
    pub device: String,
}

impl UnitKind {
    /// It is on this very machine, where no maker's unit is: a simulator.
    pub fn is_simulated(&self) -> bool {
        match self {
            UnitKind::Software => false,
            UnitKind::Fiskaly(unit) => unit.address.starts_with("http://"),
            UnitKind::Epson(unit) => {
                unit.address.parse::<SocketAddr>().is_ok_and(|at| at.ip().is_loopback())
            }
        }
    }
}

/// A signing unit of the shop's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitSettings {
    /// Identity, from 1.
    pub id: UnitId,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
}

/// How the shop's receipts are signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SigningSettings {
    /// Serial number of the recording system; a till's own is this, a hyphen and its number. Letters, digits and
    /// hyphens, at most 20. It never changes while it is in use: the units know the tills by it.
    pub serial: String,
    /// The units. Each till signs at the first one that is not down, its own before the others.
    pub units: Vec<UnitSettings>,
    /// Receipts say all that the code says in clear text as well, for those whom a code does not help.
    #[serde(default)]
    pub clear_text: bool,
}

impl SigningSettings {
    /// The units in the order in which a till tries them.
    pub fn tried_by(&self, till: Option<&TillSettings>) -> Vec<&UnitSettings> {
        let own = till.and_then(|till| till.signing_unit);
        let first = self.units.iter().filter(|unit| Some(unit.id) == own);
        first.chain(self.units.iter().filter(|unit| Some(unit.id) != own)).collect()
    }

    /// The serial number of a till (KassenSichV § 6 no. 6), by which units know it.
    pub fn client(&self, till: TillId) -> String {
        format!("{}-{till}", self.serial)
    }
}

/// What a unit says of itself. As it is said, verbatim: receipts are verified with it years later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitIdentity {
    /// Its serial number: 64 lower-case hexadecimal digits.
    pub serial: String,
    /// Its public key, Base64.
    pub public_key: String,
    /// `ecdsa-plain-SHA256` and the like.
    pub algorithm: String,
    /// `unixTime` and the like.
    pub time_format: String,
    /// How it takes process data: `UTF-8` or `ASCII`.
    pub encoding: String,
    /// Its certificates, Base64 of DER, its own first.
    pub certificates: Vec<String>,
    /// It is certified, as far as the program can tell: never for software.
    pub certified: bool,
}

/// Since when a unit does not sign, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outage {
    /// Since.
    #[schema(value_type = String, format = DateTime)]
    pub since: Timestamp,
    /// Stable code: `unreachable`, `time_out`, `storage_full`, `certificate_expired`, …
    pub why: String,
}

/// A unit as it is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Which.
    pub id: UnitId,
    /// What it said of itself last; none before it was ever reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<UnitIdentity>,
    /// It does not sign at the moment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outage: Option<Outage>,
}

/// A transaction that a unit began for a basket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// At which unit.
    pub unit: UnitId,
    /// The till, as the unit knows it.
    pub client: String,
    /// Its number there.
    pub number: u64,
    /// Began, by the unit's clock.
    #[schema(value_type = String, format = DateTime)]
    pub began: Timestamp,
}

/// What is signed (a Vorgang): a sale by its basket, or an entry that is business by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A basket that ended.
    Basket(BasketId),
    /// Cash that moved without a sale, a drawer that was opened, an order, a basket that was handed over: the entry
    /// that says so, by its number.
    Entry(u64),
}

/// What came of a basket, or what an entry says, and is to be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Outcome {
    /// A receipt.
    Receipt {
        /// Its number.
        number: ReceiptNo,
        /// In training.
        training: bool,
    },
    /// It was given up.
    Aborted {
        /// In training.
        training: bool,
    },
    /// Somebody who works here took what was in it.
    Benefit,
    /// What is in a basket was ordered.
    Ordered,
    /// A basket goes on at another till.
    HandedOver,
    /// Cash moved: the float, what was paid in or out, what went to the safe, what the counting differed by.
    Cash {
        /// Into the drawer; below nothing out of it.
        amount: Money,
    },
    /// The drawer was opened without business.
    DrawerOpened,
}

/// What ended and is not signed yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signing {
    /// What it is.
    #[serde(flatten)]
    pub of: Subject,
    /// The entry that ended it: they are signed in this order.
    #[serde(default)]
    pub ended_by: u64,
    /// At which till it ended.
    pub till: TillId,
    /// Who ended it.
    pub person: PersonId,
    /// It began when.
    pub opened: Timestamp,
    /// It ended when.
    pub ended: Timestamp,
    /// What came of it.
    pub outcome: Outcome,
    /// The transaction that was begun for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transaction: Option<Transaction>,
}

/// The unit's signature over what was finished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The transaction.
    pub transaction: Transaction,
    /// Finished, by the unit's clock.
    pub finished: Timestamp,
    /// The unit's signature counter.
    pub counter: u64,
    /// The signature, Base64.
    pub value: String,
    /// Kind of process, as it was signed.
    pub process_type: String,
    /// Its data, as they were signed.
    pub process_data: String,
    /// The unit's serial number: what it said of itself then is found by it.
    pub serial: String,
}

/// What the program says of signing something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SigningStep {
    /// A unit began a transaction for it: only of baskets, before they end.
    Began(Box<Transaction>),
    /// It is signed.
    Signed(Box<Signature>),
    /// It is not, and will not be.
    Failed {
        /// At which unit; none where there was none to ask.
        unit: Option<UnitId>,
        /// Stable code.
        why: String,
        /// What should have been signed.
        process_type: String,
        /// Its data.
        process_data: String,
    },
}

/// What the program says of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitStep {
    /// It said what it is.
    Reported(Box<UnitIdentity>),
    /// It does not sign.
    Down {
        /// Stable code.
        why: String,
    },
    /// It signs again.
    Up,
    /// A transaction that nobody waited for any more is settled there.
    Tidied(Box<SigningTidied>),
    /// Somebody had it do something.
    Serviced(UnitServiced),
}

/// What the office had a unit do; what it was told stands nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitServiced {
    /// It was told its secret.
    Secret,
    /// It is set up.
    SetUp,
    /// It tests itself.
    Check,
    /// It lets a till go.
    Deregister,
}

/// What became of a transaction that was left behind at a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tidied {
    /// It was still open, and was ended as given up.
    GivenUp,
    /// The unit had signed it, and its answer came too late: the receipt says that it is not signed, and stays so.
    SignedLate,
}

/// The unit that signs a till's receipts now, and as which of those that it tries; none where all are down.
pub fn signs_at<'a>(
    units: &BTreeMap<UnitId, Unit>,
    tried: &[&'a UnitSettings],
) -> Option<(usize, &'a UnitSettings)> {
    let down = |unit: &UnitId| units.get(unit).is_some_and(|unit| unit.outage.is_some());
    tried.iter().enumerate().find(|(_, unit)| !down(&unit.id)).map(|(at, unit)| (at, *unit))
}

/// Whether what is signed at a till now is **not** signed by a certified unit, as far as the program can tell: by software,
/// by a simulator, in a maker's environment for tests. True of none where nothing is signed.
pub fn is_practice(
    settings: &Settings,
    (units, signers): (&BTreeMap<UnitId, Unit>, &BTreeMap<UnitId, SignerIdentity>),
    till: Option<&TillSettings>,
) -> bool {
    if let Some(rksv) = rksv::of(settings) {
        return rksv.devices.iter().any(|device| {
            let said = signers.get(&device.id);
            device.kind == SignerKind::Software || said.is_some_and(|said| !said.certified)
        });
    }
    let Some(signing) = &settings.signing else { return false };
    let tried = signing.tried_by(till);
    let signs = signs_at(units, &tried).map(|(_, unit)| unit).or(tried.first().copied());
    signs.is_some_and(|unit| {
        let said = units.get(&unit.id).and_then(|known| known.identity.as_ref());
        match unit.kind {
            UnitKind::Software => true,
            // What was said by what stood here before says nothing.
            _ if unit.kind.is_simulated() => true,
            UnitKind::Fiskaly(_) | UnitKind::Epson(_) => said.is_some_and(|said| !said.certified),
        }
    })
}

/// Whether receipts of a till are signed.
pub(crate) fn is_signed(settings: Option<&Settings>) -> bool {
    settings.and_then(|s| s.signing.as_ref()).is_some_and(|signing| !signing.units.is_empty())
}

/// A basket that ended is to be signed.
pub(crate) fn ended(
    signings: &mut BTreeMap<Subject, Signing>,
    signed: bool,
    basket: &Basket,
    (entry, at): (u64, Timestamp),
    (till, person): (TillId, Option<PersonId>),
    event: &Event,
) {
    let training = basket.training;
    let outcome = match event {
        Event::ReceiptIssued(receipt) => Outcome::Receipt { number: receipt.number, training },
        Event::BasketAborted { .. } => Outcome::Aborted { training },
        Event::BenefitGiven(_) => Outcome::Benefit,
        _ => return,
    };
    if !signed && basket.signing.is_none() {
        return;
    }
    let of = Subject::Basket(basket.id);
    let signing = Signing {
        of,
        ended_by: entry,
        till,
        person: person.unwrap_or(PersonId(0)),
        opened: basket.opened_at,
        ended: at,
        outcome,
        transaction: basket.signing.as_deref().cloned(),
    };
    signings.insert(of, signing);
}

/// What of an entry is signed that belongs to no sale; none where nothing is.
pub fn outcome_of(event: &Event) -> Option<Outcome> {
    let amount = match event {
        Event::DayOpened { float, .. } => *float,
        Event::CashPaidIn { amount, .. } => *amount,
        Event::CashPaidOut { amount, .. } | Event::CashDropped { amount, .. } => amount.negated(),
        Event::DayClosed { difference, .. } => *difference,
        Event::DrawerOpened { .. } => return Some(Outcome::DrawerOpened),
        Event::BasketOrdered(_) => return Some(Outcome::Ordered),
        Event::BasketHandedOver(_) => return Some(Outcome::HandedOver),
        _ => return None,
    };
    Some(Outcome::Cash { amount })
}

/// The till that an entry is a record of: a basket that is handed over ends at the one that it comes from.
pub fn till_of(event: &Event, till: Option<TillId>) -> Option<TillId> {
    match event {
        Event::BasketHandedOver(over) => Some(over.from),
        _ => till,
    }
}

/// An entry that ends no sale is to be signed. An order, and a basket that is handed over, take the transaction that
/// was begun for the basket: what follows of it begins anew.
pub(crate) fn moved(
    signings: &mut BTreeMap<Subject, Signing>,
    (signed, baskets): (bool, &BTreeMap<BasketId, Basket>),
    (seq, at): (u64, Timestamp),
    (till, person): (TillId, Option<PersonId>),
    event: &Event,
) {
    let Some(outcome) = outcome_of(event) else { return };
    let basket = match event {
        Event::BasketOrdered(ordered) => baskets.get(&ordered.basket),
        Event::BasketHandedOver(over) => baskets.get(&over.basket),
        _ => None,
    };
    let transaction = basket.and_then(|basket| basket.signing.as_deref().cloned());
    if !signed && transaction.is_none() {
        return;
    }
    let till = till_of(event, Some(till)).unwrap_or(till);
    let of = Subject::Entry(seq);
    let person = person.unwrap_or(PersonId(0));
    // A unit was told of it when it began.
    let opened = transaction.as_ref().map_or(at, |begun| begun.began.min(at));
    let (ended_by, ended) = (seq, at);
    let signing = Signing { of, ended_by, till, person, opened, ended, outcome, transaction };
    signings.insert(of, signing);
}

/// The unit that an event is about, rather than a basket's signature.
pub fn unit_of(event: &Event) -> Option<UnitId> {
    match event {
        Event::SigningUnitReported(said) => Some(said.unit),
        Event::SigningOutage(said) => Some(said.unit),
        Event::SigningRestored(said) => Some(said.unit),
        _ => None,
    }
}

/// Takes an event of a unit in.
pub(crate) fn apply_unit(units: &mut BTreeMap<UnitId, Unit>, at: Timestamp, event: &Event) {
    let Some(id) = unit_of(event) else { return };
    let unit = units.entry(id).or_insert(Unit { id, identity: None, outage: None });
    match event {
        Event::SigningUnitReported(said) => unit.identity = Some(said.identity.clone()),
        Event::SigningOutage(said) => {
            unit.outage = Some(Outage { since: at, why: said.why.clone() });
        }
        _ => unit.outage = None,
    }
}
