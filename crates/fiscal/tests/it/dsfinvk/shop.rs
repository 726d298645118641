//! A small shop for three days: two tills, two signing units, and every kind of receipt and business case there is.

use fiscal::de::dsfinvk::model::*;
use fiscal::de::dsfinvk::{Totals, spread};

use super::signing::{Unit, process_data};

/// 2026-11-23T08:00:00+01:00.
const OPENING: i64 = 1_795_417_200;
const DAY: i64 = 86_400;

pub(crate) fn rate(key: u32) -> Rate {
    Rate::new(match key {
        1 => 1_900,
        2 => 700,
        4 => 550,
        22 => 500,
        1_001 => 1_900,
        _ => 0,
    })
}

pub(crate) fn cents(cents: i64) -> Amount {
    Amount::from_cents(cents)
}

pub(crate) fn stamp(seconds: i64, offset: i16) -> Stamp {
    Stamp::new(seconds * 1_000, offset).unwrap()
}

/// A line for so many whole pieces at a price; its tax comes with the receipt.
pub(crate) fn line(case: BusinessCase, text: &str, pieces: i64, price: i64, key: u32) -> Line {
    let gross = cents(pieces * price);
    let mut line = Line::new("", case, text);
    line.quantity = Quantity::new(pieces * 1_000);
    line.unit_price = Some(cents(price));
    line.vat = vec![Taxed { key, gross, ..Taxed::default() }];
    line
}

pub(crate) fn cash(amount: i64) -> Payment {
    Payment {
        kind: PaymentKind::Cash,
        name: "Bar".to_owned(),
        amount: cents(amount),
        foreign: None,
    }
}

fn by(kind: PaymentKind, name: &str, amount: i64) -> Payment {
    Payment { kind, name: name.to_owned(), amount: cents(amount), foreign: None }
}

fn nothing() -> Payment {
    by(PaymentKind::Nothing, "", 0)
}

fn exact_tax(gross: Amount, key: u32) -> Taxed {
    let rate = i64::from(rate(key).hundredths());
    let tax = Amount::new(gross.hundred_thousandths() * rate / (10_000 + rate));
    Taxed { key, gross, net: gross.minus(tax), tax }
}

/// Numbers the lines and fills in the taxes: per key to the cent, spread over the lines.
pub(crate) fn complete(receipt: &mut Receipt) {
    for (number, line) in (1..).zip(&mut receipt.lines) {
        line.number = number.to_string();
    }
    let mut keys: Vec<u32> =
        receipt.lines.iter().flat_map(|line| line.vat.iter().map(|taxed| taxed.key)).collect();
    keys.sort_unstable();
    keys.dedup();
    receipt.gross = Amount::ZERO;
    for key in keys {
        let mut places: Vec<&mut Taxed> = receipt
            .lines
            .iter_mut()
            .flat_map(|line| &mut line.vat)
            .filter(|taxed| taxed.key == key)
            .collect();
        let gross: Vec<Amount> = places.iter().map(|taxed| taxed.gross).collect();
        let sum = gross.iter().fold(Amount::ZERO, |sum, one| sum.plus(*one));
        let exact = exact_tax(sum, key).tax.hundred_thousandths();
        let tax = cents((exact + exact.signum() * 500) / 1_000);
        let whole = Taxed { key, gross: sum, net: sum.minus(tax), tax };
        for (place, taxed) in places.iter_mut().zip(spread(whole, rate(key), &gross).unwrap()) {
            **place = taxed;
        }
        receipt.vat.push(whole);
        receipt.gross = receipt.gross.plus(sum);
    }
    for line in &mut receipt.lines {
        // Where the price had something taken off, what it was before is what is left to the line.
        if let Some((AmountKind::Discount, off)) = line.amounts.first().copied() {
            let of_line = line.vat[0];
            let before = Taxed {
                key: of_line.key,
                gross: of_line.gross.minus(off.gross),
                net: of_line.net.minus(off.net),
                tax: of_line.tax.minus(off.tax),
            };
            line.amounts.insert(0, (AmountKind::Base, before));
        }
    }
}

struct Till<'a> {
    name: &'a str,
    serial: String,
    number: u64,
    unit: &'a mut Unit,
    now: i64,
    /// Closings before this one: number, time, receipts' ids.
    before: Vec<(u64, Stamp, Vec<String>)>,
    receipts: Vec<Receipt>,
}

impl Till<'_> {
    fn next(&mut self, kind: ReceiptKind) -> Receipt {
        self.number += 1;
        self.now += 61;
        let id = format!("{}-{}", self.name, self.number);
        let mut receipt =
            Receipt::new(id, self.number, kind, stamp(self.now, 60), stamp(self.now + 30, 60));
        receipt.operator = "7".to_owned();
        receipt.operator_name = "Öztürk, A.".to_owned();
        receipt
    }

    fn finish(&mut self, mut receipt: Receipt) {
        complete(&mut receipt);
        self.sign(receipt);
    }

    fn sign(&mut self, mut receipt: Receipt) {
        let data = process_data(&receipt);
        receipt.signatures = vec![self.unit.sign(&self.serial, &receipt, data)];
        self.receipts.push(receipt);
    }

    fn sell(&mut self, lines: Vec<Line>, payments: Vec<Payment>) {
        self.record(ReceiptKind::Receipt, lines, payments);
    }

    fn record(&mut self, kind: ReceiptKind, lines: Vec<Line>, payments: Vec<Payment>) {
        let mut receipt = self.next(kind);
        (receipt.lines, receipt.payments) = (lines, payments);
        self.finish(receipt);
    }

    fn movement(&mut self, case: BusinessCase, amount: i64) {
        self.sell(vec![line(case, "", 1, amount, 5)], vec![cash(amount)]);
    }

    fn earlier(&self) -> Reference {
        let (closing, created, ids) = self.before.last().unwrap();
        let (till, receipt) = (self.name.to_owned(), ids.last().unwrap().clone());
        Reference::Receipt { till, created: *created, closing: *closing, receipt }
    }

    fn day(&mut self) {
        use BusinessCase as Case;
        self.movement(Case::Float, 10_000);
        self.goods();
        self.vouchers();
        self.gastronomy();
        for (case, amount) in [
            (Case::PaidIn, 2_500),
            (Case::PaidOut, -1_200),
            (Case::PrivateWithdrawal, -5_000),
            (Case::PrivateContribution, 3_000),
            (Case::WagePayment, -4_000),
            (Case::CashTransit, -6_000),
            (Case::CountDifference, -3),
        ] {
            self.movement(case, amount);
        }
        self.accounts();
        self.others();
    }

    fn goods(&mut self) {
        use BusinessCase as Case;
        let mut receipt = self.next(ReceiptKind::Receipt);
        receipt.lines = vec![
            line(Case::Turnover, "Kaffee; gemahlen \"Extra\" ^_ 🍨\r\n500 g", 2, 799, 2),
            line(Case::Turnover, "Filtertüten", 1, 249, 1),
            line(Case::Turnover, "Tasse", 1, 595, 1),
        ];
        receipt.lines[0].gtin = "4006381333931".to_owned();
        receipt.lines[0].group = "12".to_owned();
        receipt.lines[0].group_name = "Heißgetränke".to_owned();
        receipt.lines[0].unit = "Stück".to_owned();
        receipt.customer = Some(Customer {
            id: "K-17".to_owned(),
            kind: "Mitarbeiter".to_owned(),
            party: Party {
                name: "Nguyễn Thị".to_owned(),
                country: "DEU".to_owned(),
                ..Party::default()
            },
        });
        receipt.payments = vec![cash(2_442)];
        self.finish(receipt);
        // Weighed goods, a deposit, a tip, by card.
        let mut weighed = line(Case::Turnover, "Äpfel", 1, 0, 2);
        weighed.quantity = Quantity::new(1_347);
        weighed.unit = "kg".to_owned();
        weighed.unit_price = Some(cents(299));
        weighed.vat[0].gross = cents(403);
        let lines = vec![
            weighed,
            line(Case::Turnover, "Wasser 1 l", 6, 89, 1),
            line(Case::Deposit, "Pfand", 6, 25, 1),
            line(Case::TipOfEmployee, "Trinkgeld", 1, 113, 5),
        ];
        self.sell(lines, vec![by(PaymentKind::DebitCard, "girocard", 1_200)]);
        self.sell(vec![line(Case::DepositRefund, "Leergut", 4, -25, 1)], vec![cash(-100)]);
        // A price with something taken off, a discount of its own, a surcharge, a line taken back.
        let mut reduced = line(Case::Turnover, "Jacke", 1, 8_000, 1);
        reduced.amounts = vec![(AmountKind::Discount, exact_tax(cents(-1_000), 1))];
        reduced.vat[0].gross = cents(7_000);
        let mut taken_back = line(Case::Turnover, "Schal", -1, 1_999, 1);
        taken_back.void = true;
        let lines = vec![
            reduced,
            line(Case::Turnover, "Schal", 1, 1_999, 1),
            taken_back,
            line(Case::Discount, "Stammkunde", 1, -350, 1),
            line(Case::Surcharge, "Änderung", 1, 500, 1),
        ];
        self.sell(lines, vec![cash(3_000), by(PaymentKind::CreditCard, "Visa", 4_150)]);
        // Dollars with change in euros.
        let mut dollars = cash(1_840);
        dollars.foreign = Some(("USD".to_owned(), cents(2_000)));
        let lines = vec![line(Case::Turnover, "Postkarten", 10, 100, 1)];
        self.sell(lines, vec![dollars, cash(-840)]);
        // A return of something sold before.
        let mut receipt = self.next(ReceiptKind::Receipt);
        receipt.lines = vec![line(Case::Turnover, "Tasse", -1, 595, 1)];
        receipt.lines[0].references = vec![self.earlier()];
        receipt.payments = vec![cash(-595)];
        self.finish(receipt);
        for (kind, name) in [
            (PaymentKind::Provider, "PayPal"),
            (PaymentKind::StoredValueCard, "Stadtkarte"),
            (PaymentKind::NonCash, "Überweisung"),
        ] {
            self.sell(vec![line(Case::Turnover, "Buch", 1, 1_299, 2)], vec![by(kind, name, 1_299)]);
        }
        self.sell(
            vec![
                line(Case::Turnover, "Pfand 2020", 1, 105, 22),
                line(Case::Turnover, "Eigen", 1, 119, 1_001),
            ],
            vec![cash(224)],
        );
    }

    fn vouchers(&mut self) {
        use BusinessCase as Case;
        let mut sold = line(Case::MultiPurposeVoucherSale, "Gutschein", 1, 2_500, 5);
        sold.voucher = "G-000017".to_owned();
        let single = line(Case::SinglePurposeVoucherSale, "Gutschein Massage", 1, 6_000, 1);
        self.sell(vec![sold, single], vec![by(PaymentKind::CreditCard, "Mastercard", 8_500)]);
        let mut taken = line(Case::MultiPurposeVoucherRedemption, "Gutschein", 1, -1_000, 5);
        taken.voucher = "G-000017".to_owned();
        self.sell(vec![line(Case::Turnover, "Wein", 1, 1_000, 1), taken], vec![nothing()]);
        let lines = vec![
            line(Case::Turnover, "Massage", 1, 6_500, 1),
            line(Case::SinglePurposeVoucherRedemption, "Gutschein Massage", 1, -6_000, 1),
        ];
        self.sell(lines, vec![cash(500)]);
        let lines = vec![
            line(Case::Turnover, "Kantine", 1, 850, 2),
            line(Case::GrantWithVat, "Zuschuss", 1, 150, 2),
            line(Case::GrantWithoutVat, "Förderung", 1, 200, 5),
            line(Case::TipOfEmployer, "Bedienung", 1, 50, 1),
        ];
        self.sell(lines, vec![cash(1_250)]);
    }

    fn gastronomy(&mut self) {
        use BusinessCase as Case;
        let mut order = self.next(ReceiptKind::Order);
        order.groups = vec!["Tisch 4".to_owned()];
        order.lines = vec![
            line(Case::Turnover, "Eisbecher \"Himbeere\"", 2, 399, 2),
            line(Case::Turnover, "Menü; klein", 1, 1_490, 2),
        ];
        let id = order.id.clone();
        self.finish(order);
        // The bill of the order: a menu is food and drink, sold for another, put in at a handheld.
        let mut bill = self.next(ReceiptKind::Receipt);
        bill.groups = vec!["Tisch 4".to_owned(), "Terrasse".to_owned()];
        let mut menu = line(Case::Turnover, "Menü; klein", 1, 1_490, 2);
        menu.vat = vec![
            Taxed { key: 1, gross: cents(447), ..Taxed::default() },
            Taxed { key: 2, gross: cents(1_043), ..Taxed::default() },
        ];
        menu.in_house = Some(true);
        menu.terminal = "Handgerät 1".to_owned();
        menu.parts = vec![
            Part {
                name: "Suppe".to_owned(),
                quantity: Quantity::ONE,
                price: Some(exact_tax(cents(600), 2)),
                ..Part::default()
            },
            Part {
                name: "Saft".to_owned(),
                quantity: Quantity::new(200),
                unit: "l".to_owned(),
                ..Part::default()
            },
        ];
        let mut sold_for_another = line(Case::Turnover, "Konzertkarte", 1, 3_200, 2);
        sold_for_another.agency = Some(1);
        bill.terminal = "Handgerät 1".to_owned();
        bill.lines =
            vec![line(Case::Turnover, "Eisbecher \"Himbeere\"", 2, 399, 2), menu, sold_for_another];
        // The closing is not made yet: its time is filled in when it is.
        let closing = self.before.last().unwrap().0 + 1;
        let till = self.name.to_owned();
        bill.references =
            vec![Reference::Receipt { till, created: Stamp::default(), closing, receipt: id }];
        bill.payments = vec![cash(5_488)];
        self.finish(bill);
    }

    fn accounts(&mut self) {
        use BusinessCase as Case;
        let lines = vec![
            line(Case::Turnover, "Getränke", 1, 5_000, 1),
            line(Case::ReceivableCreated, "Auf Rechnung", 1, -5_000, 5),
        ];
        self.sell(lines, vec![nothing()]);
        let mut receipt = self.next(ReceiptKind::Receipt);
        receipt.lines = vec![line(Case::ReceivableSettled, "Rechnung", 1, 5_000, 5)];
        receipt.lines[0].references = vec![Reference::External {
            kind: ReferenceKind::ExternalInvoice,
            name: String::new(),
            day: Day::read("2026-11-02"),
            number: "RE-2026-118".to_owned(),
        }];
        receipt.payments = vec![cash(5_000)];
        self.finish(receipt);
        self.sell(
            vec![line(Case::DownPaymentReceived, "Anzahlung", 1, 2_000, 1)],
            vec![cash(2_000)],
        );
        let mut receipt = self.next(ReceiptKind::Receipt);
        receipt.lines = vec![
            line(Case::Turnover, "Torte", 1, 4_500, 2),
            line(Case::DownPaymentSettled, "Anzahlung", 1, -2_000, 1),
        ];
        receipt.lines[1].references = vec![self.earlier()];
        receipt.references = vec![Reference::External {
            kind: ReferenceKind::ExternalOther,
            name: "Bestellzettel".to_owned(),
            day: None,
            number: "77".to_owned(),
        }];
        receipt.payments = vec![cash(2_500)];
        self.finish(receipt);
    }

    fn others(&mut self) {
        use BusinessCase as Case;
        let mut aborted = self.next(ReceiptKind::Aborted);
        aborted.lines = vec![line(Case::Turnover, "Kuchen", 1, 320, 2)];
        complete(&mut aborted);
        (aborted.vat, aborted.gross) = (Vec::new(), Amount::ZERO);
        self.sign(aborted);
        let lines = vec![line(Case::Turnover, "Übung", 1, 100, 1)];
        self.record(ReceiptKind::Training, lines, vec![cash(100)]);
        for kind in [ReceiptKind::Invoice, ReceiptKind::Transfer, ReceiptKind::BenefitInKind] {
            let mut record = self.next(kind);
            record.lines = vec![line(Case::Turnover, "Ware", 1, 700, 2)];
            record.payments = vec![nothing()];
            if kind == ReceiptKind::BenefitInKind {
                let kind = "Mitarbeiter".to_owned();
                record.customer =
                    Some(Customer { id: "7".to_owned(), kind, ..Customer::default() });
            }
            self.finish(record);
        }
        let mut opened = self.next(ReceiptKind::Other);
        opened.name = "Lade geöffnet".to_owned();
        opened.note = "Wechselgeld".to_owned();
        self.finish(opened);
        // The signing unit is out of order.
        let mut receipt = self.next(ReceiptKind::Receipt);
        receipt.lines = vec![line(Case::Turnover, "Brot", 1, 420, 2)];
        receipt.payments = vec![cash(420)];
        complete(&mut receipt);
        receipt.signatures = vec![Signature {
            unit: None,
            transaction: None,
            start: None,
            end: None,
            process_type: ProcessType::Receipt,
            counter: None,
            signature: String::new(),
            fault: "TSE ausgefallen: keine Antwort".to_owned(),
            process_data: process_data(&receipt),
        }];
        self.receipts.push(receipt);
        self.sell(vec![line(Case::Turnover, "Brötchen", 5, 45, 2)], vec![cash(225)]);
    }
}

fn party(name: &str) -> Party {
    Party {
        name: name.to_owned(),
        street: "Prinzipalmarkt 1".to_owned(),
        postcode: "48143".to_owned(),
        town: "Münster".to_owned(),
        country: "DEU".to_owned(),
        tax_number: "337/5012/0815".to_owned(),
        vat_id: "DE123456789".to_owned(),
    }
}

pub(crate) fn closing(till: &str, number: u64, created: Stamp) -> Closing {
    let rates = [1, 2, 4, 5, 6, 7, 22, 1_001].map(|key| TaxRate {
        key,
        rate: rate(key),
        description: format!("Schlüssel {key}"),
    });
    Closing {
        till: till.to_owned(),
        created,
        number,
        company: party("Müller & Söhne OHG"),
        location: party("Filiale \"Am Dom\""),
        register: Register {
            brand: "Tresen".to_owned(),
            model: "Kasse".to_owned(),
            serial: format!("ERS-{till}"),
            software: "Tresen".to_owned(),
            software_version: "0.1.0".to_owned(),
            currency: "EUR".to_owned(),
            without_vat: false,
        },
        rates: rates.to_vec(),
        ..Closing::default()
    }
}

/// Three days of two tills; each day first the one is closed, then the other.
pub(crate) fn shop() -> Vec<(Closing, Vec<Receipt>)> {
    let mut units = [Unit::new(1, 1_900), Unit::new(2, 2_400)];
    let mut all = Vec::new();
    let mut before = [vec![], vec![]];
    let mut numbers = [4_711, 90];
    for (till, name) in ["Kasse 1", "Kasse 2"].into_iter().enumerate() {
        // From before the package.
        before[till].push((40, stamp(OPENING - DAY, 60), vec![format!("{name}-17")]));
    }
    for day in 0..3 {
        for (till, name) in ["Kasse 1", "Kasse 2"].into_iter().enumerate() {
            // On the third day the second till has a unit of its own.
            let unit = &mut units[usize::from(day == 2 && till == 1)];
            let mut made = Till {
                name,
                serial: format!("ERS-{name}"),
                number: numbers[till],
                now: OPENING + day * DAY + i64::try_from(till).unwrap() * 7_200,
                before: before[till].clone(),
                receipts: Vec::new(),
                unit,
            };
            made.day();
            let created = stamp(made.now + 600, 60);
            let number = made.before.last().unwrap().0 + 1;
            let (mut receipts, last) = (made.receipts, made.number);
            numbers[till] = last;
            let mut closing = closing(name, number, created);
            closing.units = units.iter().map(|unit| unit.unit.clone()).collect();
            closing.terminals = vec![Terminal {
                id: "Handgerät 1".to_owned(),
                serial: "HG-1".to_owned(),
                ..Terminal::default()
            }];
            closing.agencies = vec![Agency { id: 1, party: party("Konzertbüro") }];
            closing.booking_day = (day == 1).then(|| created.day());
            let mut totals = Totals::default();
            for receipt in &mut receipts {
                for reference in &mut receipt.references {
                    if let Reference::Receipt { created: at, closing: of, .. } = reference
                        && *of == number
                    {
                        *at = created;
                    }
                }
                totals.add(receipt, "EUR");
            }
            totals.into_closing(&mut closing);
            let ids = receipts.iter().map(|receipt| receipt.id.clone()).collect();
            before[till].push((number, created, ids));
            all.push((closing, receipts));
        }
    }
    all
}
