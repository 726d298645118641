//! What a package must hold true, rule by rule, and what it means when one does not.

use std::fmt;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth a look: lawful perhaps, but rarely meant. All that is said of times is that: clocks step back, and what
    /// was recorded then is exported as it was recorded.
    Warning,
    /// The package contradicts itself or the form.
    Error,
}

macro_rules! rules {
    ($($(#[$about:meta])* $rule:ident = $code:literal, $severity:ident;)+) => {
        /// A rule. Its code is stable: people and programs may refer to it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[$about])* $rule,)+ }

        impl Rule {
            /// All of them.
            pub const ALL: &[Rule] = &[$(Rule::$rule,)+];

            /// Its code.
            pub const fn code(self) -> &'static str {
                match self { $(Rule::$rule => $code,)+ }
            }

            /// How bad it is.
            pub const fn severity(self) -> Severity {
                match self { $(Rule::$rule => Severity::$severity,)+ }
            }
        }
    };
}

rules! {
    /// A file of the form is not there.
    FileMissing = "file-missing", Error;
    /// A file that the form does not know.
    FileUnknown = "file-unknown", Warning;
    /// index.xml cannot be read.
    IndexBroken = "index-broken", Error;
    /// index.xml says something else than the form.
    IndexFormat = "index-format", Error;
    /// index.xml declares other columns than the form.
    IndexColumns = "index-columns", Error;
    /// index.xml declares a file that is not there, or not one that is.
    IndexFiles = "index-files", Error;
    /// A byte order mark.
    CsvByteOrderMark = "csv-bom", Error;
    /// Bytes that are no UTF-8.
    CsvUtf8 = "csv-utf8", Error;
    /// A line end that is not CR LF.
    CsvLineEnd = "csv-line-end", Error;
    /// Quotes that open or close where they should not.
    CsvQuote = "csv-quote", Error;
    /// A record too long to be read.
    CsvTooLong = "csv-too-long", Error;
    /// The first line holds other names than the form.
    CsvHeader = "csv-header", Error;
    /// A record with another number of values than columns.
    CsvWidth = "csv-width", Error;
    /// A value that must be there is empty.
    FieldEmpty = "field-empty", Error;
    /// More characters than the column takes.
    FieldLength = "field-length", Error;
    /// No number, or one with too many decimals.
    FieldNumber = "field-number", Error;
    /// A value that does not look like the column wants it.
    FieldForm = "field-form", Error;
    /// A value that is not in the form's list.
    FieldValue = "field-value", Error;
    /// A control character in a text.
    FieldControl = "field-control", Warning;
    /// A row of a closing that is not there.
    KeyClosing = "key-closing", Error;
    /// A row of a receipt that its closing does not have.
    KeyReceipt = "key-receipt", Error;
    /// A row of a line that its receipt does not have.
    KeyLine = "key-line", Error;
    /// A tax key that vat.csv does not list.
    KeyVat = "key-vat", Error;
    /// A signing unit that tse.csv does not list.
    KeyUnit = "key-tse", Error;
    /// An agency that pa.csv does not list.
    KeyAgency = "key-agency", Error;
    /// A device that slaves.csv does not list.
    KeyTerminal = "key-terminal", Error;
    /// The same thing twice.
    Duplicate = "duplicate", Error;
    /// A row that stands before or behind where it belongs: it was left out of all sums.
    Order = "order", Error;
    /// A closing without its master data.
    MasterData = "master-data", Error;
    /// A version of the form that is no longer to be used.
    Version = "version", Warning;
    /// The numbers of a till's closings have a gap.
    ClosingGap = "closing-gap", Error;
    /// A closing that is not later than the one before it.
    ClosingTime = "closing-time", Warning;
    /// The first or last receipt is another than the closing says.
    ClosingEnds = "closing-ends", Error;
    /// All payments of a closing.
    ClosingPaid = "closing-paid", Error;
    /// A closing's payments in cash.
    ClosingCash = "closing-cash", Error;
    /// A sum of businesscases.csv.
    CaseSum = "case-sum", Error;
    /// A sum of payment.csv.
    PaymentSum = "payment-sum", Error;
    /// A sum of cash_per_currency.csv.
    CashSum = "cash-sum", Error;
    /// A tax key with another rate than this program knows for its time. The law may have changed since.
    VatRate = "vat-rate", Warning;
    /// A tax key that the form reserves.
    VatKey = "vat-key", Error;
    /// A certificate whose pieces do not fit together.
    Certificate = "certificate", Error;
    /// The numbers of a till's receipts have a gap.
    ReceiptGap = "receipt-gap", Error;
    /// A receipt's id is in more than one closing.
    ReceiptTwice = "receipt-twice", Error;
    /// A kind of receipt, payment or reference that needs a name.
    NameMissing = "name-missing", Error;
    /// A mark of cancellation where a signing unit is.
    CancelMark = "cancel-mark", Error;
    /// Net and tax are not the gross amount.
    NetTax = "net-tax", Error;
    /// The tax is not that of the rate.
    TaxRate = "tax-rate", Error;
    /// The tax of a receipt is not that of its lines.
    VatSum = "vat-sum", Error;
    /// The total of a receipt is not that of its tax keys.
    GrossSum = "gross-sum", Error;
    /// What was paid is not the total.
    PaidSum = "paid-sum", Error;
    /// A receipt that says nothing of its payment.
    PaymentMissing = "payment-missing", Error;
    /// A payment whose currency and amounts contradict each other.
    PaymentCurrency = "payment-currency", Error;
    /// An amount where nothing was paid.
    PaymentNothing = "payment-nothing", Error;
    /// An order, goods that go elsewhere or to somebody who works there, or what was given up: none of it is paid.
    PaidOther = "paid-other", Error;
    /// Goods for somebody who works there that do not say who.
    BenefitWhose = "benefit-whose", Error;
    /// A line without tax.
    LineVat = "line-vat", Error;
    /// Quantity and price do not make the amount.
    LinePrice = "line-price", Warning;
    /// Price, discounts and surcharges do not make the amount.
    LineAmounts = "line-amounts", Error;
    /// A business case under a tax key that it cannot have.
    CaseKey = "case-key", Error;
    /// A float that is not cash.
    CaseCash = "case-cash", Error;
    /// A receipt that ends before it starts.
    TimeOrder = "time-order", Warning;
    /// A receipt outside of the time of its closing.
    TimeClosing = "time-closing", Warning;
    /// Something settled without a reference.
    ReferenceMissing = "reference-missing", Error;
    /// A reference that does not say to what.
    ReferenceIncomplete = "reference-incomplete", Error;
    /// A reference to a receipt that is not there.
    ReferenceTarget = "reference-target", Error;
    /// A reference to a receipt of another time.
    ReferenceDate = "reference-date", Error;
    /// A reference to a till that is not in this package.
    ReferenceOutside = "reference-outside", Warning;
    /// A receipt without a row for its signature.
    TseMissing = "tse-missing", Error;
    /// Neither signed nor a reason why not.
    TseUnsigned = "tse-unsigned", Error;
    /// Signed, and a reason why not.
    TseFaultSigned = "tse-fault-signed", Error;
    /// A signature without its unit, number, counter or times.
    TseIncomplete = "tse-incomplete", Error;
    /// A transaction that ends before it starts.
    TseTimes = "tse-times", Warning;
    /// The signing unit's time is far from the till's.
    TseClock = "tse-clock", Warning;
    /// A later counter with an earlier time.
    TseBackwards = "tse-backwards", Warning;
    /// The signature counter does not rise.
    TseCounter = "tse-counter", Error;
    /// A signature counter is used twice.
    TseCounterTwice = "tse-counter-twice", Error;
    /// A transaction number is used twice.
    TseNumberTwice = "tse-number-twice", Error;
    /// A processType that does not belong to the kind of receipt.
    TseProcessType = "tse-process-type", Error;
    /// Signed data that cannot be read.
    TseDataForm = "tse-data-form", Error;
    /// Signed data of another kind of receipt.
    TseDataKind = "tse-data-kind", Error;
    /// Signed data with other amounts per tax key.
    TseDataVat = "tse-data-vat", Error;
    /// Signed data with other payments.
    TseDataPaid = "tse-data-paid", Error;
    /// Signed data with other lines.
    TseDataLines = "tse-data-lines", Error;
    /// A signature that is not the unit's.
    TseSignature = "tse-signature", Error;
}

/// Something that does not hold, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which rule.
    pub rule: Rule,
    /// The file.
    pub file: String,
    /// The record in the file, counted from 1, where 1 holds the names; 0 for the file as a whole.
    pub row: u64,
    /// The till, where it is known.
    pub till: String,
    /// The closing's number, where it is known.
    pub closing: String,
    /// The receipt (`BON_ID`), where it is about one.
    pub receipt: String,
    /// The column, or what else it is about.
    pub field: String,
    /// What stands there.
    pub found: String,
    /// What should; empty where nobody can say.
    pub expected: String,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
