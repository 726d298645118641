//! Findings in words, German and English. The checker itself knows codes only.

use super::rules::{Finding, Rule};

/// A language of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// German.
    German,
    /// English.
    English,
}

impl Rule {
    /// What is wrong, as a sentence without its place.
    pub const fn words(self, language: Language) -> &'static str {
        let (german, english) = self.both();
        match language {
            Language::German => german,
            Language::English => english,
        }
    }

    const fn both(self) -> (&'static str, &'static str) {
        match self {
            Rule::FileMissing => ("Die Datei fehlt.", "The file is missing."),
            Rule::FileUnknown => {
                ("Die DSFinV-K kennt diese Datei nicht.", "DSFinV-K does not know this file.")
            }
            Rule::IndexBroken => ("index.xml ist nicht lesbar.", "index.xml cannot be read."),
            Rule::IndexFormat => {
                ("index.xml beschreibt ein anderes Format.", "index.xml describes another format.")
            }
            Rule::IndexColumns => {
                ("index.xml nennt andere Spalten.", "index.xml declares other columns.")
            }
            Rule::IndexFiles => (
                "index.xml und die Dateien stimmen nicht überein.",
                "index.xml and the files do not agree.",
            ),
            Rule::CsvByteOrderMark => (
                "Die Datei beginnt mit einer Bytereihenfolge-Marke.",
                "The file begins with a byte order mark.",
            ),
            Rule::CsvUtf8 => ("Die Zeile ist kein UTF-8.", "The row is not UTF-8."),
            Rule::CsvLineEnd => {
                ("Die Zeile endet nicht mit CR LF.", "The row does not end with CR LF.")
            }
            Rule::CsvQuote => (
                "Ein Anführungszeichen steht an falscher Stelle.",
                "A quote stands where it should not.",
            ),
            Rule::CsvTooLong => (
                "Die Zeile ist zu lang; der Rest der Datei wurde nicht gelesen.",
                "The row is too long; the rest of the file was not read.",
            ),
            Rule::CsvHeader => {
                ("Die erste Zeile nennt andere Spalten.", "The first row names other columns.")
            }
            Rule::CsvWidth => (
                "Die Zeile hat eine falsche Anzahl von Werten.",
                "The row has a wrong number of values.",
            ),
            Rule::FieldEmpty => ("Ein Pflichtwert fehlt.", "A required value is missing."),
            Rule::FieldLength => ("Der Wert ist zu lang.", "The value is too long."),
            Rule::FieldNumber => (
                "Das ist keine Zahl in der verlangten Form.",
                "This is not a number in the required form.",
            ),
            Rule::FieldForm => (
                "Der Wert hat nicht die verlangte Form.",
                "The value does not have the required form.",
            ),
            Rule::FieldValue => (
                "Der Wert steht nicht in der Liste der DSFinV-K.",
                "The value is not in DSFinV-K's list.",
            ),
            Rule::FieldControl => {
                ("Der Text enthält Steuerzeichen.", "The text contains control characters.")
            }
            Rule::KeyClosing => {
                ("Diesen Kassenabschluss gibt es nicht.", "There is no such closing.")
            }
            Rule::KeyReceipt => (
                "Diesen Vorgang gibt es in seinem Abschluss nicht.",
                "There is no such receipt in its closing.",
            ),
            Rule::KeyLine => (
                "Diese Position gibt es in ihrem Vorgang nicht.",
                "There is no such line on its receipt.",
            ),
            Rule::KeyVat => {
                ("Der Steuerschlüssel fehlt in vat.csv.", "The tax key is missing from vat.csv.")
            }
            Rule::KeyUnit => {
                ("Die TSE fehlt in tse.csv.", "The signing unit is missing from tse.csv.")
            }
            Rule::KeyAgency => {
                ("Die Agentur fehlt in pa.csv.", "The agency is missing from pa.csv.")
            }
            Rule::KeyTerminal => {
                ("Das Gerät fehlt in slaves.csv.", "The device is missing from slaves.csv.")
            }
            Rule::Duplicate => ("Das steht doppelt da.", "This is there twice."),
            Rule::Order => (
                "Die Zeile steht nicht, wo sie hingehört, und wurde nicht mitgezählt.",
                "The row does not stand where it belongs and was not counted.",
            ),
            Rule::MasterData => (
                "Dem Abschluss fehlen Stammdaten, oder sie sind mehrfach da.",
                "The closing's master data are missing or there more than once.",
            ),
            Rule::Version => (
                "Diese Fassung der DSFinV-K ist veraltet.",
                "This version of DSFinV-K is out of date.",
            ),
            Rule::ClosingGap => (
                "Die Nummern der Abschlüsse haben eine Lücke.",
                "The closings' numbers have a gap.",
            ),
            Rule::ClosingTime => (
                "Der Abschluss liegt nicht nach dem vorigen.",
                "The closing is not later than the one before.",
            ),
            Rule::ClosingEnds => (
                "Der erste oder letzte Vorgang ist ein anderer.",
                "The first or last receipt is another.",
            ),
            Rule::ClosingPaid => {
                ("Die Summe aller Zahlungen stimmt nicht.", "The sum of all payments is wrong.")
            }
            Rule::ClosingCash => {
                ("Die Summe der Barzahlungen stimmt nicht.", "The sum of cash payments is wrong.")
            }
            Rule::CaseSum => (
                "Die Summe der Geschäftsvorfälle stimmt nicht mit den Positionen überein.",
                "The sum per business case does not agree with the lines.",
            ),
            Rule::PaymentSum => (
                "Die Summe der Zahlungsart stimmt nicht mit den Zahlungen überein.",
                "The sum per way of payment does not agree with the payments.",
            ),
            Rule::CashSum => (
                "Das Bargeld je Währung stimmt nicht mit den Zahlungen überein.",
                "Cash per currency does not agree with the payments.",
            ),
            Rule::VatRate => {
                ("Dieser Schlüssel hat einen anderen Steuersatz.", "This key has another tax rate.")
            }
            Rule::VatKey => ("Diesen Schlüssel gibt es nicht.", "There is no such key."),
            Rule::Certificate => (
                "Die Teile des Zertifikats passen nicht aneinander.",
                "The pieces of the certificate do not fit together.",
            ),
            Rule::ReceiptGap => {
                ("Die Nummern der Vorgänge haben eine Lücke.", "The receipts' numbers have a gap.")
            }
            Rule::ReceiptTwice => (
                "Dieser Vorgang steht in mehr als einem Abschluss.",
                "This receipt is in more than one closing.",
            ),
            Rule::NameMissing => {
                ("Hier muss eine eigene Bezeichnung stehen.", "A name is needed here.")
            }
            Rule::CancelMark => (
                "Mit einer TSE wird nicht als storniert markiert, sondern ein neuer Beleg geschrieben.",
                "With a signing unit nothing is marked as cancelled; a new receipt is written.",
            ),
            Rule::NetTax => (
                "Netto und Steuer ergeben nicht das Brutto.",
                "Net and tax are not the gross amount.",
            ),
            Rule::TaxRate => {
                ("Die Steuer entspricht nicht dem Steuersatz.", "The tax is not that of the rate.")
            }
            Rule::VatSum => (
                "Die Umsatzsteuer des Vorgangs stimmt nicht mit seinen Positionen überein.",
                "The receipt's VAT does not agree with its lines.",
            ),
            Rule::GrossSum => (
                "Der Gesamtbetrag stimmt nicht mit der Umsatzsteuer des Vorgangs überein.",
                "The total does not agree with the receipt's VAT.",
            ),
            Rule::PaidSum => ("Bezahlt wurde ein anderer Betrag.", "Another amount was paid."),
            Rule::PaymentMissing => (
                "Zum Beleg steht nicht, wie er bezahlt wurde.",
                "It is not told how the receipt was paid.",
            ),
            Rule::PaymentCurrency => (
                "Währung und Beträge der Zahlung widersprechen sich.",
                "Currency and amounts of the payment contradict each other.",
            ),
            Rule::PaymentNothing => (
                "Ohne Zahlung kann kein Betrag stehen.",
                "Where nothing was paid there can be no amount.",
            ),
            Rule::PaidOther => (
                "Dieser Vorgang kann nicht bezahlt sein: dann wäre er ein Beleg.",
                "This record cannot be paid: it would be a receipt then.",
            ),
            Rule::BenefitWhose => (
                "Beim Sachbezug steht nicht, wessen er ist.",
                "It is not told whose benefit in kind it is.",
            ),
            Rule::LineVat => ("Der Position fehlt die Umsatzsteuer.", "The line has no VAT."),
            Rule::LinePrice => (
                "Menge und Preis ergeben nicht den Betrag.",
                "Quantity and price do not make the amount.",
            ),
            Rule::LineAmounts => (
                "Preis, Nachlass und Aufpreis ergeben nicht den Betrag.",
                "Price, discount and surcharge do not make the amount.",
            ),
            Rule::CaseKey => (
                "Dieser Geschäftsvorfall kann diesen Steuerschlüssel nicht haben.",
                "This business case cannot have this tax key.",
            ),
            Rule::CaseCash => ("Ein Anfangsbestand ist immer Bargeld.", "A float is always cash."),
            Rule::TimeOrder => {
                ("Der Vorgang endet vor seinem Beginn.", "The receipt ends before it starts.")
            }
            Rule::TimeClosing => (
                "Der Vorgang liegt nicht in der Zeit seines Abschlusses.",
                "The receipt is not within the time of its closing.",
            ),
            Rule::ReferenceMissing => (
                "Hier fehlt der Verweis auf den früheren Vorgang.",
                "The reference to the earlier receipt is missing.",
            ),
            Rule::ReferenceIncomplete => (
                "Der Verweis sagt nicht vollständig, worauf.",
                "The reference does not say fully to what.",
            ),
            Rule::ReferenceTarget => (
                "Den Vorgang, auf den verwiesen wird, gibt es nicht.",
                "There is no such receipt as is referred to.",
            ),
            Rule::ReferenceDate => (
                "Der Vorgang, auf den verwiesen wird, hat einen anderen Zeitpunkt.",
                "The receipt referred to has another time.",
            ),
            Rule::ReferenceOutside => (
                "Die Kasse, auf die verwiesen wird, ist nicht in diesem Paket.",
                "The till referred to is not in this package.",
            ),
            Rule::TseMissing => (
                "Zum Vorgang fehlt die Zeile in transactions_tse.csv.",
                "The receipt has no row in transactions_tse.csv.",
            ),
            Rule::TseUnsigned => (
                "Weder Signatur noch Grund, warum sie fehlt.",
                "Neither a signature nor why there is none.",
            ),
            Rule::TseFaultSigned => {
                ("Signatur und Ausfall zugleich.", "A signature and an outage at once.")
            }
            Rule::TseIncomplete => {
                ("Zur Signatur fehlen Angaben.", "Details of the signature are missing.")
            }
            Rule::TseTimes => (
                "Die Transaktion endet vor ihrem Beginn.",
                "The transaction ends before it starts.",
            ),
            Rule::TseClock => (
                "Die Zeit der TSE ist weit von der Zeit der Kasse entfernt.",
                "The signing unit's time is far from the till's.",
            ),
            Rule::TseBackwards => (
                "Der Signaturzähler steigt, die Zeit der TSE fällt.",
                "The signature counter rises, the signing unit's time falls.",
            ),
            Rule::TseCounter => {
                ("Der Signaturzähler steigt nicht.", "The signature counter does not rise.")
            }
            Rule::TseCounterTwice => {
                ("Der Signaturzähler kommt zweimal vor.", "The signature counter is there twice.")
            }
            Rule::TseNumberTwice => (
                "Die Transaktionsnummer kommt zweimal vor.",
                "The transaction number is there twice.",
            ),
            Rule::TseProcessType => (
                "Die Art der Vorgangsdaten passt nicht zum Vorgang.",
                "The processType does not belong to the receipt's kind.",
            ),
            Rule::TseDataForm => {
                ("Die Vorgangsdaten sind nicht lesbar.", "The signed data cannot be read.")
            }
            Rule::TseDataKind => (
                "Signiert wurde eine andere Art von Vorgang.",
                "Another kind of receipt was signed.",
            ),
            Rule::TseDataVat => (
                "Signiert wurden andere Beträge je Steuersatz.",
                "Other amounts per tax rate were signed.",
            ),
            Rule::TseDataPaid => {
                ("Signiert wurden andere Zahlungen.", "Other payments were signed.")
            }
            Rule::TseDataLines => {
                ("Signiert wurden andere Positionen.", "Other lines were signed.")
            }
            Rule::TseSignature => {
                ("Die Signatur ist nicht die der TSE.", "The signature is not the signing unit's.")
            }
        }
    }
}

impl Finding {
    /// The finding in words, with its place.
    pub fn words(&self, language: Language) -> String {
        let german = language == Language::German;
        let mut text = self.file.clone();
        let mut add = |german_word: &str, english_word: &str, value: &str| {
            if !value.is_empty() {
                text.push_str(if german { german_word } else { english_word });
                text.push_str(value);
            }
        };
        let row = if self.row == 0 { String::new() } else { self.row.to_string() };
        add(", Zeile ", ", row ", &row);
        add(", Kasse ", ", till ", &self.till);
        add(", Abschluss ", ", closing ", &self.closing);
        add(", Vorgang ", ", receipt ", &self.receipt);
        add(", ", ", ", &self.field);
        add(": ", ": ", self.rule.words(language));
        add(" Da steht: ", " Found: ", &self.found);
        add(" Erwartet: ", " Expected: ", &self.expected);
        text
    }
}
