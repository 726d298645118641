//! The texts that are signed.

use fiscal::de::tse::process_data::ProcessDataFault;
use fiscal::de::tse::*;
use money::{Currency, Money, Quantity, Rate};
use proptest::prelude::*;

fn slots(amounts: [i64; 5]) -> TaxSlots {
    let [general, reduced, average, average_other, zero] = amounts.map(Money::new);
    TaxSlots { general, reduced, average, average_other, zero }
}

fn paid(cash: bool, amount: i64, currency: &str) -> Payment {
    let currency: Currency = currency.parse().expect("a currency");
    Payment { cash, amount: Money::new(amount), currency }
}

fn receipt(kind: ReceiptKind, totals: [i64; 5], payments: Vec<Payment>) -> Kassenbeleg {
    Kassenbeleg { kind, totals: slots(totals), payments }
}

#[test]
fn receipts_are_written_as_dsfinv_k_shows_them() {
    use ReceiptKind::*;
    let cases = [
        (
            receipt(Beleg, [405, 300, 0, 0, 0], vec![paid(true, 705, "EUR")]),
            "Beleg^4.05_3.00_0.00_0.00_0.00^7.05:Bar",
        ),
        (receipt(AvBelegabbruch, [0; 5], vec![]), "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^"),
        (
            receipt(Beleg, [290, 0, 0, 0, 210], vec![paid(false, 500, "EUR")]),
            "Beleg^2.90_0.00_0.00_0.00_2.10^5.00:Unbar",
        ),
        (
            receipt(Beleg, [-5, -1605, 0, 0, 0], vec![paid(true, -1610, "EUR")]),
            "Beleg^-0.05_-16.05_0.00_0.00_0.00^-16.10:Bar",
        ),
        (
            receipt(
                AvTraining,
                [10_000, 0, 0, 0, 0],
                vec![
                    paid(false, 2_000, "EUR"),
                    paid(true, 500, "USD"),
                    paid(false, 3_050, "EUR"),
                    paid(true, 1_000, "EUR"),
                    paid(false, 700, "CHF"),
                    paid(true, 500, "JPY"),
                    paid(true, 0, "GBP"),
                    paid(true, 234, "EUR"),
                ],
            ),
            "AVTraining^100.00_0.00_0.00_0.00_0.00^12.34:Bar_5.00:Bar:USD_500.00:Bar:JPY_50.50:Unbar_7.00:Unbar:CHF",
        ),
    ];
    for (receipt, text) in cases {
        let data = ProcessData::Receipt(receipt);
        assert_eq!(data.write().as_deref(), Ok(text));
        assert_eq!(data.process_type().name(), "Kassenbeleg-V1");
        let again = ProcessData::read("Kassenbeleg-V1", text.as_bytes()).expect("it is one");
        assert_eq!(again.write().as_deref(), Ok(text));
    }
}

#[test]
fn what_is_no_receipt_is_not_written_as_one() {
    for kind in [ReceiptKind::AvBestellung, ReceiptKind::AvSonstige] {
        assert_eq!(receipt(kind, [0; 5], vec![]).write(), Err(ProcessDataFault::Kind));
    }
    let much = vec![paid(true, i64::MAX, "EUR"), paid(true, 1, "EUR")];
    let fault = receipt(ReceiptKind::Beleg, [0; 5], much).write();
    assert_eq!(fault, Err(ProcessDataFault::OutOfRange));
    let thousandths = receipt(ReceiptKind::Beleg, [0; 5], vec![paid(true, 1, "KWD")]).write();
    assert_eq!(thousandths, Err(ProcessDataFault::OutOfRange));
}

#[test]
fn tax_keys_go_to_their_places_and_the_last_three_together() {
    let amounts = [(1, 100), (21, 19), (2, 7), (22, 5), (3, 3), (4, 4), (5, 50), (6, 60), (7, 70)];
    let rate = Rate::new(1_900);
    let keyed = TaxSlots::from_keys(amounts.map(|(key, amount)| (key, rate, Money::new(amount))));
    assert_eq!(keyed, Ok(slots([119, 12, 3, 4, 180])));
    for key in [0, 8, 9, 10, 18, 110] {
        let fault = TaxSlots::from_keys([(key, rate, Money::ZERO)]);
        assert_eq!(fault, Err(ProcessDataFault::TaxKey(key)));
    }
}

#[test]
fn keys_of_the_shops_own_go_where_their_rate_belongs() {
    let rates = [1_900, 1_600, 700, 500, 1_070, 950, 900, 840, 780, 550, 0];
    let amounts = (1_000..).zip(rates).map(|(key, rate)| (key, Rate::new(rate), Money::new(1)));
    assert_eq!(TaxSlots::from_keys(amounts), Ok(slots([2, 2, 5, 1, 1])));
    let unknown = TaxSlots::from_keys([(1_000, Rate::new(1_234), Money::ZERO)]);
    assert_eq!(unknown, Err(ProcessDataFault::TaxKey(1_000)));
}

#[test]
fn orders_are_written_line_by_line_with_their_quotes_doubled() {
    let line = |quantity: i64, text: &str, price: i64| OrderLine {
        quantity: Quantity::new(quantity),
        text: text.to_owned(),
        price: Money::new(price),
    };
    let order = vec![
        line(2_000, "Eisbecher \"Himbeere\"", 399),
        line(-1_000, "Bier; hell", 420),
        line(486, "Käse", 2_790),
        line(1_500, "zwei\rZeilen", 0),
    ];
    let data = ProcessData::Order(order);
    let text = data.write().expect("an order");
    let expected = "2;\"Eisbecher \"\"Himbeere\"\"\";3.99\r-1;\"Bier; hell\";4.20\r0.486;\"Käse\";27.90\r1.5;\"zwei Zeilen\";0.00";
    assert_eq!(text, expected);
    let again = ProcessData::read("bestellung-v1", text.as_bytes()).expect("an order");
    assert_eq!(again.write().as_deref(), Ok(expected));
    let loose = ProcessData::read("Bestellung-V1", b"2;Wasser;1,5\r\n\r\n3;\"Saft\";2\n");
    let loose = loose.and_then(|order| order.write());
    assert_eq!(loose.as_deref(), Ok("2;\"Wasser\";1.50\r3;\"Saft\";2.00"));
}

#[test]
fn what_other_tills_write_a_little_differently_is_read_all_the_same() {
    for text in [
        "beleg^2,90_0_0.0_0.00_+2.1^5:unbar",
        " Beleg ^2.90_0.00_0.00_0.00_2.10^5.00:Unbar:EUR",
        "Beleg^2.90_0.00_0.00_0.00_2.10^_5.00:Unbar_",
    ] {
        let data = ProcessData::read("KassenBeleg-V1", text.as_bytes()).expect(text);
        let exact = "Beleg^2.90_0.00_0.00_0.00_2.10^5.00:Unbar";
        assert_eq!(data.write().as_deref(), Ok(exact), "{text}");
    }
}

#[test]
fn what_is_no_such_text_is_named() {
    use ProcessDataFault::*;
    for (kind, text, fault) in [
        ("Kassenbeleg-V2", "", ProcessType),
        ("Kassenbeleg-V1", "", Kind),
        ("Kassenbeleg-V1", "Bon^0_0_0_0_0^", Kind),
        ("Kassenbeleg-V1", "Beleg", Shape),
        ("Kassenbeleg-V1", "Beleg^1_2_3_4^", Shape),
        ("Kassenbeleg-V1", "Beleg^1_2_3_4_5_6^", Shape),
        ("Kassenbeleg-V1", "Beleg^1_2_3_4_x^", Amount),
        ("Kassenbeleg-V1", "Beleg^1_2_3_4_1.005^", Amount),
        ("Kassenbeleg-V1", "Beleg^1_2_3_4_-^", Amount),
        ("Kassenbeleg-V1", "Beleg^1_2_3_4_99999999999999999999^", OutOfRange),
        ("Kassenbeleg-V1", "Beleg^0_0_0_0_0^1.00", Shape),
        ("Kassenbeleg-V1", "Beleg^0_0_0_0_0^1.00:Scheck", Shape),
        ("Kassenbeleg-V1", "Beleg^0_0_0_0_0^1.00:Bar:EURO", Shape),
        ("Kassenbeleg-V1", "Beleg^0_0_0_0_0^1.00:Bar:EUR:x", Shape),
        ("Kassenbeleg-V1", "Beleg^0_0_0_0_0^1.50:Bar:JPY", Amount),
        ("Kassenbeleg-V1", "Beleg^0_0_0_0_0^1:Bar^", Shape),
        ("Bestellung-V1", "2;Wasser", Shape),
        ("Bestellung-V1", "2;Wasser;1.005", Amount),
    ] {
        assert_eq!(ProcessData::read(kind, text.as_bytes()), Err(fault), "{text}");
    }
    assert_eq!(ProcessData::read("SonstigerVorgang", &[0xff]), Err(Encoding));
}

fn any_payment() -> impl Strategy<Value = Payment> {
    let currency = prop_oneof![Just("EUR"), Just("USD"), Just("JPY")];
    (any::<bool>(), -10_000_000i64..10_000_000, currency)
        .prop_map(|(cash, amount, currency)| paid(cash, amount, currency))
}

proptest! {
    #[test]
    fn a_receipt_comes_back_as_it_was_written(
        totals: [i64; 5],
        payments in prop::collection::vec(any_payment(), 0..8),
        kind in prop::sample::select(ReceiptKind::ALL.to_vec()),
    ) {
        let mut written = receipt(kind, totals, payments);
        if let Ok(text) = written.write() {
            written.payments = written.grouped().expect("it was written");
            let read = ProcessData::read("Kassenbeleg-V1", text.as_bytes());
            prop_assert_eq!(read, Ok(ProcessData::Receipt(written)));
        }
    }

    #[test]
    fn an_order_comes_back_as_it_was_written(
        lines in prop::collection::vec((any::<i64>(), "[^\r\n]{0,20}", any::<i64>()), 1..6),
    ) {
        let lines = lines.into_iter().map(|(quantity, text, price)| OrderLine {
            quantity: Quantity::new(quantity),
            text,
            price: Money::new(price),
        });
        let order = ProcessData::Order(lines.collect());
        let text = order.write().expect("an order can be written");
        prop_assert_eq!(ProcessData::read("Bestellung-V1", text.as_bytes()), Ok(order));
    }
}
