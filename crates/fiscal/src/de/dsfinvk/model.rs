//! What a shop gives in: its closings, and the receipts of each, as plain figures that were computed when they arose.
//! Field names are the trade's; each says which column it becomes.

pub use super::number::{Amount, Quantity, Rate};
pub use super::schema::values::{
    AmountKind, BusinessCase, Encoding, PaymentKind, ProcessType, ReceiptKind, ReferenceKind,
    TimeFormat,
};
pub use super::time::{Day, Stamp};

/// A closing of a till (`Z_KASSE_ID`, `Z_ERSTELLUNG`, `Z_NR`), what the shop was like at that time, and its sums.
/// One that stays within 20 files' rows; its receipts follow it one by one.
#[derive(Debug, Clone, Default)]
pub struct Closing {
    /// The till (`Z_KASSE_ID`).
    pub till: String,
    /// When it was closed (`Z_ERSTELLUNG`).
    pub created: Stamp,
    /// Its number, without gaps per till (`Z_NR`).
    pub number: u64,
    /// The day it is booked on, where that is another (`Z_BUCHUNGSTAG`).
    pub booking_day: Option<Day>,
    /// The first receipt (`Z_START_ID`); empty when there was none.
    pub first_receipt: String,
    /// The last receipt (`Z_ENDE_ID`); empty when there was none.
    pub last_receipt: String,
    /// All payments (`Z_SE_ZAHLUNGEN`), whole cents.
    pub paid: Amount,
    /// Those in cash (`Z_SE_BARZAHLUNGEN`), whole cents.
    pub paid_in_cash: Amount,
    /// The taxpayer (cashpointclosing.csv).
    pub company: Party,
    /// The site (location.csv).
    pub location: Party,
    /// The till itself (cashregister.csv).
    pub register: Register,
    /// Devices that put in for the till (slaves.csv).
    pub terminals: Vec<Terminal>,
    /// On whose behalf was sold (pa.csv).
    pub agencies: Vec<Agency>,
    /// The tax keys used, with their rates (vat.csv).
    pub rates: Vec<TaxRate>,
    /// The signing units used (tse.csv).
    pub units: Vec<SigningUnit>,
    /// Sums per business case (businesscases.csv).
    pub cases: Vec<CaseTotal>,
    /// Sums per way of payment (payment.csv).
    pub payments: Vec<PaymentTotal>,
    /// Cash per currency (cash_per_currency.csv).
    pub cash: Vec<CashTotal>,
}

/// Somebody with an address. Which of these are written depends on the table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// Name.
    pub name: String,
    /// Street and number.
    pub street: String,
    /// Postcode.
    pub postcode: String,
    /// Town.
    pub town: String,
    /// Country, three letters (ISO 3166 alpha-3).
    pub country: String,
    /// Tax number of the German tax office.
    pub tax_number: String,
    /// VAT id.
    pub vat_id: String,
}

/// The till as a machine (cashregister.csv).
#[derive(Debug, Clone, Default)]
pub struct Register {
    /// Maker (`KASSE_BRAND`).
    pub brand: String,
    /// Model (`KASSE_MODELL`).
    pub model: String,
    /// Serial number, under which signing units know it (`KASSE_SERIENNR`).
    pub serial: String,
    /// The program (`KASSE_SW_BRAND`).
    pub software: String,
    /// Its version (`KASSE_SW_VERSION`).
    pub software_version: String,
    /// The currency it reckons in (`KASSE_BASISWAEH_CODE`): EUR.
    pub currency: String,
    /// Whether VAT cannot be told at this till (`KEINE_UST_ZUORDNUNG`).
    pub without_vat: bool,
}

/// A device that puts in for the till (slaves.csv).
#[derive(Debug, Clone, Default)]
pub struct Terminal {
    /// Its id (`TERMINAL_ID`).
    pub id: String,
    /// Maker.
    pub brand: String,
    /// Model.
    pub model: String,
    /// Serial number.
    pub serial: String,
    /// The program.
    pub software: String,
    /// Its version.
    pub software_version: String,
}

/// On whose behalf something is sold (pa.csv).
#[derive(Debug, Clone, Default)]
pub struct Agency {
    /// Its number within the closing (`AGENTUR_ID`).
    pub id: u64,
    /// Who.
    pub party: Party,
}

/// A tax key and its rate at that time (vat.csv). Keys 1 to 7 are the form's, from 1,000 on the shop's own.
#[derive(Debug, Clone, Default)]
pub struct TaxRate {
    /// The key (`UST_SCHLUESSEL`).
    pub key: u32,
    /// The rate (`UST_SATZ`).
    pub rate: Rate,
    /// What it is (`UST_BESCHR`).
    pub description: String,
}

/// A signing unit (tse.csv), as its maker and its certificate tell.
#[derive(Debug, Clone)]
pub struct SigningUnit {
    /// Its number within the closing (`TSE_ID`).
    pub id: u64,
    /// SHA-256 of its public key in hexadecimal digits (`TSE_SERIAL`).
    pub serial: String,
    /// `ecdsa-plain-SHA256` and the like (`TSE_SIG_ALGO`).
    pub algorithm: String,
    /// `TSE_ZEITFORMAT`.
    pub time_format: TimeFormat,
    /// `TSE_PD_ENCODING`.
    pub encoding: Encoding,
    /// Base64 (`TSE_PUBLIC_KEY`).
    pub public_key: String,
    /// Base64, any length (`TSE_ZERTIFIKAT_I` and on).
    pub certificate: String,
    /// It is certified, as far as the caller knows. The form has no column for it: index.xml says what is not.
    pub certified: bool,
}

/// A gross amount of one tax key with what is in it: gross = net + tax, to the hundred-thousandth.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taxed {
    /// The key (`UST_SCHLUESSEL`).
    pub key: u32,
    /// With tax.
    pub gross: Amount,
    /// Without.
    pub net: Amount,
    /// The tax.
    pub tax: Amount,
}

/// What a closing made of one business case and tax key (businesscases.csv).
#[derive(Debug, Clone)]
pub struct CaseTotal {
    /// `GV_TYP`.
    pub case: BusinessCase,
    /// `GV_NAME`, as on the lines.
    pub name: String,
    /// `AGENTUR_ID`, as on the lines.
    pub agency: Option<u64>,
    /// The sums.
    pub sum: Taxed,
}

/// What a closing took in one way (payment.csv).
#[derive(Debug, Clone)]
pub struct PaymentTotal {
    /// `ZAHLART_TYP`.
    pub kind: PaymentKind,
    /// `ZAHLART_NAME`, as on the payments.
    pub name: String,
    /// The sum in the till's currency, whole cents.
    pub sum: Amount,
}

/// The cash a closing took in one currency (cash_per_currency.csv).
#[derive(Debug, Clone)]
pub struct CashTotal {
    /// `ZAHLART_WAEH`.
    pub currency: String,
    /// The sum in that currency, whole cents.
    pub sum: Amount,
}

/// A receipt, or another record of a till (transactions.csv and the nine tables below it).
#[derive(Debug, Clone)]
pub struct Receipt {
    /// Its id, once in all closings of the till (`BON_ID`).
    pub id: String,
    /// Its number, without gaps per till (`BON_NR`).
    pub number: u64,
    /// `BON_TYP`.
    pub kind: ReceiptKind,
    /// `BON_NAME`; needed for [`ReceiptKind::Other`].
    pub name: String,
    /// `TERMINAL_ID`; empty for the till itself.
    pub terminal: String,
    /// `BON_STORNO`; false where a signing unit is: a cancellation is a receipt of its own.
    pub cancelled: bool,
    /// `BON_START`.
    pub start: Stamp,
    /// `BON_ENDE`.
    pub end: Stamp,
    /// `BEDIENER_ID`.
    pub operator: String,
    /// `BEDIENER_NAME`.
    pub operator_name: String,
    /// `UMS_BRUTTO`, whole cents.
    pub gross: Amount,
    /// To whom, where that is known.
    pub customer: Option<Customer>,
    /// `BON_NOTIZ`.
    pub note: String,
    /// Sums per tax key (transactions_vat.csv).
    pub vat: Vec<Taxed>,
    /// Tables and the like (allocation_groups.csv).
    pub groups: Vec<String>,
    /// How it was paid (datapayment.csv); change is set off.
    pub payments: Vec<Payment>,
    /// Its lines (lines.csv and the four tables below it).
    pub lines: Vec<Line>,
    /// References of the receipt as a whole (references.csv).
    pub references: Vec<Reference>,
    /// What was signed (transactions_tse.csv): one, or none where nothing had to be.
    pub signatures: Vec<Signature>,
}

impl Receipt {
    /// A receipt of this id, number and kind, at this time, with nothing on it.
    pub fn new(
        id: impl Into<String>,
        number: u64,
        kind: ReceiptKind,
        start: Stamp,
        end: Stamp,
    ) -> Receipt {
        Receipt {
            id: id.into(),
            number,
            kind,
            name: String::new(),
            terminal: String::new(),
            cancelled: false,
            start,
            end,
            operator: String::new(),
            operator_name: String::new(),
            gross: Amount::ZERO,
            customer: None,
            note: String::new(),
            vat: Vec::new(),
            groups: Vec::new(),
            payments: Vec::new(),
            lines: Vec::new(),
            references: Vec::new(),
            signatures: Vec::new(),
        }
    }
}

/// To whom a receipt goes.
#[derive(Debug, Clone, Default)]
pub struct Customer {
    /// `KUNDE_ID`.
    pub id: String,
    /// `KUNDE_TYP`: staff, for example.
    pub kind: String,
    /// Name and address; of the numbers only the VAT id is written.
    pub party: Party,
}

/// A payment towards a receipt (datapayment.csv).
#[derive(Debug, Clone)]
pub struct Payment {
    /// `ZAHLART_TYP`.
    pub kind: PaymentKind,
    /// `ZAHLART_NAME`.
    pub name: String,
    /// In the till's currency (`BASISWAEH_BETRAG`), whole cents.
    pub amount: Amount,
    /// Another currency and the amount in it (`ZAHLWAEH_CODE`, `ZAHLWAEH_BETRAG`).
    pub foreign: Option<(String, Amount)>,
}

/// A line of a receipt (lines.csv).
#[derive(Debug, Clone)]
pub struct Line {
    /// Its number on the receipt (`POS_ZEILE`).
    pub number: String,
    /// `GUTSCHEIN_NR`.
    pub voucher: String,
    /// `ARTIKELTEXT`.
    pub text: String,
    /// `POS_TERMINAL_ID`; empty for the till itself.
    pub terminal: String,
    /// `GV_TYP`.
    pub case: BusinessCase,
    /// `GV_NAME`.
    pub case_name: String,
    /// `INHAUS`, where it was asked.
    pub in_house: Option<bool>,
    /// `P_STORNO`: takes back an earlier line of the same receipt, before payment.
    pub void: bool,
    /// `AGENTUR_ID`.
    pub agency: Option<u64>,
    /// `ART_NR`.
    pub item: String,
    /// `GTIN`.
    pub gtin: String,
    /// `WARENGR_ID`.
    pub group: String,
    /// `WARENGR`.
    pub group_name: String,
    /// `MENGE`.
    pub quantity: Quantity,
    /// `FAKTOR`: how many are in a pack.
    pub factor: Option<Quantity>,
    /// `EINHEIT`.
    pub unit: String,
    /// `STK_BR`: the price of one unit before what `amounts` takes off or puts on, gross.
    pub unit_price: Option<Amount>,
    /// What it comes to, per tax key (lines_vat.csv): one, or two where a price is split.
    pub vat: Vec<Taxed>,
    /// How the price of the whole line came to be (itemamounts.csv): together they are the line.
    pub amounts: Vec<(AmountKind, Taxed)>,
    /// What it consists of (subitems.csv).
    pub parts: Vec<Part>,
    /// References of this line (references.csv).
    pub references: Vec<Reference>,
}

impl Line {
    /// A line with this number for one of something, with nothing else on it.
    pub fn new(number: impl Into<String>, case: BusinessCase, text: impl Into<String>) -> Line {
        Line {
            number: number.into(),
            voucher: String::new(),
            text: text.into(),
            terminal: String::new(),
            case,
            case_name: String::new(),
            in_house: None,
            void: false,
            agency: None,
            item: String::new(),
            gtin: String::new(),
            group: String::new(),
            group_name: String::new(),
            quantity: Quantity::ONE,
            factor: None,
            unit: String::new(),
            unit_price: None,
            vat: Vec::new(),
            amounts: Vec::new(),
            parts: Vec::new(),
            references: Vec::new(),
        }
    }
}

/// A part of what a line sells (subitems.csv).
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// `ZI_ART_NR`.
    pub item: String,
    /// `ZI_GTIN`.
    pub gtin: String,
    /// `ZI_NAME`.
    pub name: String,
    /// `ZI_WARENGR_ID`.
    pub group: String,
    /// `ZI_WARENGR`.
    pub group_name: String,
    /// `ZI_MENGE`.
    pub quantity: Quantity,
    /// `ZI_FAKTOR`.
    pub factor: Option<Quantity>,
    /// `ZI_EINHEIT`.
    pub unit: String,
    /// Its key and price, where it has one of its own.
    pub price: Option<Taxed>,
}

/// A reference to something older (references.csv).
#[derive(Debug, Clone)]
pub enum Reference {
    /// To a receipt of a till: `Transaktion`.
    Receipt {
        /// `REF_Z_KASSE_ID`.
        till: String,
        /// When that closing was made (`REF_DATUM`).
        created: Stamp,
        /// `REF_Z_NR`.
        closing: u64,
        /// `REF_BON_ID`.
        receipt: String,
    },
    /// To something from elsewhere.
    External {
        /// Which of the external kinds; [`ReferenceKind::Receipt`] is refused here.
        kind: ReferenceKind,
        /// `REF_NAME`; needed for [`ReferenceKind::ExternalOther`].
        name: String,
        /// `REF_DATUM`.
        day: Option<Day>,
        /// Its number (`REF_BON_ID`).
        number: String,
    },
}

/// What a signing unit said of a receipt, or that it said nothing (transactions_tse.csv).
#[derive(Debug, Clone)]
pub struct Signature {
    /// Which unit (`TSE_ID`).
    pub unit: Option<u64>,
    /// `TSE_TANR`.
    pub transaction: Option<u64>,
    /// Its time of the start (`TSE_TA_START`).
    pub start: Option<Stamp>,
    /// Its time of the end (`TSE_TA_ENDE`).
    pub end: Option<Stamp>,
    /// `TSE_TA_VORGANGSART`.
    pub process_type: ProcessType,
    /// `TSE_TA_SIGZ`.
    pub counter: Option<u64>,
    /// Base64 (`TSE_TA_SIG`).
    pub signature: String,
    /// Why nothing was signed (`TSE_TA_FEHLER`); empty when it was.
    pub fault: String,
    /// Exactly what was signed (`TSE_VORGANGSDATEN`). More than the form's 1,000 characters are left out whole: cut,
    /// it would be something that nobody signed.
    pub process_data: String,
}
