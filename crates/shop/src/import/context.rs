//! What an import must know of the shop: its items, groups and tax keys.

use std::collections::BTreeMap;

use domain::catalogue::{Item, fold};
use domain::settings::{Group, Language, Settings};
use domain::{GroupId, ItemId, LookupFault, PriceListId, TaxKey};
use jiff::civil::DateTime;
use money::Money;

use super::problem::ImportFailure;

/// The catalogue as it is. Retired items are found too.
pub trait Lookup {
    /// The item that a scan of this code finds: a GTIN may be stored with more or fewer zeros in front.
    fn by_code(&self, code: &str) -> Result<Option<Item>, LookupFault>;
    /// The item with this item number.
    fn by_number(&self, number: &str) -> Result<Option<Item>, LookupFault>;
    /// The item with this identity.
    fn by_id(&self, item: ItemId) -> Result<Option<Item>, LookupFault>;
    /// True when there is certainly no item yet: then nothing is looked up line by line.
    fn is_empty(&self) -> bool {
        false
    }
}

/// What lines are read against.
#[derive(Clone, Copy)]
pub struct ImportContext<'a> {
    /// The shop's settings.
    pub settings: &'a Settings,
    /// The shop's local time: prices and rates of now are meant.
    pub now: DateTime,
    /// The catalogue.
    pub items: &'a dyn Lookup,
}

impl ImportContext<'_> {
    /// The price of one unit now, in the base list.
    pub(super) fn price_of(&self, item: &Item) -> Option<Money> {
        item.draft.price_at(PriceListId(0), self.now)
    }
}

/// Current rates of the tax keys.
pub(super) struct Taxes {
    /// Key and hundredths of a percent, by key.
    rates: BTreeMap<TaxKey, u32>,
}

impl Taxes {
    pub(super) fn new(settings: &Settings, now: DateTime) -> Self {
        let mut began: BTreeMap<TaxKey, (DateTime, u32)> = BTreeMap::new();
        for rate in settings.rates.iter().filter(|rate| rate.from <= now) {
            let known = began.entry(rate.key).or_insert((rate.from, rate.rate.basis_points()));
            if known.0 <= rate.from {
                *known = (rate.from, rate.rate.basis_points());
            }
        }
        Self { rates: began.into_iter().map(|(key, (_, rate))| (key, rate)).collect() }
    }

    /// The rate of a key.
    pub(super) fn rate(&self, key: TaxKey) -> Option<u32> {
        self.rates.get(&key).copied()
    }

    /// The first key with a rate.
    pub(super) fn key_of(&self, basis_points: u32) -> Option<TaxKey> {
        self.rates.iter().find(|(_, rate)| **rate == basis_points).map(|(key, _)| *key)
    }

    /// The key with the highest rate: the standard rate, of the first such key.
    pub(super) fn standard(&self) -> Option<TaxKey> {
        let highest = self.rates.values().max()?;
        self.key_of(*highest)
    }

    /// The key of a rate's name, or of "key 5".
    pub(super) fn by_name(&self, text: &str) -> Option<TaxKey> {
        let name = fold(text);
        let name = name.trim();
        if let Some(number) =
            ["key", "schlussel", "#"].iter().find_map(|word| name.strip_prefix(word))
        {
            return self.by_number(number);
        }
        match name {
            "normal" | "standard" | "voll" | "voller satz" | "regelsatz" | "regelsteuersatz"
            | "normalsatz" | "full" | "a" => self.standard(),
            "ermassigt" | "ermaessigt" | "reduziert" | "reduced" | "b" => {
                self.rates.contains_key(&TaxKey(2)).then_some(TaxKey(2))
            }
            "steuerfrei" | "frei" | "befreit" | "exempt" | "zero" | "none" | "ohne" | "keine" => {
                self.key_of(0)
            }
            _ => None,
        }
    }

    /// The key with a number.
    pub(super) fn by_number(&self, text: &str) -> Option<TaxKey> {
        let key = TaxKey(text.trim().parse().ok()?);
        self.rates.contains_key(&key).then_some(key)
    }
}

/// Colours of new groups, one after the other.
const COLORS: [&str; 12] = [
    "#2e7d32", "#8d6e63", "#c62828", "#1565c0", "#00838f", "#f9a825", "#6a1b9a", "#5d4037",
    "#37474f", "#ad1457", "#ef6c00", "#455a64",
];

/// So many new groups are too many.
pub(super) const MAX_NEW_GROUPS: usize = 200;

/// The groups of the shop, and those that the import would add.
pub(super) struct Groups {
    known: BTreeMap<String, (GroupId, TaxKey)>,
    names: BTreeMap<GroupId, String>,
    next: u16,
    added: Vec<Group>,
}

impl Groups {
    pub(super) fn new(settings: &Settings) -> Self {
        let mut known = BTreeMap::new();
        for group in &settings.groups {
            known.entry(fold(group.name.trim())).or_insert((group.id, group.tax));
        }
        let names = settings.groups.iter().map(|group| (group.id, group.name.clone())).collect();
        let next = settings.groups.iter().map(|g| g.id.0).max().unwrap_or(0).saturating_add(1);
        Self { known, names, next, added: Vec::new() }
    }

    /// A group by its name; case and accents do not matter.
    pub(super) fn find(&self, name: &str) -> Option<(GroupId, TaxKey)> {
        // Most lines repeat the exact name of a group that needs no folding.
        self.known.get(name).or_else(|| self.known.get(&fold(name))).copied()
    }

    /// The name of a group.
    pub(super) fn name(&self, id: GroupId) -> Option<&str> {
        self.names.get(&id).map(String::as_str)
    }

    /// The identity that the next new group gets.
    pub(super) fn next(&self) -> GroupId {
        GroupId(self.next)
    }

    /// Adds a group under [`Groups::next`].
    pub(super) fn add(&mut self, name: &str, tax: TaxKey) -> Result<GroupId, ImportFailure> {
        if self.added.len() >= MAX_NEW_GROUPS || self.next == u16::MAX {
            let limit = u32::try_from(MAX_NEW_GROUPS).unwrap_or(u32::MAX);
            return Err(ImportFailure::TooManyGroups { limit });
        }
        let id = self.next();
        let color = COLORS.iter().cycle().nth(usize::from(id.0)).copied().unwrap_or("#455a64");
        self.known.insert(fold(name), (id, tax));
        self.names.insert(id, name.to_owned());
        self.added.push(Group {
            id,
            name: name.to_owned(),
            tax,
            color: color.to_owned(),
            agency: None,
        });
        self.next = self.next.saturating_add(1);
        Ok(id)
    }

    /// Those that are new.
    pub(super) fn added(&self) -> &[Group] {
        &self.added
    }
}

/// The group of items that name none.
pub(super) fn no_group(language: Language) -> &'static str {
    match language {
        Language::De => "Ohne Gruppe",
        Language::En => "No group",
    }
}

/// The group of deposits.
pub(super) fn deposit_group(language: Language) -> &'static str {
    match language {
        Language::De => "Pfand",
        Language::En => "Deposit",
    }
}

/// The item number of the deposit of an amount: there is one item an amount.
pub fn deposit_number(amount: Money) -> String {
    format!("PFAND-{}", amount.minor())
}
