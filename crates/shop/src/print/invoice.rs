//! From a receipt on account to its invoice, in Switzerland with the payment part of a QR-bill.

use domain::account::{CustomerDetails, OpenItem, TenderAccount};
use domain::bank::{BankAccount, creditor_reference};
use domain::basket::{Line, Tender, TenderKind};
use domain::receipt::IssuedReceipt;
use domain::settings::{Country, Settings};
use domain::{CustomerId, ReceiptRef};
use money::Money;
use receipt as paper;
use receipt::{
    Invoice, InvoiceBank, InvoiceKind, SwissAddress, SwissBill, SwissReference, is_qr_iban,
    qr_reference,
};

use super::voucher::date_text;
use super::words::Words;
use super::{
    ReceiptCode, head_of, language, letters, lines, receipt_code, receipt_discounts, tax_rows,
};
use crate::personal::unnamed_customer;

/// What an invoice is made of beside the receipt.
pub struct Billed<'b> {
    /// Settings of the receipt's time: who sold.
    pub then: &'b Settings,
    /// Settings of today: where it is paid to.
    pub now: &'b Settings,
    /// The customer, as they were then; none once they were forgotten.
    pub details: Option<CustomerDetails>,
    /// What is left of it.
    pub item: Option<OpenItem>,
    /// The codes of the receipts that it returns from.
    pub sources: Vec<String>,
    /// For whom it was made of a receipt that is on no account.
    pub named: Option<Named>,
}

/// For whom an invoice was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// Who.
    pub customer: CustomerId,
    /// Which version of their details stands on it.
    pub version: u32,
    /// The how-many-th invoice of that receipt it is.
    pub edition: usize,
}

/// The account of a receipt that was put on one, and what was put on it.
pub fn on_account(issued: &IssuedReceipt) -> Option<(&TenderAccount, Money)> {
    let tenders = &issued.receipt.tenders;
    let of = tenders.iter().find_map(|tender| tender.account.as_deref())?;
    let on = tenders.iter().filter(|tender| tender.kind == TenderKind::Account);
    Some((of, on.fold(Money::ZERO, |sum, tender| sum.saturating_plus(tender.amount))))
}

/// The invoice of a receipt; none of one that is on no account and was made for nobody.
pub fn invoice(issued: &IssuedReceipt, billed: &Billed<'_>) -> Option<Invoice> {
    let account = on_account(issued);
    let settled = account.is_none();
    let (customer, owed, due) = match (account, billed.named) {
        (Some((of, owed)), _) => (of.customer, owed, of.due),
        (None, Some(named)) => (named.customer, Money::ZERO, None),
        (None, None) => return None,
    };
    let receipt = &issued.receipt;
    let then = billed.then;
    let language = language(then);
    let words = Words::of(language);
    let letters = letters(receipt);
    let code = ReceiptCode {
        receipt: ReceiptRef { till: issued.till, number: receipt.number },
        incarnation: issued.incarnation,
    };
    let number = receipt_code(code, receipt.training);
    let left = billed.item.as_ref().map_or(owed, |item| item.left);
    let owes = owed.is_positive();
    let bank = billed.now.bank.as_ref().filter(|_| owes && left.is_positive());
    let reference = bank.map(|bank| reference(bank, customer, code));
    let shop = head_of(then, receipt);
    let credits = if settled { receipt.total.is_negative() } else { !owes };
    Some(Invoice {
        language,
        currency: receipt.currency.code().to_owned(),
        minor_digits: receipt.currency.minor_digits(),
        kind: if credits { InvoiceKind::Correction } else { InvoiceKind::Invoice },
        vat_label: shop.vat_label.clone().unwrap_or_default(),
        shop,
        recipient: recipient(customer, billed.details.as_ref(), then.country),
        recipient_vat: billed.details.as_ref().map(|d| d.vat_id.clone()).filter(|v| !v.is_empty()),
        customer: customer.to_string(),
        date: date_text(receipt.date, language),
        due: due.map(|due| date_text(due, language)),
        corrects: billed.sources.clone(),
        net_prices: !then.prices_include_tax,
        lines: after_discounts(
            lines(&receipt.lines, &letters, (language, words), &then.agencies),
            &receipt.lines,
        ),
        discounts: receipt_discounts(&receipt.lines, words),
        taxes: tax_rows(receipt, &letters, language),
        total: receipt.total.minor(),
        paid: paid(&receipt.tenders, words),
        owed: owed.minor(),
        settled,
        left: (owes && left != owed).then(|| left.minor()),
        bank: bank.zip(reference.as_ref()).map(|(bank, reference)| InvoiceBank {
            holder: bank.holder.clone(),
            iban: bank.iban.clone(),
            bic: bank.bic.clone(),
            reference: match reference {
                SwissReference::None => number.clone(),
                SwissReference::Qrr(text) | SwissReference::Scor(text) => text.clone(),
            },
        }),
        notes: notes(issued, billed, words, &number),
        bill: bank.zip(reference).and_then(|(bank, reference)| {
            let message = format!("{} {number}", words.invoice);
            let bill = bill(billed, bank, reference, message);
            bill.map(|bill| SwissBill {
                amount: Some(left.minor()),
                currency: receipt.currency.code().to_owned(),
                ..bill
            })
        }),
        number,
    })
}

/// What the receipt notes, and of one that was paid at once which receipt it is.
fn notes(issued: &IssuedReceipt, billed: &Billed<'_>, words: &Words, number: &str) -> Vec<String> {
    let receipt = &issued.receipt;
    let mut notes: Vec<String> = receipt.note.clone().into_iter().collect();
    let Some(named) = billed.named.filter(|_| on_account(issued).is_none()) else { return notes };
    if !receipt.rounding.is_zero() {
        let (digits, language) = (receipt.currency.minor_digits(), language(billed.then));
        let amount = paper::format_amount(receipt.rounding.minor(), digits, language);
        notes.push(format!("{}: {amount}", words.rounding));
    }
    notes.push(format!("{} {number}.", words.made_of));
    if named.edition > 1 {
        notes.push(format!("{} {}.", words.edition, named.edition));
    }
    notes
}

fn recipient(
    customer: CustomerId,
    details: Option<&CustomerDetails>,
    here: Country,
) -> Vec<String> {
    let Some(details) = details else { return vec![unnamed_customer(customer)] };
    let town = format!("{} {}", details.postal_code, details.town);
    // The post asks for the country only where a letter leaves it.
    let home = here.profile().alpha2;
    let abroad = Some(details.country.as_str()).filter(|country| *country != home);
    let lines = [
        details.company.as_str(),
        details.name.as_str(),
        details.street.as_str(),
        town.trim(),
        abroad.unwrap_or_default(),
    ];
    lines.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What each line came to, its own discounts taken off; the receipt's stand apart.
fn after_discounts(printed: Vec<paper::Line>, sold: &[Line]) -> Vec<paper::Line> {
    let amount = |line: &paper::Line| {
        line.sub
            .iter()
            .filter_map(|sub| sub.amount)
            .fold(Money::new(line.amount), |sum, off| sum.saturating_plus(Money::new(off)))
    };
    let one = |(line, sold): (paper::Line, &Line)| paper::Line {
        amount: amount(&line).minor(),
        unit_price: Some(sold.price.minor()),
        ..line
    };
    printed.into_iter().zip(sold).map(one).collect()
}

fn paid(tenders: &[Tender], words: &Words) -> Vec<paper::NamedAmount> {
    let others = tenders.iter().filter(|tender| tender.kind != TenderKind::Account);
    let named = |tender: &Tender| paper::NamedAmount {
        text: words.tender(tender.kind).to_owned(),
        amount: tender.amount.negated().minor(),
    };
    others.map(named).collect()
}

/// By what the payment is known again: 26 digits of customer, till, number and incarnation where the account
/// asks for them, a creditor reference elsewhere.
fn reference(bank: &BankAccount, customer: CustomerId, code: ReceiptCode) -> SwissReference {
    let ReceiptRef { till, number } = code.receipt;
    if is_qr_iban(&bank.iban) {
        let digits = format!("{customer:0>8}{till:0>4}{number:0>8}{:0>6}", code.incarnation);
        return qr_reference(&digits).map_or(SwissReference::None, SwissReference::Qrr);
    }
    let again = if code.incarnation > 1 { format!("I{}", code.incarnation) } else { String::new() };
    let body = format!("C{customer}R{till}N{number}{again}");
    creditor_reference(&body).map_or(SwissReference::None, SwissReference::Scor)
}

/// The QR-bill of a shop in Switzerland; its amount is the caller's.
fn bill(
    billed: &Billed<'_>,
    bank: &BankAccount,
    reference: SwissReference,
    message: String,
) -> Option<SwissBill> {
    let home = billed.now.country.profile();
    if !home.qr_bill {
        return None;
    }
    let creditor = shop_address(billed.now, &bank.holder)?;
    let debtor = billed.details.as_ref().map(|details| SwissAddress {
        name: details.title().to_owned(),
        country: match details.country.as_str() {
            "" => home.alpha2.to_owned(),
            country => country.to_owned(),
        },
        street: details.street.clone(),
        house: String::new(),
        postal_code: details.postal_code.clone(),
        town: details.town.clone(),
    });
    let iban = bank.iban.clone();
    Some(SwissBill { iban, creditor, debtor, reference, message, ..SwissBill::default() })
}

/// The shop's address field by field: its last line that begins with a postal code, and the line above.
fn shop_address(settings: &Settings, holder: &str) -> Option<SwissAddress> {
    let postal = |line: &str| {
        let (code, town) = line.trim().split_once(' ')?;
        let home = settings.country.profile();
        let (country, code) = match code.split_once('-') {
            Some((country, code)) if home.post.contains(&country) => (country, code),
            Some(_) => return None,
            None => (home.alpha2, code),
        };
        let fits = code.len() >= 4 && code.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| (country.to_owned(), code.to_owned(), town.trim().to_owned()))
    };
    let at = settings.address.iter().rposition(|line| postal(line).is_some())?;
    let (country, postal_code, town) = postal(settings.address.get(at)?)?;
    let street = at.checked_sub(1).and_then(|at| settings.address.get(at)).cloned();
    Some(SwissAddress {
        name: holder.to_owned(),
        street: street.unwrap_or_default(),
        house: String::new(),
        postal_code,
        town,
        country,
    })
}

#[cfg(test)]
mod tests {
    use domain::{ReceiptNo, TillId};

    use super::*;

    fn bank(iban: &str) -> BankAccount {
        BankAccount { iban: iban.to_owned(), bic: None, holder: "Laden AG".to_owned() }
    }

    fn settings(address: &[&str]) -> Settings {
        let address = address.iter().map(|line| (*line).to_owned()).collect();
        let defaults = crate::defaults::settings(Country::Ch, domain::settings::Language::De);
        Settings { address, ..defaults }
    }

    #[test]
    fn the_reference_fits_the_account() {
        let receipt = ReceiptRef { till: TillId(1), number: ReceiptNo(4_812) };
        let code = |incarnation| ReceiptCode { receipt, incarnation };
        let of =
            |iban: &str, incarnation| reference(&bank(iban), CustomerId(12), code(incarnation));
        let SwissReference::Qrr(qrr) = of("CH4431999123000889012", 1) else { panic!("a QR-IBAN") };
        assert_eq!((qrr.len(), &qrr[..26]), (27, "00000012000100004812000001"));
        let SwissReference::Scor(scor) = of("CH5800791123000889012", 470_220) else { panic!() };
        assert!(scor.starts_with("RF") && scor.ends_with("C12R1N4812I470220"), "{scor}");
        let again = of("CH5800791123000889012", 1);
        assert_ne!(again, SwissReference::Scor(scor), "a restored shop asks by another");
    }

    #[test]
    fn the_shops_address_is_read_field_by_field_or_there_is_no_bill() {
        let found = shop_address(&settings(&["Marktgasse 28", "8400 Winterthur"]), "Laden AG");
        let found = found.expect("an address");
        assert_eq!((found.street.as_str(), found.postal_code.as_str()), ("Marktgasse 28", "8400"));
        assert_eq!((found.town.as_str(), found.is_whole()), ("Winterthur", true));
        for (town, code, country) in
            [("CH-8400 Winterthur", "8400", "CH"), ("LI-9490 Vaduz", "9490", "LI")]
        {
            let found = shop_address(&settings(&["Marktgasse 28", town]), "Laden AG");
            let found = found.expect("an address");
            assert_eq!((found.postal_code.as_str(), found.country.as_str()), (code, country));
        }
        for address in [&[][..], &["Winterthur"], &["D-79761 Waldshut"], &["CH- Winterthur"]] {
            assert_eq!(shop_address(&settings(address), "Laden AG"), None, "{address:?}");
        }
    }
}
