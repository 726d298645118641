//! Search finds what people mean.

use domain::event::Event;
use domain::{GroupId, ImportId, ItemId};
use proptest::prelude::*;

use crate::kit::{Shop, item, put};

fn shop_with(names: &[&str]) -> Shop {
    let mut shop = Shop::new();
    let events: Vec<Event> = names
        .iter()
        .zip(1_u32..)
        .map(|(name, id)| put(item(id, name, &[&format!("40000{id}")])))
        .collect();
    shop.commit(&events);
    shop
}

fn names(shop: &Shop, query: &str) -> Vec<String> {
    let found = shop.store.search(query, None, false, 20).unwrap();
    found.into_iter().map(|item| item.draft.name).collect()
}

#[test]
fn words_stand_in_any_order_and_may_be_cut_short() {
    let shop = shop_with(&["Milch frisch 3,5 %", "Milchreis", "Frischkäse"]);
    assert_eq!(names(&shop, "fri mil"), ["Milch frisch 3,5 %"]);
    assert_eq!(names(&shop, "MILCH"), ["Milch frisch 3,5 %", "Milchreis"]);
    assert_eq!(names(&shop, "3,5"), ["Milch frisch 3,5 %"]);
    assert_eq!(names(&shop, "reis"), [""; 0], "a word is found from its beginning");
}

#[test]
fn accents_and_case_do_not_matter() {
    let shop = shop_with(&["Crème brûlée", "Weißwurst", "Smørrebrød", "ŁÓDŹ", "Ünal Çay"]);
    for (query, name) in [
        ("creme brulee", "Crème brûlée"),
        ("CRÈME", "Crème brûlée"),
        ("weisswurst", "Weißwurst"),
        ("WEIẞ", "Weißwurst"),
        ("smorre", "Smørrebrød"),
        ("lodz", "ŁÓDŹ"),
        ("cay ünal", "Ünal Çay"),
    ] {
        assert_eq!(names(&shop, query), [name], "{query}");
    }
}

#[test]
fn the_very_name_comes_first_then_what_begins_so() {
    let shop = shop_with(&["Rum Cola", "Colander", "Cola Zero", "Cola", "Mezzo Cola Mix"]);
    assert_eq!(
        names(&shop, "cola"),
        ["Cola", "Cola Zero", "Colander", "Rum Cola", "Mezzo Cola Mix"]
    );
}

#[test]
fn digits_find_codes_and_numbers_by_their_beginning() {
    let mut shop = shop_with(&["Apfel", "Birne"]);
    let mut numbered = item(9, "Quitte", &["777"]);
    numbered.draft.number = "4711".to_owned();
    shop.commit(&[put(numbered)]);
    assert_eq!(names(&shop, "400001"), ["Apfel"]);
    assert_eq!(names(&shop, " 40000 ").len(), 2);
    assert_eq!(names(&shop, "47"), ["Quitte"]);
    assert_eq!(names(&shop, "4711"), ["Quitte"]);
    assert_eq!(names(&shop, "777"), ["Quitte"]);
    // A code it had once.
    shop.commit(&[put(item(9, "Quitte", &["888"]))]);
    assert_eq!(names(&shop, "777"), [""; 0]);
}

#[test]
fn retired_items_and_other_groups_are_left_out() {
    let mut shop = shop_with(&["Apfel rot", "Apfel grün"]);
    shop.commit(&[Event::ItemRetired { item: ItemId(1), retired: true }]);
    assert_eq!(names(&shop, "apfel"), ["Apfel grün"]);
    assert_eq!(shop.store.search("apfel", None, true, 9).unwrap().len(), 2);
    assert!(shop.store.search("apfel", Some(GroupId(4)), true, 9).unwrap().is_empty());
    assert_eq!(shop.store.search("apfel", Some(GroupId(3)), true, 1).unwrap().len(), 1);
    shop.commit(&[Event::ItemRetired { item: ItemId(1), retired: false }]);
    assert_eq!(names(&shop, "apfel").len(), 2);
}

#[test]
fn a_cancelled_import_of_many_does_not_hide_the_catalogue() {
    let mut shop = shop_with(&["Ware alt"]);
    let import = ImportId(1);
    let source = "a.csv".to_owned();
    shop.store.begin().unwrap();
    shop.append(&[Event::ImportBegan { import, source }]);
    for chunk in 0..30_u32 {
        let items = (1..=500).map(|n| item(100 + chunk * 500 + n, "Ware neu", &[])).collect();
        shop.append(&[Event::ItemsImported { import, items }]);
        if chunk == 3 {
            shop.append(&[put(item(2, "Ware von Hand", &[]))]);
        }
    }
    shop.store.commit().unwrap();
    shop.commit(&[Event::ImportCancelled { import }]);
    assert!(names(&shop, "ware").contains(&"Ware alt".to_owned()));
    assert_eq!(names(&shop, "ware hand"), ["Ware von Hand"]);
}

#[test]
fn nothing_typed_finds_nothing() {
    let shop = shop_with(&["Apfel"]);
    for query in ["", " ", "%", "\"", "'", "*", "()", "\u{0}", "\u{301}"] {
        assert_eq!(names(&shop, query), [""; 0], "{query:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn whatever_is_named_is_found_by_its_name(
        texts in prop::collection::vec("\\PC{1,24}", 20), typed in prop::collection::vec("\\PC{0,12}", 20),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let shop = shop_with(&texts);
        for text in texts.iter().filter(|t| t.chars().any(|c| c.is_ascii_alphanumeric())) {
            let found = names(&shop, text);
            prop_assert!(found.iter().any(|name| name == text), "{text:?} is not among {found:?}");
        }
        for query in typed {
            shop.store.search(&query, None, true, 20).unwrap();
        }
    }
}
