//! The 125 columns of a posting (format version 13). DATEV reads them by position; the names are for people.

/// How many there are.
pub const COLUMNS: usize = 125;

/// Positions (from 1) of the columns that we fill.
pub(super) mod at {
    pub(crate) const AMOUNT: usize = 1;
    pub(crate) const SIDE: usize = 2;
    pub(crate) const CURRENCY: usize = 3;
    pub(crate) const ACCOUNT: usize = 7;
    pub(crate) const CONTRA: usize = 8;
    pub(crate) const KEY: usize = 9;
    pub(crate) const DAY: usize = 10;
    pub(crate) const REFERENCE: usize = 11;
    pub(crate) const TEXT: usize = 14;
    pub(crate) const FIXED: usize = 114;
}

const FIRST: [&str; 20] = [
    "Umsatz (ohne Soll/Haben-Kz)",
    "Soll/Haben-Kennzeichen",
    "WKZ Umsatz",
    "Kurs",
    "Basis-Umsatz",
    "WKZ Basis-Umsatz",
    "Konto",
    "Gegenkonto (ohne BU-Schlüssel)",
    "BU-Schlüssel",
    "Belegdatum",
    "Belegfeld 1",
    "Belegfeld 2",
    "Skonto",
    "Buchungstext",
    "Postensperre",
    "Diverse Adressnummer",
    "Geschäftspartnerbank",
    "Sachverhalt",
    "Zinssperre",
    "Beleglink",
];

const MIDDLE: [&str; 11] = [
    "KOST1 - Kostenstelle",
    "KOST2 - Kostenstelle",
    "Kost-Menge",
    "EU-Land u. UStID (Bestimmung)",
    "EU-Steuersatz (Bestimmung)",
    "Abw. Versteuerungsart",
    "Sachverhalt L+L",
    "Funktionsergänzung L+L",
    "BU 49 Hauptfunktionstyp",
    "BU 49 Hauptfunktionsnummer",
    "BU 49 Funktionsergänzung",
];

const LAST: [&str; 38] = [
    "Stück",
    "Gewicht",
    "Zahlweise",
    "Forderungsart",
    "Veranlagungsjahr",
    "Zugeordnete Fälligkeit",
    "Skontotyp",
    "Auftragsnummer",
    "Buchungstyp",
    "USt-Schlüssel (Anzahlungen)",
    "EU-Land (Anzahlungen)",
    "Sachverhalt L+L (Anzahlungen)",
    "EU-Steuersatz (Anzahlungen)",
    "Erlöskonto (Anzahlungen)",
    "Herkunft-Kz",
    "Buchungs GUID",
    "KOST-Datum",
    "SEPA-Mandatsreferenz",
    "Skontosperre",
    "Gesellschaftername",
    "Beteiligtennummer",
    "Identifikationsnummer",
    "Zeichnernummer",
    "Postensperre bis",
    "Bezeichnung SoBil-Sachverhalt",
    "Kennzeichen SoBil-Buchung",
    "Festschreibung",
    "Leistungsdatum",
    "Datum Zuord. Steuerperiode",
    "Fälligkeit",
    "Generalumkehr (GU)",
    "Steuersatz",
    "Land",
    "Abrechnungsreferenz",
    "BVV-Position",
    "EU-Land u. UStID (Ursprung)",
    "EU-Steuersatz (Ursprung)",
    "Abw. Skontokonto",
];

/// The names, in order.
#[must_use]
pub fn names() -> Vec<String> {
    let owned = |name: &&str| (*name).to_owned();
    let pairs = |art: &'static str, content: &'static str, count: u8| {
        (1..=count).flat_map(move |n| [format!("{art} {n}"), format!("{content} {n}")])
    };
    FIRST
        .iter()
        .map(owned)
        .chain(pairs("Beleginfo - Art", "Beleginfo - Inhalt", 8))
        .chain(MIDDLE.iter().map(owned))
        // DATEV leaves out the space there itself.
        .chain(pairs("Zusatzinformation - Art", "Zusatzinformation- Inhalt", 20))
        .chain(LAST.iter().map(owned))
        .collect()
}

/// Whether a column (from 1) holds text, which stands in quotation marks even when it is empty.
#[must_use]
pub fn is_text(column: usize) -> bool {
    matches!(
        column,
        2 | 3 | 6 | 9 | 11 | 12 | 14 | 16 | 20..=38 | 40 | 42 | 48..=87 | 91 | 95 | 96 | 98 | 102
            | 103 | 105 | 107 | 109 | 110 | 112 | 118 | 120 | 121 | 123
    )
}
