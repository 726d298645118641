//! Two symbols on one pack, and coupons.

use gs1::*;

const EAN: &str = "4006381333931";
const NAMED_EAN: &str = "]E04006381333931";
const MATRIX: &str = "]d2010400638133393110A1";
const LINK: &str = "]Q1https://id.gs1.org/01/04006381333931";

#[test]
fn a_packs_bars_and_its_matrix_are_one_pack() {
    for bars in [EAN, NAMED_EAN, "036000291452", "]E04006381333931"] {
        for other in
            [MATRIX, LINK, "https://shop.example/01/04006381333931/10/A1", "010400638133393110A1"]
        {
            let same = bars != "036000291452";
            assert_eq!(two_symbols_of_one_pack(bars, other), same, "{bars} {other}");
            assert_eq!(two_symbols_of_one_pack(other, bars), same, "{other} {bars}");
        }
    }
}

#[test]
fn the_same_symbol_twice_is_two_packs() {
    for (one, other) in
        [(EAN, EAN), (EAN, NAMED_EAN), (MATRIX, MATRIX), (LINK, MATRIX), (MATRIX, LINK)]
    {
        assert!(!two_symbols_of_one_pack(one, other), "{one} {other}");
    }
}

#[test]
fn what_is_no_item_is_no_pack() {
    for other in ["4711", "", "https://shop.example/x", "]d2", "]C100340123450000000000"] {
        assert!(!two_symbols_of_one_pack(EAN, other), "{other}");
        assert_eq!(carried_item(other), None, "{other}");
    }
}

fn read(raw: &str) -> Option<Coupon> {
    coupon(&parse_scan(raw).unwrap())
}

fn ean(twelve: &str) -> String {
    format!("{twelve}{}", check_digit(twelve).unwrap())
}

#[test]
fn coupons_are_told_apart_by_their_prefix_or_identifier() {
    for (front, kind) in [
        ("980", CouponKind::RefundReceipt),
        ("981", CouponKind::CommonCurrency),
        ("982", CouponKind::CommonCurrency),
        ("983", CouponKind::CommonCurrency),
        ("984", CouponKind::CommonCurrency),
        ("990", CouponKind::Agreed),
        ("999", CouponKind::Agreed),
    ] {
        let code = ean(&format!("{front}123456789"));
        assert_eq!(read(&code), Some(Coupon { kind, number: code.clone(), serial: None }));
        assert!(!kind.code().is_empty());
    }
    let gcn = |serial: &str| format!("]C1255{}{serial}", ean("950110123456"));
    assert_eq!(read(&gcn("")).unwrap().serial, None);
    let single = read(&gcn("000017")).unwrap();
    assert_eq!((single.kind, single.serial.as_deref()), (CouponKind::Global, Some("000017")));
}

#[test]
fn goods_books_and_own_numbers_are_no_coupons() {
    for raw in [EAN, MATRIX, LINK, "9783161484100", "9771234567003", "98-1", "99123"] {
        assert_eq!(read(raw), None, "{raw}");
    }
    assert_eq!(read(&ean("985123456789")), None, "a prefix that is not given out");
    assert_eq!(read(&ean("970123456789")), None);
}

#[test]
fn a_link_to_any_host_is_data() {
    for host in
        ["id.gs1.org", "shop.example", "evil.example:8443", "192.0.2.7", "brand.example/de/p"]
    {
        let scan =
            format!("https://{host}/01/04006381333931/10/LOT%2F7?17=261231&linkType=gs1:pip");
        let Ok(Scan::Elements(elements)) = parse_scan(&scan) else { panic!("{scan}") };
        assert_eq!(elements.gtin().unwrap().as_14(), "04006381333931");
        assert_eq!(
            (elements.lot(), elements.expiry().unwrap().digits().as_str()),
            (Some("LOT/7"), "261231")
        );
    }
}
