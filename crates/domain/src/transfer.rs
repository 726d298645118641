//! Payment by transfer: a request with a reference of its own, and what the bank says of it.
//!
//! A QR code asks; it confirms nothing. Paid is what a message of the bank says (amount, currency and
//! reference fit), or what a person with the right says, with a reason; the tender tells the two apart.

use jiff::Timestamp;
use jiff::civil::Date;
use money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bank::BankAccount;
use crate::ids::{BankMessageId, BasketId, PersonId, TillId, TransferId};

/// What every reference begins with.
const MARK: &str = "TR";
/// Crockford's base 32: nothing in it is taken for another sign.
const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Signs of 50 random bits.
const BODY: usize = 10;
/// Check signs: one in a thousand wrong texts passes, and then no request has it.
const CHECK: usize = 2;
/// Mark, body and check signs.
const LENGTH: usize = 14;
/// Prime, just below the 1,024 values of two check signs.
const PRIME: u64 = 1_021;
/// Most bytes of an EPC QR code (EPC069-12).
pub const MAX_PAYLOAD: usize = 331;

/// What stands in a purpose text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A reference whose check signs fit.
    Reference(String),
    /// Something that was meant to be one: mistyped, or with signs that only look alike.
    Spoiled(String),
    /// Nothing of ours.
    Nothing,
}

/// The reference made of random bytes: `TR`, ten signs, two check signs.
pub fn reference(random: [u8; 8]) -> String {
    let bits = u64::from_be_bytes(random) >> 14;
    let signs = |value: u64, count: usize| {
        (0..count).rev().map(move |at| {
            let shift = u32::try_from(at).unwrap_or(0).saturating_mul(5);
            sign(value.checked_shr(shift).unwrap_or(0))
        })
    };
    let check = bits.checked_rem(PRIME).unwrap_or(0);
    MARK.chars().chain(signs(bits, BODY)).chain(signs(check, CHECK)).collect()
}

fn sign(value: u64) -> char {
    let at = usize::try_from(value & 31).unwrap_or(0);
    SIGNS.get(at).map_or('0', |byte| char::from(*byte))
}

fn value(sign: char) -> Option<u64> {
    let sign = match sign.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        other => other,
    };
    let at = SIGNS.iter().position(|known| char::from(*known) == sign)?;
    u64::try_from(at).ok()
}

/// The signs of a text as a reference, when they are one.
fn read(signs: &[char]) -> Option<String> {
    let rest = signs.strip_prefix(&['T', 'R'])?;
    let (body, check) = rest.get(..LENGTH.checked_sub(MARK.len())?)?.split_at_checked(BODY)?;
    let number =
        |signs: &[char]| signs.iter().try_fold(0_u64, |sum, c| Some((sum << 5) | value(*c)?));
    let (bits, said) = (number(body)?, number(check)?);
    (bits.checked_rem(PRIME)? == said).then(|| reference((bits << 14).to_be_bytes()))
}

/// Looks for a reference in a purpose text. Banks break lines and people type: case, spaces and hyphens do
/// not matter, nor O for 0 and I or L for 1.
pub fn find(text: &str) -> Found {
    let signs: Vec<char> =
        text.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect();
    let starts = (0..signs.len()).filter_map(|at| signs.get(at..));
    for rest in starts {
        if let Some(found) = read(rest) {
            return Found::Reference(found);
        }
    }
    let word = text.split(|c: char| !c.is_alphanumeric()).find(|word| {
        let mut signs = word.chars().map(|c| c.to_ascii_uppercase());
        let digits = word.chars().skip(MARK.len()).any(|c| c.is_ascii_digit());
        word.chars().count() == LENGTH && signs.by_ref().take(2).eq(MARK.chars()) && digits
    });
    word.map_or(Found::Nothing, |word| Found::Spoiled(word.to_uppercase()))
}

/// What a QR code says for banking apps (EPC069-12, version 002): one line each, UTF-8.
pub fn payload(account: &BankAccount, amount: Money, reference: &str) -> String {
    let (whole, cents) = (
        amount.minor().checked_div(100).unwrap_or(0),
        amount.minor().checked_rem(100).unwrap_or(0),
    );
    let bic = account.bic.as_deref().unwrap_or_default();
    let (holder, iban) = (account.holder.trim(), &account.iban);
    format!("BCD\n002\n1\nSCT\n{bic}\n{holder}\n{iban}\nEUR{whole}.{cents:02}\n\n\n{reference}")
}

/// A request that waits for its money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transfer {
    /// Identity.
    pub id: TransferId,
    /// What the payer writes.
    pub reference: String,
    /// The till that asked.
    pub till: TillId,
    /// For which basket.
    pub basket: BasketId,
    /// How much, above nothing; minor units of the shop's currency.
    pub amount: Money,
    /// The account of that moment.
    pub account: BankAccount,
    /// Asked when.
    pub asked: Timestamp,
    /// Asked by.
    pub asked_by: PersonId,
    /// Messages of the bank whose amount is another one: a person decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arrived: Vec<Arrived>,
}

/// Money that came in for a request, and is not what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrived {
    /// The message.
    pub message: BankMessageId,
    /// How much came.
    pub amount: Money,
}

/// Who says that the money is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Confirmed {
    /// The bank.
    Bank {
        /// In which message.
        message: BankMessageId,
    },
    /// A person, with a reason: reported apart.
    Person {
        /// Who.
        person: PersonId,
    },
}

/// The transfer of a tender.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TenderTransfer {
    /// The request.
    pub transfer: TransferId,
    /// What the payer wrote.
    pub reference: String,
    /// Who says that the money is there.
    pub confirmed: Confirmed,
}

/// A message of the bank, as far as the shop needs it. Of whoever paid it holds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BankMessage {
    /// The bank's own reference of the entry, or a digest of the line: the same one changes nothing twice.
    pub entry: String,
    /// Booked on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub booked: Option<Date>,
    /// How much, above nothing; minor units of its currency.
    pub amount: Money,
    /// Its currency.
    pub currency: Currency,
    /// Money went off the account, or an earlier entry was taken back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub back: bool,
    /// The reference of ours that stands in it, or what was meant to be one.
    pub reference: String,
    /// Its check signs fit.
    pub fits: bool,
    /// Who took it in.
    pub by: PersonId,
}

/// What a message of the bank led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It paid the request that it names.
    Paid,
    /// It bears out what a person had confirmed.
    BorneOut,
    /// No request has this reference.
    UnknownReference,
    /// The reference is mistyped.
    SpoiledReference,
    /// Another currency than was asked for.
    WrongCurrency,
    /// Less than was asked for.
    TooLittle,
    /// More than was asked for.
    TooMuch,
    /// The request had been given up.
    GivenUp,
    /// The request was paid already.
    PaidBefore,
    /// Money went back.
    WentBack,
}

impl Finding {
    /// A person has to look at it.
    pub const fn needs_person(self) -> bool {
        !matches!(self, Finding::Paid | Finding::BorneOut)
    }
}

/// What a message leads to. `known`: the request that it names.
pub fn judge(said: &BankMessage, known: Option<KnownTransfer>, home: Currency) -> Finding {
    if !said.fits {
        return Finding::SpoiledReference;
    }
    let Some(known) = known else { return Finding::UnknownReference };
    match known.state {
        _ if said.back => Finding::WentBack,
        _ if said.currency != home => Finding::WrongCurrency,
        TransferState::Waiting | TransferState::PaidByHand if said.amount < known.amount => {
            Finding::TooLittle
        }
        TransferState::Waiting | TransferState::PaidByHand if said.amount > known.amount => {
            Finding::TooMuch
        }
        TransferState::Waiting => Finding::Paid,
        TransferState::PaidByHand => Finding::BorneOut,
        TransferState::Paid => Finding::PaidBefore,
        TransferState::GivenUp | TransferState::Undone => Finding::GivenUp,
    }
}

/// How far a request is, closed ones too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// The money is waited for.
    Waiting,
    /// The bank says that it is there.
    Paid,
    /// A person says so.
    PaidByHand,
    /// Given up.
    GivenUp,
    /// Its tender was undone before the receipt: the money is to be given back.
    Undone,
}

/// A request as the record knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownTransfer {
    /// Identity.
    pub id: TransferId,
    /// What was asked for; once it is paid, what counts.
    pub amount: Money,
    /// How far it is.
    pub state: TransferState,
}
