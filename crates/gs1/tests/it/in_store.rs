//! In-store codes with a price, weight, count or deposit inside.

use gs1::*;

fn read(code: &str) -> InStore {
    match_in_store(code, &default_rules_de()).unwrap().unwrap()
}

#[test]
fn the_default_rules_are_sound() {
    for rule in default_rules_de() {
        assert_eq!(rule.validate(), Ok(()), "{rule:?}");
    }
}

#[test]
fn price_weight_count_and_deposit_are_read_by_prefix() {
    let price = read("2312348123456");
    assert_eq!(
        (price.kind, price.value, price.item.as_str()),
        (InStoreKind::Price, 12_345, "1234")
    );
    assert_eq!(price.lookup, "2312340000007");
    let weight = read("2812349007507");
    assert_eq!((weight.kind, weight.value), (InStoreKind::Weight, 750));
    assert_eq!(weight.lookup, "2812340000002");
    let count = read("2612349000122");
    assert_eq!((count.kind, count.value), (InStoreKind::Count, 12_000));
    let slip = read("2100996000607");
    assert_eq!(
        (slip.kind, slip.value, slip.item.as_str()),
        (InStoreKind::DepositRefund, 60, "0099")
    );
}

#[test]
fn a_wrong_inner_check_digit_is_refused_with_the_right_one() {
    assert_eq!(
        match_in_store("2812340007506", &default_rules_de()),
        Err(ScanError::InnerCheck { expected: 9 })
    );
}

#[test]
fn a_wrong_outer_check_digit_is_refused_before_the_inner_one() {
    assert_eq!(
        match_in_store("2812349007506", &default_rules_de()),
        Err(ScanError::CheckDigit { expected: 7 })
    );
}

#[test]
fn other_codes_are_no_in_store_codes() {
    for code in
        ["4006381333931", "2012345678900", "96385074", "", "28123490075070", "281234900750x"]
    {
        assert_eq!(match_in_store(code, &default_rules_de()), Ok(None), "{code}");
    }
}

fn rule(prefix: &str, item_digits: u8, inner_check: InnerCheck, value_digits: u8) -> InStoreRule {
    let kind = InStoreKind::Price;
    InStoreRule { prefix: prefix.into(), item_digits, inner_check, value_digits, kind, decimals: 2 }
}

#[test]
fn a_shop_may_leave_out_the_inner_check_digit() {
    let rules = [rule("2", 6, InnerCheck::None, 5)];
    let code = format!("212345600499{}", check_digit("212345600499").unwrap());
    let read = match_in_store(&code, &rules).unwrap().unwrap();
    assert_eq!((read.item.as_str(), read.value), ("123456", 499));
    assert_eq!(read.lookup.get(..12), Some("212345600000"));
    assert!(is_valid_gtin(&read.lookup));
}

#[test]
fn four_digit_values_have_the_four_digit_check() {
    let rules = [rule("20", 5, InnerCheck::Gs1Four, 4)];
    let code = |inner: u8| {
        let payload = format!("2012345{inner}2875");
        format!("{payload}{}", check_digit(&payload).unwrap())
    };
    assert_eq!(match_in_store(&code(9), &rules).unwrap().unwrap().value, 2875);
    assert_eq!(match_in_store(&code(8), &rules), Err(ScanError::InnerCheck { expected: 9 }));
}

#[test]
fn the_longest_prefix_wins_and_of_two_alike_the_first() {
    let rules = [
        rule("2", 6, InnerCheck::None, 5),
        rule("28", 4, InnerCheck::None, 6),
        rule("28", 5, InnerCheck::None, 5),
    ];
    let code = format!("281234000499{}", check_digit("281234000499").unwrap());
    assert_eq!(match_in_store(&code, &rules).unwrap().unwrap().item, "1234");
}

#[test]
fn values_come_in_hundredths_of_money_and_thousandths_of_quantity() {
    let mut one = rule("24", 5, InnerCheck::None, 5);
    let code = format!("241234500012{}", check_digit("241234500012").unwrap());
    for (kind, decimals, value) in [
        (InStoreKind::Price, 2, 12),
        (InStoreKind::Price, 1, 120),
        (InStoreKind::DepositRefund, 0, 1200),
        (InStoreKind::Weight, 3, 12),
        (InStoreKind::Weight, 2, 120),
        (InStoreKind::Count, 0, 12_000),
    ] {
        (one.kind, one.decimals) = (kind, decimals);
        let read = match_in_store(&code, std::slice::from_ref(&one)).unwrap().unwrap();
        assert_eq!(read.value, value, "{kind:?} {decimals}");
    }
}

#[test]
fn a_rule_that_is_no_ean_13_is_refused_and_fits_nothing() {
    let with_decimals = |decimals| InStoreRule { decimals, ..rule("24", 5, InnerCheck::None, 5) };
    let code = format!("241234500012{}", check_digit("241234500012").unwrap());
    for (bad, error) in [
        (rule("", 7, InnerCheck::None, 5), RuleError::Prefix),
        (rule("2x", 5, InnerCheck::None, 5), RuleError::Prefix),
        (rule("24", 0, InnerCheck::None, 10), RuleError::Empty),
        (rule("24", 10, InnerCheck::None, 0), RuleError::Empty),
        (rule("24", 5, InnerCheck::None, 4), RuleError::Length(11)),
        (rule("24", 5, InnerCheck::Gs1Five, 5), RuleError::Length(13)),
        (rule("24", 255, InnerCheck::None, 255), RuleError::Length(512)),
        (rule("24", 5, InnerCheck::Gs1Five, 4), RuleError::InnerCheck),
        (rule("24", 4, InnerCheck::Gs1Four, 5), RuleError::InnerCheck),
        (with_decimals(3), RuleError::Decimals),
        (InStoreRule { decimals: 2, ..rule("24", 9, InnerCheck::None, 1) }, RuleError::Decimals),
    ] {
        assert_eq!(bad.validate(), Err(error), "{bad:?}");
        assert_eq!(match_in_store(&code, &[bad]), Ok(None));
    }
}

#[test]
fn rules_are_stored_as_json_and_unknown_keys_are_an_error() {
    let rules = default_rules_de();
    let text = serde_json::to_string(&rules).unwrap();
    assert!(text.starts_with(
        r#"[{"prefix":"21","item_digits":4,"inner_check":"gs1_five","value_digits":5,"kind":"deposit_refund","decimals":2}"#
    ), "{text}");
    assert_eq!(serde_json::from_str::<Vec<InStoreRule>>(&text).unwrap(), rules);
    let more = text.replace("\"decimals\"", "\"decimal_places\"");
    assert!(serde_json::from_str::<Vec<InStoreRule>>(&more).is_err());
}
