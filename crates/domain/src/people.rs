//! People, roles, permissions and their limits: one table.

use std::fmt;

use money::Money;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

use crate::ids::PersonId;

/// What a person is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sells.
    Cashier,
    /// Approves and closes.
    Supervisor,
    /// Runs the shop.
    Manager,
    /// Looks at the record for an authority while an audit is open. No person who works here has it.
    Auditor,
}

/// What the journal keeps of a person's name: SHA-256 over `tresen-name-1`, the person's key of 32
/// bytes and the name in UTF-8; 64 lower-case hexadecimal digits in JSON.
///
/// Name and key lie apart. Without the key nobody can tell whose name it was, not even by trying a
/// list of names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NameDigest(pub [u8; 32]);

impl fmt::Display for NameDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for NameDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NameDigest({self})")
    }
}

impl std::str::FromStr for NameDigest {
    type Err = NoDigest;

    /// Reads what is displayed; capitals, another length and anything else err.
    fn from_str(text: &str) -> Result<Self, NoDigest> {
        let digit = |c: u8| match c {
            b'0'..=b'9' => Some(c.wrapping_sub(b'0')),
            b'a'..=b'f' => Some(c.wrapping_sub(b'a').wrapping_add(10)),
            _ => None,
        };
        let mut bytes = [0_u8; 32];
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != bytes.len() || !rest.is_empty() {
            return Err(NoDigest);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            let (high, low) = digit(*high).zip(digit(*low)).ok_or(NoDigest)?;
            *byte = (high << 4) | low;
        }
        Ok(NameDigest(bytes))
    }
}

/// A text is not the digest of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("64 lower-case hexadecimal digits are expected")]
pub struct NoDigest;

impl Serialize for NameDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for NameDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// A person who works here, as the journal knows them: by number. Their name lies apart.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// The name as shown on receipts, digested.
    pub name: NameDigest,
    /// Role.
    pub role: Role,
    /// May sign in.
    pub active: bool,
}

/// A secret a person can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CredentialKind {
    /// Digits, for the till.
    Pin,
    /// At least 15 characters, for the office.
    Passphrase,
}

/// What a secret is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SecretUse {
    /// To sign in.
    SignIn,
    /// To approve what another person asks.
    Approval,
    /// To set a new secret of one's own.
    Change,
}

/// A secret that did not fit. The secret itself is nowhere: a wrong one is often nearly right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WrongSecret {
    /// Whose it should have been; none for somebody who does not exist.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonId>,
    /// Which secret.
    pub secret: CredentialKind,
    /// What for.
    pub purpose: SecretUse,
    /// This try locked the person out here for so many seconds. Tries while it lasts are not looked
    /// at, and no entries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked_seconds: Option<u32>,
}

/// What a person may be allowed to do. Each route and each command names one.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Sell: scan, add, change quantities, note, park, recall, take cash.
    Sell,
    /// Void a line before payment.
    VoidLine,
    /// Abort a basket.
    AbortBasket,
    /// End a basket as goods that somebody who works here takes.
    GiveBenefits,
    /// Give a discount by hand; limited in percent.
    Discount,
    /// Sell at another price; limited in percent below the price.
    OverridePrice,
    /// Return goods with a receipt; limited by amount.
    ReturnWithReceipt,
    /// Return goods without a receipt; limited by amount.
    ReturnWithoutReceipt,
    /// Pay out for empties and deposit slips; limited by amount.
    PayOutDeposit,
    /// Give money back by another tender than the one that had paid.
    ChooseRefund,
    /// Open the till day.
    OpenDay,
    /// Count and close the till day.
    CloseDay,
    /// Settle payments of which nobody knows whether money moved, and close a day in spite of them.
    ResolvePayments,
    /// Put cash in or take it out for an expense; limited by amount.
    MoveCash,
    /// Move cash to the safe.
    DropCash,
    /// Open the drawer without a sale.
    NoSale,
    /// See totals (X report, drawer).
    SeeTotals,
    /// Switch training mode.
    Training,
    /// Look receipts up and print copies.
    SeeReceipts,
    /// See reports of the shop.
    SeeReports,
    /// See the catalogue.
    SeeItems,
    /// Change the catalogue, import and export it.
    ManageItems,
    /// Book stock movements.
    ManageStock,
    /// Block vouchers and take them again, and take them after they expired.
    ManageVouchers,
    /// Sell on account, and take what customers owe.
    SellOnAccount,
    /// Sell on account beyond a customer's limit.
    ExceedCredit,
    /// Add customers and change them, see what they owe.
    ManageCustomers,
    /// Record what customers paid elsewhere, and take more than they owe.
    RecordAccountPayments,
    /// Take card terminals into the register, inspect them, and say that a stopped one is the right one.
    ManageTerminals,
    /// Change settings.
    ManageSettings,
    /// Change people.
    ManagePeople,
    /// Verify the journal, make backups.
    ManageRecord,
    /// See what an auditor is shown: exports, changes, documents, receipts, closings.
    SeeAudit,
    /// Open to everybody: signing in, pages, health.
    Public,
    /// Anybody who is signed in.
    SignedIn,
}

impl Permission {
    /// Everything that roles are given, in the order of the table; what everybody has
    /// ([`Permission::Public`], [`Permission::SignedIn`]) is not among it.
    pub const ALL: [Permission; 33] = [
        Permission::Sell,
        Permission::VoidLine,
        Permission::AbortBasket,
        Permission::GiveBenefits,
        Permission::Discount,
        Permission::OverridePrice,
        Permission::ReturnWithReceipt,
        Permission::ReturnWithoutReceipt,
        Permission::PayOutDeposit,
        Permission::ChooseRefund,
        Permission::OpenDay,
        Permission::CloseDay,
        Permission::ResolvePayments,
        Permission::MoveCash,
        Permission::DropCash,
        Permission::NoSale,
        Permission::SeeTotals,
        Permission::Training,
        Permission::SeeReceipts,
        Permission::SeeReports,
        Permission::SeeItems,
        Permission::ManageItems,
        Permission::ManageStock,
        Permission::ManageVouchers,
        Permission::SellOnAccount,
        Permission::ExceedCredit,
        Permission::ManageCustomers,
        Permission::RecordAccountPayments,
        Permission::ManageTerminals,
        Permission::ManageSettings,
        Permission::ManagePeople,
        Permission::ManageRecord,
        Permission::SeeAudit,
    ];
}

/// How far a permission goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowance {
    /// Not at all.
    No,
    /// Up to this many hundredths of a percent.
    UpToPercent(u16),
    /// Up to this amount, minor units.
    UpTo(Money),
    /// Without limit.
    Yes,
}

/// How far `permission` goes for `role`: the one table.
pub const fn allowance(role: Role, permission: Permission) -> Allowance {
    use Allowance::{No, UpTo, UpToPercent, Yes};
    use Permission as P;
    use Role::{Auditor, Cashier, Manager, Supervisor};
    match (permission, role) {
        (P::Public, _) | (P::SeeAudit, Auditor) => Yes,
        (_, Auditor) => No,
        (P::SignedIn, _) => Yes,
        (_, Manager) => Yes,
        (P::Sell | P::VoidLine | P::AbortBasket | P::OpenDay | P::SeeReceipts | P::SeeItems, _) => {
            Yes
        }
        (P::CloseDay | P::DropCash, _) => Yes,
        // A sale in training looks real and is in no book: goods and cash must not leave with it.
        (P::Training, Supervisor) => Yes,
        (P::Training, Cashier) => No,
        // Goods leave without money.
        (P::GiveBenefits, Supervisor) => Yes,
        (P::GiveBenefits, Cashier) => No,
        (P::Discount, Cashier) => UpToPercent(1_000),
        (P::Discount, Supervisor) => UpToPercent(3_000),
        (P::OverridePrice, Cashier) => No,
        (P::OverridePrice, Supervisor) => UpToPercent(5_000),
        (P::ReturnWithReceipt, Cashier) => UpTo(Money::new(5_000)),
        (P::ReturnWithReceipt, Supervisor) => Yes,
        (P::ReturnWithoutReceipt, Cashier) => No,
        (P::ReturnWithoutReceipt, Supervisor) => UpTo(Money::new(10_000)),
        (P::PayOutDeposit, Cashier) => UpTo(Money::new(2_500)),
        (P::PayOutDeposit, Supervisor) => UpTo(Money::new(10_000)),
        (P::ResolvePayments | P::ChooseRefund, Supervisor) => Yes,
        (P::ResolvePayments | P::ChooseRefund, Cashier) => No,
        (P::MoveCash, Cashier) => UpTo(Money::new(2_000)),
        (P::MoveCash | P::NoSale, Supervisor) => Yes,
        (P::NoSale, Cashier) => No,
        (P::SeeTotals | P::SeeReports, Supervisor) => Yes,
        (P::SeeTotals | P::SeeReports, Cashier) => No,
        (P::ManageItems | P::ManageStock | P::ManageVouchers, Supervisor) => Yes,
        (P::ManageItems | P::ManageStock | P::ManageVouchers, Cashier) => No,
        (P::SellOnAccount, _) => Yes,
        (P::ExceedCredit | P::ManageCustomers | P::RecordAccountPayments, Supervisor) => Yes,
        (P::ExceedCredit | P::ManageCustomers | P::RecordAccountPayments, Cashier) => No,
        (P::ManageTerminals, Supervisor) => Yes,
        (P::ManageTerminals, Cashier) => No,
        (P::ManageSettings | P::ManagePeople | P::ManageRecord, Cashier | Supervisor) => No,
        (P::SeeAudit, Cashier | Supervisor) => No,
    }
}

/// True when `role` may do `permission` at all, be it within a limit.
pub const fn may(role: Role, permission: Permission) -> bool {
    !matches!(allowance(role, permission), Allowance::No)
}
