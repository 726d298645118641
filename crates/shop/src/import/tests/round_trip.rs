//! What the export writes, the import reads without changing anything.

use domain::catalogue::{Code, Price, Unit};
use domain::content::{Content, ContentUnit};
use domain::settings::Language;
use domain::{GroupId, PriceListId, TaxKey};
use money::{Money, Quantity};
use proptest::prelude::*;

use super::*;

fn empty(shop: &Fake) -> Fake {
    let other = Fake::new();
    other.shelves.lock().unwrap().settings = shop.settings().ok();
    other
}

#[test]
fn names_that_look_like_formulas_come_back_as_they_were() {
    for name in [
        "=1+1",
        "+49",
        "-Foo",
        "@home",
        "'t Anker",
        "'=x",
        "''+y",
        "'",
        "5% \"Bio\"; rot",
        "a\"b",
        "Zwei  Leer",
    ] {
        let shop = Fake::new();
        let quoted = name.replace('"', "\"\"");
        // As a file from elsewhere says it: a single apostrophe before a formula is a guard.
        let guarded = if name.starts_with("'=") || name.starts_with("''+") {
            format!("'{quoted}")
        } else {
            quoted
        };
        shop.import(format!("Nr;Name;Preis;MwSt\n1;\"{guarded}\";1,00;7\n"), false).unwrap();
        assert_eq!(shop.item("1").draft.name, name);
        let file = shop.export();
        let text = String::from_utf8(file.clone()).unwrap();
        assert!(
            !text.contains(";=")
                && !text.contains(";+")
                && !text.contains(";-F")
                && !text.contains(";@"),
            "{text}"
        );
        assert_eq!(shop.analyse(&file).unwrap().counts.unchanged, 1, "{name}");
        let other = empty(&shop);
        other.import(&file, false).unwrap();
        assert_eq!(other.item("1").draft, shop.item("1").draft, "{name}");
    }
}

#[test]
fn the_export_has_a_mark_semicolons_and_the_language_of_the_shop() {
    let shop = Fake::new();
    shop.import("Nr;EAN;Name;Preis;MwSt;Pfand\n1;11;Wasser;0,49;19;0,25\n", false).unwrap();
    let german = String::from_utf8(shop.export()).unwrap();
    assert!(german.starts_with("\u{FEFF}Artikelnummer;GTIN;Bezeichnung;Preis;MwSt;"), "{german}");
    assert!(
        german.contains("\r\n1;11;Wasser;0,49;19;Ohne Gruppe;;0,25;Stück;;nein;nein;"),
        "{german}"
    );
    shop.shelves.lock().unwrap().settings.as_mut().unwrap().language = Language::En;
    let english = shop.export();
    assert!(String::from_utf8_lossy(&english).contains("Item number;GTIN;Name;Price;VAT;"));
    assert_eq!(shop.analyse(&english).unwrap().counts.unchanged, 2);
}

const CONTENTS: [ContentUnit; 4] = [
    ContentUnit::Gram,
    ContentUnit::Millilitre,
    ContentUnit::Millimetre,
    ContentUnit::SquareCentimetre,
];

fn draft() -> impl Strategy<Value = ItemDraft> {
    let text = "[ -{}-~äöüßé€]{0,20}[a-zA-Z=+@'-]";
    let pack = ("[0-9]{15,17}", 1..99_000_i64, prop::option::of(0..99_999_i64)).prop_map(
        |(code, q, price)| Code { code, quantity: Quantity::new(q), price: price.map(Money::new) },
    );
    let flags = prop::collection::vec(any::<bool>(), 8);
    let rest = (
        prop::option::of(1..99_u8),
        prop::option::of(0..99_999_999_i64),
        0..4_usize,
        0..5_usize,
        any::<bool>(),
        prop::option::of((1..10_000_000_u32, 0..4_usize)),
    );
    (text, 0..1_000_000_000_i64, prop::collection::vec(pack, 0..4), flags, rest).prop_map(
        |(name, price, codes, flags, (age, minimum, unit, tax, priced, content))| ItemDraft {
            number: String::new(),
            name: name.trim().to_owned(),
            codes,
            unit: [Unit::Piece, Unit::Kilogram, Unit::Litre, Unit::Metre][unit],
            content: content
                .filter(|_| unit == 0 && !flags[2])
                .map(|(net, unit)| Content { net, unit: CONTENTS[unit] }),
            per_hundred: flags[7] && (unit == 1 || unit == 2),
            tax: TaxKey([1, 2, 3, 5, 6][tax]),
            tax_split: Vec::new(),
            group: GroupId(1),
            prices: (priced || !flags[0])
                .then(|| Price {
                    amount: Money::new(price),
                    list: PriceListId(0),
                    from: None,
                    until: None,
                })
                .into_iter()
                .collect(),
            age,
            deposit: None,
            open_price: flags[0],
            refund: flags[1],
            weighed: flags[2],
            price_bound: flags[3],
            discountable: flags[4],
            stocked: flags[5],
            minimum: minimum.map(Quantity::new),
            retired: flags[6],
        },
    )
}

proptest! {
    #[test]
    fn any_catalogue_comes_back(drafts in prop::collection::vec(draft(), 1..12)) {
        let shop = Fake::new();
        for (n, mut draft) in drafts.into_iter().enumerate() {
            draft.number = format!("{n}");
            draft.codes.dedup_by(|a, b| a.code == b.code);
            shop.shelves.lock().unwrap().put(None, draft);
        }
        let count = u64::try_from(shop.items().len()).unwrap();
        let file = shop.export();
        let here = shop.analyse(&file).unwrap();
        prop_assert_eq!(&here.errors, &Vec::new());
        prop_assert_eq!(here.counts.unchanged, count);
        let other = empty(&shop);
        prop_assert_eq!(other.import(&file, false).unwrap().new, count);
        prop_assert_eq!(other.items(), shop.items());
        prop_assert_eq!(other.export(), file);
    }
}
