//! What may stand in columns with a list of values (DSFinV-K 2.4, Anhang B, C, D, I), each by a name of the trade.

/// An enum of the form's words: `code` writes one, `from_code` reads one, `CODES` lists them.
macro_rules! words {
    ($(#[$about:meta])* $name:ident, $codes:ident, [$($(#[$word_about:meta])* $word:ident = $code:literal,)+]) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$word_about])* #[doc = concat!(" `", $code, "`.")] $word,)+
        }

        #[doc = concat!("The words of [`", stringify!($name), "`] as the form writes them.")]
        pub const $codes: &[&str] = &[$($code,)+];

        impl $name {
            /// All of them, in the form's order.
            pub const ALL: &[$name] = &[$($name::$word,)+];

            /// As the form writes it.
            pub const fn code(self) -> &'static str {
                match self { $($name::$word => $code,)+ }
            }

            /// Reads what the form writes; nothing for any other word.
            pub fn from_code(code: &str) -> Option<$name> {
                match code { $($code => Some($name::$word),)+ _ => None }
            }
        }
    };
}

words! {
    /// `BON_TYP`: what kind of record a receipt is. Only [`ReceiptKind::Receipt`] counts in a closing's sums.
    ReceiptKind, RECEIPT_KINDS, [
        /// A finished receipt, a return and a cancellation as well.
        Receipt = "Beleg",
        /// An invoice written elsewhere.
        Invoice = "AVRechnung",
        /// Handed on to another till.
        Transfer = "AVTransfer",
        /// An order: goods are noted, nothing is paid yet.
        Order = "AVBestellung",
        /// Made in training.
        Training = "AVTraining",
        /// Cancelled later; not to be used where a signing unit is.
        Cancelled = "AVBelegstorno",
        /// Given up before payment.
        Aborted = "AVBelegabbruch",
        /// Given to staff as part of their pay.
        BenefitInKind = "AVSachbezug",
        /// Anything else; needs a name.
        Other = "AVSonstige",
    ]
}

words! {
    /// `GV_TYP`: what a line is.
    BusinessCase, BUSINESS_CASES, [
        /// Goods and services.
        Turnover = "Umsatz",
        /// A deposit taken.
        Deposit = "Pfand",
        /// A deposit given back.
        DepositRefund = "PfandRueckzahlung",
        /// A discount.
        Discount = "Rabatt",
        /// A surcharge.
        Surcharge = "Aufschlag",
        /// A grant without VAT.
        GrantWithoutVat = "ZuschussEcht",
        /// A grant that is part of the price, paid by another.
        GrantWithVat = "ZuschussUnecht",
        /// A tip that is the employer's: turnover.
        TipOfEmployer = "TrinkgeldAG",
        /// A tip that is the employee's: no turnover.
        TipOfEmployee = "TrinkgeldAN",
        /// A voucher sold whose goods and rate are known: taxed now.
        SinglePurposeVoucherSale = "EinzweckgutscheinKauf",
        /// Such a voucher taken: negative, with the key of the sale.
        SinglePurposeVoucherRedemption = "EinzweckgutscheinEinloesung",
        /// A voucher sold for anything: not taxed now.
        MultiPurposeVoucherSale = "MehrzweckgutscheinKauf",
        /// Such a voucher taken: negative, not taxed.
        MultiPurposeVoucherRedemption = "MehrzweckgutscheinEinloesung",
        /// Sold on account.
        ReceivableCreated = "Forderungsentstehung",
        /// An account paid; needs a reference.
        ReceivableSettled = "Forderungsaufloesung",
        /// A down payment taken.
        DownPaymentReceived = "Anzahlungseinstellung",
        /// A down payment set against goods; needs a reference.
        DownPaymentSettled = "Anzahlungsaufloesung",
        /// Cash in the drawer at opening.
        Float = "Anfangsbestand",
        /// Taken out by the owner.
        PrivateWithdrawal = "Privatentnahme",
        /// Put in by the owner.
        PrivateContribution = "Privateinlage",
        /// Cash moved to the safe, the bank or another till, and back.
        CashTransit = "Geldtransit",
        /// Wages paid out of the drawer.
        WagePayment = "Lohnzahlung",
        /// Any other cash put in.
        PaidIn = "Einzahlung",
        /// Any other cash taken out.
        PaidOut = "Auszahlung",
        /// Counted minus book.
        CountDifference = "DifferenzSollIst",
    ]
}

words! {
    /// `ZAHLART_TYP`: how was paid. In signed data only [`PaymentKind::Cash`] is "Bar".
    PaymentKind, PAYMENT_KINDS, [
        /// Cash.
        Cash = "Bar",
        /// Any other way without cash.
        NonCash = "Unbar",
        /// Nothing was paid.
        Nothing = "Keine",
        /// A debit card.
        DebitCard = "ECKarte",
        /// A credit card.
        CreditCard = "Kreditkarte",
        /// A payment service on the net.
        Provider = "ElZahlungsdienstleister",
        /// A card with a stored value.
        StoredValueCard = "Guthabenkarte",
    ]
}

words! {
    /// `REF_TYP`: what a reference leads to.
    ReferenceKind, REFERENCE_KINDS, [
        /// Another receipt of a till: till, closing and receipt are named.
        Receipt = "Transaktion",
        /// An invoice from elsewhere.
        ExternalInvoice = "ExterneRechnung",
        /// A delivery note from elsewhere.
        ExternalDeliveryNote = "ExternerLieferschein",
        /// Anything else from elsewhere; needs a name.
        ExternalOther = "ExterneSonstige",
    ]
}

words! {
    /// `TYP` of itemamounts.csv: how a line's price came to be.
    AmountKind, AMOUNT_KINDS, [
        /// The price to begin with.
        Base = "base_amount",
        /// What was taken off: negative where goods are sold.
        Discount = "discount",
        /// What was put on.
        Extra = "extra_amount",
    ]
}

words! {
    /// `TSE_ZEITFORMAT`: how a signing unit writes time into what it signs.
    TimeFormat, TIME_FORMATS, [
        /// Seconds since 1970.
        Unix = "unixTime",
        /// YYMMDDhhmmZ.
        Utc = "utcTime",
        /// YYMMDDhhmmssZ.
        UtcWithSeconds = "utcTimeWithSeconds",
        /// YYYYMMDDhhmmssZ.
        Generalized = "generalizedTime",
        /// YYYYMMDDhhmmss.fffZ.
        GeneralizedWithMilliseconds = "generalizedTimeWithMilliseconds",
    ]
}

words! {
    /// `TSE_PD_ENCODING`: the characters of signed data.
    Encoding, ENCODINGS, [
        /// UTF-8.
        Utf8 = "UTF-8",
        /// ASCII.
        Ascii = "ASCII",
    ]
}

words! {
    /// `TSE_TA_VORGANGSART`: the processType of what was signed.
    ProcessType, PROCESS_TYPES, [
        /// A receipt.
        Receipt = "Kassenbeleg-V1",
        /// An order.
        Order = "Bestellung-V1",
        /// Anything else.
        Other = "SonstigerVorgang",
    ]
}

impl ReceiptKind {
    /// The processType that belongs to it (Anhang I).
    pub const fn process_type(self) -> ProcessType {
        match self {
            ReceiptKind::Order => ProcessType::Order,
            ReceiptKind::Other => ProcessType::Other,
            _ => ProcessType::Receipt,
        }
    }
}

impl BusinessCase {
    /// Whether its lines bear no VAT at all and so stand under key 5 (Anhang C).
    pub const fn is_outside_vat(self) -> bool {
        matches!(
            self,
            BusinessCase::GrantWithoutVat
                | BusinessCase::TipOfEmployee
                | BusinessCase::MultiPurposeVoucherSale
                | BusinessCase::MultiPurposeVoucherRedemption
                | BusinessCase::Float
                | BusinessCase::PrivateWithdrawal
                | BusinessCase::PrivateContribution
                | BusinessCase::CashTransit
                | BusinessCase::WagePayment
                | BusinessCase::PaidIn
                | BusinessCase::PaidOut
                | BusinessCase::CountDifference
        )
    }

    /// Whether it settles something older and so needs a reference to it (Anhang C).
    pub const fn needs_reference(self) -> bool {
        matches!(self, BusinessCase::ReceivableSettled | BusinessCase::DownPaymentSettled)
    }
}
