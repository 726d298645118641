//! Labels for shelves and goods: from an item to what stands on its label, and to paper. Where it stands is `label`'s.

mod changed;
mod paper;

use domain::catalogue::{Item, ItemDraft, Unit};
use domain::content::{Content, ContentUnit, Reference, UnitPrice};
use domain::settings::{Language, Settings};
use domain::{ItemId, PriceListId};
use jiff::civil::{Date, DateTime};
use label::{Label, Laid, Size};
use money::{Money, Quantity};
use store::{Reader, StoreError};

pub(crate) use changed::changed;
pub(crate) use paper::{Ruler, on_sheets, one_a_page};

/// Most labels of a request.
pub(crate) const MOST: u32 = 1_000;

/// An item that a label is asked for, so often.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) item: Item,
    /// What its deposit costs.
    pub(crate) deposit: Option<Money>,
    pub(crate) count: u32,
}

/// Which typefaces labels are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Faces {
    /// Plain and bold.
    Two,
    /// The one of label printers, which is bold.
    One,
}

/// Why there is no label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lack {
    /// There is no such item.
    Item(ItemId),
    /// Nothing says what it costs then.
    Price(String),
    /// The price and what belongs to it do not fit on so small a label.
    Room(String),
}

/// For which day labels are, and how they speak.
#[derive(Debug, Clone)]
pub(crate) struct Occasion<'a> {
    pub(crate) settings: &'a Settings,
    /// The shop's time now.
    pub(crate) now: DateTime,
    /// The day whose prices they show; none: now.
    pub(crate) on: Option<Date>,
}

/// The items of a request, each with its deposit.
pub(crate) fn find(
    reader: &Reader,
    items: &[(ItemId, u32)],
    at: DateTime,
) -> Result<Result<Vec<Wanted>, Lack>, StoreError> {
    let mut found = Vec::with_capacity(items.len());
    for (id, count) in items {
        let Some(item) = reader.item(*id)? else { return Ok(Err(Lack::Item(*id))) };
        let deposit = match item.draft.deposit {
            Some(deposit) => reader.item(deposit)?,
            None => None,
        };
        let deposit = deposit.and_then(|deposit| deposit.draft.price_at(PriceListId(0), at));
        found.push(Wanted { item, deposit, count: *count });
    }
    Ok(Ok(found))
}

impl Occasion<'_> {
    /// The moment whose prices count.
    pub(crate) fn at(&self) -> DateTime {
        match self.on {
            Some(day) if day != self.now.date() => day.at(0, 0, 0, 0),
            _ => self.now,
        }
    }

    fn say<'t>(&self, german: &'t str, english: &'t str) -> &'t str {
        match self.settings.language {
            Language::De => german,
            Language::En => english,
        }
    }

    fn number(&self, number: i64, digits: u8) -> String {
        let language = match self.settings.language {
            Language::De => receipt::Language::De,
            Language::En => receipt::Language::En,
        };
        receipt::format_amount(number, digits, language)
    }

    /// Without digits that say nothing: `1,5`.
    fn short(&self, number: i64, digits: u8) -> String {
        let text = self.number(number, digits);
        text.trim_end_matches('0').trim_end_matches([',', '.']).to_owned()
    }

    /// An amount with its currency, kept together on a line.
    fn amount(&self, amount: Money) -> String {
        let currency = &self.settings.currency;
        let number = self.number(amount.minor(), currency.minor_digits());
        match (currency.code(), self.settings.language) {
            ("EUR", Language::De) => format!("{number}\u{a0}€"),
            ("EUR", Language::En) => format!("€{number}"),
            (code, _) => format!("{code}\u{a0}{number}"),
        }
    }

    fn unit_price(&self, price: UnitPrice) -> String {
        let per = match price.per {
            Reference::Kilogram => "1\u{a0}kg",
            Reference::Litre => "1\u{a0}l",
            Reference::Metre => "1\u{a0}m",
            Reference::SquareMetre => "1\u{a0}m²",
            Reference::HundredGrams => "100\u{a0}g",
            Reference::HundredMillilitres => "100\u{a0}ml",
        };
        format!("{per}\u{a0}= {}", self.amount(price.amount))
    }

    fn content(&self, content: Content) -> String {
        let (whole, digits, small, large) = match content.unit {
            ContentUnit::Gram => (1_000, 3, "g", "kg"),
            ContentUnit::Millilitre => (1_000, 3, "ml", "l"),
            ContentUnit::Millimetre => (1_000, 3, "mm", "m"),
            ContentUnit::SquareCentimetre => (10_000, 4, "cm²", "m²"),
        };
        let net = i64::from(content.net);
        if content.net < whole {
            format!("{}\u{a0}{small}", self.number(net, 0))
        } else {
            format!("{}\u{a0}{large}", self.short(net, digits))
        }
    }

    /// What stands on an item's label.
    pub(crate) fn label(&self, wanted: &Wanted) -> Result<Label, Lack> {
        let draft = &wanted.item.draft;
        let price = draft.price_at(PriceListId(0), self.at()).filter(|price| !price.is_negative());
        let Some(price) = price.filter(|_| !draft.open_price) else {
            return Err(Lack::Price(draft.name.clone()));
        };
        let per = match draft.unit {
            Unit::Piece => "",
            Unit::Kilogram => "/\u{a0}kg",
            Unit::Litre => "/\u{a0}l",
            Unit::Metre => "/\u{a0}m",
        };
        let mut facts: Vec<String> = draft.content.map(|c| self.content(c)).into_iter().collect();
        if let Some(deposit) = wanted.deposit.filter(|deposit| !deposit.is_zero()) {
            let amount = self.amount(deposit);
            facts.push(match self.settings.language {
                Language::De => format!("zzgl.\u{a0}{amount} Pfand"),
                Language::En => format!("plus {amount} deposit"),
            });
        }
        if !self.settings.prices_include_tax {
            facts.push(self.say("zzgl. MwSt.", "plus VAT").to_owned());
        }
        let mut small = vec![format!("{}\u{a0}{}", self.say("Art.", "Item"), draft.number)];
        if let Some(day) = self.on.filter(|day| *day > self.now.date()) {
            small.push(match self.settings.language {
                Language::De => format!("ab {}", day.strftime("%d.%m.%Y")),
                Language::En => format!("from {day}"),
            });
        }
        Ok(Label {
            name: draft.name.clone(),
            price: self.amount(price),
            per: per.to_owned(),
            unit_price: draft.unit_price(price).map(|u| self.unit_price(u)).unwrap_or_default(),
            facts,
            small,
            code: code(draft).unwrap_or_default().to_owned(),
        })
    }

    /// Each label as it is laid out, with how often it is wanted. The first that cannot be is the answer.
    pub(crate) fn lay_out(
        &self,
        wanted: &[Wanted],
        (size, modules, faces): (Size, &[u32], Faces),
    ) -> Result<Vec<(Label, Laid, u32)>, Lack> {
        let ruler = Ruler::new();
        let measure = |text: &str, bold: bool| ruler.measure(text, bold || faces == Faces::One);
        let one = |wanted: &Wanted| {
            let label = self.label(wanted)?;
            let laid = label::lay_out(&label, size, modules, &measure);
            if laid.too_small {
                return Err(Lack::Room(wanted.item.draft.name.clone()));
            }
            Ok((label, laid, wanted.count))
        };
        wanted.iter().map(one).collect()
    }
}

/// The code of one piece. What is sold by measure has none on its shelf: its codes come from the scale.
fn code(draft: &ItemDraft) -> Option<&str> {
    if draft.weighed || draft.unit != Unit::Piece {
        return None;
    }
    let mut single = draft.codes.iter();
    let one = single.find(|code| code.quantity == Quantity::ONE && code.price.is_none());
    one.map(|code| code.code.as_str())
}

/// A label that shows all that one can say, to try a printer with.
pub(crate) fn sample(settings: &Settings) -> Label {
    let german = settings.language == Language::De;
    let say = |de: &str, en: &str| if german { de.to_owned() } else { en.to_owned() };
    Label {
        name: say("Probeetikett ÄÖÜ äöü ß é", "Sample label ÄÖÜ äöü ß é"),
        price: say("1,99\u{a0}€", "€1.99"),
        per: String::new(),
        unit_price: say("1\u{a0}kg\u{a0}= 3,98\u{a0}€", "1\u{a0}kg\u{a0}= €3.98"),
        facts: vec!["500\u{a0}g".to_owned()],
        small: vec![say("Art.\u{a0}0", "Item\u{a0}0")],
        code: "2000000000008".to_owned(),
    }
}
