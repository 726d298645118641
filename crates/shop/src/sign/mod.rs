//! Signing: what a receipt gives its unit to sign, the units themselves, and who has it signed.

mod archive;
mod care;
mod code;
mod line;
mod meet;
mod prove;
pub mod runner;
mod secret;
pub(crate) mod service;
mod tidy;
mod units;
mod why;

pub use archive::{Days, NoArchive, archive_of, span_of};
pub use code::{code_of, receipt_code, signing_lines, unsigned_yet};
pub use secret::{kept_text, needs_secret, puk_key, unit_secret_key};
pub(crate) use units::certificate_ends;
pub use units::{Units, ends, guarded, unit_path};
pub use why::{is_units_fault, why_words};

use domain::Event;
use domain::basket::{Tender, TenderKind};
use domain::event::BasketOrdered;
use domain::receipt::Receipt;
use domain::signing::{Outcome, Signing};
use domain::totals::TaxRow;
use fiscal::de::tse::process_data::{
    Kassenbeleg, OrderLine, Payment, ProcessData, ProcessDataFault, ReceiptKind, TaxSlots,
};
use money::{Currency, Money, Rate};

/// What is signed of a drawer that was opened without business.
pub(crate) const DRAWER_OPENED: &str = "Lade geöffnet";

/// The tax key of DSFinV-K for what is not taxable.
const NOT_TAXABLE: u16 = 5;

/// What is signed of what ended: kind of process, and its data (DSFinV-K 2.4, Anhang I). `entry` is the entry that
/// ended it; where its outcome says enough by itself none is needed ([`needs_entry`]).
///
/// # Errors
/// When a sum has no place in what is signed: a tax key that Germany does not know, a currency that divides into
/// thousandths.
pub fn process_of(
    signing: &Signing,
    entry: Option<&Event>,
) -> Result<(String, String), ProcessDataFault> {
    let kind = match signing.outcome {
        Outcome::Cash { amount } => return said(ProcessData::Receipt(cash(amount)?)),
        Outcome::DrawerOpened => return said(ProcessData::Other(DRAWER_OPENED.to_owned())),
        Outcome::Receipt { training: false, .. } => ReceiptKind::Beleg,
        Outcome::Receipt { training: true, .. } => ReceiptKind::AvTraining,
        Outcome::Aborted { .. } => ReceiptKind::AvBelegabbruch,
        Outcome::Benefit => ReceiptKind::AvSachbezug,
        Outcome::HandedOver => ReceiptKind::AvTransfer,
        Outcome::Ordered => match entry {
            Some(Event::BasketOrdered(ordered)) => return said(order(ordered)),
            _ => return Err(ProcessDataFault::Kind),
        },
    };
    let beleg = match entry {
        Some(Event::ReceiptIssued(receipt)) => kassenbeleg(kind, receipt)?,
        Some(Event::BenefitGiven(given)) => unpaid(kind, &given.tax)?,
        Some(Event::BasketHandedOver(over)) => unpaid(kind, &over.tax)?,
        _ => empty(kind),
    };
    said(ProcessData::Receipt(beleg))
}

/// Whether the entry must be read to say what is signed.
#[must_use]
pub const fn needs_entry(outcome: Outcome) -> bool {
    match outcome {
        Outcome::Receipt { .. } | Outcome::Benefit | Outcome::Ordered | Outcome::HandedOver => true,
        Outcome::Aborted { .. } | Outcome::Cash { .. } | Outcome::DrawerOpened => false,
    }
}

/// An order: its lines as they were added or taken away (Bestellung-V1).
fn order(ordered: &BasketOrdered) -> ProcessData {
    let lines = ordered.lines.iter().map(|ordered| OrderLine {
        quantity: ordered.line.quantity,
        text: ordered.line.name.clone(),
        price: ordered.price,
    });
    ProcessData::Order(lines.collect())
}

/// Goods for which nothing is paid, by tax.
fn unpaid(kind: ReceiptKind, tax: &[TaxRow]) -> Result<Kassenbeleg, ProcessDataFault> {
    let totals = TaxSlots::from_keys(tax.iter().map(|row| (row.key, row.rate, row.gross)))?;
    Ok(Kassenbeleg { kind, totals, payments: Vec::new() })
}

fn said(data: ProcessData) -> Result<(String, String), ProcessDataFault> {
    Ok((data.process_type().name().to_owned(), data.write()?))
}

/// Cash that moves without a sale: an amount without tax, and the same in cash.
fn cash(amount: Money) -> Result<Kassenbeleg, ProcessDataFault> {
    let totals = TaxSlots::from_keys([(NOT_TAXABLE, Rate::default(), amount)])?;
    let payments = vec![Payment { cash: true, amount, currency: Currency::EUR }];
    Ok(Kassenbeleg { kind: ReceiptKind::Beleg, totals, payments })
}

/// A receipt of a kind over nothing.
pub(crate) fn empty(kind: ReceiptKind) -> Kassenbeleg {
    Kassenbeleg { kind, totals: TaxSlots::default(), payments: Vec::new() }
}

/// A receipt as it is signed. What it is paid with and what is no means of payment there stands among the
/// amounts without tax: a multi-purpose voucher that is redeemed, what goes on a customer's account.
pub(crate) fn kassenbeleg(
    kind: ReceiptKind,
    receipt: &Receipt,
) -> Result<Kassenbeleg, ProcessDataFault> {
    let taxed = receipt.tax.iter().map(|row| (row.key, row.rate, row.gross));
    let other = receipt.tenders.iter().filter(|tender| !is_payment(tender.kind));
    let other = other.map(|tender| (NOT_TAXABLE, Rate::default(), tender.amount.negated()));
    let totals = TaxSlots::from_keys(taxed.chain(other))?;
    let payments = receipt.tenders.iter().flat_map(|tender| payments(tender, receipt.currency));
    Ok(Kassenbeleg { kind, totals, payments: payments.collect() })
}

/// True for what DSFinV-K knows as a means of payment. Vouchers and accounts are business of their own there
/// (`MehrzweckgutscheinEinloesung`, `Forderungsentstehung`).
pub(crate) const fn is_payment(kind: TenderKind) -> bool {
    match kind {
        TenderKind::Cash
        | TenderKind::CashForeign
        | TenderKind::Card
        | TenderKind::CardExternal
        | TenderKind::Transfer
        | TenderKind::TransferByHand => true,
        TenderKind::Voucher | TenderKind::Account => false,
    }
}

/// What a tender comes to, by currency: foreign cash is what was given, and its change in the shop's own.
fn payments(tender: &Tender, own: Currency) -> Vec<Payment> {
    if !is_payment(tender.kind) {
        return Vec::new();
    }
    if let Some(foreign) = tender.foreign {
        let change = tender.change.negated();
        return vec![
            Payment { cash: true, amount: foreign.amount, currency: foreign.currency },
            Payment { cash: true, amount: change, currency: own },
        ];
    }
    let cash = tender.kind == TenderKind::Cash;
    vec![Payment { cash, amount: tender.amount, currency: own }]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(json: serde_json::Value) -> Receipt {
        let mut whole = serde_json::json!({
            "number": 1, "day": 1, "basket": 1, "opened": "2026-11-26T08:00:00Z", "date": "2026-11-26",
            "hour": 9, "currency": "EUR", "lines": [], "tax": [], "total": 0, "tenders": [],
        });
        let object = whole.as_object_mut().expect("an object");
        object.extend(json.as_object().expect("an object").clone());
        serde_json::from_value(whole).expect("a receipt")
    }

    fn signing(outcome: Outcome) -> Signing {
        Signing {
            of: domain::signing::Subject::Basket(domain::BasketId(1)),
            ended_by: 7,
            till: domain::TillId(1),
            person: domain::PersonId(1),
            opened: "2026-11-26T08:00:00Z".parse().expect("a time"),
            ended: "2026-11-26T08:01:00Z".parse().expect("a time"),
            outcome,
            transaction: None,
        }
    }

    fn said(json: serde_json::Value) -> String {
        let outcome = Outcome::Receipt { number: domain::ReceiptNo(1), training: false };
        let issued = Event::ReceiptIssued(Box::new(receipt(json)));
        process_of(&signing(outcome), Some(&issued)).expect("can be signed").1
    }

    fn tender(kind: &str, amount: i64) -> serde_json::Value {
        serde_json::json!({"kind": kind, "amount": amount, "tendered": amount, "change": 0})
    }

    fn row(key: u16, rate: u32, gross: i64) -> serde_json::Value {
        serde_json::json!({"key": key, "rate": rate, "net": gross, "tax": 0, "gross": gross})
    }

    #[test]
    fn what_is_paid_in_several_ways_is_signed_by_tax_and_by_means() {
        let said = said(serde_json::json!({
            "tax": [row(2, 700, 300), row(1, 1_900, 405)], "total": 705,
            "tenders": [tender("card", 500), {"kind": "cash", "amount": 205, "tendered": 1_000, "change": 795}],
        }));
        assert_eq!(said, "Beleg^4.05_3.00_0.00_0.00_0.00^2.05:Bar_5.00:Unbar");
    }

    #[test]
    fn a_voucher_and_an_account_are_amounts_without_tax_and_no_means_of_payment() {
        let said = said(serde_json::json!({
            "tax": [row(1, 1_900, 1_000)], "total": 1_000,
            "tenders": [tender("voucher", 300), tender("account", 500), tender("cash", 200)],
        }));
        assert_eq!(said, "Beleg^10.00_0.00_0.00_0.00_-8.00^2.00:Bar");
    }

    #[test]
    fn foreign_cash_is_signed_in_its_currency_and_its_change_in_euro() {
        let said = said(serde_json::json!({
            "tax": [row(1, 1_900, 820)], "total": 820,
            "tenders": [{
                "kind": "cash_foreign", "amount": 820, "tendered": 920, "change": 100,
                "foreign": {"currency": "USD", "amount": 1_000, "rate": 920_000},
            }],
        }));
        assert_eq!(said, "Beleg^8.20_0.00_0.00_0.00_0.00^-1.00:Bar_10.00:Bar:USD");
    }

    #[test]
    fn a_basket_that_was_given_up_is_signed_as_one_and_training_as_training() {
        let aborted = signing(Outcome::Aborted { training: false });
        let (kind, data) = process_of(&aborted, None).expect("can be signed");
        assert_eq!(kind, "Kassenbeleg-V1");
        assert_eq!(data, "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^");
        let outcome = Outcome::Receipt { number: domain::ReceiptNo(1), training: true };
        let trained = receipt(serde_json::json!({
            "training": true, "tax": [row(1, 1_900, 100)], "total": 100, "tenders": [tender("cash", 100)],
        }));
        let trained = Event::ReceiptIssued(Box::new(trained));
        let data = process_of(&signing(outcome), Some(&trained)).expect("can be signed").1;
        assert_eq!(data, "AVTraining^1.00_0.00_0.00_0.00_0.00^1.00:Bar");
    }

    #[test]
    fn cash_that_moves_without_a_sale_is_no_turnover_and_a_drawer_is_another_process() {
        let paid_out = signing(Outcome::Cash { amount: Money::new(-1_250) });
        let (kind, data) = process_of(&paid_out, None).expect("can be signed");
        assert_eq!(kind, "Kassenbeleg-V1");
        assert_eq!(data, "Beleg^0.00_0.00_0.00_0.00_-12.50^-12.50:Bar");
        let (kind, data) = process_of(&signing(Outcome::DrawerOpened), None).expect("signed");
        assert_eq!((kind.as_str(), data.as_str()), ("SonstigerVorgang", "Lade geöffnet"));
    }

    fn line(name: &str, quantity: i64, price: i64) -> serde_json::Value {
        let base = quantity * price / 1_000;
        serde_json::json!({
            "line": 1, "name": name, "quantity": quantity, "price": price, "base": base, "tax": 1,
            "group": 1,
        })
    }

    #[test]
    fn an_order_is_signed_line_by_line_and_what_is_taken_back_with_a_minus() {
        let body = serde_json::json!({"kind": "basket_ordered", "body": {
            "basket": 1, "tax": [], "total": 0, "lines": [
                {"line": line("Eisbecher \"Himbeere\"", 2_000, 399), "price": 399},
                {"line": line("Kaffee", -500, 250), "price": 250, "taken_back": true},
            ],
        }});
        let ordered: Event = serde_json::from_value(body).expect("an order");
        let (kind, data) = process_of(&signing(Outcome::Ordered), Some(&ordered)).expect("signed");
        assert_eq!(kind, "Bestellung-V1");
        assert_eq!(data, "2;\"Eisbecher \"\"Himbeere\"\"\";3.99\r-0.5;\"Kaffee\";2.50");
        assert!(process_of(&signing(Outcome::Ordered), None).is_err());
    }

    #[test]
    fn what_goes_on_elsewhere_and_what_people_who_work_here_take_is_paid_by_nothing() {
        let tax = vec![row(1, 1_900, 119), row(2, 700, 107)];
        let over = serde_json::json!({"kind": "basket_handed_over", "body": {
            "basket": 1, "from": 2, "opened": "2026-11-26T08:00:00Z", "lines": [], "tax": tax, "total": 226,
        }});
        let over: Event = serde_json::from_value(over).expect("handed over");
        let (kind, data) = process_of(&signing(Outcome::HandedOver), Some(&over)).expect("signed");
        let expected = ("Kassenbeleg-V1", "AVTransfer^1.19_1.07_0.00_0.00_0.00^");
        assert_eq!((kind.as_str(), data.as_str()), expected);
        let given = serde_json::json!({"kind": "benefit_given", "body": {
            "basket": 1, "person": 2, "reason": "Essen", "opened": "2026-11-26T08:00:00Z", "lines": [],
            "tax": tax, "total": 226,
        }});
        let given: Event = serde_json::from_value(given).expect("given");
        let data = process_of(&signing(Outcome::Benefit), Some(&given)).expect("signed").1;
        assert_eq!(data, "AVSachbezug^1.19_1.07_0.00_0.00_0.00^");
    }

    #[test]
    fn a_tax_key_without_a_place_is_said() {
        let outcome = Outcome::Receipt { number: domain::ReceiptNo(1), training: false };
        let odd = receipt(serde_json::json!({"tax": [row(8, 1_900, 100)], "total": 100}));
        let odd = Event::ReceiptIssued(Box::new(odd));
        let fault = process_of(&signing(outcome), Some(&odd)).expect_err("no place");
        assert_eq!(fault, ProcessDataFault::TaxKey(8));
    }

    #[test]
    fn keys_of_the_shops_own_are_signed_where_their_rate_belongs() {
        let said = said(serde_json::json!({
            "tax": [row(1_000, 700, 107), row(1_001, 0, 50), row(1, 1_900, 119)], "total": 276,
            "tenders": [tender("cash", 276)],
        }));
        assert_eq!(said, "Beleg^1.19_1.07_0.00_0.00_0.50^2.76:Bar");
    }
}
