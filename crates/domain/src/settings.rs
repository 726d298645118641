//! The shop's settings: one document, changed as a whole, its history in the journal.

use jiff::civil::DateTime;
use money::{CashRounding, Currency, Rate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::bank::BankAccount;
use crate::books::{DatevSettings, ShopContact};
pub use crate::country::Country;
use crate::coupon::Coupon;
use crate::device::PhotoDigest;
use crate::digital::DigitalReceipts;
use crate::foreign::ForeignCurrency;
use crate::ids::{GroupId, ItemId, PriceListId, PromotionId, TaxKey, TerminalId, TillId, UnitId};
use crate::notification::Notification;
use crate::peripheral::Peripheral;
use crate::rksv::RksvSettings;
use crate::signing::SigningSettings;
use crate::tip::TipsTo;

/// The language of receipts and of the till until a person chooses another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// German.
    De,
    /// English.
    En,
}

/// When the rate of a receipt is fixed, if it changes while a basket is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TaxPoint {
    /// The moment of payment.
    Payment,
    /// The moment at which the basket was opened.
    Opening,
}

/// A rate of a tax key from a local moment on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DatedRate {
    /// The key.
    pub key: TaxKey,
    /// Hundredths of a percent: 1,900 is 19 %.
    #[schema(value_type = u32)]
    pub rate: Rate,
    /// From this local time on.
    #[schema(value_type = String, examples("2007-01-01T00:00:00"))]
    pub from: DateTime,
}

/// What a tax key is for that the shop made itself (in Germany from 1000 on).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnTaxKey {
    /// The key.
    pub key: TaxKey,
    /// In the words of the shop, for whoever audits its books.
    pub description: String,
}

/// For whom goods are sold in their name and on their account: none of it is the shop's own turnover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Its number, from 1; it stays theirs for ever.
    pub id: u16,
    /// Their name, as printed.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Postal code.
    pub postal_code: String,
    /// Town.
    pub town: String,
    /// Their tax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tax_number: Option<String>,
    /// Their VAT id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vat_id: Option<String>,
}

/// A group of items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Identity.
    pub id: GroupId,
    /// Name.
    pub name: String,
    /// Tax key for goods sold under the group.
    pub tax: TaxKey,
    /// Colour of its tiles, `#rrggbb`.
    pub color: String,
    /// For whom its goods are sold; none sells for the shop itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<u16>,
}

/// A till's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TillSettings {
    /// Identity.
    pub id: TillId,
    /// Name.
    pub name: String,
    /// Where its receipt printer is connected ([`crate::peripheral::Peripheral::at`]); none prints nowhere. Of one that is no
    /// device of the shop nothing more is known: it is taken for an ordinary ESC/POS printer.
    #[serde(default)]
    pub printer: Option<String>,
    /// Where the printer is connected that a person may send a receipt to while the first one cannot print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare_printer: Option<String>,
    /// Columns of the paper, 32, 42 or 48, where nothing more is known of the printer.
    pub columns: u8,
    /// Where the scale beside it is connected; without one weights are typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<String>,
    /// Where the customer's display of two lines is connected, beside the one on a screen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pole_display: Option<String>,
    /// Where the machine beside it is connected that takes and gives cash; without one cash is taken by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cash_machine: Option<String>,
    /// The card terminal beside it; none takes no cards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal: Option<TerminalId>,
    /// The signing unit that it signs at before it tries the others; the first one unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing_unit: Option<UnitId>,
    /// Where its scanners are connected that are no keyboards ([`crate::peripheral::Peripheral::at`]).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scanners: Vec<String>,
    /// The price list it sells by; base unless given.
    #[serde(default = "base_list")]
    pub price_list: PriceListId,
}

fn base_list() -> PriceListId {
    PriceListId(0)
}

/// What a card terminal speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TerminalProtocol {
    /// ZVT over TCP.
    ZvtTcp,
    /// ZVT over TLS, to a terminal that is known by its certificate's fingerprint.
    ZvtTls,
    /// ZVT at a serial port of the shop's machine.
    ZvtSerial,
    /// Adyen's Terminal API in the shop's own network.
    AdyenLocal,
    /// SumUp's readers, through SumUp's servers.
    SumupCloud,
    /// Adyen's terminals, through Adyen's servers.
    AdyenCloud,
}

impl TerminalProtocol {
    /// Whether it is ZVT, whichever way it goes.
    #[must_use]
    pub const fn is_zvt(self) -> bool {
        matches!(self, Self::ZvtTcp | Self::ZvtTls | Self::ZvtSerial)
    }

    /// Whether money can be reserved there, and booked or released later.
    #[must_use]
    pub const fn reserves(self) -> bool {
        self.is_zvt()
    }

    /// Whether terminals are asked through a provider's servers: many at one address.
    #[must_use]
    pub const fn is_cloud(self) -> bool {
        matches!(self, Self::SumupCloud | Self::AdyenCloud)
    }
}

/// A card terminal of the shop. Its secrets lie apart from the settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TerminalSettings {
    /// Identity.
    pub id: TerminalId,
    /// Name.
    pub name: String,
    /// What it speaks.
    pub protocol: TerminalProtocol,
    /// `host:port`, the terminal's or the provider's; the port's path (`/dev/ttyUSB0`, `COM3`) where it is a serial one.
    pub address: String,
    /// Bits per second at a serial port, 9600 or 115200; 9600 unless given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<u32>,
    /// SHA-256 of the terminal's certificate as a person took it over, 64 hexadecimal digits. Nothing is sent to whoever shows
    /// another one; without it nothing is sent at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// What the terminal itself is called, where its protocol needs to know: at Adyen's its model and serial
    /// number (POIID), at SumUp's the reader's number, none until it is paired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terminal_id: Option<String>,
    /// What the shop is called at a provider in the cloud: Adyen's merchant account, SumUp's merchant code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merchant: Option<String>,
    /// Its day is closed only when a person asks for it; otherwise also with the day of the last till that
    /// uses it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub close_by_hand: bool,
}

/// A promotion by rule: a percentage off a group (or off everything discountable) for a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Promotion {
    /// Identity.
    pub id: PromotionId,
    /// As printed.
    pub name: String,
    /// None: every group.
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Hundredths of a percent off.
    pub basis_points: u16,
    /// From this local time on.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<DateTime>,
    /// Until before this local time.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub until: Option<DateTime>,
}

/// How in-store codes (prefix 2) carry a weight or a price; see `gs1::InStoreRule`.
pub type InStoreRules = Vec<gs1::InStoreRule>;

/// Everything about the shop that is not an item, a person or a record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Name of the shop.
    pub name: String,
    /// Street, postal code and town, as printed.
    pub address: Vec<String>,
    /// Tax number, printed.
    #[serde(default)]
    pub tax_number: Option<String>,
    /// VAT id, printed.
    #[serde(default)]
    pub vat_id: Option<String>,
    /// Whose rules apply.
    pub country: Country,
    /// The one currency of the books.
    #[schema(value_type = String)]
    pub currency: Currency,
    /// Language of receipts.
    pub language: Language,
    /// IANA name, "Europe/Berlin".
    pub time_zone: String,
    /// True: prices contain tax. False: tax is added on top.
    pub prices_include_tax: bool,
    /// Smallest coin in minor units; 1 rounds nothing, 5 in Switzerland.
    #[schema(value_type = i64)]
    pub cash_rounding: CashRounding,
    /// When the rate is fixed.
    pub tax_point: TaxPoint,
    /// Rates of all keys, past and future.
    pub rates: Vec<DatedRate>,
    /// Keys of the shop's own making, described.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub own_tax_keys: Vec<OwnTaxKey>,
    /// Groups, in the order of the till's chips.
    pub groups: Vec<Group>,
    /// For whom else the shop sells.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agencies: Vec<Agency>,
    /// Tills.
    pub tills: Vec<TillSettings>,
    /// Card terminals.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub terminals: Vec<TerminalSettings>,
    /// Devices on the counter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peripherals: Vec<Peripheral>,
    /// How receipts reach customers without paper; none hands out paper alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digital_receipts: Option<Box<DigitalReceipts>>,
    /// The bank account that customers pay to; without one no transfers are taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<BankAccount>,
    /// Whom to ask about an invoice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<ShopContact>,
    /// How closings go to DATEV; none exports nothing there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datev: Option<DatevSettings>,
    /// How receipts are signed; none signs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signing: Option<SigningSettings>,
    /// How an Austrian shop's receipts are signed; none signs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rksv: Option<RksvSettings>,
    /// Favourite tiles, in order.
    #[serde(default)]
    pub tiles: Vec<ItemId>,
    /// Promotions by rule.
    #[serde(default)]
    pub promotions: Vec<Promotion>,
    /// Coupons of the shop's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub coupons: Vec<Coupon>,
    /// In-store codes.
    #[schema(value_type = Vec<Object>)]
    pub in_store_codes: InStoreRules,
    /// Reasons offered for discounts, price changes, cash movements, returns.
    #[serde(default)]
    pub reasons: Vec<String>,
    /// The shop's sign above each receipt; its dots lie apart, under this digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub logo: Option<PhotoDigest>,
    /// Lines printed above and below a receipt.
    #[serde(default)]
    pub receipt_header: Vec<String>,
    /// Lines printed below a receipt.
    #[serde(default)]
    pub receipt_footer: Vec<String>,
    /// Lock a till after so many idle seconds; 0 never.
    pub lock_after_seconds: u32,
    /// Print every receipt; false prints only when asked.
    pub print_receipts: bool,
    /// Whose tips are; none takes no tips.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tips: Option<TipsTo>,
    /// Print the slip that a card terminal wants for the shop. One that the customer signs is printed anyway.
    #[serde(default, skip_serializing_if = "is_false")]
    pub print_merchant_slips: bool,
    /// Years after the year of sale at whose end a voucher expires, 1 to 100 (Germany: 3, BGB §§ 195, 199).
    #[serde(default = "three", skip_serializing_if = "is_three")]
    pub voucher_years: u8,
    /// Foreign currencies whose cash is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub foreign_cash: Vec<ForeignCurrency>,
    /// What the tax office is told beside the rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notification: Option<Box<Notification>>,
    /// A card terminal is inspected every so many days, 1 to 365 (PCI DSS 9.5.1.2: as the shop's own
    /// judgement of the risk says).
    #[serde(default = "thirty", skip_serializing_if = "is_thirty")]
    pub inspection_days: u16,
}

/// Once a month: a reader that was put on then does its harm for weeks, not for a quarter, and a round of a
/// few minutes is really done. Shops whose terminals are left alone choose a shorter time.
const fn thirty() -> u16 {
    30
}

fn is_thirty(days: &u16) -> bool {
    *days == 30
}

pub(crate) fn is_false(flag: &bool) -> bool {
    !*flag
}

const fn three() -> u8 {
    3
}

fn is_three(years: &u8) -> bool {
    *years == 3
}
