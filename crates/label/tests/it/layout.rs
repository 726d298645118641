//! What stands where.

use label::{FINE_MODULES, LABEL_SIZES, Label, Laid, Mark, SHEETS, Size, lay_out, svg};
use proptest::prelude::*;

use crate::{butter, measure, texts};

fn laid(label: &Label, size: Size) -> Laid {
    lay_out(label, size, FINE_MODULES, &measure)
}

fn all_sizes() -> impl Iterator<Item = Size> {
    LABEL_SIZES.iter().map(|(_, size)| *size).chain(SHEETS.iter().map(|sheet| sheet.label))
}

/// Left, top, right and bottom of what is drawn.
fn edges(mark: &Mark) -> (u32, u32, u32, u32) {
    match mark {
        Mark::Text { x, y, size, width, .. } => {
            (*x, y - size * 74 / 100, x + width, y + size * 24 / 100)
        }
        Mark::Bars { x, y, module, height, bars } => {
            let wide = u32::try_from(bars.modules().len()).expect("few") * module;
            (*x, *y, x + wide, y + height)
        }
    }
}

#[track_caller]
fn lies_well(laid: &Laid) {
    for (at, mark) in laid.marks.iter().enumerate() {
        let (left, top, right, bottom) = edges(mark);
        assert!(right <= laid.size.width && bottom <= laid.size.height, "{mark:?} is outside");
        for other in &laid.marks[..at] {
            let (l, t, r, b) = edges(other);
            // Letters of one line touch the next one's by less than a fifth of a millimetre.
            let apart = right <= l || r <= left || bottom <= t + 200 || b <= top + 200;
            assert!(apart, "{mark:?} lies on {other:?}");
        }
    }
}

fn price_size(laid: &Laid) -> u32 {
    let size = |mark: &Mark| match mark {
        Mark::Text { text, size, bold: true, .. } if text.contains('€') => Some(*size),
        _ => None,
    };
    laid.marks.iter().find_map(size).expect("a price")
}

#[test]
fn all_of_it_stands_on_every_size_and_nothing_on_anything_else() {
    for size in all_sizes() {
        let laid = laid(&butter(), size);
        assert!(!laid.too_small && !laid.shortened && !laid.without_bars, "{size:?}");
        lies_well(&laid);
        let all = texts(&laid).join(" ");
        for wanted in [
            "Butter",
            "Lindenhof",
            "1,99\u{a0}€",
            "1\u{a0}kg\u{a0}= 7,96\u{a0}€",
            "250\u{a0}g",
            "zzgl.\u{a0}0,25\u{a0}€ Pfand",
            "Art.\u{a0}4711",
            "ab 01.12.2026",
            "4006381333931",
        ] {
            let flat = |text: &str| text.replace('\u{a0}', " ");
            assert!(flat(&all).contains(&flat(wanted)), "{wanted} in {all} on {size:?}");
        }
        // The price is by far the largest.
        let most = |mark: &Mark| match mark {
            Mark::Text { text, size, .. } if !text.contains("1,99") => Some(*size),
            _ => None,
        };
        let other = laid.marks.iter().filter_map(most).max().expect("others");
        assert!(price_size(&laid) * 2 >= other * 3, "{} and {other}", price_size(&laid));
    }
}

#[test]
fn a_long_name_is_smaller_and_a_longer_one_says_that_it_is_cut() {
    let size = LABEL_SIZES[0].1;
    let named = |name: &str| laid(&Label { name: name.to_owned(), ..butter() }, size);
    let long = "Bio Vollkorn Dinkel Früchtemüsli mit Cranberrys, gerösteten Mandeln und dunkler Schokolade";
    let fits = named(long);
    assert!(!fits.shortened);
    let all = texts(&fits).join(" ");
    assert!(all.contains("dunkler") && all.contains("Schokolade"), "{all}");
    lies_well(&fits);
    let longer = long.repeat(4);
    let cut = named(&longer);
    assert!(cut.shortened && !cut.too_small);
    assert_eq!(texts(&cut).iter().filter(|text| text.ends_with('…')).count(), 1);
    lies_well(&cut);
    let word = named(&"Donaudampfschifffahrt".repeat(20));
    assert!(word.shortened);
    lies_well(&word);
}

#[test]
fn a_price_that_has_no_room_is_no_label() {
    let label = Label { price: "1.234.567,89\u{a0}€".repeat(4), ..butter() };
    assert!(laid(&label, LABEL_SIZES[0].1).too_small);
    let label = Label { unit_price: "1 kg = 9.999.999,99 € ".repeat(20), ..butter() };
    assert!(laid(&label, LABEL_SIZES[0].1).too_small);
    assert!(laid(&butter(), Size::mm(25, 15)).too_small);
}

#[test]
fn a_code_that_is_too_wide_for_bars_stands_as_text() {
    let label = Label { code: "ABC-DEFGHIJKLMNOPQRSTUVWXYZ-0123456789".to_owned(), ..butter() };
    let laid = laid(&label, LABEL_SIZES[0].1);
    assert!(laid.without_bars && !laid.too_small);
    assert!(texts(&laid).join(" ").contains("ABC-DEFGHIJKLMNOPQRSTUVWXYZ-0123456789"));
    lies_well(&laid);
    let none = Label { code: String::new(), ..butter() };
    assert!(!lay_out(&none, LABEL_SIZES[0].1, FINE_MODULES, &measure).without_bars);
}

#[test]
fn goods_by_weight_say_for_how_much_the_price_is() {
    let label = Label {
        per: "/\u{a0}kg".to_owned(),
        price: "19,90\u{a0}€".to_owned(),
        unit_price: "100\u{a0}g\u{a0}= 1,99\u{a0}€".to_owned(),
        code: String::new(),
        ..butter()
    };
    for size in all_sizes() {
        let laid = laid(&label, size);
        assert!(!laid.too_small);
        lies_well(&laid);
        assert!(texts(&laid).contains(&"/ kg".to_owned()));
    }
}

#[test]
fn a_picture_escapes_what_stands_in_it() {
    let label = Label { name: "A & B <script>".to_owned(), ..butter() };
    let picture = svg::picture(&laid(&label, LABEL_SIZES[1].1));
    assert!(
        picture.contains("A &amp; B &lt;script&gt;") && !picture.contains("<script"),
        "{picture}"
    );
    assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
}

proptest! {
    #[test]
    fn whatever_stands_on_it_nothing_lies_on_anything_else(
        name in "[ -~äöüß€]{0,150}",
        price in 0..10_000_000_u32,
        facts in prop::collection::vec("[a-z0-9 ]{1,24}", 0..3),
        small in prop::collection::vec("[A-Z0-9. ]{1,16}", 0..3),
        code in "[0-9]{13}|[0-9]{8}|[A-Z0-9-]{0,30}|",
        width in 40..110_u16,
        height in 25..100_u16,
    ) {
        let price = format!("{},{:02}\u{a0}€", price / 100, price % 100);
        let label = Label { name, price: price.clone(), facts, small, code, ..butter() };
        let laid = laid(&label, Size::mm(width, height));
        if !laid.too_small {
            lies_well(&laid);
            let plain = price.replace('\u{a0}', " ");
            prop_assert!(texts(&laid).contains(&plain));
        }
    }
}
