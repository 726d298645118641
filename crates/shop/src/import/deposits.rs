//! One deposit item an amount: found by its item number, or to be made.

use std::collections::{BTreeMap, BTreeSet};

use domain::ItemId;
use domain::catalogue::{ItemDraft, Price, Unit};
use domain::settings::Settings;
use domain::{GroupId, LookupFault, PriceListId, TaxKey};
use money::Money;

use super::amount::{DecimalSign, write_decimal};
use super::context::{ImportContext, deposit_number};
use super::problem::ImportFailure;

/// The highest deposit, minor units.
pub(super) const MAX_DEPOSIT: i64 = 100_000;
/// So many new deposits are too many.
const MAX_NEW: usize = 50;

/// Deposits looked up so far, and those that are missing.
#[derive(Default)]
pub(super) struct Deposits {
    prices: BTreeMap<ItemId, Option<Money>>,
    found: BTreeMap<Money, Result<Option<ItemId>, ()>>,
    needed: BTreeSet<Money>,
}

impl Deposits {
    /// The price of a deposit item now.
    pub(super) fn price(
        &mut self,
        context: &ImportContext<'_>,
        item: ItemId,
    ) -> Result<Option<Money>, LookupFault> {
        if let Some(price) = self.prices.get(&item) {
            return Ok(*price);
        }
        let price = context.items.by_id(item)?.and_then(|item| context.price_of(&item));
        self.prices.insert(item, price);
        Ok(price)
    }

    /// The deposit item of an amount; `Ok(Ok(None))` when there is none yet, `Ok(Err(()))` when its item
    /// number stands for another amount.
    pub(super) fn find(
        &mut self,
        context: &ImportContext<'_>,
        amount: Money,
    ) -> Result<Result<Option<ItemId>, ()>, LookupFault> {
        if let Some(found) = self.found.get(&amount) {
            return Ok(*found);
        }
        let found = match context.items.by_number(&deposit_number(amount))? {
            None => Ok(None),
            Some(item) if context.price_of(&item) == Some(amount) => Ok(Some(item.id)),
            Some(_) => Err(()),
        };
        self.found.insert(amount, found);
        Ok(found)
    }

    /// Notes that the deposit item of an amount must be made.
    pub(super) fn need(&mut self, amount: Money) -> Result<(), ImportFailure> {
        self.needed.insert(amount);
        if self.needed.len() > MAX_NEW {
            let limit = u32::try_from(MAX_NEW).unwrap_or(u32::MAX);
            return Err(ImportFailure::TooManyDeposits { limit });
        }
        Ok(())
    }

    /// Those that must be made.
    pub(super) fn needed(&self) -> impl Iterator<Item = Money> + '_ {
        self.needed.iter().copied()
    }
}

/// The deposit item of an amount. The law taxes a deposit as the goods it follows; the key here is for
/// deposits that are sold alone.
pub fn deposit_draft(amount: Money, settings: &Settings, group: GroupId, tax: TaxKey) -> ItemDraft {
    let digits = settings.currency.minor_digits();
    let (word, sign) = match settings.language {
        domain::settings::Language::De => ("Pfand", DecimalSign::Comma),
        domain::settings::Language::En => ("Deposit", DecimalSign::Point),
    };
    ItemDraft {
        number: deposit_number(amount),
        name: format!("{word} {}", write_decimal(amount.minor(), sign, digits)),
        codes: Vec::new(),
        unit: Unit::Piece,
        content: None,
        per_hundred: false,
        tax,
        tax_split: Vec::new(),
        group,
        prices: vec![Price { amount, list: PriceListId(0), from: None, until: None }],
        age: None,
        deposit: None,
        open_price: false,
        refund: false,
        weighed: false,
        price_bound: false,
        discountable: false,
        stocked: false,
        minimum: None,
        retired: false,
    }
}
