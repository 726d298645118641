//! What the columns of a file mean, by their headers: German or English, in the spellings seen in the
//! wild. Columns are never guessed by position.

use domain::catalogue::fold;
use domain::settings::Language;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{ImportFailure, excerpt};
use super::rows::Record;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Item number.
    Number,
    /// Code of one unit.
    Code,
    /// Name.
    Name,
    /// Price of one unit in the base list.
    Price,
    /// Tax: a rate in percent, or the name of a key.
    Tax,
    /// Tax: the number of a key.
    TaxKey,
    /// Group, by name.
    Group,
    /// Least age in years.
    Age,
    /// Deposit: an amount.
    Deposit,
    /// Unit.
    Unit,
    /// What one piece holds: `500 g`, or a number.
    Content,
    /// Its unit, where that has a column of its own.
    ContentUnit,
    /// Sold loose: the price stands per 100 g or 100 ml as well.
    PerHundred,
    /// Sold by weight.
    Weighed,
    /// Price typed in at the till.
    OpenPrice,
    /// Paid out instead of taken.
    Refund,
    /// Price-bound by law.
    PriceBound,
    /// Takes part in discounts.
    Discountable,
    /// Stock is kept.
    Stocked,
    /// Least stock.
    Minimum,
    /// Out of sale.
    Retired,
    /// Further codes, packs among them: several separated by `|`.
    PackCodes,
    /// Units in each pack.
    PackQuantities,
    /// The packs' own prices; empty: units × price.
    PackPrices,
}

/// All fields, in the order of the export, with the headers it writes and further spellings. A spelling
/// is compared in lower case without accents, blanks and signs.
const TABLE: &[(Field, &str, &str, &str)] = &[
    (
        Field::Number,
        "Artikelnummer",
        "Item number",
        "artikelnr artnr artno art sku number nummer nr itemno itemnr articlenumber articleno productnumber productid \
         artikelid id internereferenz internalreference bestellnummer plu plunr",
    ),
    (
        Field::Code,
        "GTIN",
        "GTIN",
        "ean ean13 ean8 gtin13 eancode eannr eannummer gtinean eangtin upc barcode barcodes strichcode code \
         scancode artikelcode isbn",
    ),
    (
        Field::Name,
        "Bezeichnung",
        "Name",
        "artikel artikelname artikelbezeichnung bezeichnung1 description item itemname product productname produkt \
         produktname produktbezeichnung titel title text artikeltext bontext kassentext beschreibung",
    ),
    (
        Field::Price,
        "Preis",
        "Price",
        "vk vkpreis verkaufspreis bruttopreis preisbrutto vkbrutto bruttovk vkpreisbrutto verkaufspreisbrutto \
         preiseur preiseuro preisineur preisineuro preischf einzelpreis stuckpreis ladenpreis uvp salesprice \
         sellingprice saleprice retailprice unitprice listprice pricegross grossprice priceeur pricechf",
    ),
    (
        Field::Tax,
        "MwSt",
        "VAT",
        "mwstsatz mwstprozent mehrwertsteuer mehrwertsteuersatz ust ustsatz umsatzsteuer umsatzsteuersatz steuer \
         steuersatz taxrate tax taxes taxpercent vatrate vatpercent mwstinprozent",
    ),
    (
        Field::TaxKey,
        "Steuerschlüssel",
        "Tax key",
        "mwstschlussel ustschlussel steuerkennzeichen mwstkennzeichen mwstkz mwstcode ustcode steuercode taxcode \
         vatkey vatcode taxclass steuerklasse steuerschluessel mwstschluessel ustschluessel",
    ),
    (
        Field::Group,
        "Warengruppe",
        "Group",
        "gruppe warengruppenname artikelgruppe produktgruppe kategorie hauptwarengruppe wg wgr abteilung category \
         productcategory itemgroup productgroup department sortiment",
    ),
    (
        Field::Age,
        "Mindestalter",
        "Minimum age",
        "alter altersfreigabe altersgrenze altersbeschrankung jugendschutz fsk age agelimit minage agerestriction ageverification",
    ),
    (
        Field::Deposit,
        "Pfand",
        "Deposit",
        "pfandbetrag pfandwert pfandpreis einwegpfand mehrwegpfand depositamount bottledeposit",
    ),
    (
        Field::Unit,
        "Einheit",
        "Unit",
        "mengeneinheit verkaufseinheit me uom unitofmeasure salesunit",
    ),
    (
        Field::Content,
        "Inhalt",
        "Content",
        "nettoinhalt fullmenge nennfullmenge nettofullmenge nettogewicht abtropfgewicht grundpreisinhalt netcontent netcontents \
         netquantity netweight drainedweight contents",
    ),
    (
        Field::ContentUnit,
        "Inhaltseinheit",
        "Content unit",
        "einheitinhalt inhalteinheit grundpreiseinheit contentsunit netcontentunit contentuom unitofcontent",
    ),
    (
        Field::PerHundred,
        "Preis je 100",
        "Price per 100",
        "je100g je100 grundpreisje100 per100 per100g unitprice100",
    ),
    (
        Field::Weighed,
        "Gewogen",
        "Weighed",
        "wiegeartikel wiegen waage waagenartikel gewichtsartikel toweigh soldbyweight weigh scale",
    ),
    (
        Field::OpenPrice,
        "Preis frei",
        "Open price",
        "freipreis freierpreis preisoffen offenerpreis preiseingabe variablepreis variablerpreis variableprice askprice",
    ),
    (
        Field::Refund,
        "Auszahlung",
        "Refund",
        "leergut pfandruckgabe auszahlungsartikel depositreturn payout",
    ),
    (
        Field::PriceBound,
        "Preisbindung",
        "Price-bound",
        "preisgebunden buchpreisbindung pricebinding fixedprice",
    ),
    (
        Field::Discountable,
        "Rabattfähig",
        "Discountable",
        "rabattfaehig rabattierbar rabatterlaubt rabatt discountallowed allowdiscount",
    ),
    (
        Field::Stocked,
        "Bestandsführung",
        "Stock kept",
        "bestandsfuehrung lagerartikel bestandsgefuhrt lagerfuhrung stocked trackstock trackinventory stockitem",
    ),
    (
        Field::Minimum,
        "Bestandsminimum",
        "Minimum stock",
        "mindestbestand minbestand minimum minimalbestand meldebestand bestellpunkt minstock reorderlevel reorderpoint stockminimum",
    ),
    (
        Field::Retired,
        "Inaktiv",
        "Retired",
        "gesperrt ausgelistet deaktiviert geloscht archiviert ausverkauf inactive discontinued archived blocked disabled",
    ),
    (
        Field::PackCodes,
        "Packcode",
        "Pack code",
        "packcodes gebindecode gebindeean gebindegtin packean packgtin kartonean weiterecodes packbarcode packagingbarcode casecode",
    ),
    (
        Field::PackQuantities,
        "Packmenge",
        "Pack quantity",
        "packmengen gebindemenge gebindeinhalt packungsgrosse packinhalt stuckprokarton packqty packsize casequantity unitsperpack",
    ),
    (Field::PackPrices, "Packpreis", "Pack price", "packpreise gebindepreis kartonpreis caseprice"),
];

/// The header that the export writes, and every header that is read: for the export and for tests.
pub(super) fn exported() -> impl Iterator<Item = (Field, &'static str, &'static str)> {
    // What stands in another column already.
    let twice = [Field::TaxKey, Field::ContentUnit];
    TABLE.iter().filter(move |row| !twice.contains(&row.0)).map(|row| (row.0, row.1, row.2))
}

/// A header as it is compared.
fn normal(header: &str) -> String {
    fold(header).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What a column with this header holds.
pub(super) fn field_of(header: &str) -> Option<Field> {
    let wanted = normal(header);
    if wanted.is_empty() {
        return None;
    }
    TABLE
        .iter()
        .find(|(_, german, english, more)| {
            normal(german) == wanted
                || normal(english) == wanted
                || more.split_ascii_whitespace().any(|spelling| spelling == wanted)
        })
        .map(|row| row.0)
}

/// How a column was understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ColumnMapping {
    /// Column, from 1.
    pub column: u32,
    /// Its header, as in the file.
    pub header: String,
    /// What it holds; none: it is not read.
    pub field: Option<Field>,
}

/// The columns of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Columns {
    headers: Vec<(String, Option<Field>)>,
    places: Vec<(Field, usize)>,
}

impl Columns {
    /// Reads the header line. Of two columns for one field the first is taken.
    pub(super) fn read(header: Record<'_>) -> Self {
        let mut headers = Vec::new();
        let mut places: Vec<(Field, usize)> = Vec::new();
        for (index, cell) in header.cells().enumerate() {
            let text = String::from_utf8_lossy(cell);
            let text = text.trim();
            let field =
                field_of(text).filter(|field| places.iter().all(|(known, _)| known != field));
            if let Some(field) = field {
                places.push((field, index));
            }
            headers.push((excerpt(text), field));
        }
        Self { headers, places }
    }

    /// How many headers are known.
    pub(super) fn known(&self) -> usize {
        self.places.len()
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.headers.len()
    }

    /// Where a field stands.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        self.places.iter().find(|(known, _)| *known == field).map(|(_, index)| *index)
    }

    /// The fields that the file has.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + use<'_> {
        self.places.iter().map(|(field, _)| *field)
    }

    /// True when the file has a column for it.
    pub(super) fn has(&self, field: Field) -> bool {
        self.place(field).is_some()
    }

    /// The header of a column.
    pub(super) fn header(&self, index: usize) -> Option<&str> {
        self.headers.get(index).map(|(header, _)| header.as_str())
    }

    /// A file must say which item it means and something about it: a code or item number with anything
    /// else, or a name with a price.
    pub(super) fn check(&self) -> Result<(), ImportFailure> {
        let by_key = (self.has(Field::Code) || self.has(Field::Number)) && self.known() > 1;
        let by_name =
            self.has(Field::Name) && (self.has(Field::Price) || self.has(Field::OpenPrice));
        if by_key || by_name {
            return Ok(());
        }
        let needed = [Field::Code, Field::Name, Field::Price];
        Err(ImportFailure::MissingColumns {
            needed: needed.into_iter().filter(|field| !self.has(*field)).collect(),
            found: self.headers.iter().take(30).map(|(header, _)| header.clone()).collect(),
        })
    }

    /// For people to look at.
    pub(super) fn mapping(&self) -> Vec<ColumnMapping> {
        (1_u32..)
            .zip(&self.headers)
            .map(|(column, (header, field))| ColumnMapping {
                column,
                header: header.clone(),
                field: *field,
            })
            .collect()
    }
}

/// The header line of the export.
pub(super) fn export_headers(language: Language) -> Vec<&'static str> {
    exported()
        .map(|(_, german, english)| match language {
            Language::De => german,
            Language::En => english,
        })
        .collect()
}
