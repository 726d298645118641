//! The invoice that machines read, out of a receipt.

use domain::basket::{Line as Sold, Tender, TenderKind};
use domain::catalogue::Unit;
use domain::totals::{TaxRow, tax_parts};
use fiscal::einvoice::{
    Contact, Invoice, Kind, Line, Means, Party, Prices, Profile, Tax, TaxSum, write,
};
use money::{Money, Rate};

use super::Made;
use crate::fiscal::company;
use crate::print;

/// What an electronic invoice lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// The customer was forgotten.
    Forgotten,
    /// Street, postal code or town of the buyer.
    BuyerAddress,
    /// Where electronic invoices reach the buyer.
    BuyerElectronic,
    /// The buyer's reference (Leitweg-ID).
    BuyerReference,
    /// Street, postal code or town of the shop.
    SellerAddress,
    /// VAT id or tax number of the shop.
    SellerTax,
    /// Whom to ask at the shop.
    SellerContact,
    /// The account that it is paid to.
    Account,
    /// There are none in this country.
    Country,
    /// Another rule that it breaks, named as its form names it.
    Rule(String),
}

/// Of which language words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// German.
    German,
    /// English.
    English,
}

impl Lack {
    /// What to do about it, in a sentence.
    pub fn words(&self, language: Language) -> String {
        let (german, english) = match self {
            Lack::Forgotten => (
                "Die Angaben des Kunden wurden gelöscht.",
                "The customer's details were destroyed.",
            ),
            Lack::BuyerAddress => (
                "Beim Kunden fehlen Straße, Postleitzahl oder Ort.",
                "The customer's street, postal code or town is missing.",
            ),
            Lack::BuyerElectronic => (
                "Beim Kunden fehlt, wohin elektronische Rechnungen gehen: eine E-Mail-Adresse oder eine Leitweg-ID.",
                "The customer has no e-mail address or Leitweg-ID that electronic invoices go to.",
            ),
            Lack::BuyerReference => (
                "Beim Kunden fehlt die Referenz, die eine XRechnung verlangt: bei Behörden die Leitweg-ID.",
                "The customer's reference is missing, which an XRechnung wants: for authorities the Leitweg-ID.",
            ),
            Lack::SellerAddress => (
                "In der Anschrift des Ladens fehlen Straße, Postleitzahl oder Ort (Einstellungen, Laden).",
                "The shop's street, postal code or town is missing (settings, shop).",
            ),
            Lack::SellerTax => (
                "Die Nummer des Ladens für die Umsatzsteuer oder seine Steuernummer fehlt (Einstellungen, Laden).",
                "The shop's VAT number or tax number is missing (settings, shop).",
            ),
            Lack::SellerContact => (
                "Der Ansprechpartner des Ladens fehlt: Name, Telefon, E-Mail (Einstellungen, Buchhaltung).",
                "The shop's contact is missing: name, telephone, e-mail (settings, books).",
            ),
            Lack::Account => (
                "Das Bankkonto des Ladens fehlt (Einstellungen, Bank).",
                "The shop's bank account is missing (settings, bank).",
            ),
            Lack::Country => (
                "Elektronische Rechnungen nach EN 16931 gibt es für Läden in Deutschland und Österreich.",
                "Electronic invoices by EN 16931 are for shops in Germany and Austria.",
            ),
            Lack::Rule(rule) => {
                return match language {
                    Language::German => format!("Die Rechnung verletzt eine Regel: {rule}."),
                    Language::English => format!("The invoice breaks a rule: {rule}."),
                };
            }
        };
        match language {
            Language::German => german.to_owned(),
            Language::English => english.to_owned(),
        }
    }
}

/// A Leitweg-ID: a coarse part of digits, perhaps a fine one, and two check digits.
fn is_routing(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let (first, last) = (parts.first().copied(), parts.last().copied());
    let digits = |text: &str, least: usize, most: usize| {
        (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    (2..=3).contains(&parts.len())
        && first.is_some_and(|text| digits(text, 2, 12))
        && last.is_some_and(|text| digits(text, 2, 2))
}

pub(super) fn xml(made: &Made, profile: Profile) -> Result<String, Vec<Lack>> {
    if !made.then.country.profile().electronic_invoices {
        return Err(vec![Lack::Country]);
    }
    let mut lacks = Vec::new();
    let (seller, buyer, reference) = parties(made, profile, &mut lacks);
    let means = means(made, &mut lacks);
    if !lacks.is_empty() {
        return Err(lacks);
    }
    let receipt = &made.issued.receipt;
    let out = || vec![Lack::Rule("BR-S-08".to_owned())];
    let (lines, taxes) = lines(made).ok_or_else(out)?;
    let others = receipt.tenders.iter().filter(|tender| tender.kind != TenderKind::Account);
    let prepaid = others.fold(Money::ZERO, |sum, tender| sum.saturating_plus(tender.amount));
    let due = print::on_account(&made.issued).and_then(|(of, _)| of.due);
    let kind = match &made.corrects {
        Some((number, date)) if receipt.total.is_negative() => {
            Kind::Correction(number.clone(), *date)
        }
        _ => Kind::Invoice,
    };
    let exempt = taxes.iter().any(|sum| sum.tax == Tax::Exempt);
    let invoice = Invoice {
        kind,
        number: made.invoice.number.clone(),
        issued: receipt.date,
        supplied: receipt.date,
        currency: receipt.currency.code().to_owned(),
        seller,
        buyer,
        reference,
        prices: if made.then.prices_include_tax { Prices::Gross } else { Prices::Net },
        lines,
        allowances: Vec::new(),
        taxes,
        exemption: exempt.then(|| "Nicht steuerbar oder steuerfrei".to_owned()),
        prepaid,
        rounding: receipt.rounding,
        means,
        due,
        notes: made.invoice.notes.clone(),
    };
    write(&invoice, profile)
        .map_err(|broken| broken.iter().map(|rule| Lack::Rule(rule.to_string())).collect())
}

fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn parties(made: &Made, profile: Profile, lacks: &mut Vec<Lack>) -> (Party, Party, Option<String>) {
    let strict = profile == Profile::XRechnung;
    let mut lack = |missing: bool, what: Lack| {
        if missing {
            lacks.push(what);
        }
    };
    let (then, now) = (&made.then, &made.now);
    let company = company(then).ok();
    let contact = now.contact.as_ref();
    let vat_id = then.vat_id.as_deref().and_then(some);
    let tax_number = then.tax_number.as_deref().and_then(some);
    lack(company.is_none(), Lack::SellerAddress);
    lack(vat_id.is_none() && tax_number.is_none(), Lack::SellerTax);
    lack(strict && contact.is_none(), Lack::SellerContact);
    lack(made.details.is_none(), Lack::Forgotten);
    let details = made.details.clone().unwrap_or_default();
    let whole = [&details.street, &details.postal_code, &details.town];
    let partial = whole.iter().any(|text| text.trim().is_empty());
    lack(made.details.is_some() && partial, Lack::BuyerAddress);
    let reference = some(&details.reference);
    let routing = reference.clone().filter(|text| is_routing(text));
    let address = some(&details.email).map(|mail| ("EM".to_owned(), mail));
    let address = address.or_else(|| routing.map(|id| ("0204".to_owned(), id)));
    lack(strict && made.details.is_some() && address.is_none(), Lack::BuyerElectronic);
    lack(strict && made.details.is_some() && reference.is_none(), Lack::BuyerReference);
    let seller = company.unwrap_or_default();
    let seller = Party {
        name: seller.name,
        street: seller.street,
        post_code: seller.postcode,
        town: seller.town,
        country: then.country.profile().alpha2.to_owned(),
        vat_id,
        tax_number,
        contact: contact.map(|contact| Contact {
            name: contact.name.clone(),
            phone: contact.phone.clone(),
            mail: contact.mail.clone(),
        }),
        address: contact.map(|contact| ("EM".to_owned(), contact.mail.clone())),
    };
    let home = then.country.profile().alpha2.to_owned();
    let buyer = Party {
        name: details.title().to_owned(),
        street: details.street.clone(),
        post_code: details.postal_code.clone(),
        town: details.town.clone(),
        country: some(&details.country).unwrap_or(home),
        vat_id: some(&details.vat_id),
        tax_number: None,
        contact: None,
        address,
    };
    (seller, buyer, reference)
}

/// How it is paid: on account by transfer; otherwise as the largest part of it was.
fn means(made: &Made, lacks: &mut Vec<Lack>) -> Means {
    if let Some((_, owed)) = print::on_account(&made.issued)
        && owed.is_positive()
    {
        return match &made.now.bank {
            Some(bank) => Means::Transfer {
                iban: bank.iban.clone(),
                holder: bank.holder.clone(),
                bic: bank.bic.clone(),
            },
            None => {
                lacks.push(Lack::Account);
                Means::Cash
            }
        };
    }
    let tenders = &made.issued.receipt.tenders;
    match tenders.iter().max_by_key(|tender| tender.amount.abs()) {
        None => Means::Cash,
        Some(Tender { kind: TenderKind::Cash | TenderKind::CashForeign, .. }) => Means::Cash,
        Some(Tender { kind: TenderKind::Card | TenderKind::CardExternal, card, .. }) => {
            let digits = card.as_ref().and_then(|card| card.last4.clone());
            let four = |text: &String| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
            Means::Card(digits.filter(four))
        }
        Some(Tender { kind: TenderKind::Voucher, .. }) => Means::Other("Gutschein".to_owned()),
        Some(Tender { kind: TenderKind::Transfer | TenderKind::TransferByHand, .. }) => {
            Means::Other("Überweisung, bezahlt".to_owned())
        }
        Some(Tender { kind: TenderKind::Account, .. }) => Means::Other("Kundenkonto".to_owned()),
    }
}

/// Keys 5 and 6 are no tax at all; whatever else is taxed at nothing has a rate of nothing.
fn tax_of(key: u16, rate: Rate) -> Tax {
    match (key, rate.basis_points()) {
        (5 | 6, 0) => Tax::Exempt,
        (_, 0) => Tax::Zero,
        _ => Tax::Standard(rate),
    }
}

fn lines(made: &Made) -> Option<(Vec<Line>, Vec<TaxSum>)> {
    let receipt = &made.issued.receipt;
    let mut lines = Vec::new();
    for sold in &receipt.lines {
        let parts = tax_parts(sold).ok()?;
        let several = parts.len() > 1;
        for (key, amount) in parts {
            let rate = rate_of(sold, key.0, &receipt.tax)?;
            let tax = tax_of(key.0, rate);
            let share = format!("{} ({})", sold.name, key.0);
            let name = if several { share } else { sold.name.clone() };
            lines.push(line(sold, name, amount, tax));
        }
    }
    let mut sums: Vec<TaxSum> = Vec::new();
    for TaxRow { key, rate, net, tax, .. } in &receipt.tax {
        let kind = tax_of(*key, *rate);
        if !lines.iter().any(|line| line.tax == kind) {
            continue;
        }
        match sums.iter_mut().find(|sum| sum.tax == kind) {
            Some(sum) => {
                sum.net = sum.net.saturating_plus(*net);
                sum.amount = sum.amount.saturating_plus(*tax);
            }
            None => sums.push(TaxSum { tax: kind, net: *net, amount: *tax }),
        }
    }
    Some((lines, sums))
}

/// The rate that a line's key was taxed at: its own, else the receipt's for that key.
fn rate_of(sold: &Sold, key: u16, rows: &[TaxRow]) -> Option<Rate> {
    let kept = sold.rates.as_ref().and_then(|rates| rates.iter().find(|(of, _)| of.0 == key));
    if let Some((_, rate)) = kept {
        return Some(*rate);
    }
    rows.iter().find(|row| row.key == key).map(|row| row.rate)
}

fn line(sold: &Sold, name: String, amount: Money, tax: Tax) -> Line {
    let code = sold.code.as_deref().unwrap_or_default();
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    let gtin = (digits && matches!(code.len(), 8 | 12 | 13 | 14)).then(|| code.to_owned());
    Line {
        name: if name.trim().is_empty() { "–".to_owned() } else { name },
        gtin,
        quantity: sold.quantity,
        unit: match sold.unit {
            Unit::Piece => "H87",
            Unit::Kilogram => "KGM",
            Unit::Litre => "LTR",
            Unit::Metre => "MTR",
        }
        .to_owned(),
        amount,
        tax,
    }
}
