//! A shop's days, written and read again.

use std::io::{self, Write};

use fiscal::de::dsfinvk::check::Severity;
use fiscal::de::dsfinvk::model::{BusinessCase, Receipt, ReceiptKind};
use fiscal::de::dsfinvk::schema::{TABLES, lines};
use fiscal::de::dsfinvk::{ExportError, Exporter, NOT_CERTIFIED, Why};

use super::package::Files;
use super::shop::{self, shop};
use super::signing::Unit;

#[test]
fn a_shop_with_every_kind_of_receipt_passes_the_checker() {
    let shop = shop();
    for kind in ReceiptKind::ALL.iter().filter(|kind| **kind != ReceiptKind::Cancelled) {
        let mut receipts = shop.iter().flat_map(|(_, receipts)| receipts);
        assert!(receipts.any(|receipt| receipt.kind == *kind), "{kind:?}");
    }
    for case in BusinessCase::ALL {
        let mut lines = shop.iter().flat_map(|(_, r)| r).flat_map(|receipt| &receipt.lines);
        assert!(lines.any(|line| line.case == *case), "{case:?}");
    }
    let (findings, summary) = Files::export(&shop).findings();
    assert_eq!(findings, []);
    assert_eq!(summary.count(Severity::Error), 0);
    let receipts: usize = shop.iter().map(|(_, receipts)| receipts.len()).sum();
    assert_eq!(summary.receipts, u64::try_from(receipts).unwrap());
    assert_eq!((summary.closings, summary.unverified), (6, 0));
    // All but the six of the outages.
    assert_eq!(summary.verified, summary.receipts - 6);
    assert_eq!(summary.rows.len(), TABLES.len());
}

#[test]
fn rows_stand_as_the_form_wants_them() {
    let files = Files::export(&shop());
    let lines = files.text("lines.csv");
    assert!(lines.starts_with("Z_KASSE_ID;Z_ERSTELLUNG;Z_NR;BON_ID;POS_ZEILE;GUTSCHEIN_NR;"));
    let coffee = "Kasse 1;2026-11-23T08:46:36+01:00;41;Kasse 1-4713;1;;\
        \"Kaffee; gemahlen \"\"Extra\"\" ^_ 🍨  500 g\";;Umsatz;;;0;;;4006381333931;12;Heißgetränke;2,000;;Stück;7,99000\r\n";
    assert!(lines.contains(coffee), "{}", &lines[..2_000]);
    let paid = files.text("datapayment.csv");
    assert!(paid.contains(";Bar;Bar;USD;20,00;18,40\r\n"));
    assert!(paid.contains(";Bar;Bar;EUR;-8,40;-8,40\r\n"));
    let signed = files.text("transactions_tse.csv");
    assert!(
        signed.contains("2026-11-23T07:01:01.000Z;2026-11-23T07:01:31.000Z;Kassenbeleg-V1;102;")
    );
    assert!(signed.contains(";Beleg^0.00_0.00_0.00_0.00_100.00^100.00:Bar\r\n"));
    assert!(signed.contains(
        "2;\"\"Eisbecher \"\"\"\"Himbeere\"\"\"\"\"\";3.99\r1;\"\"Menü; klein\"\";14.90\"\r\n"
    ));
    let units = files.grid("tse.csv");
    assert_eq!(units.0[0].last().unwrap(), "TSE_ZERTIFIKAT_III");
    let lengths: Vec<usize> = units.0[2][9..].iter().map(String::len).collect();
    assert_eq!(lengths, [1_000, 1_000, 400]);
    for table in TABLES {
        assert!(!files.text(table.file).starts_with('\u{feff}'));
        assert!(files.text(table.file).ends_with("\r\n"));
    }
}

#[test]
fn one_table_a_pass_gives_the_same_files() {
    let shop = shop();
    let whole = Files::export(&shop);
    for table in TABLES {
        let mut exporter =
            Exporter::new(3, |one| Ok((one.number == table.number).then(Vec::new))).unwrap();
        for (closing, receipts) in &shop {
            exporter.closing(closing).unwrap();
            receipts.iter().for_each(|receipt| exporter.receipt(receipt).unwrap());
        }
        let written = exporter.finish().unwrap();
        assert_eq!(written.files.len(), 1);
        assert_eq!(written.files[0].sink, whole.0[table.file], "{}", table.file);
    }
}

#[test]
fn a_receipt_that_cannot_be_written_leaves_nothing_behind() {
    let shop = shop();
    let (closing, receipts) = &shop[0];
    let mut exporter = Exporter::new(3, |_| Ok(Some(Vec::new()))).unwrap();
    let too_early = exporter.receipt(&receipts[0]).unwrap_err();
    assert!(matches!(too_early, ExportError::NoClosing));
    exporter.closing(closing).unwrap();
    exporter.receipt(&receipts[0]).unwrap();
    let mut broken: Receipt = receipts[1].clone();
    broken.lines.last_mut().unwrap().gtin = "4".repeat(51);
    let error = exporter.receipt(&broken).unwrap_err();
    let ExportError::Value { fault, till, closing: number, receipt } = error else { panic!() };
    assert_eq!((fault.file, fault.column), ("lines.csv", "GTIN"));
    assert_eq!(fault.why, Why::TooLong { characters: 51, most: 50 });
    assert_eq!((till.as_str(), number, receipt.as_deref()), ("Kasse 1", 41, Some("Kasse 1-4713")));
    let mut fraction = receipts[1].clone();
    fraction.gross = fiscal::de::dsfinvk::model::Amount::new(1);
    assert!(matches!(exporter.receipt(&fraction), Err(ExportError::Value { .. })));
    exporter.receipt(&receipts[1]).unwrap();
    let written = exporter.finish().unwrap();
    let file = written.files.into_iter().find(|file| file.table.number == lines::TABLE.number);
    let file = file.unwrap();
    assert_eq!(file.rows, 4);
    assert_eq!(String::from_utf8(file.sink).unwrap().lines().count(), 5);
}

#[test]
fn a_certificate_longer_than_declared_is_refused() {
    let mut exporter = Exporter::new(2, |_| Ok(Some(Vec::new()))).unwrap();
    let mut closing = shop::closing("Kasse 1", 1, shop::stamp(1_795_417_200, 60));
    closing.units = vec![Unit::new(1, 2_400).unit];
    let ExportError::Value { fault, .. } = exporter.closing(&closing).unwrap_err() else {
        panic!()
    };
    assert_eq!(fault.why, Why::CertificateColumns { needed: 3 });
    assert!(matches!(
        Exporter::<Vec<u8>>::new(21, |_| Ok(None)),
        Err(ExportError::CertificateColumns)
    ));
}

/// Every write fails from the n-th on.
struct Failing(usize);

impl Write for Failing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self.0.checked_sub(1).ok_or_else(|| io::Error::other("disk full"))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_told_whenever_it_comes() {
    let shop = shop();
    let run = |writes: usize| -> Result<(), ExportError> {
        let mut exporter = Exporter::new(3, |_| Ok(Some(Failing(writes))))?;
        for (closing, receipts) in shop.iter().cycle().take(60) {
            exporter.closing(closing)?;
            for receipt in receipts {
                exporter.receipt(receipt)?;
            }
        }
        exporter.finish().map(|_| ())
    };
    let failed = (0..200).take_while(|writes| run(*writes).is_err()).count();
    assert!(failed > 1, "{failed}");
    assert!(matches!(run(0), Err(ExportError::Io(_))));
    assert!(run(failed).is_ok());
}

#[test]
fn a_package_says_which_units_that_signed_are_not_certified() {
    let mut shop = shop();
    let mut plain = Files::export(&shop);
    assert!(!plain.text("index.xml").contains("NICHT"));
    assert!(!plain.findings().1.not_certified);
    for (closing, _) in &mut shop {
        closing.units.iter_mut().for_each(|unit| unit.certified = unit.id == 1);
    }
    let mut files = Files::export(&shop);
    let second = shop[0].0.units.iter().find(|unit| unit.id == 2).unwrap().serial.clone();
    let index = files.text("index.xml");
    let comment = index.lines().find(|line| line.contains("<Comment>")).unwrap();
    assert!(comment.contains(NOT_CERTIFIED) && comment.contains(&second), "{comment}");
    assert!(!comment.contains(&shop[0].0.units[0].serial));
    let (findings, summary) = files.findings();
    assert_eq!(findings, []);
    assert!(summary.not_certified);
}
