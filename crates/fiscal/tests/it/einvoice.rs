//! Invoices that machines read.

use fiscal::einvoice::figures::{price, sums_of_gross};
use fiscal::einvoice::{
    Allowance, Broken, Contact, Invoice, Kind, Line, Means, Party, Prices, Profile, Tax, TaxSum,
    check, figures, write,
};
use jiff::civil::date;
use money::{Money, Quantity, Rate, tax_from_gross, tax_from_net};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

const S19: Tax = Tax::Standard(Rate::new(1_900));
const S7: Tax = Tax::Standard(Rate::new(700));

fn line(name: &str, thousandths: i64, cents: i64, tax: Tax) -> Line {
    Line {
        name: name.to_owned(),
        gtin: None,
        quantity: Quantity::new(thousandths),
        unit: "H87".to_owned(),
        amount: Money::new(cents),
        tax,
    }
}

fn shop() -> Party {
    Party {
        name: "Müller & Söhne GmbH".to_owned(),
        street: "Hauptstraße 1".to_owned(),
        post_code: "10115".to_owned(),
        town: "Berlin".to_owned(),
        country: "DE".to_owned(),
        vat_id: Some("DE123456789".to_owned()),
        tax_number: Some("12/345/67890".to_owned()),
        contact: Some(Contact {
            name: "Kasse".to_owned(),
            phone: "+49 30 1234567".to_owned(),
            mail: "kasse@example.org".to_owned(),
        }),
        address: Some(("EM".to_owned(), "kasse@example.org".to_owned())),
    }
}

fn authority() -> Party {
    Party {
        name: "Bezirksamt <Mitte>".to_owned(),
        street: "Karl-Marx-Allee 31".to_owned(),
        post_code: "10178".to_owned(),
        town: "Berlin".to_owned(),
        country: "DE".to_owned(),
        address: Some(("EM".to_owned(), "rechnung@example.org".to_owned())),
        ..Party::default()
    }
}

/// A receipt with gross prices: what a shop has most often.
fn receipt(lines: Vec<Line>, allowances: Vec<Allowance>) -> Invoice {
    let mut all = lines.clone();
    all.extend(
        allowances
            .iter()
            .map(|one| Line { amount: one.amount.negated(), ..line("", 1_000, 0, one.tax) }),
    );
    Invoice {
        kind: Kind::Invoice,
        number: "K1-2026-000042".to_owned(),
        issued: date(2026, 7, 9),
        supplied: date(2026, 7, 9),
        currency: "EUR".to_owned(),
        seller: shop(),
        buyer: authority(),
        reference: Some("04011000-12345-34".to_owned()),
        prices: Prices::Gross,
        lines,
        allowances,
        taxes: sums_of_gross(&all).unwrap(),
        exemption: Some("Steuerfrei nach § 4 Nr. 11b UStG".to_owned()),
        prepaid: Money::ZERO,
        rounding: Money::ZERO,
        means: Means::Transfer {
            iban: "DE75512108001245126199".to_owned(),
            holder: "Müller & Söhne".to_owned(),
            bic: None,
        },
        due: Some(date(2026, 7, 23)),
        notes: vec!["Danke für Ihren Einkauf".to_owned()],
    }
}

pub(crate) fn usual() -> Invoice {
    let mut milk = line("Milch 1 l", 3_000, 387, S7);
    milk.gtin = Some("4006381333931".to_owned());
    let mut cheese = line("Käse lose", 238, 523, S7);
    cheese.unit = "KGM".to_owned();
    let lines = vec![
        milk,
        cheese,
        line("Spülmittel", 2_000, 399, S19),
        line("Pfand Rückgabe", -6_000, -150, S19),
        line("Briefmarke", 1_000, 95, Tax::Exempt),
    ];
    let allowance =
        |cents, tax| Allowance { reason: "Rabatt".to_owned(), amount: Money::new(cents), tax };
    receipt(lines, vec![allowance(50, S7), allowance(11, S19)])
}

fn texts<'a>(xml: &'a str, element: &str) -> Vec<&'a str> {
    let open = format!("<ram:{element}");
    let found = xml.split(open.as_str()).skip(1).filter(|rest| rest.starts_with(['>', ' ']));
    found.map(|rest| rest.split_once('>').unwrap().1.split('<').next().unwrap()).collect()
}

#[test]
fn an_invoice_says_to_the_cent_what_the_receipt_says() {
    let invoice = usual();
    let all = figures(&invoice).unwrap();
    let gross: i64 = invoice.lines.iter().map(|line| line.amount.minor()).sum::<i64>() - 61;
    assert_eq!(all.total, Money::new(gross));
    assert_eq!(all.payable, all.total);
    assert_eq!(check(&invoice, Profile::XRechnung), []);
    let xml = write(&invoice, Profile::XRechnung).unwrap();
    assert_eq!(texts(&xml, "GrandTotalAmount"), ["11.93"]);
    assert_eq!(texts(&xml, "DuePayableAmount"), ["11.93"]);
    // 7 %: 8.60 gross; 19 %: 2.38 gross; exempt 0.95.
    assert_eq!(texts(&xml, "CalculatedAmount"), ["0.56", "0.38", "0.00"]);
    assert_eq!(texts(&xml, "BasisAmount"), ["8.04", "2.00", "0.95"]);
    assert_eq!(texts(&xml, "LineTotalAmount").len(), 6);
    assert_eq!(texts(&xml, "ExemptionReason").len(), 1);
    assert_eq!(texts(&xml, "BilledQuantity"), ["3", "0.238", "2", "-6", "1"]);
    assert!(xml.contains("Bezirksamt &lt;Mitte&gt;") && xml.contains("Müller &amp; Söhne GmbH"));
    assert!(xml.contains("xrechnung_3.0"));
    assert!(!write(&invoice, Profile::En16931).unwrap().contains("xrechnung"));
}

#[test]
fn the_cents_that_cutting_leaves_go_to_the_lines_that_were_cut_most() {
    // 19 %: 1.00 gross is 0.84034 net, three of them 2.52101.
    let invoice = receipt(vec![line("a", 1_000, 100, S19); 3], Vec::new());
    let nets: Vec<i64> = figures(&invoice).unwrap().lines.iter().map(|net| net.minor()).collect();
    assert_eq!(nets, [84, 84, 84]);
    // 0.99 gross is 0.83193 net, three of them 2.49580 → 2.50.
    let invoice = receipt(vec![line("a", 1_000, 99, S19); 3], Vec::new());
    let nets: Vec<i64> = figures(&invoice).unwrap().lines.iter().map(|net| net.minor()).collect();
    assert_eq!(nets, [84, 83, 83]);
    // A line and its return are nothing together.
    let lines = vec![line("a", 1_000, 99, S19), line("a", -1_000, -99, S19)];
    let nets: Vec<i64> =
        figures(&receipt(lines, Vec::new())).unwrap().lines.iter().map(|net| net.minor()).collect();
    assert_eq!(nets.iter().sum::<i64>(), 0);
}

#[test]
fn the_tax_of_a_gross_sum_is_that_of_its_net_unless_no_net_has_that_sum() {
    for (rate, period) in [(1_900_u32, 11_900_i64), (700, 10_700)] {
        let rate = Rate::new(rate);
        let mut off = 0;
        for gross in 1..=period {
            let taxed = tax_from_gross(Money::new(gross), rate).unwrap();
            let anew = tax_from_net(taxed.net(), rate).unwrap();
            if anew.tax() == taxed.tax() {
                continue;
            }
            off += 1;
            // Nor does a cent more or less of net help.
            for cent in [-1, 1] {
                let net = taxed.net().plus(Money::new(cent)).unwrap();
                assert_ne!(tax_from_net(net, rate).unwrap().gross(), taxed.gross());
            }
        }
        assert_eq!(off, i64::from(rate.basis_points()), "of {period}");
    }
}

#[test]
fn a_price_times_its_quantity_is_the_line() {
    for (thousandths, gross, net, expected) in [
        (3_000, 357, 300, (3_000, 100, 1_000)),
        (3_000, 358, 301, (3_000, 301, 3_000)),
        (238, 523, 489, (238, 489, 238)),
        (-6_000, -150, -126, (-6_000, 21, 1_000)),
        // A quantity with the other sign than its amount, and none at all.
        (1_000, -100, -84, (-1_000, 84, 1_000)),
        (0, 100, 84, (1_000, 84, 1_000)),
    ] {
        let price = price(&line("a", thousandths, gross, S19), Money::new(net));
        assert_eq!((price.quantity, price.price.minor(), price.per), expected);
    }
}

#[test]
fn a_correction_is_below_nothing_and_names_what_it_corrects() {
    let mut invoice = receipt(vec![line("Milch", -1_000, -129, S7)], Vec::new());
    invoice.kind = Kind::Correction("K1-2026-000041".to_owned(), date(2026, 7, 8));
    invoice.due = None;
    let xml = write(&invoice, Profile::XRechnung).unwrap();
    assert_eq!(texts(&xml, "GrandTotalAmount"), ["-1.29"]);
    assert_eq!(texts(&xml, "ChargeAmount"), ["1.21"]);
    assert!(xml.contains(">384<") && xml.contains("<ram:IssuerAssignedID>K1-2026-000041<"));
}

#[test]
fn what_was_paid_at_the_till_is_prepaid_and_nothing_is_due() {
    let mut invoice = usual();
    invoice.prepaid = Money::new(1_193);
    invoice.means = Means::Card(Some("1234".to_owned()));
    invoice.due = None;
    let xml = write(&invoice, Profile::XRechnung).unwrap();
    assert_eq!(texts(&xml, "TotalPrepaidAmount"), ["11.93"]);
    assert_eq!(texts(&xml, "DuePayableAmount"), ["0.00"]);
    // Rounded in cash: 11.95 are paid.
    invoice.means = Means::Cash;
    invoice.prepaid = Money::new(1_195);
    invoice.rounding = Money::new(2);
    let xml = write(&invoice, Profile::En16931).unwrap();
    assert_eq!(texts(&xml, "RoundingAmount"), ["0.02"]);
    assert_eq!(texts(&xml, "DuePayableAmount"), ["0.00"]);
}

#[test]
fn an_allowance_below_nothing_is_a_charge() {
    let allowance =
        |cents| Allowance { reason: "Mindermenge".to_owned(), amount: Money::new(cents), tax: S19 };
    let lines = vec![line("a", 1_000, 1_190, S19)];
    let invoice = receipt(lines, vec![allowance(-119), allowance(238)]);
    let xml = write(&invoice, Profile::XRechnung).unwrap();
    assert_eq!(texts(&xml, "ActualAmount"), ["1.00", "2.00"]);
    assert_eq!(texts(&xml, "ChargeTotalAmount"), ["1.00"]);
    assert_eq!(texts(&xml, "AllowanceTotalAmount"), ["2.00"]);
    assert_eq!(texts(&xml, "TaxBasisTotalAmount"), ["9.00"]);
    assert_eq!(xml.matches("<udt:Indicator>true<").count(), 1);
    assert_eq!(xml.matches("<udt:Indicator>false<").count(), 1);
}

#[test]
fn each_rule_that_is_broken_is_named() {
    let broken = |change: &dyn Fn(&mut Invoice)| {
        let mut invoice = usual();
        change(&mut invoice);
        assert_eq!(
            write(&invoice, Profile::XRechnung).err(),
            Some(check(&invoice, Profile::XRechnung))
        );
        check(&invoice, Profile::XRechnung)
    };
    let cent = Money::new(1);
    assert_eq!(broken(&|i| i.number.clear()), [Broken::Missing]);
    assert_eq!(broken(&|i| i.buyer.country = "de".to_owned()), [Broken::Missing]);
    assert_eq!(broken(&|i| i.lines[0].name = " ".to_owned()), [Broken::Br25]);
    assert_eq!(broken(&|i| i.allowances[0].reason.clear()), [Broken::Br25]);
    assert_eq!(broken(&|i| i.due = None), [Broken::BrCo25]);
    assert_eq!(broken(&|i| i.seller.vat_id = Some("123".to_owned())), [Broken::BrCo09]);
    assert_eq!(broken(&|i| i.exemption = None), [Broken::BrE10]);
    assert_eq!(broken(&|i| i.means = Means::Card(Some("12345".to_owned()))), [Broken::Br51]);
    assert_eq!(broken(&|i| i.reference = None), [Broken::BrDe15]);
    assert_eq!(broken(&|i| i.seller.contact = None), [Broken::BrDe2]);
    assert_eq!(broken(&|i| i.buyer.town.clear()), [Broken::BrDe3]);
    assert_eq!(broken(&|i| i.buyer.address = None), [Broken::Addresses]);
    assert_eq!(
        broken(&|i| i.lines[0].amount = i.lines[0].amount.plus(cent).unwrap()),
        [Broken::BrS08]
    );
    assert_eq!(broken(&|i| i.taxes[0].net = i.taxes[0].net.plus(cent).unwrap()), [Broken::BrS08]);
    // A cent from net to tax: the sum stays, the tax is a cent and more off.
    // A cent from net to tax, or back: the sum stays, but the tax is a cent and more off.
    assert_eq!(
        broken(&|i| {
            i.taxes[1].net = i.taxes[1].net.minus(cent).unwrap();
            i.taxes[1].amount = i.taxes[1].amount.plus(cent).unwrap();
        }),
        [Broken::BrCo17]
    );
    assert_eq!(
        broken(&|i| {
            i.taxes[0].net = i.taxes[0].net.plus(cent).unwrap();
            i.taxes[0].amount = i.taxes[0].amount.minus(cent).unwrap();
        }),
        [Broken::BrCo17]
    );
    let double = TaxSum { tax: S7, net: Money::ZERO, amount: Money::ZERO };
    assert!(broken(&|i| i.taxes.push(double)).contains(&Broken::BrCo18));
    assert!(broken(&|i| i.taxes.truncate(2)).contains(&Broken::BrCo18));
    assert!(broken(&|i| i.lines.clear()).contains(&Broken::Br16));
    assert!(broken(&|i| i.lines[0].amount = Money::new(i64::MAX)).contains(&Broken::OutOfRange));
    let mut invoice = usual();
    (invoice.seller.vat_id, invoice.seller.tax_number) = (None, None);
    assert_eq!(check(&invoice, Profile::En16931), [Broken::BrCo26]);
    let mut plain = usual();
    plain.reference = None;
    plain.buyer.address = None;
    plain.seller.contact = None;
    assert_eq!(check(&plain, Profile::En16931), [], "only XRechnung wants these");
}

fn invoices() -> impl Strategy<Value = Invoice> {
    let tax = prop_oneof![Just(S19), Just(S7), Just(Tax::Exempt), Just(Tax::Zero)];
    let one = (1_i64..5_000, -20_000_i64..100_000, tax.clone(), "[a-zäöü<&\"]{1,12}");
    let lines = proptest::collection::vec(one, 1..30);
    let allowances = proptest::collection::vec((-200_i64..500, tax), 0..4);
    (lines, allowances, any::<bool>(), 0_i64..3).prop_map(|(lines, allowances, net, paid)| {
        let lines: Vec<Line> = lines
            .into_iter()
            .map(|(quantity, cents, tax, name)| line(&name, quantity * 250, cents, tax))
            .collect();
        let allowances = allowances
            .into_iter()
            .map(|(cents, tax)| Allowance {
                reason: "Rabatt".to_owned(),
                amount: Money::new(cents),
                tax,
            })
            .collect();
        let mut invoice = receipt(lines, allowances);
        if net {
            invoice.prices = Prices::Net;
            for sum in &mut invoice.taxes {
                let all = sum.net.plus(sum.amount).unwrap();
                sum.net = all;
                sum.amount = tax_from_net(all, sum.tax.rate()).unwrap().tax();
            }
        }
        let total = figures(&invoice).unwrap().total;
        invoice.prepaid = [Money::ZERO, total, Money::new(100)][usize::try_from(paid).unwrap()];
        invoice
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn any_receipt_becomes_an_invoice_that_breaks_no_rule(invoice in invoices()) {
        prop_assert_eq!(check(&invoice, Profile::XRechnung), []);
        let all = figures(&invoice).unwrap();
        let sum = |amounts: &mut dyn Iterator<Item = Money>| Money::sum(amounts).unwrap();
        let lines = sum(&mut invoice.lines.iter().map(|line| line.amount));
        let allowances = sum(&mut invoice.allowances.iter().map(|one| one.amount));
        let taxes = sum(&mut invoice.taxes.iter().map(|tax| tax.amount));
        let receipt = lines.minus(allowances).unwrap();
        let receipt = if invoice.prices == Prices::Net { receipt.plus(taxes).unwrap() } else { receipt };
        prop_assert_eq!(all.total, receipt);
        for (line, net) in invoice.lines.iter().zip(&all.lines) {
            let divisor = i128::from(line.tax.rate().basis_points()) + 10_000;
            let exact = i128::from(line.amount.minor()) * 10_000;
            let off = exact - i128::from(net.minor()) * divisor;
            prop_assert!(invoice.prices == Prices::Net || off.abs() < divisor, "a whole cent off");
            let price = price(line, *net);
            let each = i128::from(price.price.minor()) * i128::from(price.quantity);
            prop_assert_eq!(each, i128::from(net.minor()) * i128::from(price.per));
            prop_assert!(!price.price.is_negative());
        }
        let xml = write(&invoice, Profile::XRechnung).unwrap();
        prop_assert_eq!(texts(&xml, "LineID").len(), invoice.lines.len());
    }
}

/// The usual one and `count` made-up ones, the same every time, paid in each way.
pub(crate) fn examples(count: usize) -> Vec<Invoice> {
    let mut runner = TestRunner::deterministic();
    let made_up = (0..count).map(|number| {
        let mut invoice = invoices().new_tree(&mut runner).unwrap().current();
        invoice.means = match number % 5 {
            0 => Means::Cash,
            1 => Means::Card(Some("1234".to_owned())),
            2 => Means::Card(None),
            3 => Means::Other("Gutschein".to_owned()),
            _ => invoice.means,
        };
        if figures(&invoice).unwrap().total.is_negative() {
            invoice.kind = Kind::Correction("K1-1".to_owned(), date(2026, 7, 1));
        }
        invoice
    });
    std::iter::once(usual()).chain(made_up).collect()
}
