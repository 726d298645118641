use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn today() -> Date {
    date(2026, 11, 23)
}

#[test]
fn a_seed_gives_one_shop_and_another_seed_another() {
    assert_eq!(generate(7, today()), generate(7, today()));
    assert_ne!(generate(7, today()).items, generate(8, today()).items);
}

#[test]
fn the_shop_is_one_that_the_rules_accept() {
    let shop = generate(1, today());
    for item in &shop.items {
        let check = domain::decide::check_draft(&shop.settings, &item.draft);
        assert_eq!(check, Ok(()), "{:?}", item.draft);
    }
    assert!((380..=480).contains(&shop.items.len()), "{} items", shop.items.len());
    assert_eq!(shop.settings.groups.len(), 14);
    assert!((12..=16).contains(&shop.tiles.len()), "{} tiles", shop.tiles.len());
    let ids = 1..=u32::try_from(shop.items.len()).unwrap();
    assert!(shop.tiles.iter().all(|tile| ids.contains(&tile.0)));
    let roles: BTreeSet<_> = shop.people.iter().map(|(_, role)| *role).collect();
    assert_eq!(roles.len(), 3);
    assert_eq!(shop.people[0].1, Role::Manager);
    assert!(shop.customers.iter().all(|c| c.details.title().starts_with("Demo ")));
    assert!(shop.customers.len() >= 3);
}

/// The guide to the API sells in the demo shop, which has the seed 1.
#[test]
fn what_the_guide_to_the_api_scans_is_in_the_shop() {
    let guide = include_str!("../../../../docs/en/api-guide.md");
    let shop = generate(1, today());
    let codes: Vec<&str> =
        shop.items.iter().flat_map(|item| &item.draft.codes).map(|c| c.code.as_str()).collect();
    let scanned: Vec<&str> = guide
        .split(r#""scan", "code": ""#)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(scanned.len() >= 2, "{scanned:?}");
    for code in scanned {
        assert!(codes.contains(&code), "{code}");
    }
}

#[test]
fn names_numbers_and_codes_stand_once_and_codes_are_the_shops_own() {
    let shop = generate(2, today());
    let mut codes = BTreeSet::new();
    let mut labels = 0;
    for item in &shop.items {
        for code in &item.draft.codes {
            assert!(codes.insert(code.code.clone()), "{} twice", code.code);
            assert!(gs1::is_valid_gtin(&code.code), "{}", code.code);
            let label = gs1::match_in_store(&code.code, &shop.settings.in_store_codes).unwrap();
            match label {
                Some(label) => {
                    assert_eq!(
                        (label.lookup.as_str(), label.kind),
                        (code.code.as_str(), gs1::InStoreKind::Weight)
                    );
                    assert!(item.draft.weighed);
                    labels += 1;
                }
                None => assert!(["20", "24", "27"].contains(&&code.code[..2]), "{}", code.code),
            }
        }
    }
    assert!(labels >= 10, "{labels} items with scale labels");
    let names: BTreeSet<_> = shop.items.iter().map(|i| i.draft.name.as_str()).collect();
    let numbers: BTreeSet<_> = shop.items.iter().map(|i| i.draft.number.as_str()).collect();
    assert_eq!((names.len(), numbers.len()), (shop.items.len(), shop.items.len()));
}

#[test]
fn the_law_is_kept() {
    let shop = generate(3, today());
    let find = |name: &str| {
        let found = shop.items.iter().find(|i| i.draft.name == name);
        &found.unwrap_or_else(|| panic!("no {name}")).draft
    };
    let pils = find("Pils Brunnenbräu 0,5 l");
    assert_eq!((pils.age, pils.tax, pils.deposit), (Some(16), TaxKey(1), Some(ItemId(1))));
    assert_eq!(shop.items[0].draft.prices[0].amount, Money::new(8));
    let crate_of_20 = &pils.codes[1];
    assert_eq!(crate_of_20.quantity, Quantity::new(20_000));
    let (single, all) = (pils.prices[0].amount.minor(), crate_of_20.price.unwrap().minor());
    assert!(all < 20 * single && all > 16 * single && all % 50 == 49, "{all}");
    let korn = find("Korn Heidekrug 0,7 l");
    assert_eq!((korn.age, korn.deposit), (Some(18), None));
    let cigarettes = find("Zigaretten Nordwind 20 St. rot");
    assert!(cigarettes.price_bound && !cigarettes.discountable && cigarettes.age == Some(18));
    assert_eq!(find("Morgenbote").tax, TaxKey(2));
    assert!(find("Morgenbote").price_bound);
    let butter = find("Butter 250 g Lindenhof").content.map(|content| (content.net, content.unit));
    assert_eq!(butter, Some((250, domain::content::ContentUnit::Gram)));
    assert!(find("Bergkäse").per_hundred && !find("Bananen").per_hundred);
    assert_eq!(find("Frische Milch 1 l 3,8 %").tax, TaxKey(2));
    assert_eq!(find("Mineralwasser Quellgrund classic 1,0 l").deposit, Some(ItemId(3)));
    let flowers = find("Blumenstrauß gemischt");
    assert!(flowers.open_price && flowers.prices.is_empty());
    let empties = find("Leergut 0,15");
    assert!(empties.refund && !empties.discountable && empties.prices[0].amount == Money::new(15));
    let tomatoes = find("Tomaten");
    assert!(tomatoes.weighed && tomatoes.unit == Unit::Kilogram);
}

#[test]
fn a_few_items_are_low() {
    let shop = generate(4, today());
    let kept: Vec<_> = shop.items.iter().filter(|i| i.draft.stocked).collect();
    let low = kept.iter().filter(|i| Some(i.stock) < i.draft.minimum).count();
    assert!((3..=40).contains(&low), "{low} of {}", kept.len());
    let promotion = &shop.settings.promotions[0];
    assert_eq!(promotion.from, Some(date(2026, 11, 16).at(0, 0, 0, 0)));
    assert_eq!(promotion.until, Some(date(2026, 12, 7).at(0, 0, 0, 0)));
}

#[test]
fn a_year_of_sales_follows_week_day_and_season() {
    let shop = generate(5, today());
    let mut days: BTreeMap<Date, u64> = BTreeMap::new();
    let mut hours: BTreeMap<i8, u64> = BTreeMap::new();
    let mut last = None;
    for receipt in sales(5, &shop, 365) {
        assert!(last <= Some(receipt.at));
        last = Some(receipt.at);
        assert!(!receipt.lines.is_empty() && receipt.person < shop.people.len());
        assert!(shop.settings.tills.iter().any(|till| till.id == receipt.till));
        for line in &receipt.lines {
            let draft = &shop.items[line.item].draft;
            assert!(line.quantity > Quantity::ZERO);
            assert!(draft.unit != Unit::Piece || line.quantity.is_whole());
            assert_eq!(draft.open_price, line.price.is_some());
            assert!(draft.age <= receipt.age);
        }
        *days.entry(receipt.at.date()).or_default() += 1;
        *hours.entry(receipt.at.hour()).or_default() += 1;
    }
    let weekday = |day: jiff::civil::Weekday| {
        let counts: Vec<u64> =
            days.iter().filter(|(d, _)| d.weekday() == day).map(|(_, n)| *n).collect();
        counts.iter().sum::<u64>() / u64::try_from(counts.len().max(1)).unwrap()
    };
    use jiff::civil::Weekday::{Friday, Sunday, Tuesday};
    assert_eq!(weekday(Sunday), 0);
    assert!(weekday(Friday) > weekday(Tuesday) * 12 / 10);
    assert!(hours[&17] > hours[&14], "{hours:?}");
    assert_eq!(
        (days.keys().next(), days.keys().last()),
        (Some(&date(2025, 11, 24)), Some(&date(2026, 11, 21)))
    );
    let total: u64 = days.values().sum();
    assert!((20_000..40_000).contains(&total), "{total}");
    let few: Vec<_> = sales(5, &shop, 14).per_day(10).collect();
    assert_eq!(few, sales(5, &shop, 14).per_day(10).collect::<Vec<_>>());
    assert!((60..200).contains(&few.len()), "{}", few.len());
}

#[test]
fn cash_given_is_enough() {
    let shop = generate(6, today());
    let noon = today().at(12, 0, 0, 0);
    let price = |index: usize| shop.items[index].draft.price_at(PriceListId(0), noon);
    let mut given = 0;
    for receipt in sales(6, &shop, 30) {
        let mut total = 0;
        for line in &receipt.lines {
            let draft = &shop.items[line.item].draft;
            let deposit = draft.deposit.and_then(|id| price(usize::try_from(id.0).unwrap() - 1));
            for price in [line.price.or(price(line.item)), deposit].into_iter().flatten() {
                let amount = money::line_total(line.quantity, price).unwrap().minor();
                total += if draft.refund { -amount } else { amount };
            }
        }
        if let Some(tendered) = receipt.tendered {
            assert!(tendered.minor() >= total, "{receipt:?}");
            given += 1;
        }
    }
    assert!(given > 500, "{given}");
}
