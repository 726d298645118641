//! A believable corner shop for trying Tresen out: goods, people, settings, and a past.
//!
//! Everything comes from a seed and a date: the same two give the same shop on every machine. Brands and
//! people are invented; all codes are from the numbers that each shop gives itself (GS1 prefixes 20–29).

mod goods;
mod random;
mod sales;
#[cfg(test)]
mod tests;

use domain::account::CustomerDetails;
use domain::bank::BankAccount;
use domain::catalogue::{Code, ItemDraft, Price, Unit};
use domain::content::Content;
use domain::coupon::{Coupon, CouponGoods, CouponValue};
use domain::foreign::{DatedExchangeRate, ForeignCurrency};
use domain::settings::{
    Country, DatedRate, Group, Language, Promotion, Settings, TaxPoint, TillSettings,
};
use domain::{CouponId, GroupId, ItemId, PriceListId, PromotionId, Role, TaxKey, TillId};
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};
use money::{CashRounding, Currency, ExchangeRate, Money, Quantity, Rate};

use crate::import::{DecimalSign, deposit_draft, read_content};
use random::Random;

pub use sales::{DemoLine, DemoReceipt, Sales, sales};

/// An item of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoItem {
    /// The item. A deposit in it counts on the item's place, see [`DemoShop::items`].
    pub draft: ItemDraft,
    /// What lies on the shelf, thousandths; nothing for items without stock.
    pub stock: Quantity,
}

/// A shop to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoShop {
    /// The day that the demo takes for today.
    pub today: Date,
    /// Settings; without tiles, which need the items (see [`DemoShop::tiles`]).
    pub settings: Settings,
    /// The items, in the order in which they must be put into an empty shop: the item at index `n` gets the
    /// identity `n + 1`, which deposits and tiles count on.
    pub items: Vec<DemoItem>,
    /// Name and role, the manager first, in the order in which they must be added.
    pub people: Vec<(String, Role)>,
    /// Customers who buy on account.
    pub customers: Vec<DemoCustomer>,
    /// Favourite tiles, in order.
    pub tiles: Vec<ItemId>,
}

/// A customer of the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DemoCustomer {
    /// Who.
    pub details: CustomerDetails,
    /// Days until a receipt is due.
    pub term_days: u16,
    /// What they may owe at most.
    pub limit: Option<Money>,
}

/// Makes the shop of a seed, as of `today`.
pub fn generate(seed: u64, today: Date) -> DemoShop {
    let settings = settings(today);
    let mut random = Random::new(seed, 1);
    let (people, customers) = (people(), customers());
    let mut shop =
        DemoShop { today, settings, items: Vec::new(), people, customers, tiles: Vec::new() };
    for cents in DEPOSITS {
        let group = GroupId(goods::DEPOSIT);
        let draft = deposit_draft(Money::new(cents), &shop.settings, group, TaxKey(1));
        shop.items.push(DemoItem { draft, stock: Quantity::ZERO });
    }
    for (group, (_, tax, _, minimum, lines)) in (1_u16..).zip(goods::GROUPS) {
        let mut count = 0_u32;
        for line in lines.lines() {
            // The marks stand last and a variant may contain the sign that separates.
            let mut parts = line.rsplitn(3, '|');
            let (Some(marks), Some(price), Some(name)) = (parts.next(), parts.next(), parts.next())
            else {
                continue;
            };
            for name in variants(name) {
                count = count.saturating_add(1);
                let place = Place { group, number: count, tax: *tax, minimum: *minimum };
                add(&mut shop, &mut random, &place, &name, price, marks);
            }
        }
    }
    shop
}

/// Cents of the deposits in use: beer bottle, other returnable bottles, one-way.
const DEPOSITS: [i64; 3] = [8, 15, 25];

struct Place {
    group: u16,
    number: u32,
    tax: u16,
    minimum: i64,
}

/// `Tee {Minze,Kamille}` is two names.
fn variants(name: &str) -> Vec<String> {
    let parts = name
        .split_once('{')
        .and_then(|(head, rest)| rest.split_once('}').map(|(middle, tail)| (head, middle, tail)));
    let Some((head, middle, tail)) = parts else { return vec![name.to_owned()] };
    let sign = if middle.contains('|') { '|' } else { ',' };
    middle
        .split(sign)
        .map(|variant| {
            let name = format!("{head}{variant}{tail}");
            name.split_whitespace().collect::<Vec<_>>().join(" ")
        })
        .collect()
}

fn add(
    shop: &mut DemoShop,
    random: &mut Random,
    place: &Place,
    name: &str,
    price: &str,
    marks: &str,
) {
    let has = |mark: &str| marks.split_ascii_whitespace().any(|m| m == mark);
    let number_after = |letter: char| {
        marks.split_ascii_whitespace().find_map(|m| m.strip_prefix(letter)?.parse::<i64>().ok())
    };
    let weighed = has("kg");
    let refund = has("out");
    let cents = price_of(random, name, price, marks);
    let serial = u32::try_from(shop.items.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut codes = Vec::new();
    if !weighed && !has("open") && !refund {
        codes.push(code("20", serial, Quantity::ONE, None));
    }
    if has("scale") {
        codes.push(Code { code: scale_code(serial), quantity: Quantity::ONE, price: None });
    }
    for (letter, prefix, share, ending) in [('p', "24", 94, 10), ('k', "27", 88, 50)] {
        if let Some(pieces) = number_after(letter) {
            let full = cents.saturating_mul(pieces).saturating_mul(share) / 100;
            let price = Money::new(full / ending * ending + ending - 1);
            codes.push(code(
                prefix,
                serial,
                Quantity::new(pieces.saturating_mul(1_000)),
                Some(price),
            ));
        }
    }
    let deposit = number_after('d')
        .and_then(|cents| DEPOSITS.iter().position(|d| *d == cents))
        .and_then(|index| u32::try_from(index + 1).ok());
    let tax = number_after('t').and_then(|key| u16::try_from(key).ok()).unwrap_or(place.tax);
    let kept = !has("no") && !refund;
    let draft = ItemDraft {
        number: (u32::from(place.group) * 1_000 + place.number).to_string(),
        name: name.to_owned(),
        codes,
        unit: if weighed { Unit::Kilogram } else { Unit::Piece },
        content: (!weighed && !refund).then(|| content_of(name)).flatten(),
        per_hundred: weighed && has("scale"),
        tax: TaxKey(tax),
        tax_split: Vec::new(),
        group: GroupId(place.group),
        prices: (!has("open"))
            .then(|| Price {
                amount: Money::new(cents),
                list: PriceListId(0),
                from: None,
                until: None,
            })
            .into_iter()
            .collect(),
        age: if has("18") { Some(18) } else { has("16").then_some(16) },
        deposit: deposit.map(ItemId),
        open_price: has("open"),
        refund,
        weighed,
        price_bound: has("bound"),
        discountable: !has("bound") && !refund,
        stocked: kept,
        minimum: kept.then(|| Quantity::new(place.minimum * 1_000)),
        retired: false,
    };
    let stock = if kept { stock_of(random, place.minimum, weighed) } else { Quantity::ZERO };
    if has("tile") && shop.tiles.len() < 15 {
        shop.tiles.push(ItemId(serial));
    }
    shop.items.push(DemoItem { draft, stock });
}

/// What a piece holds stands in its name: "Butter 250 g".
fn content_of(name: &str) -> Option<Content> {
    let words: Vec<&str> = name.split(' ').collect();
    words.windows(2).rev().find_map(|pair| match pair {
        [number, unit] if number.starts_with(|c: char| c.is_ascii_digit()) => {
            read_content(number, unit, DecimalSign::Comma).flatten()
        }
        _ => None,
    })
}

/// The price in the list, or ten cents around it; what a shop may not choose stays.
fn price_of(random: &mut Random, name: &str, price: &str, marks: &str) -> i64 {
    let cents: i64 = price.parse().unwrap_or(0);
    if cents == 0 && marks.contains("out") {
        // "Leergut 0,25": the amount stands in the name.
        let digits: String = name.chars().filter(char::is_ascii_digit).collect();
        return digits.parse().unwrap_or(0);
    }
    let fixed = cents < 99 || marks.contains("bound") || marks.contains("out");
    if fixed { cents } else { cents + 10 * random.between(-1, 1) }
}

/// A code of the shop's own: prefix, running number, check digit.
fn code(prefix: &str, serial: u32, quantity: Quantity, price: Option<Money>) -> Code {
    Code { code: checked(format!("{prefix}{serial:010}")), quantity, price }
}

/// The code under which a weighed item with a label is stored: the label's, with no weight in it (prefix 28
/// of `gs1::default_rules_de`).
fn scale_code(serial: u32) -> String {
    checked(format!("28{:04}000000", serial % 10_000))
}

fn checked(digits: String) -> String {
    let check = gs1::check_digit(&digits).unwrap_or(0);
    format!("{digits}{check}")
}

/// Mostly enough, in some cases less than there should be.
fn stock_of(random: &mut Random, minimum: i64, weighed: bool) -> Quantity {
    let thousandths = minimum * 1_000;
    let amount = if random.chance(5) {
        random.between(0, thousandths / 2)
    } else {
        random.between(thousandths, thousandths * 6)
    };
    Quantity::new(if weighed { amount / 5 * 5 } else { amount / 1_000 * 1_000 })
}

fn people() -> Vec<(String, Role)> {
    [
        ("Demo Leitung", Role::Manager),
        ("Demo Aufsicht", Role::Supervisor),
        ("Demo Kasse", Role::Cashier),
    ]
    .map(|(name, role)| (name.to_owned(), role))
    .to_vec()
}

/// A firm, a society and a neighbour, each with other terms.
fn customers() -> Vec<DemoCustomer> {
    let details = |company: &str, name: &str, street: &str| CustomerDetails {
        company: company.to_owned(),
        name: name.to_owned(),
        street: street.to_owned(),
        postal_code: "12345".to_owned(),
        town: "Musterstadt".to_owned(),
        country: "DE".to_owned(),
        ..CustomerDetails::default()
    };
    let of = |details, term_days, limit: Option<i64>| DemoCustomer {
        details,
        term_days,
        limit: limit.map(Money::new),
    };
    vec![
        of(details("Demo Café Eckstein", "", "Beispielgasse 2"), 14, Some(50_000)),
        of(details("Demo Sportverein", "", "Am Musterplatz 9"), 30, Some(20_000)),
        of(details("", "Demo Nachbarin", "Beispielgasse 5"), 0, Some(5_000)),
    ]
}

/// An account whose check digits fit and whose bank does not exist: whoever scans a code of the demo can send
/// no money.
fn account() -> BankAccount {
    BankAccount {
        iban: "DE36000000000000000000".to_owned(),
        bic: None,
        holder: "Demo, bitte nichts senden".to_owned(),
    }
}

/// Notes of dollars at one invented rate.
fn dollars() -> ForeignCurrency {
    let rate = ExchangeRate::new(920_000)
        .map(|rate| DatedExchangeRate { rate, from: date(2020, 1, 1).at(0, 0, 0, 0) });
    let currency = "USD".parse().unwrap_or(Currency::CHF);
    ForeignCurrency { currency, smallest: 500, rates: rate.into_iter().collect() }
}

/// A coupon out of the paper for everybody, and one of which each paper is taken once.
fn coupons(today: Date) -> Vec<Coupon> {
    let everybody = Coupon {
        id: CouponId(1),
        name: "10 % auf alles".to_owned(),
        code: "9900000000011".to_owned(),
        value: CouponValue::Percent { basis_points: 1_000 },
        goods: CouponGoods::Everything,
        from: None,
        until: midnight(today, 28.days()),
        minimum_value: None,
        per_receipt: 1,
        once: false,
        ended: false,
    };
    let once = Coupon {
        id: CouponId(2),
        name: "5 € ab 30 €".to_owned(),
        code: "TREUE".to_owned(),
        value: CouponValue::Amount { amount: Money::new(500) },
        minimum_value: Some(Money::new(3_000)),
        once: true,
        ..everybody.clone()
    };
    vec![everybody, once]
}

/// Rates of the German tax keys 1, 2 and 5 (UStG § 12, DSFinV-K).
fn rates() -> Vec<DatedRate> {
    let rate = |key, rate, year, month| DatedRate {
        key: TaxKey(key),
        rate: Rate::new(rate),
        from: date(year, month, 1).at(0, 0, 0, 0),
    };
    vec![
        rate(1, 1_900, 2007, 1),
        rate(2, 700, 2007, 1),
        rate(5, 0, 2007, 1),
        rate(1, 1_600, 2020, 7),
        rate(2, 500, 2020, 7),
        rate(1, 1_900, 2021, 1),
        rate(2, 700, 2021, 1),
    ]
}

/// Midnight some days from a day.
fn midnight(day: Date, span: Span) -> Option<jiff::civil::DateTime> {
    day.checked_add(span).ok().map(|day| day.at(0, 0, 0, 0))
}

fn settings(today: Date) -> Settings {
    let groups = (1_u16..).zip(goods::GROUPS).map(|(id, (name, tax, color, _, _))| Group {
        id: GroupId(id),
        name: (*name).to_owned(),
        tax: TaxKey(*tax),
        agency: None,
        color: (*color).to_owned(),
    });
    let till = |id: u16| TillSettings {
        terminal: None,
        id: TillId(id),
        name: format!("Kasse {id}"),
        printer: None,
        spare_printer: None,
        scanners: Vec::new(),
        scale: None,
        pole_display: None,
        cash_machine: None,
        columns: 42,
        price_list: PriceListId(0),
        signing_unit: None,
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    Settings {
        terminals: Vec::new(),
        name: "Demoladen am Eck".to_owned(),
        address: texts(&["Musterweg 1", "12345 Musterstadt"]),
        tax_number: Some("00/000/00000".to_owned()),
        vat_id: None,
        country: Country::De,
        currency: Currency::EUR,
        language: Language::De,
        time_zone: "Europe/Berlin".to_owned(),
        prices_include_tax: true,
        cash_rounding: CashRounding(1),
        tax_point: TaxPoint::Payment,
        rates: rates(),
        groups: groups.collect(),
        tills: vec![till(1), till(2)],
        peripherals: Vec::new(),
        logo: None,
        digital_receipts: None,
        tiles: Vec::new(),
        promotions: vec![Promotion {
            id: PromotionId(1),
            name: "Naschwochen".to_owned(),
            group: Some(GroupId(goods::SWEETS)),
            basis_points: 1_000,
            from: midnight(today, -7.days()),
            until: midnight(today, 14.days()),
        }],
        coupons: coupons(today),
        in_store_codes: gs1::default_rules_de(),
        reasons: texts(&[
            "Kurz vor Ablauf",
            "Beschädigt",
            "Kulanz",
            "Stammkunde",
            "Preis falsch ausgezeichnet",
            "Reklamation",
            "Wechselgeld",
            "Auslage Reinigung",
            "Briefmarken",
        ]),
        receipt_header: texts(&["Frisch, freundlich, um die Ecke"]),
        receipt_footer: texts(&["Vielen Dank für Ihren Einkauf!", "Demo: keine echten Verkäufe"]),
        lock_after_seconds: 0,
        tips: Some(domain::tip::TipsTo::Staff),
        print_merchant_slips: false,
        voucher_years: 3,
        bank: Some(account()),
        foreign_cash: vec![dollars()],
        own_tax_keys: Vec::new(),
        agencies: Vec::new(),
        inspection_days: 30,
        contact: None,
        datev: None,
        signing: None,
        rksv: None,
        notification: None,
        print_receipts: false,
    }
}
