//! Fields and values of settings and items in the words of people, German and English: one table.

use domain::country::{self, Word};
use domain::people::Role;
use domain::settings::{Language, Settings};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;
use store::Told;

/// The words of one language, with what values need to be shown.
#[derive(Debug, Clone)]
pub struct Words {
    /// The language.
    pub language: Language,
    zone: TimeZone,
    vat_number: Word,
    currency: String,
    digits: u8,
}

/// Fields by their name in the documents: German, English. In the order in which they are shown.
const FIELDS: &[(&str, &str, &str)] = &[
    ("name", "Name", "Name"),
    ("number", "Nummer", "Number"),
    ("prices", "Preis", "Price"),
    ("address", "Anschrift", "Address"),
    ("tax_number", "Steuernummer", "Tax number"),
    // In the word of the shop's country.
    ("vat_id", "", ""),
    ("country", "Land", "Country"),
    ("currency", "Währung", "Currency"),
    ("language", "Sprache", "Language"),
    ("time_zone", "Zeitzone", "Time zone"),
    ("prices_include_tax", "Preise enthalten die Steuer", "Prices include tax"),
    ("cash_rounding", "Kleinste Münze", "Smallest coin"),
    ("tax_point", "Steuersatz gilt vom Zeitpunkt", "Tax rate is that of"),
    ("rates", "Steuersatz Schlüssel", "Tax rate of key"),
    ("rate", "Satz", "Rate"),
    ("agencies", "Verkauf für andere", "Selling for others"),
    ("agency", "Verkauf für", "Sold for"),
    ("street", "Straße", "Street"),
    ("postal_code", "Postleitzahl", "Postal code"),
    ("town", "Ort", "Town"),
    ("own_tax_keys", "Eigener Steuerschlüssel", "Own tax key"),
    ("description", "Beschreibung", "Description"),
    ("tax", "Steuerschlüssel", "Tax key"),
    ("tax_split", "Steueranteil", "Tax share"),
    ("weight", "Anteil", "Share"),
    ("groups", "Warengruppe", "Group"),
    ("group", "Warengruppe", "Group"),
    ("color", "Farbe", "Colour"),
    ("tills", "Kasse", "Till"),
    ("till", "Kasse", "Till"),
    ("printer", "Drucker", "Printer"),
    ("spare_printer", "Drucker, der einspringt", "Printer that stands in"),
    ("columns", "Spalten des Papiers", "Columns of the paper"),
    ("peripherals", "Gerät auf der Theke", "Device on the counter"),
    ("at", "angeschlossen an", "connected at"),
    ("model", "Modell", "Model"),
    ("line", "serielle Leitung", "Serial line"),
    ("data_bits", "Datenbits", "Data bits"),
    ("parity", "Parität", "Parity"),
    ("stop_bits", "Stoppbits", "Stop bits"),
    ("dpi", "Punkte je Zoll", "Dots per inch"),
    ("width", "Breite", "Width"),
    ("height", "Höhe", "Height"),
    ("drawer_open_level", "Schalter der Lade bei offener Lade", "Drawer's switch while it is open"),
    ("second_drawer", "Lade am zweiten Stift (5)", "drawer on the second pin (5)"),
    ("silent", "antwortet nicht", "does not answer"),
    ("cash_machine", "Bezahlautomat", "Cash machine"),
    ("terminal", "Kartenterminal", "Card terminal"),
    ("signing_unit", "Signatureinheit zuerst", "Signing unit first"),
    ("price_list", "Preisliste", "Price list"),
    ("terminals", "Kartenterminal", "Card terminal"),
    ("protocol", "Protokoll", "Protocol"),
    ("certificate", "Fingerabdruck des Zertifikats", "Certificate's fingerprint"),
    ("terminal_id", "Kennung des Geräts", "Device's id"),
    ("merchant", "Händlerkennung", "Merchant"),
    ("close_by_hand", "Kassenschnitt nur von Hand", "Day closed by hand only"),
    ("bank", "Bankkonto", "Bank account"),
    ("iban", "IBAN", "IBAN"),
    ("bic", "BIC", "BIC"),
    ("holder", "Inhaber", "Holder"),
    ("digital_receipts", "Digitale Belege", "Digital receipts"),
    ("page", "Belegseite", "Receipt page"),
    ("days", "Tage", "Days"),
    ("server", "Mailserver", "Mail server"),
    ("port", "Port", "Port"),
    ("security", "Verschlüsselung", "Encryption"),
    ("sms", "SMS", "Text messages"),
    ("gateway", "Anbieter", "Provider"),
    ("contact", "Ansprechpartner für Rechnungen", "Contact for invoices"),
    ("phone", "Telefon", "Telephone"),
    ("mail", "E-Mail", "E-mail"),
    ("datev", "DATEV", "DATEV"),
    ("adviser", "Beraternummer", "Adviser's number"),
    ("client", "Mandantennummer", "Client's number"),
    ("year_begins", "Ein Wirtschaftsjahr beginnt am", "A business year begins on"),
    ("digits", "Stellen der Sachkonten", "Digits of accounts"),
    ("chart", "Kontenrahmen", "Chart of accounts"),
    ("accounts", "Konto", "Account"),
    ("purpose", "Was", "What"),
    ("reason", "Grund", "Reason"),
    ("key", "BU-Schlüssel", "Tax key (BU)"),
    ("fixed", "Buchungen festschreiben", "Postings are fixed"),
    ("signing", "Signaturen", "Signing"),
    ("serial", "Seriennummer", "Serial number"),
    ("units", "Signatureinheit", "Signing unit"),
    ("unit", "Einheit", "Unit"),
    ("kind", "Art", "Kind"),
    ("fiskaly", "fiskaly", "fiskaly"),
    ("epson", "Epson", "Epson"),
    ("tss", "Kennung der TSE", "Unit's id"),
    ("rksv", "RKSV", "RKSV"),
    ("prefix", "Kassenidentifikationsnummern beginnen mit", "Cash register ids begin with"),
    ("registers", "Kasse", "Till"),
    ("cash_register", "Kassenidentifikationsnummer", "Cash register id"),
    ("devices", "Signaturerstellungseinheit", "Signature device"),
    ("user", "Benutzer", "User"),
    ("clear_text", "Alles in Klartext auf dem Bon", "All in clear text on receipts"),
    ("tiles", "Kacheln", "Tiles"),
    ("promotions", "Aktion", "Promotion"),
    ("coupons", "Coupon", "Coupon"),
    ("value", "Wert", "Value"),
    ("goods", "für", "for"),
    ("minimum_value", "Mindesteinkauf", "Minimum purchase"),
    ("per_receipt", "höchstens je Beleg", "at most per receipt"),
    ("once", "jedes Papier nur einmal", "each paper once"),
    ("ended", "beendet", "ended"),
    ("basis_points", "Prozent", "Percent"),
    ("from", "ab", "from"),
    ("until", "bis", "until"),
    ("in_store_codes", "Eigene Strichcodes", "In-store codes"),
    ("reasons", "Gründe", "Reasons"),
    ("logo", "Zeichen über dem Bon", "Sign above receipts"),
    ("receipt_header", "Text über dem Bon", "Text above receipts"),
    ("receipt_footer", "Text unter dem Bon", "Text below receipts"),
    ("lock_after_seconds", "Kasse sperren nach Sekunden", "Lock tills after seconds"),
    ("print_receipts", "Jeden Bon drucken", "Print every receipt"),
    ("tips", "Trinkgeld gehört", "Tips belong to"),
    ("print_merchant_slips", "Händlerbelege drucken", "Print merchant slips"),
    ("voucher_years", "Gutscheine gelten Jahre", "Vouchers are good for years"),
    ("foreign_cash", "Fremdes Bargeld", "Foreign cash"),
    ("smallest", "Kleinste Einheit", "Smallest unit"),
    ("inspection_days", "Terminals prüfen alle Tage", "Inspect terminals every days"),
    ("notification", "Mitteilung an das Finanzamt", "Notification to the tax office"),
    ("taxpayer", "Steuerpflichtiger", "Taxpayer"),
    ("tax_office", "Finanzamt", "Tax office"),
    ("device", "Gerät", "Device"),
    ("acquired", "angeschafft am", "acquired on"),
    ("certification", "Zertifizierung", "Certification"),
    ("form", "Bauart", "Form"),
    ("backups", "Sicherungen", "Backups"),
    ("controls", "Kontrollen", "Controls"),
    ("codes", "Strichcode", "Code"),
    ("code", "Code", "Code"),
    ("quantity", "Menge", "Quantity"),
    ("price", "Preis", "Price"),
    ("amount", "Betrag", "Amount"),
    ("list", "Preisliste", "Price list"),
    ("age", "Mindestalter", "Least age"),
    ("deposit", "Pfandartikel", "Deposit item"),
    ("open_price", "Preis wird an der Kasse eingegeben", "Price is typed in at the till"),
    ("refund", "wird ausgezahlt", "is paid out"),
    ("weighed", "nach Gewicht", "by weight"),
    ("content", "Inhalt eines Stücks", "Content of a piece"),
    ("net", "Nettomenge", "Net quantity"),
    ("per_hundred", "Preis auch je 100 g oder 100 ml", "Price per 100 g or 100 ml as well"),
    ("price_bound", "preisgebunden", "price-bound"),
    ("discountable", "rabattfähig", "discountable"),
    ("stocked", "Bestand wird geführt", "stock is kept"),
    ("minimum", "Mindestbestand", "Minimum stock"),
    ("retired", "aus dem Verkauf", "out of sale"),
];

/// Words that stand as values.
const VALUES: &[(&str, &str, &str)] = &[
    ("payment", "der Zahlung", "payment"),
    ("opening", "des ersten Artikels", "the first item"),
    ("de", "Deutsch", "German"),
    ("en", "Englisch", "English"),
    ("software", "Software zum Üben (nicht zertifiziert)", "software for training (not certified)"),
    ("fiskaly", "fiskaly", "fiskaly"),
    ("epson", "Epson", "Epson"),
    ("atrust_hsm", "A-Trust (a.sign RK HSM)", "A-Trust (a.sign RK HSM)"),
    ("skr03", "SKR03", "SKR03"),
    ("skr04", "SKR04", "SKR04"),
    ("staff", "dem Personal", "the staff"),
    ("shop", "dem Geschäft", "the shop"),
    ("piece", "Stück", "piece"),
    ("kilogram", "Kilogramm", "kilogram"),
    ("gram", "Gramm", "grams"),
    ("millilitre", "Milliliter", "millilitres"),
    ("millimetre", "Millimeter", "millimetres"),
    ("square_centimetre", "Quadratzentimeter", "square centimetres"),
    ("litre", "Liter", "litre"),
    ("metre", "Meter", "metre"),
];

/// What accounts of the books are for.
const PURPOSES: &[(&str, &str, &str)] = &[
    ("cash", "Kasse", "Cash"),
    ("sales", "Erlöse", "Sales"),
    ("vouchers", "Gutscheine", "Vouchers"),
    ("card", "Kartenzahlungen", "Card payments"),
    ("transfer", "Überweisungen", "Transfers"),
    ("receivables", "Forderungen", "Receivables"),
    ("foreign_cash", "Fremdes Bargeld", "Foreign cash"),
    ("transit", "Geldtransit", "Cash in transit"),
    ("paid_in", "Einlagen", "Cash put in"),
    ("paid_out", "Entnahmen", "Cash taken out"),
    ("difference", "Kassendifferenz", "Cash differences"),
    ("tips", "Trinkgeld", "Tips"),
    ("rounding", "Rundung", "Rounding"),
];

/// What a kind of change is called: German, English.
pub const fn kind_words(told: Told) -> (&'static str, &'static str) {
    match told {
        Told::Price => ("Preis", "Price"),
        Told::Item => ("Artikel", "Item"),
        Told::Import => ("Einfuhr von Artikeln", "Import of items"),
        Told::Rate => ("Steuersatz", "Tax rate"),
        Told::Setting => ("Einstellung", "Setting"),
        Told::Person => ("Person und Rolle", "Person and role"),
        Told::Clock => ("Uhr", "Clock"),
        Told::Unit => ("Signatureinheit", "Signing unit"),
        Told::Outage => ("Ausfall", "Outage"),
        Told::Audit => ("Nachschau", "Audit"),
        Told::Program => ("Programmversion", "Program version"),
        Told::Record => ("Sicherung", "Backup"),
    }
}

impl Words {
    /// The words of a language, with the shop's zone and currency.
    pub fn of(settings: &Settings, language: Language) -> Words {
        Words {
            language,
            zone: TimeZone::get(&settings.time_zone).unwrap_or(TimeZone::UTC),
            vat_number: settings.country.profile().vat_number.word,
            currency: settings.currency.code().to_owned(),
            digits: settings.currency.minor_digits(),
        }
    }

    /// One of two.
    pub fn say(&self, german: &str, english: &str) -> String {
        match self.language {
            Language::De => german.to_owned(),
            Language::En => english.to_owned(),
        }
    }

    /// Yes or no.
    pub fn yes(&self, yes: bool) -> String {
        if yes { self.say("ja", "yes") } else { self.say("nein", "no") }
    }

    /// A role.
    pub fn role(&self, role: Role) -> String {
        match role {
            Role::Cashier => self.say("Kassierer", "Cashier"),
            Role::Supervisor => self.say("Schichtleitung", "Supervisor"),
            Role::Manager => self.say("Leitung", "Manager"),
            Role::Auditor => self.say("Prüfung (Nachschau)", "Auditor"),
        }
    }

    /// A moment in the shop's time.
    pub fn moment(&self, at: Timestamp) -> String {
        let local = self.zone.to_datetime(at);
        match self.language {
            Language::De => local.strftime("%d.%m.%Y %H:%M:%S").to_string(),
            Language::En => local.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }

    /// A date.
    pub fn date(&self, date: jiff::civil::Date) -> String {
        match self.language {
            Language::De => date.strftime("%d.%m.%Y").to_string(),
            Language::En => date.to_string(),
        }
    }

    /// A date that stands in a document as text.
    pub(super) fn text_date(&self, text: &str) -> String {
        text.parse().map_or_else(|_| text.to_owned(), |date| self.date(date))
    }

    /// An amount of the shop's currency.
    pub fn amount(&self, minor: i64) -> String {
        let language = match self.language {
            Language::De => receipt::Language::De,
            Language::En => receipt::Language::En,
        };
        format!("{} {}", receipt::format_amount(minor, self.digits, language), self.currency)
    }

    /// A field by its name in a document; one that nobody gave words yet is shown as it is called there.
    pub(super) fn field(&self, key: &str) -> String {
        if key == "vat_id" {
            return self.vat_number.say(self.language).to_owned();
        }
        let found = FIELDS.iter().find(|(field, _, _)| *field == key);
        found.map_or_else(|| key.replace('_', " "), |(_, de, en)| self.say(de, en))
    }

    /// Where among its fields it is shown.
    pub(super) fn place(&self, key: &str) -> usize {
        FIELDS.iter().position(|(field, _, _)| *field == key).unwrap_or(FIELDS.len())
    }

    /// A value at its place in a document.
    pub(super) fn value(&self, path: &[&str], value: &Value) -> String {
        let key = path.last().copied().unwrap_or_default();
        match value {
            Value::Bool(yes) => self.yes(*yes),
            Value::Array(parts) => {
                let parts = parts.iter().map(|part| self.value(path, part));
                parts.collect::<Vec<_>>().join(", ")
            }
            Value::Number(number) => {
                let Some(number) = number.as_i64() else { return number.to_string() };
                match key {
                    "amount" | "price" | "cash_rounding" => self.amount(number),
                    // The rate of a card terminal is that of its serial line.
                    "rate" if path.iter().any(|key| matches!(*key, "rates" | "accounts")) => {
                        self.decimal(number, 2, " %")
                    }
                    "basis_points" => self.decimal(number, 2, " %"),
                    "quantity" | "minimum" => self.decimal(number, 3, ""),
                    _ => number.to_string(),
                }
            }
            Value::String(text) => {
                if let Ok(moment) = text.parse::<jiff::civil::DateTime>()
                    && text.contains('T')
                {
                    return match self.language {
                        Language::De => moment.strftime("%d.%m.%Y %H:%M").to_string(),
                        Language::En => moment.strftime("%Y-%m-%d %H:%M").to_string(),
                    };
                }
                if text.parse::<jiff::civil::Date>().is_ok() && text.len() == 10 {
                    return self.text_date(text);
                }
                if key == "country"
                    && let Some(known) = country::ALL.iter().find(|known| known.alpha2 == text)
                {
                    return known.name.say(self.language).to_owned();
                }
                let all = if key == "purpose" { PURPOSES } else { VALUES };
                let found = all.iter().find(|(value, _, _)| value == text);
                // A name that happens to be such a word is a name.
                let free = matches!(
                    key,
                    "name"
                        | "description"
                        | "reason"
                        | "reasons"
                        | "prefix"
                        | "receipt_header"
                        | "receipt_footer"
                );
                found.filter(|_| !free).map_or_else(|| text.clone(), |(_, de, en)| self.say(de, en))
            }
            value => value.to_string(),
        }
    }

    /// A whole number of hundredths or thousandths, without digits that say nothing.
    pub(super) fn decimal(&self, number: i64, digits: u8, unit: &str) -> String {
        let language = match self.language {
            Language::De => receipt::Language::De,
            Language::En => receipt::Language::En,
        };
        let text = receipt::format_amount(number, digits, language);
        let text = text.trim_end_matches('0').trim_end_matches([',', '.']);
        format!("{text}{unit}")
    }
}
