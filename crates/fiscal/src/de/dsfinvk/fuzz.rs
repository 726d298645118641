//! Fuzz targets as plain functions, so that they also run seeded in the ordinary tests. Each claims that it returns;
//! what else holds, it returns for the tests to look at.

use std::io::{self, Cursor, Write};

use super::check::{Finding, Options, Package, Reader, Rule, check};
use super::model::{
    Agency, Amount, BusinessCase, Closing, Encoding, Line, Party, Payment, PaymentKind,
    ProcessType, Quantity, Rate, Receipt, ReceiptKind, Reference, Register, Signature, SigningUnit,
    Stamp, TaxRate, Taxed, TimeFormat,
};
use super::{DTD, DTD_FILE, Exporter, INDEX_FILE, Supplier, Totals};

/// Bytes as a file of the form. Whether what was read without a flaw, written and read again is the same.
pub fn file(bytes: &[u8]) -> bool {
    let mut reader = Reader::new(bytes);
    let mut same = true;
    while let Ok(Some(record)) = reader.next_record() {
        let flawless = reader.flaws().is_empty();
        let values: Vec<&str> = (0..record.width()).map(|place| record.get(place)).collect();
        let quoted = values.iter().map(|value| format!("\"{}\"", value.replace('"', "\"\"")));
        let line = quoted.collect::<Vec<_>>().join(";") + "\r\n";
        let mut again = Reader::new(line.as_bytes());
        let read = again.next_record().ok().flatten().unwrap_or_default();
        let width = read.width() == record.width();
        same &= !flawless || (width && values.iter().enumerate().all(|(at, v)| read.get(at) == *v));
    }
    same
}

/// A small package that holds true, for bytes to be put into.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    files: Vec<(String, Vec<u8>)>,
}

impl Sample {
    /// The package. Errs never, but says so if it did.
    pub fn new() -> io::Result<Sample> {
        let mut exporter = Exporter::new(2, |_| Ok(Some(Vec::new()))).map_err(io::Error::other)?;
        let receipts = [receipt(7), receipt(8)];
        let mut closing = closing();
        let mut totals = Totals::default();
        receipts.iter().for_each(|receipt| totals.add(receipt, "EUR"));
        totals.into_closing(&mut closing);
        exporter.closing(&closing).map_err(io::Error::other)?;
        for receipt in &receipts {
            exporter.receipt(receipt).map_err(io::Error::other)?;
        }
        let written = exporter.finish().map_err(io::Error::other)?;
        let index = written.index_xml(&Supplier::default()).into_bytes();
        let mut files = vec![(INDEX_FILE.to_owned(), index), (DTD_FILE.to_owned(), DTD.into())];
        let tables = written.files.into_iter();
        files.extend(tables.map(|file| (file.table.file.to_owned(), file.sink)));
        Ok(Sample { files })
    }

    /// Whether this byte stands already where [`Sample::with`] would put it.
    pub fn same(&self, file: u8, at: u16, byte: u8) -> bool {
        let Some((_, content)) = self.files.get(usize::from(file)) else { return false };
        let place = usize::from(at).checked_rem(content.len().max(1)).unwrap_or_default();
        content.get(place) == Some(&byte)
    }

    /// Puts bytes into one of the files, over what stood there: the first byte says which file, the next two where,
    /// the fourth how many are taken out. How many things the checker finds.
    pub fn with(&self, bytes: &[u8]) -> u64 {
        let mut package = self.clone();
        if let [file, high, low, out, rest @ ..] = bytes {
            let count = package.files.len().max(1);
            let place = usize::from(*file).checked_rem(count).unwrap_or_default();
            if let Some((_, content)) = package.files.get_mut(place) {
                let at = usize::from(u16::from_be_bytes([*high, *low]));
                let start = at.checked_rem(content.len().max(1)).unwrap_or_default();
                let end = start.saturating_add(usize::from(*out)).min(content.len());
                content.splice(start..end, rest.iter().copied());
            }
            // An index that is as it was takes longer to read than all the rest.
            if place > 1 {
                package.files.retain(|(name, _)| name != INDEX_FILE && name != DTD_FILE);
            }
        }
        let mut found: u64 = 0;
        let verify = |_: &super::check::Signed<'_>| Ok(());
        let options = Options { verify: Some(&verify), most: 0 };
        let mut count = |finding: Finding| {
            let left_out = finding.rule == Rule::FileMissing;
            found = found.saturating_add(u64::from(!left_out));
        };
        let summary = check(&mut package, &options, &mut count);
        summary.map_or(u64::MAX, |_| found)
    }
}

impl Package for Sample {
    type File = Cursor<Vec<u8>>;

    fn files(&mut self) -> io::Result<Vec<String>> {
        Ok(self.files.iter().map(|(name, _)| name.clone()).collect())
    }

    fn open(&mut self, file: &str) -> io::Result<Self::File> {
        let found = self.files.iter().find(|(name, _)| name == file);
        let mut content = Vec::new();
        content.write_all(found.map_or(&[], |(_, content)| content))?;
        Ok(Cursor::new(content))
    }
}

fn stamp(seconds: i64) -> Stamp {
    let since = 1_795_417_200_i64.saturating_add(seconds);
    Stamp::new(since.saturating_mul(1_000), 60).unwrap_or_default()
}

fn closing() -> Closing {
    let party = Party {
        name: "Müller".to_owned(),
        street: "Weg 1".to_owned(),
        postcode: "48143".to_owned(),
        town: "Münster".to_owned(),
        country: "DEU".to_owned(),
        ..Party::default()
    };
    let text = || "x".to_owned();
    let rate = |key, rate| TaxRate { key, rate: Rate::new(rate), description: text() };
    Closing {
        till: "1".to_owned(),
        created: stamp(9_000),
        number: 3,
        company: party.clone(),
        location: party.clone(),
        register: Register {
            brand: text(),
            model: text(),
            serial: text(),
            software: text(),
            software_version: text(),
            currency: "EUR".to_owned(),
            without_vat: false,
        },
        agencies: vec![Agency { id: 1, party }],
        rates: vec![rate(1, 1_900), rate(5, 0)],
        units: vec![SigningUnit {
            id: 1,
            serial: "ab".repeat(32),
            algorithm: "ecdsa-plain-SHA256".to_owned(),
            time_format: TimeFormat::Unix,
            encoding: Encoding::Utf8,
            public_key: "AAAA".to_owned(),
            certificate: "AAAA".to_owned(),
            certified: true,
        }],
        ..Closing::default()
    }
}

fn receipt(number: u64) -> Receipt {
    let at = i64::try_from(number).unwrap_or_default().saturating_mul(60);
    let id = format!("1-{number}");
    let mut receipt = Receipt::new(id, number, ReceiptKind::Receipt, stamp(at), stamp(at));
    let gross = Amount::from_cents(238);
    let tax = Amount::from_cents(38);
    let taxed = Taxed { key: 1, gross, net: gross.minus(tax), tax };
    let mut line = Line::new("1", BusinessCase::Turnover, "Eis; \"groß\"");
    line.quantity = Quantity::new(2_000);
    line.unit_price = Some(Amount::from_cents(119));
    line.agency = Some(1);
    line.vat = vec![taxed];
    receipt.operator = "7".to_owned();
    receipt.lines = vec![line];
    receipt.vat = vec![taxed];
    receipt.gross = gross;
    receipt.groups = vec!["Tisch 4".to_owned()];
    let (kind, name) = (PaymentKind::Cash, String::new());
    receipt.payments = vec![Payment { kind, name, amount: gross, foreign: None }];
    let (till, target) = ("1".to_owned(), "1-7".to_owned());
    receipt.references =
        vec![Reference::Receipt { till, created: stamp(9_000), closing: 3, receipt: target }];
    receipt.signatures = vec![Signature {
        unit: Some(1),
        transaction: Some(number),
        start: Some(receipt.start),
        end: Some(receipt.end),
        process_type: ProcessType::Receipt,
        counter: Some(number),
        signature: "AAAA".to_owned(),
        fault: String::new(),
        process_data: "Beleg^2.38_0.00_0.00_0.00_0.00^2.38:Bar".to_owned(),
    }];
    receipt
}
