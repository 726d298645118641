//! One line of the file becomes one item draft, or errors.

use std::borrow::Cow;

use domain::catalogue::{Code, Item, ItemDraft, Price, Unit, fold};
use domain::{GroupId, ItemId, PriceListId, TaxKey};
use money::{Money, Quantity};
use serde::Serialize;
use utoipa::ToSchema;

use super::amount::{DecimalSign, parse_decimal};
use super::cells::{Cells, same_code, without_blanks};
use super::columns::{Columns, Field};
use super::content::read_content;
use super::context::{Groups, ImportContext, Taxes, no_group};
use super::deposits::Deposits;
use super::problem::{ImportFailure, LineError, LineProblem};
use super::rows::Record;
use super::seen::Seen;

/// The highest price: the limit of a line (core.md), minor units.
const MAX_PRICE: i64 = 1_000_000_000;
/// Thousandths.
const MAX_QUANTITY: i64 = 99_999_999;

/// What becomes of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowAction {
    /// A new item.
    New,
    /// An item is changed.
    Changed,
    /// The item is like that already: the line is skipped.
    Unchanged,
}

/// A line that is good.
#[derive(Debug, Clone)]
pub(super) struct Planned {
    pub(super) line: u64,
    pub(super) item: Option<ItemId>,
    pub(super) action: RowAction,
    pub(super) draft: ItemDraft,
    /// The deposit's amount; its item may not exist yet.
    pub(super) deposit: Option<Money>,
}

/// Reads lines one after the other and remembers what must be unique.
pub(super) struct LineReader<'a> {
    context: ImportContext<'a>,
    columns: &'a Columns,
    sign: DecimalSign,
    digits: u8,
    taxes: Taxes,
    pub(super) groups: Groups,
    pub(super) deposits: Deposits,
    seen: Seen,
    no_items: bool,
}

/// A group that is there, or one to be made when the line turns out good.
enum GroupChoice {
    Known(GroupId, TaxKey),
    New(String),
}

impl<'a> LineReader<'a> {
    pub(super) fn new(context: ImportContext<'a>, columns: &'a Columns, sign: DecimalSign) -> Self {
        Self {
            context,
            columns,
            sign,
            digits: context.settings.currency.minor_digits(),
            taxes: Taxes::new(context.settings, context.now),
            groups: Groups::new(context.settings),
            deposits: Deposits::default(),
            seen: Seen::default(),
            no_items: context.items.is_empty(),
        }
    }

    /// The rate of a tax key now, hundredths of a percent.
    pub(super) fn rate(&self, key: TaxKey) -> Option<u32> {
        self.taxes.rate(key)
    }

    /// Reads a line. `None`: there is something wrong, and it stands in `errors`. Errs when the file as a
    /// whole cannot be used, or the catalogue cannot be read.
    pub(super) fn read(
        &mut self,
        record: Record<'_>,
        errors: &mut Vec<LineError>,
    ) -> Result<Option<Planned>, ImportFailure> {
        let mut cells = Cells::new(record, self.columns, errors);
        if !cells.are_clean() {
            return Ok(None);
        }
        let Some((existing, draft)) = self.identify(&mut cells)? else { return Ok(None) };
        let mut draft = draft;
        let is_new = existing.is_none();
        self.name(&mut cells, &mut draft);
        let group = self.group(&mut cells, existing.as_ref());
        self.tax(&mut cells, &mut draft, existing.as_ref(), &group);
        self.flags(&mut cells, &mut draft);
        self.unit(&mut cells, &mut draft, is_new);
        self.content(&mut cells, &mut draft);
        self.price(&mut cells, &mut draft, existing.as_ref());
        self.age(&mut cells, &mut draft);
        self.minimum(&mut cells, &mut draft);
        self.packs(&mut cells, &mut draft, existing.as_ref())?;
        let deposit = self.deposit(&mut cells, &mut draft, existing.as_ref())?;
        let id = existing.as_ref().map(|item| item.id);
        if !cells.is_good() || !self.seen.admit(&mut cells, &draft, id) {
            return Ok(None);
        }
        draft.group = match group {
            GroupChoice::Known(id, _) => id,
            GroupChoice::New(name) => self.groups.add(&name, draft.tax)?,
        };
        if let Some(amount) = deposit
            && draft.deposit.is_none()
        {
            self.deposits.need(amount)?;
        }
        let waits_for_deposit = deposit.is_some() && draft.deposit.is_none();
        let action = match &existing {
            None => RowAction::New,
            Some(item) if item.draft == draft && !waits_for_deposit => RowAction::Unchanged,
            Some(_) => RowAction::Changed,
        };
        Ok(Some(Planned { line: record.line, item: id, action, draft, deposit }))
    }

    /// Which item is meant: by its code, else by its item number; else a new one.
    fn identify(
        &self,
        cells: &mut Cells<'_, '_>,
    ) -> Result<Option<(Option<Item>, ItemDraft)>, ImportFailure> {
        let code = cells.code(Field::Code).map(Cow::into_owned);
        let given = cells.filled(Field::Number).map(Cow::into_owned);
        let number = match (&given, &code) {
            (Some(number), _) => number.clone(),
            (None, Some(code)) => code.clone(),
            (None, None) => number_from(&cells.filled(Field::Name).unwrap_or_default()),
        };
        if number.is_empty() {
            cells.error(Field::Name, LineProblem::MissingName, "");
            return Ok(None);
        }
        let by_code = match &code {
            Some(code) if !self.no_items => self.context.items.by_code(code)?,
            _ => None,
        };
        // The number made from the code matters only where the code itself is not known.
        let by_number = if self.no_items || (by_code.is_some() && given.is_none()) {
            None
        } else {
            self.context.items.by_number(&number)?
        };
        if let (Some(one), Some(other)) = (&by_code, &by_number)
            && one.id != other.id
        {
            cells.error(Field::Number, LineProblem::NumberTaken, &number);
            return Ok(None);
        }
        let existing = by_code.or(by_number);
        if let Some(code) = &code {
            cells.check_code(Field::Code, code, existing.as_ref());
        }
        let mut draft = match &existing {
            Some(item) => item.draft.clone(),
            None => empty_draft(number.clone()),
        };
        if given.is_some() {
            draft.number = number;
        }
        if let Some(code) = code
            && !draft.codes.iter().any(|known| same_code(&known.code, &code))
        {
            draft.codes.push(plain(code));
        }
        Ok(Some((existing, draft)))
    }

    fn name(&self, cells: &mut Cells<'_, '_>, draft: &mut ItemDraft) {
        match cells.text(Field::Name) {
            Some(name) if !name.is_empty() => draft.name = name.into_owned(),
            None if !draft.name.is_empty() => {}
            _ => cells.error(Field::Name, LineProblem::MissingName, ""),
        }
    }

    fn group(&self, cells: &mut Cells<'_, '_>, existing: Option<&Item>) -> GroupChoice {
        let name = match (cells.filled(Field::Group), existing) {
            (Some(name), _) => name,
            (None, Some(item)) => return GroupChoice::Known(item.draft.group, item.draft.tax),
            (None, None) => Cow::Borrowed(no_group(self.context.settings.language)),
        };
        match self.groups.find(&name) {
            Some((id, tax)) => GroupChoice::Known(id, tax),
            None => GroupChoice::New(name.into_owned()),
        }
    }

    fn tax(
        &self,
        cells: &mut Cells<'_, '_>,
        draft: &mut ItemDraft,
        existing: Option<&Item>,
        group: &GroupChoice,
    ) {
        if let Some(text) = cells.filled(Field::TaxKey) {
            let key = self.taxes.by_number(&text).or_else(|| self.taxes.by_name(&text));
            match key {
                Some(key) => draft.tax = key,
                None => cells.error(Field::TaxKey, LineProblem::UnknownTax, &text),
            }
        } else if let Some(text) = cells.filled(Field::Tax) {
            let rate = percent(&text);
            let unchanged =
                rate.is_some() && existing.is_some_and(|i| self.taxes.rate(i.draft.tax) == rate);
            match rate.and_then(|r| self.taxes.key_of(r)).or_else(|| self.taxes.by_name(&text)) {
                _ if unchanged => {}
                Some(key) => draft.tax = key,
                None => cells.error(Field::Tax, LineProblem::UnknownTax, &text),
            }
        } else if existing.is_none() {
            match group {
                GroupChoice::Known(_, key) => draft.tax = *key,
                GroupChoice::New(_) => cells.error(Field::Tax, LineProblem::MissingTax, ""),
            }
        }
    }

    fn flags(&self, cells: &mut Cells<'_, '_>, draft: &mut ItemDraft) {
        cells.flag(Field::OpenPrice, false, &mut draft.open_price);
        cells.flag(Field::Refund, false, &mut draft.refund);
        cells.flag(Field::PriceBound, false, &mut draft.price_bound);
        cells.flag(Field::Discountable, true, &mut draft.discountable);
        cells.flag(Field::Stocked, true, &mut draft.stocked);
        cells.flag(Field::Retired, false, &mut draft.retired);
    }

    fn unit(&self, cells: &mut Cells<'_, '_>, draft: &mut ItemDraft, is_new: bool) {
        if let Some(text) = cells.filled(Field::Unit) {
            match unit_of(&text) {
                Some(unit) => draft.unit = unit,
                None => cells.error(Field::Unit, LineProblem::UnknownUnit, &text),
            }
        }
        if is_new {
            // What is priced by the kilogram is weighed, unless a column says otherwise.
            draft.weighed = draft.unit == Unit::Kilogram;
        }
        cells.flag(Field::Weighed, false, &mut draft.weighed);
    }

    fn content(&self, cells: &mut Cells<'_, '_>, draft: &mut ItemDraft) {
        cells.flag(Field::PerHundred, false, &mut draft.per_hundred);
        if draft.per_hundred && !matches!(draft.unit, Unit::Kilogram | Unit::Litre) {
            cells.error(Field::PerHundred, LineProblem::NotLoose, "");
        }
        let Some(text) = cells.text(Field::Content) else { return };
        if text.is_empty() {
            draft.content = None;
            return;
        }
        let unit = cells.filled(Field::ContentUnit).unwrap_or_default();
        match read_content(&text, &unit, self.sign) {
            Some(None) => draft.content = None,
            Some(content) if draft.unit == Unit::Piece && !draft.weighed => draft.content = content,
            _ => cells.error(Field::Content, LineProblem::BadContent, &text),
        }
    }

    fn price(&self, cells: &mut Cells<'_, '_>, draft: &mut ItemDraft, existing: Option<&Item>) {
        let now = existing.and_then(|item| self.context.price_of(item));
        let Some(text) = cells.filled(Field::Price) else {
            let kept = existing.is_some() && (now.is_none() || !cells.has(Field::Price));
            if draft.open_price && !kept {
                draft.prices.clear();
            } else if !kept {
                cells.error(Field::Price, LineProblem::MissingPrice, "");
            }
            return;
        };
        let Some(amount) = parse_decimal(&text, self.sign, self.digits).map(Money::new) else {
            return cells.error(Field::Price, LineProblem::BadPrice, &text);
        };
        if now == Some(amount) {
            return;
        }
        if amount.is_negative() {
            return cells.error(Field::Price, LineProblem::NegativePrice, &text);
        }
        if amount.minor() > MAX_PRICE {
            return cells.error(Field::Price, LineProblem::PriceTooHigh, &text);
        }
        let at = self.context.now;
        let valid = draft
            .prices
            .iter_mut()
            .filter(|p| p.list.0 == 0 && p.from.is_none_or(|from| from <= at))
            .filter(|p| p.until.is_none_or(|until| at < until))
            .max_by_key(|p| p.from);
        match valid {
            // The price of today changes; prices of other lists and other times stay.
            Some(price) => price.amount = amount,
            None => {
                draft.prices.push(Price { amount, list: PriceListId(0), from: None, until: None })
            }
        }
    }

    fn age(&self, cells: &mut Cells<'_, '_>, draft: &mut ItemDraft) {
        if !cells.has(Field::Age) {
            return;
        }
        let Some(text) = cells.filled(Field::Age) else {
            draft.age = None;
            return;
        };
        let folded = fold(&text);
        let bare =
            folded.trim_start_matches("ab").trim_end_matches("jahre").trim_end_matches("years");
        match bare.trim().trim_end_matches('+').trim().parse::<u8>() {
            Ok(0) => draft.age = None,
            Ok(age) if age < 100 => draft.age = Some(age),
            _ => cells.error(Field::Age, LineProblem::BadAge, &text),
        }
    }

    fn minimum(&self, cells: &mut Cells<'_, '_>, draft: &mut ItemDraft) {
        if !cells.has(Field::Minimum) {
            return;
        }
        let Some(text) = cells.filled(Field::Minimum) else {
            draft.minimum = None;
            return;
        };
        match parse_decimal(&text, self.sign, 3) {
            Some(value) if (0..=MAX_QUANTITY).contains(&value) => {
                draft.minimum = Some(Quantity::new(value));
            }
            _ => cells.error(Field::Minimum, LineProblem::BadQuantity, &text),
        }
    }

    fn deposit(
        &mut self,
        cells: &mut Cells<'_, '_>,
        draft: &mut ItemDraft,
        existing: Option<&Item>,
    ) -> Result<Option<Money>, ImportFailure> {
        if !cells.has(Field::Deposit) {
            return Ok(None);
        }
        let text = cells.filled(Field::Deposit).unwrap_or(Cow::Borrowed("0"));
        let amount = parse_decimal(&text, self.sign, self.digits).map(Money::new);
        let kept = existing.and_then(|item| item.draft.deposit);
        if let Some(kept) = kept
            && amount.is_some()
            && self.deposits.price(&self.context, kept)? == amount
        {
            return Ok(amount);
        }
        draft.deposit = None;
        let bad =
            |cells: &mut Cells<'_, '_>| cells.error(Field::Deposit, LineProblem::BadDeposit, &text);
        match amount {
            Some(amount) if amount.is_zero() => Ok(None),
            Some(amount) if (1..=super::deposits::MAX_DEPOSIT).contains(&amount.minor()) => {
                match self.deposits.find(&self.context, amount)? {
                    Ok(found) => draft.deposit = found,
                    Err(()) => bad(cells),
                }
                Ok(Some(amount))
            }
            _ => {
                bad(cells);
                Ok(None)
            }
        }
    }

    /// Further codes. When the file has such a column, it names all codes of the item.
    fn packs(
        &self,
        cells: &mut Cells<'_, '_>,
        draft: &mut ItemDraft,
        existing: Option<&Item>,
    ) -> Result<(), ImportFailure> {
        if !cells.has(Field::PackCodes) {
            return Ok(());
        }
        let text = cells.text(Field::PackCodes).unwrap_or_default().into_owned();
        let first = if cells.has(Field::Code) {
            cells.code(Field::Code).map(|code| {
                // A code that was a pack's before keeps nothing of that: the file says it is one unit.
                plain(code.into_owned())
            })
        } else {
            draft.codes.first().filter(|code| **code == plain(code.code.clone())).cloned()
        };
        let mut codes: Vec<Code> = first.into_iter().collect();
        if !text.is_empty() {
            let Some(packs) = self.pack_list(cells, &text) else {
                cells.error(Field::PackCodes, LineProblem::BadPack, &text);
                return Ok(());
            };
            for pack in &packs {
                cells.check_code(Field::PackCodes, &pack.code, existing);
                let owner =
                    if self.no_items { None } else { self.context.items.by_code(&pack.code)? };
                if owner.is_some_and(|owner| Some(owner.id) != existing.map(|item| item.id)) {
                    cells.error(Field::PackCodes, LineProblem::CodeTaken, &pack.code);
                }
            }
            codes.extend(packs);
        }
        draft.codes = codes;
        Ok(())
    }

    /// `None` when the three cells do not fit each other.
    fn pack_list(&self, cells: &mut Cells<'_, '_>, text: &str) -> Option<Vec<Code>> {
        let quantities = cells.text(Field::PackQuantities).unwrap_or_default();
        let prices = cells.text(Field::PackPrices).unwrap_or_default();
        let count = text.split('|').count();
        let no_prices = prices.is_empty();
        if quantities.split('|').count() != count
            || (!no_prices && prices.split('|').count() != count)
        {
            return None;
        }
        let mut prices = prices.split('|').map(str::trim);
        let mut packs = Vec::with_capacity(count);
        for (code, quantity) in text.split('|').zip(quantities.split('|')) {
            let quantity =
                parse_decimal(quantity, self.sign, 3).filter(|q| (1..=MAX_QUANTITY).contains(q))?;
            let price = match prices.next().unwrap_or_default() {
                "" => None,
                price => Some(
                    parse_decimal(price, self.sign, self.digits)
                        .filter(|p| (0..=MAX_PRICE).contains(p))?,
                ),
            };
            packs.push(Code {
                code: without_blanks(code.trim()).into_owned(),
                quantity: Quantity::new(quantity),
                price: price.map(Money::new),
            });
        }
        packs.iter().all(|pack| !pack.code.is_empty()).then_some(packs)
    }
}

fn plain(code: String) -> Code {
    Code { code, quantity: Quantity::ONE, price: None }
}

fn empty_draft(number: String) -> ItemDraft {
    ItemDraft {
        number,
        name: String::new(),
        codes: Vec::new(),
        unit: Unit::Piece,
        content: None,
        per_hundred: false,
        tax: TaxKey(0),
        tax_split: Vec::new(),
        group: GroupId(0),
        prices: Vec::new(),
        age: None,
        deposit: None,
        open_price: false,
        refund: false,
        weighed: false,
        price_bound: false,
        discountable: true,
        stocked: true,
        minimum: None,
        retired: false,
    }
}

/// An item number for an item that has neither number nor code: made of its name, so that the same file
/// read again finds the same item.
fn number_from(name: &str) -> String {
    let mut number = String::new();
    for word in fold(name).split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if !number.is_empty() {
            number.push('-');
        }
        number.push_str(word);
    }
    number.chars().take(40).collect()
}

/// "19", "19 %", "10,7 %" in hundredths of a percent. Both signs are decimal signs here.
fn percent(text: &str) -> Option<u32> {
    let bare = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
    if bare.contains(' ') || bare.starts_with(['-', '+']) {
        return None;
    }
    u32::try_from(parse_decimal(&bare, DecimalSign::Point, 2)?).ok()
}

fn unit_of(text: &str) -> Option<Unit> {
    match fold(text).trim_end_matches('.') {
        "stuck" | "stueck" | "stk" | "st" | "piece" | "pieces" | "pc" | "pcs" | "ea" | "each"
        | "1" | "h87" | "c62" => Some(Unit::Piece),
        "kg" | "kilo" | "kilogramm" | "kilogram" | "kgm" => Some(Unit::Kilogram),
        "l" | "ltr" | "liter" | "litre" => Some(Unit::Litre),
        "m" | "mtr" | "meter" | "metre" => Some(Unit::Metre),
        _ => None,
    }
}
