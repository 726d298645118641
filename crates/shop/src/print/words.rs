//! The few words that the mapping itself puts on paper; all others are the receipt crate's.

use domain::basket::TenderKind;
use domain::catalogue::Unit;
use receipt::Language;

/// Words of one language.
pub(super) struct Words {
    pub(super) cash: &'static str,
    pub(super) cash_out: &'static str,
    card: &'static str,
    card_external: &'static str,
    pub(super) credited: &'static str,
    pub(super) card_number: &'static str,
    pub(super) terminal_id: &'static str,
    pub(super) trace: &'static str,
    pub(super) terminal_receipt: &'static str,
    pub(super) authorisation: &'static str,
    pub(super) discount: &'static str,
    pub(super) return_of: &'static str,
    pub(super) sales: &'static str,
    pub(super) receipts: &'static str,
    pub(super) tax: &'static str,
    pub(super) tax_of: &'static str,
    pub(super) net_of: &'static str,
    pub(super) groups: &'static str,
    pub(super) tenders: &'static str,
    pub(super) drawer: &'static str,
    pub(super) float: &'static str,
    pub(super) cash_sales: &'static str,
    pub(super) paid_in: &'static str,
    pub(super) paid_out: &'static str,
    pub(super) drops: &'static str,
    pub(super) expected: &'static str,
    pub(super) counted: &'static str,
    pub(super) events: &'static str,
    pub(super) discounts: &'static str,
    pub(super) returns: &'static str,
    pub(super) deposits_paid: &'static str,
    pub(super) voids: &'static str,
    pub(super) aborted: &'static str,
    pub(super) overrides: &'static str,
    pub(super) no_sales: &'static str,
    pub(super) training: &'static str,
    pub(super) rounding: &'static str,
    pub(super) shifts: &'static str,
    pub(super) from_to: &'static str,
    pub(super) figures_elsewhere: &'static str,
    piece: &'static str,
    metre: &'static str,
}

const GERMAN: Words = Words {
    cash: "Bar",
    cash_out: "Bar ausgezahlt",
    card: "Karte",
    card_external: "Karte (Terminal ohne Verbindung)",
    credited: "gutgeschrieben",
    card_number: "Karte",
    terminal_id: "Terminal-ID",
    trace: "Trace-Nr.",
    terminal_receipt: "Terminal-Beleg",
    authorisation: "Genehmigung",
    discount: "Rabatt",
    return_of: "Rückgabe zu Beleg",
    sales: "Umsatz",
    receipts: "Belege",
    tax: "Steuer",
    tax_of: "darin MwSt",
    net_of: "netto",
    groups: "Warengruppen",
    tenders: "Zahlungen",
    drawer: "Lade",
    float: "Anfangsbestand",
    cash_sales: "Barumsatz",
    paid_in: "Einlagen",
    paid_out: "Entnahmen",
    drops: "Abschöpfung",
    expected: "Soll",
    counted: "gezählt",
    events: "Vorgänge",
    discounts: "Rabatte und Aktionen",
    returns: "Rückgaben",
    deposits_paid: "Pfand ausgezahlt",
    voids: "Sofortstorno",
    aborted: "Abbrüche",
    overrides: "Preisänderungen",
    no_sales: "Lade ohne Verkauf",
    training: "Schulungsbons (zählen nicht)",
    rounding: "Rundungsdifferenz",
    shifts: "Schichten",
    from_to: "Belegnummern",
    figures_elsewhere: "Die Zahlen des Tages stehen im Büro.",
    piece: "Stk",
    metre: "m",
};

const ENGLISH: Words = Words {
    cash: "Cash",
    cash_out: "Cash paid out",
    card: "Card",
    card_external: "Card (terminal not connected)",
    credited: "credited",
    card_number: "Card",
    terminal_id: "Terminal id",
    trace: "Trace no.",
    terminal_receipt: "Terminal receipt",
    authorisation: "Authorisation",
    discount: "Discount",
    return_of: "Return of receipt",
    sales: "Turnover",
    receipts: "Receipts",
    tax: "Tax",
    tax_of: "VAT in it",
    net_of: "net",
    groups: "Groups",
    tenders: "Tenders",
    drawer: "Drawer",
    float: "Float",
    cash_sales: "Cash sales",
    paid_in: "Paid in",
    paid_out: "Paid out",
    drops: "Cash drops",
    expected: "Expected",
    counted: "Counted",
    events: "Events",
    discounts: "Discounts and promotions",
    returns: "Returns",
    deposits_paid: "Deposits paid out",
    voids: "Lines voided",
    aborted: "Baskets aborted",
    overrides: "Prices overridden",
    no_sales: "No-sales",
    training: "Training receipts (count nowhere)",
    rounding: "Cash rounding",
    shifts: "Shifts",
    from_to: "Receipt numbers",
    figures_elsewhere: "The day's figures are in the office.",
    piece: "pc",
    metre: "m",
};

impl Words {
    pub(super) const fn of(language: Language) -> &'static Words {
        match language {
            Language::De => &GERMAN,
            Language::En => &ENGLISH,
        }
    }

    /// A kind of tender.
    pub(super) const fn tender(&self, kind: TenderKind) -> &'static str {
        match kind {
            TenderKind::Cash => self.cash,
            TenderKind::Card => self.card,
            TenderKind::CardExternal => self.card_external,
        }
    }

    pub(super) const fn unit(&self, unit: Unit) -> &'static str {
        match unit {
            Unit::Piece => self.piece,
            Unit::Kilogram => "kg",
            Unit::Litre => "l",
            Unit::Metre => self.metre,
        }
    }
}
