//! The two catalogues: every fixed word that a till prints stands here and nowhere else.

use crate::{Language, LineKind, ReceiptKind, ReportKind};

/// All fixed words in one language.
pub(crate) struct Words {
    pub(crate) tag: &'static str,
    pub(crate) receipt: &'static str,
    pub(crate) till: &'static str,
    pub(crate) person: &'static str,
    pub(crate) started: &'static str,
    pub(crate) issued: &'static str,
    pub(crate) phone: &'static str,
    pub(crate) tax_number: &'static str,
    pub(crate) vat_id: &'static str,
    pub(crate) total: &'static str,
    pub(crate) refund: &'static str,
    pub(crate) amount: &'static str,
    pub(crate) saved: &'static str,
    pub(crate) rounding: &'static str,
    pub(crate) payable: &'static str,
    pub(crate) tendered: &'static str,
    pub(crate) change: &'static str,
    pub(crate) tax: &'static str,
    pub(crate) net: &'static str,
    pub(crate) vat: &'static str,
    pub(crate) gross: &'static str,
    pub(crate) manual_weight: &'static str,
    pub(crate) tare: &'static str,
    pub(crate) copy: &'static str,
    pub(crate) training: &'static str,
    pub(crate) signature: &'static str,
    pub(crate) day: &'static str,
    pub(crate) from: &'static str,
    pub(crate) to: &'static str,
    pub(crate) difference: &'static str,
    pub(crate) short: &'static str,
    pub(crate) over: &'static str,
    pub(crate) exact: &'static str,
}

const DE: Words = Words {
    tag: "de",
    receipt: "Beleg",
    till: "Kasse",
    person: "Bediener",
    started: "Beginn",
    issued: "Ende",
    phone: "Tel.",
    tax_number: "Steuernr.",
    vat_id: "USt-IdNr.",
    total: "SUMME",
    refund: "AUSZAHLUNG",
    amount: "BETRAG",
    saved: "Sie sparen",
    rounding: "Rundung",
    payable: "Zu zahlen",
    tendered: "gegeben",
    change: "zurück",
    tax: "Steuer",
    net: "Netto",
    vat: "MwSt",
    gross: "Brutto",
    manual_weight: "Gewicht von Hand eingegeben",
    tare: "netto, abgezogene Tara",
    copy: "KOPIE",
    training: "TRAINING – KEIN BELEG",
    signature: "Unterschrift",
    day: "Kassentag",
    from: "Von",
    to: "Bis",
    difference: "Differenz",
    short: "Fehlbetrag",
    over: "Überschuss",
    exact: "Kasse stimmt",
};

const EN: Words = Words {
    tag: "en",
    receipt: "Receipt",
    till: "Till",
    person: "Served by",
    started: "Started",
    issued: "Issued",
    phone: "Phone",
    tax_number: "Tax no.",
    vat_id: "VAT ID",
    total: "TOTAL",
    refund: "REFUND",
    amount: "AMOUNT",
    saved: "You save",
    rounding: "Rounding",
    payable: "To pay",
    tendered: "given",
    change: "change",
    tax: "Tax",
    net: "Net",
    vat: "VAT",
    gross: "Gross",
    manual_weight: "Weight entered by hand",
    tare: "net, tare taken off",
    copy: "COPY",
    training: "TRAINING – NOT A RECEIPT",
    signature: "Signature",
    day: "Till day",
    from: "From",
    to: "To",
    difference: "Difference",
    short: "Short",
    over: "Over",
    exact: "Till is exact",
};

impl Words {
    pub(crate) fn of(language: Language) -> &'static Self {
        match language {
            Language::De => &DE,
            Language::En => &EN,
        }
    }
}

/// The title of a slip; a sale has none.
pub(crate) fn title(kind: ReceiptKind, language: Language) -> Option<&'static str> {
    let (de, en) = match kind {
        ReceiptKind::Sale => return None,
        ReceiptKind::Return => ("RETOURE", "RETURN"),
        ReceiptKind::Cancellation => ("BELEGSTORNO", "CANCELLATION"),
        ReceiptKind::Aborted => ("ABBRUCH – NICHT BEZAHLT", "ABORTED – NOT PAID"),
        ReceiptKind::PaidIn => ("EINLAGE", "PAID IN"),
        ReceiptKind::PaidOut => ("ENTNAHME", "PAID OUT"),
        ReceiptKind::Benefit => ("SACHBEZUG / EIGENVERBRAUCH", "GOODS FOR STAFF OR OWN USE"),
        ReceiptKind::Drop => ("GELDTRANSIT", "CASH DROP"),
        ReceiptKind::Float => ("ANFANGSBESTAND", "FLOAT"),
        ReceiptKind::CardSlip => ("HÄNDLERBELEG", "MERCHANT'S SLIP"),
        ReceiptKind::Reservation => ("RESERVIERUNG – NICHT BEZAHLT", "RESERVATION – NOT PAID"),
        ReceiptKind::NoSale => ("LADE GEÖFFNET OHNE VERKAUF", "DRAWER OPENED, NO SALE"),
    };
    Some(match language {
        Language::De => de,
        Language::En => en,
    })
}

/// What is written before the name of a line that is no plain item.
pub(crate) fn line_mark(kind: LineKind, language: Language) -> Option<&'static str> {
    let (de, en) = match kind {
        LineKind::Item | LineKind::Deposit | LineKind::Voucher => return None,
        LineKind::Returned => ("Rückgabe", "Returned"),
        LineKind::Voided => ("Storno", "Voided"),
    };
    Some(match language {
        Language::De => de,
        Language::En => en,
    })
}

/// The title of a report.
pub(crate) fn report_title(kind: ReportKind, language: Language) -> &'static str {
    let (de, en) = match kind {
        ReportKind::X => ("X-BERICHT", "X REPORT"),
        ReportKind::Z => ("Z-BERICHT", "Z REPORT"),
        ReportKind::Shift => ("SCHICHTBERICHT", "SHIFT REPORT"),
        ReportKind::TerminalDay => ("KASSENSCHNITT TERMINAL", "TERMINAL DAY"),
        ReportKind::Count => ("ZÄHLUNG", "COUNT"),
    };
    match language {
        Language::De => de,
        Language::En => en,
    }
}
