//! The catalogue as a CSV file that the import reads again without changing anything.

use std::io::{self, Write};

use domain::LookupFault;
use domain::catalogue::{Code, Item, Unit};
use domain::settings::Language;
use money::Quantity;

use super::amount::{DecimalSign, write_decimal};
use super::cells::guard;
use super::columns::{Field, export_headers, exported};
use super::content::write_content;
use super::context::{Groups, ImportContext, Taxes};
use super::deposits::Deposits;

/// Why an export stopped.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The file cannot be written.
    #[error("the export cannot be written")]
    Write(#[from] io::Error),
    /// The catalogue cannot be read.
    #[error("the catalogue cannot be read")]
    Lookup(#[from] LookupFault),
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        ExportError::Write(error.into())
    }
}

/// Writes items as CSV: UTF-8 with byte order mark, semicolons, decimal comma, headers in the shop's
/// language. Texts that a spreadsheet would take for formulas get an apostrophe, which the import takes
/// away again. Prices are those of now in the base list; other lists and times, and tax splits, are not in
/// the file (an import leaves them as they are).
pub fn export_csv<W: Write>(
    items: impl IntoIterator<Item = Result<Item, LookupFault>>,
    context: &ImportContext<'_>,
    mut writer: W,
) -> Result<(), ExportError> {
    writer.write_all("\u{FEFF}".as_bytes())?;
    let mut csv = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(writer);
    let language = context.settings.language;
    csv.write_record(export_headers(language))?;
    let mut page = Page {
        context: *context,
        taxes: Taxes::new(context.settings, context.now),
        groups: Groups::new(context.settings),
        deposits: Deposits::default(),
        digits: context.settings.currency.minor_digits(),
        language,
    };
    for item in items {
        let item = item?;
        for (field, _, _) in exported() {
            csv.write_field(page.cell(&item, field)?)?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()?;
    Ok(())
}

struct Page<'a> {
    context: ImportContext<'a>,
    taxes: Taxes,
    groups: Groups,
    deposits: Deposits,
    digits: u8,
    language: Language,
}

impl Page<'_> {
    fn cell(&mut self, item: &Item, field: Field) -> Result<String, LookupFault> {
        let draft = &item.draft;
        let (first, packs) = split_codes(&draft.codes);
        Ok(match field {
            Field::Number => guard(&draft.number).into_owned(),
            Field::Code => first.map(|code| guard(&code.code).into_owned()).unwrap_or_default(),
            Field::Name => guard(&draft.name).into_owned(),
            Field::Price => {
                self.context.price_of(item).map(|p| self.amount(p.minor())).unwrap_or_default()
            }
            Field::Tax => self.tax(item),
            Field::TaxKey => draft.tax.to_string(),
            Field::Group => guard(self.groups.name(draft.group).unwrap_or_default()).into_owned(),
            Field::Age => draft.age.map(|age| age.to_string()).unwrap_or_default(),
            Field::Deposit => match draft.deposit {
                Some(deposit) => {
                    let price = self.deposits.price(&self.context, deposit)?;
                    price.map(|p| self.amount(p.minor())).unwrap_or_default()
                }
                None => String::new(),
            },
            Field::Unit => self.unit(draft.unit).to_owned(),
            // Written with the content itself.
            Field::ContentUnit => String::new(),
            Field::Content => draft.content.map(write_content).unwrap_or_default(),
            Field::PerHundred => self.flag(draft.per_hundred),
            Field::Weighed => self.flag(draft.weighed),
            Field::OpenPrice => self.flag(draft.open_price),
            Field::Refund => self.flag(draft.refund),
            Field::PriceBound => self.flag(draft.price_bound),
            Field::Discountable => self.flag(draft.discountable),
            Field::Stocked => self.flag(draft.stocked),
            Field::Minimum => draft.minimum.map(quantity).unwrap_or_default(),
            Field::Retired => self.flag(draft.retired),
            Field::PackCodes => guard(&list(packs, |code| code.code.clone())).into_owned(),
            Field::PackQuantities => list(packs, |code| quantity(code.quantity)),
            Field::PackPrices if packs.iter().all(|code| code.price.is_none()) => String::new(),
            Field::PackPrices => {
                list(packs, |code| code.price.map(|p| self.amount(p.minor())).unwrap_or_default())
            }
        })
    }

    /// The rate; where several keys have the same rate, the key.
    fn tax(&self, item: &Item) -> String {
        let key = item.draft.tax;
        match self.taxes.rate(key) {
            Some(rate) if self.taxes.key_of(rate) == Some(key) => {
                let text = write_decimal(i64::from(rate), DecimalSign::Comma, 2);
                text.strip_suffix(",00").map(str::to_owned).unwrap_or(text)
            }
            _ => match self.language {
                Language::De => format!("Schlüssel {key}"),
                Language::En => format!("key {key}"),
            },
        }
    }

    fn amount(&self, minor: i64) -> String {
        write_decimal(minor, DecimalSign::Comma, self.digits)
    }

    fn flag(&self, flag: bool) -> String {
        match (flag, self.language) {
            (true, Language::De) => "ja",
            (false, Language::De) => "nein",
            (true, Language::En) => "yes",
            (false, Language::En) => "no",
        }
        .to_owned()
    }

    fn unit(&self, unit: Unit) -> &'static str {
        match (unit, self.language) {
            (Unit::Piece, Language::De) => "Stück",
            (Unit::Piece, Language::En) => "piece",
            (Unit::Kilogram, _) => "kg",
            (Unit::Litre, _) => "l",
            (Unit::Metre, _) => "m",
        }
    }
}

/// The code of one unit, if it stands first, and the others.
fn split_codes(codes: &[Code]) -> (Option<&Code>, &[Code]) {
    match codes.split_first() {
        Some((first, rest)) if first.quantity == Quantity::ONE && first.price.is_none() => {
            (Some(first), rest)
        }
        _ => (None, codes),
    }
}

fn list(codes: &[Code], text: impl Fn(&Code) -> String) -> String {
    codes.iter().map(text).collect::<Vec<_>>().join("|")
}

/// Thousandths with a decimal comma, without zeros at the end.
fn quantity(quantity: Quantity) -> String {
    let text = write_decimal(quantity.thousandths(), DecimalSign::Comma, 3);
    text.trim_end_matches('0').trim_end_matches(',').to_owned()
}
