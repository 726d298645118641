//! Customers in the engine: their details lie apart, sealed; and the ledger holds through crashes.

use domain::account::CustomerDetails;
use domain::books::InvoiceTo;
use domain::{Command, CustomerId, ReceiptNo, ReceiptRef, ShopCommand, TillCommand, TillId};
use shop::personal::{check, details_of};

use crate::engine_kit::{CASHIER, Kit, MANAGER, PAY, euros, refused, scan};

const ANNA: CustomerId = CustomerId(1);

fn named(name: &str) -> CustomerDetails {
    CustomerDetails {
        name: name.to_owned(),
        street: "Geheime Gasse 7".to_owned(),
        ..CustomerDetails::default()
    }
}

fn put(customer: Option<CustomerId>, name: &str) -> ShopCommand {
    let details = Box::new(named(name));
    ShopCommand::PutCustomer { customer, details, term_days: 14, limit: None, blocked: false }
}

const ON_ACCOUNT: TillCommand = TillCommand::PayOnAccount { customer: ANNA, amount: None };
const SETTLE: TillCommand =
    TillCommand::SettleAccount { customer: ANNA, amount: None, receipt: None, credit: false };

/// Everything that stands in the files of the shop.
fn files(kit: &Kit) -> String {
    let folder = std::fs::read_dir(kit.folder.path()).expect("the folder");
    let files =
        folder.map(|entry| std::fs::read(entry.expect("a file").path()).unwrap_or_default());
    files.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect()
}

#[test]
fn a_customers_name_is_on_the_screen_and_in_no_file() {
    let mut kit = Kit::open();
    let made = kit.shop(put(None, "Anna Geheim")).expect("a customer").made;
    assert_eq!(serde_json::to_value(made).expect("JSON")["customer"], 1);
    kit.ok(1, scan(1));
    kit.ok(1, ON_ACCOUNT);
    let shown = kit.view(1).last_receipt.expect("a receipt").tenders.remove(0).account;
    assert_eq!(shown.expect("an account").name, "Anna Geheim");
    kit.restart();
    let shown = kit.view(1).last_receipt.expect("a receipt").tenders.remove(0).account;
    assert_eq!(shown.expect("an account").name, "Anna Geheim");
    let files = files(&kit);
    for secret in ["Anna Geheim", "Geheime Gasse"] {
        assert!(!files.contains(secret), "{secret}");
    }
    assert_eq!(check(&kit.reader()).expect("read"), []);
    kit.end();
}

#[test]
fn an_invoice_keeps_the_address_of_its_day_until_the_customer_is_forgotten() {
    let mut kit = Kit::open();
    kit.shop(put(None, "Anna")).expect("a customer");
    kit.shop(put(Some(ANNA), "Anna Neu")).expect("changed");
    let of = |kit: &Kit, version| details_of(&kit.reader(), ANNA, version).expect("read");
    assert_eq!((of(&kit, 1), of(&kit, 2)), (Some(named("Anna")), Some(named("Anna Neu"))));
    assert_eq!(of(&kit, 3), None);
    let forget = ShopCommand::ForgetCustomer { customer: ANNA };
    kit.ok(1, scan(1));
    kit.ok(1, ON_ACCOUNT);
    assert_eq!(refused(kit.shop(forget.clone())), "account_not_settled");
    kit.ok(1, SETTLE);
    kit.ok(1, PAY);
    // The address stands on an invoice, which is kept until the end of 2034.
    assert_eq!(refused(kit.shop(forget.clone())), "must_be_kept");
    assert!(of(&kit, 1).is_some());
    kit.clock.advance(std::time::Duration::from_secs(9 * 366 * 24 * 3_600));
    kit.shop(forget).expect("forgotten");
    assert_eq!((of(&kit, 1), of(&kit, 2)), (None, None));
    assert_eq!(check(&kit.reader()).expect("read"), []);
    assert_eq!(refused(kit.shop(put(Some(ANNA), "Anna"))), "unknown_customer");
    kit.end();
}

#[test]
fn who_paid_cash_and_is_named_on_an_invoice_is_kept_as_long_as_that() {
    let mut kit = Kit::open();
    kit.ok(1, scan(1));
    kit.ok(1, PAY);
    let receipt = ReceiptRef { till: TillId(1), number: ReceiptNo(1) };
    let details = CustomerDetails {
        postal_code: "10178".to_owned(),
        town: "Berlin".to_owned(),
        country: "DE".to_owned(),
        ..named("Anna")
    };
    let recipient = InvoiceTo::Recipient { details: Box::new(details) };
    kit.shop(ShopCommand::IssueInvoice { receipt, recipient }).expect("an invoice");
    let forget = ShopCommand::ForgetCustomer { customer: ANNA };
    assert_eq!(refused(kit.shop(forget.clone())), "must_be_kept");
    kit.clock.advance(std::time::Duration::from_secs(9 * 366 * 24 * 3_600));
    kit.shop(forget).expect("forgotten");
    kit.end();
}

#[test]
fn the_same_command_again_is_answered_and_with_other_details_refused() {
    let mut kit = Kit::open();
    let id = kit.id();
    let send = |kit: &Kit, name: &str| kit.send(id, MANAGER, Command::Shop(put(None, name)));
    let first = send(&kit, "Anna").expect("a customer");
    kit.restart();
    let again = send(&kit, "Anna").expect("the same");
    assert_eq!((again.repeated, again.entries), (true, first.entries));
    assert_eq!(refused(send(&kit, "Berta")), "command_id_reused");
    let paid = |kit: &Kit, id, minor| {
        let reference = "Auszug 17".to_owned();
        let (receipt, credit, amount) = (None, true, euros(minor));
        let command = ShopCommand::RecordAccountPayment {
            customer: ANNA,
            amount,
            reference,
            receipt,
            credit,
        };
        kit.send(id, MANAGER, Command::Shop(command))
    };
    let id = kit.id();
    paid(&kit, id, 500).expect("recorded");
    kit.restart();
    assert!(paid(&kit, id, 500).expect("the same").repeated, "the bank's money is booked once");
    assert_eq!(kit.reader().account(ANNA).expect("read").expect("known").balance.minor(), -500);
    kit.end();
}

#[test]
fn codes_that_are_guessed_are_refused_and_nothing_is_booked() {
    let mut kit = Kit::open();
    kit.ok(1, TillCommand::SignIn { person: CASHIER });
    kit.till(1, CASHIER, scan(1)).expect("sold");
    for customer in [0, 1, 2, u32::MAX].map(CustomerId) {
        let pay = TillCommand::PayOnAccount { customer, amount: None };
        assert_eq!(refused(kit.till(1, CASHIER, pay)), "unknown_customer");
    }
    kit.end();
}
