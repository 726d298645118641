//! Check digits, GTIN forms, UPC-E, press and publications, deposit slips.

use gs1::*;

#[test]
fn gs1_check_digits_are_computed_from_the_right() {
    for (payload, digit) in [
        ("400638133393", 1),
        ("9638507", 4),
        ("03600029145", 2),
        ("00614141123456789", 0),
        ("0", 0),
    ] {
        assert_eq!(check_digit(payload), Some(digit), "{payload}");
    }
    assert_eq!(check_digit(""), None);
    assert_eq!(check_digit("12a"), None);
    assert_eq!(check_digit("１２"), None);
}

#[test]
fn only_8_12_13_and_14_digits_are_a_gtin() {
    assert!(is_valid_gtin("4006381333931"));
    assert!(is_valid_gtin("96385074"));
    assert!(!is_valid_gtin("4006381333930"));
    assert!(!is_valid_gtin("00"));
    assert!(!is_valid_gtin("000000000000000000"));
}

#[test]
fn value_fields_have_their_own_check_digits() {
    for (field, digit) in [
        ("00499", 8),
        ("00750", 9),
        ("01234", 1),
        ("12345", 8),
        ("99999", 6),
        ("14685", 6),
        ("00000", 0),
    ] {
        assert_eq!(field_check_5(field), Some(digit), "{field}");
    }
    assert_eq!(field_check_4("2875"), Some(9));
    for wrong in ["", "287", "28755", "28a5"] {
        assert_eq!(field_check_4(wrong), None, "{wrong}");
    }
    assert_eq!(field_check_5("2875"), None);
}

#[test]
fn a_gtin_is_the_same_item_in_every_form() {
    let upc = Gtin::parse("036000291452").unwrap();
    let ean = Gtin::parse("0036000291452").unwrap();
    let itf = Gtin::parse("00036000291452").unwrap();
    assert_eq!(upc.as_14(), "00036000291452");
    assert_eq!(ean.as_14(), upc.as_14());
    assert_eq!(itf.as_14(), upc.as_14());
    assert_eq!(upc.display(), "036000291452");
    assert_eq!(upc.lookup_keys(), ["00036000291452", "0036000291452", "036000291452"]);
    assert_eq!(ean.shortest(), "036000291452");
    assert_eq!(upc.as_13(), Some("0036000291452"));
}

#[test]
fn a_pack_has_only_its_14_digits() {
    let pack = Gtin::parse("14006381333938").unwrap();
    assert_eq!(pack.as_13(), None);
    assert_eq!(pack.lookup_keys(), ["14006381333938"]);
    assert_eq!(pack.kind(), GtinKind::Gtin14);
}

#[test]
fn an_ean_8_is_found_by_8_digits_too() {
    let gtin = Gtin::parse("96385074").unwrap();
    assert_eq!(gtin.lookup_keys(), ["00000096385074", "0000096385074", "000096385074", "96385074"]);
}

#[test]
fn eight_digits_that_are_both_ean_8_and_upc_e_are_looked_up_as_both() {
    let gtin = Gtin::parse("01234565").unwrap();
    assert_eq!(gtin.kind(), GtinKind::Ean8);
    assert_eq!(gtin.as_14(), "00000001234565");
    assert!(gtin.lookup_keys().contains(&"012345000065".to_owned()), "{:?}", gtin.lookup_keys());
}

#[test]
fn eight_digits_that_are_only_upc_e_are_read_as_upc_e() {
    let gtin = Gtin::parse("04252614").unwrap();
    assert_eq!(gtin.kind(), GtinKind::UpcE);
    assert_eq!(gtin.as_14(), "00042100005264");
    assert_eq!(gtin.display(), "04252614");
    assert!(gtin.lookup_keys().contains(&"04252614".to_owned()));
}

#[test]
fn upc_e_is_written_out_by_its_last_digit() {
    for (short, long) in [
        ("01234565", Some("012345000065")),
        ("04252614", Some("042100005264")),
        ("01234505", Some("012000003455")),
        ("425261", Some("042100005264")),
        ("0425261", Some("042100005264")),
        ("123453", Some("012300000451")),
        ("123454", Some("012340000053")),
        ("04210005", None),
        ("01234547", None),
        ("24252614", None),
        ("120003", None),
        ("123404", Some("012340000008")),
        ("123054", None),
        ("123405", None),
        ("42526", None),
        ("42526a", None),
    ] {
        assert_eq!(expand_upc_e(short).as_deref(), long, "{short}");
    }
}

#[test]
fn a_press_code_tells_title_price_and_tax() {
    let read = press("4190804102805").unwrap();
    assert_eq!(read.title, "08041");
    assert_eq!(read.price_minor, 280);
    assert!(read.reduced_tax && !read.age_restricted);
    for (prefix, reduced_tax, age_restricted) in
        [("414", false, false), ("434", false, true), ("439", true, true)]
    {
        let payload = format!("{prefix}012349999");
        let code = format!("{payload}{}", check_digit(&payload).unwrap());
        let read = press(&code).unwrap();
        assert_eq!(
            (read.reduced_tax, read.age_restricted),
            (reduced_tax, age_restricted),
            "{code}"
        );
        assert_eq!(read.price_minor, 9999);
    }
    assert_eq!(press("4190804102806"), None, "wrong check digit");
    assert_eq!(press("4006381333931"), None, "no press code");
}

#[test]
fn books_scores_and_periodicals_are_recognised() {
    assert_eq!(
        publication("9783161484100"),
        Some(Publication::Isbn { isbn10: Some("316148410X".into()) })
    );
    assert_eq!(publication("9790260000438"), Some(Publication::Ismn));
    let issn = Publication::Issn { issn: "1234-5679".into(), variant: "00".into() };
    assert_eq!(publication("9771234567003"), Some(issn));
    assert_eq!(publication("9783161484101"), None);
    assert_eq!(publication("4006381333931"), None);
}

#[test]
fn deposit_slips_with_a_number_are_read_in_both_forms() {
    let slip = deposit_slip("9801234567890123456700125999").unwrap();
    assert_eq!((slip.refund, slip.refund_low_tax), (125, 0));
    let slip = deposit_slip("98012345035327002000100042").unwrap();
    assert_eq!((slip.refund, slip.refund_low_tax), (200, 100));
    assert_eq!(deposit_slip("9811234567890123456700125999"), None);
    assert_eq!(deposit_slip("980123"), None);
}
