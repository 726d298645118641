//! The Swiss QR-bill: its code by an independent reader, the published vector, and what is refused.

use std::path::Path;

use proptest::prelude::*;
use receipt::{
    Invoice, SwissAddress, SwissBill, SwissFault, SwissReference, qr_matrix, qr_reference,
    render_invoice,
};

fn address(name: &str, street: &str, house: &str, postal_code: &str, town: &str) -> SwissAddress {
    SwissAddress {
        name: name.to_owned(),
        street: street.to_owned(),
        house: house.to_owned(),
        postal_code: postal_code.to_owned(),
        town: town.to_owned(),
        country: "CH".to_owned(),
    }
}

/// That of the published example.
fn bill() -> SwissBill {
    SwissBill {
        iban: "CH5800791123000889012".to_owned(),
        creditor: address("Robert Schneider AG", "Rue du Lac", "1268", "2501", "Biel"),
        amount: Some(19_995),
        currency: "CHF".to_owned(),
        debtor: Some(address(
            "Pia-Maria Rutschmann-Schnyder",
            "Grosse Marktgasse",
            "28",
            "9400",
            "Rorschach",
        )),
        reference: SwissReference::Scor("RF18539007547034".to_owned()),
        message: String::new(),
    }
}

/// Reads a picture of the modules back with another program's decoder; the cross hides what it hides on paper.
fn read(payload: &str, with_cross: bool) -> String {
    const MODULE: usize = 8;
    let matrix = qr_matrix(payload).expect("it fits");
    let side = (matrix.size + 8) * MODULE;
    // The cross takes 7 of 46 mm in the middle.
    let (cross, middle) = (matrix.size * MODULE * 7 / 46, side / 2);
    let in_cross = |at: usize| at.abs_diff(middle) <= cross / 2;
    let dark = |x: usize, y: usize| {
        let module = |at: usize| (at / MODULE).checked_sub(4).filter(|at| *at < matrix.size);
        module(x).zip(module(y)).is_some_and(|(x, y)| matrix.dark[y * matrix.size + x])
    };
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
        let black = if with_cross && in_cross(x) && in_cross(y) {
            // A white bar through a black square.
            y.abs_diff(middle) > cross / 8
        } else {
            dark(x, y)
        };
        if black { 0 } else { 255 }
    });
    let grids = picture.detect_grids();
    assert_eq!(grids.len(), 1, "one code is found");
    let (meta, text) = grids[0].decode().expect("it reads");
    assert_eq!(meta.ecc_level, 0, "level M is written 00");
    text
}

#[test]
fn the_published_vector_is_written_byte_by_byte() {
    let folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let file = "shared/data/payment_vectors.json";
    let Some(path) = folders.map(|folder| folder.join(file)).find(|path| path.is_file()) else {
        println!("skipped: no {file} beside the checkout");
        return;
    };
    let vectors: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).expect("read")).expect("JSON");
    let qr = vectors["qr"].as_array().expect("codes").iter().filter(|v| v["id"] == "swiss/scor");
    let known: Vec<&str> = qr.filter_map(|v| v["payload"].as_str()).collect();
    assert_eq!(known, [bill().payload().expect("a bill")]);
}

#[test]
fn the_code_is_read_by_an_independent_decoder_even_with_the_cross_on_it() {
    let payload = bill().payload().expect("a bill");
    assert_eq!(payload.split("\r\n").count(), 31);
    for with_cross in [false, true] {
        assert_eq!(read(&payload, with_cross), payload);
    }
    // The longest that there is.
    let long = |n: usize| "Ä".repeat(n);
    let address = SwissAddress {
        name: long(99),
        street: long(99),
        house: long(99),
        postal_code: long(99),
        town: long(99),
        country: "CH".to_owned(),
    };
    let bill = SwissBill {
        creditor: address.clone(),
        debtor: Some(address),
        message: long(200),
        ..bill()
    };
    let payload = bill.payload().expect("a bill");
    assert!(payload.contains(&long(70)) && !payload.contains(&long(141)));
    assert_eq!(read(&payload, true), payload);
}

#[test]
fn a_qr_iban_goes_with_a_qr_reference_and_any_other_without() {
    let qrr = qr_reference("21000000000313947143000901").expect("26 digits");
    let qr_iban = "CH4431999123000889012".to_owned();
    let with = |iban: &str, reference| SwissBill { iban: iban.to_owned(), reference, ..bill() };
    let right = with(&qr_iban, SwissReference::Qrr(qrr.clone())).payload().expect("a bill");
    assert!(right.contains(&format!("QRR\r\n{qrr}\r\n")));
    assert!(
        with("CH5800791123000889012", SwissReference::None)
            .payload()
            .expect("a bill")
            .contains("\r\nNON\r\n")
    );
    let mut wrong = qrr.clone();
    wrong.replace_range(26.., "0");
    for bad in [
        with(&qr_iban, SwissReference::None),
        with(&qr_iban, SwissReference::Scor("RF18539007547034".to_owned())),
        with(&qr_iban, SwissReference::Qrr(wrong)),
        with("CH5800791123000889012", SwissReference::Qrr(qrr)),
        with("CH5800791123000889012", SwissReference::Scor("RF19539007547034".to_owned())),
    ] {
        assert_eq!(bad.payload(), Err(SwissFault::Reference), "{bad:?}");
    }
}

#[test]
fn what_no_bank_would_take_is_refused() {
    let (iban, currency, name) =
        ("DE89370400440532013000".to_owned(), "USD".to_owned(), String::new());
    for (bad, fault) in [
        (SwissBill { iban, ..bill() }, SwissFault::Iban),
        (SwissBill { currency, ..bill() }, SwissFault::Currency),
        (SwissBill { amount: Some(0), ..bill() }, SwissFault::Amount),
        (SwissBill { amount: Some(-1), ..bill() }, SwissFault::Amount),
        (SwissBill { amount: Some(100_000_000_000), ..bill() }, SwissFault::Amount),
        (
            SwissBill { creditor: SwissAddress { name, ..bill().creditor }, ..bill() },
            SwissFault::Creditor,
        ),
    ] {
        assert_eq!(bad.payload(), Err(fault));
    }
    let nobody = SwissBill { debtor: None, amount: None, ..bill() }.payload().expect("a bill");
    assert!(nobody.contains("\r\n\r\nCHF\r\n\r\n\r\n\r\n\r\n\r\n\r\n\r\nSCOR"), "{nobody:?}");
}

#[test]
fn an_invoice_has_the_payment_part_once_and_says_nothing_that_is_markup() {
    let mut invoice = Invoice {
        currency: "CHF".to_owned(),
        minor_digits: 2,
        recipient: vec!["<script>alert(1)</script>".to_owned()],
        bill: Some(bill()),
        ..Invoice::default()
    };
    let page = render_invoice(&invoice);
    assert_eq!(page.matches("class=\"swiss-qr\"").count(), 1);
    assert!(
        page.contains("Zahlteil") && page.contains("Empfangsschein") && page.contains("199.95")
    );
    assert!(page.contains("RF18 5390 0754 7034") && page.contains("CH58 0079 1123 0008 8901 2"));
    assert!(!page.contains("<script"), "{page}");
    invoice.bill = Some(SwissBill { iban: String::new(), ..bill() });
    assert!(
        !render_invoice(&invoice).contains("class=\"swiss-qr\""),
        "no bill that nobody could pay"
    );
}

proptest! {
    #[test]
    fn whatever_stands_in_a_bill_it_has_31_lines_of_signs_that_a_code_may_hold(
        name in "\\PC{1,90}", message in "\\PC{0,200}", amount in 1_i64..100_000_000_000,
    ) {
        let creditor = SwissAddress { name, ..bill().creditor };
        let bill = SwissBill { creditor, message, amount: Some(amount), ..bill() };
        if let Ok(payload) = bill.payload() {
            prop_assert_eq!(payload.split("\r\n").count(), 31);
            let holds = |c: char| {
                matches!(c, ' '..='~' | '\u{A0}'..='\u{17F}' | 'Ș' | 'ș' | 'Ț' | 'ț' | '€')
            };
            prop_assert!(payload.replace("\r\n", "").chars().all(holds));
            prop_assert!(payload.chars().count() <= 997);
        }
    }
}
