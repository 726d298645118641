//! Bytes from anywhere, enormous files, and the catalogues that other shops have.

use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Fake::new().analyse(bytes);
    }

    #[test]
    fn no_lines_make_it_panic(body in "[0-9a-z;,\t|\"'=+.€%\n\r\0 -]{0,300}", head in 0..3_usize) {
        let header = ["GTIN;Name;Preis;MwSt;Pfand;Alter;Packcode;Packmenge;Packpreis\n", "Name,Price,VAT\n", "sep=|\nNr|VK\n"][head];
        let shop = Fake::new();
        let file = format!("{header}{body}");
        if let Ok(preview) = shop.analyse(&file) {
            let counts = preview.counts;
            prop_assert_eq!(counts.rows, counts.new + counts.changed + counts.unchanged + counts.errors);
            prop_assert_eq!(counts.errors == 0, preview.errors.is_empty());
            prop_assert!(shop.import(&file, true).is_ok());
        }
    }
}

/// A file of `length` times one byte behind a beginning, which takes no memory.
struct Endless {
    beginning: &'static [u8],
    byte: u8,
    length: u64,
    at: u64,
}

impl Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let mut count = 0;
        for place in out.iter_mut() {
            if self.at >= self.length {
                break;
            }
            let at = usize::try_from(self.at).unwrap();
            *place = self.beginning.get(at).copied().unwrap_or(self.byte);
            self.at += 1;
            count += 1;
        }
        Ok(count)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let SeekFrom::Start(at) = to else { panic!("only from the start") };
        self.at = at;
        Ok(at)
    }
}

fn endless(beginning: &'static [u8], byte: u8) -> ImportFailure {
    let mut file = Endless { beginning, byte, length: 3_000_000, at: 0 };
    analyse_with(&mut file, &Fake::new(), &mut go_on).unwrap_err()
}

#[test]
fn a_million_columns_are_refused_at_once() {
    assert_eq!(
        endless(b"Name;Preis;", b';'),
        ImportFailure::TooManyColumns { line: 1, limit: 1_000 }
    );
    assert_eq!(endless(b";", b';'), ImportFailure::TooManyColumns { line: 1, limit: 1_000 });
    let later = endless(b"Name;Preis;MwSt\na;1,00;7\n", b';');
    assert_eq!(later, ImportFailure::TooManyColumns { line: 3, limit: 1_000 });
    let thousand = format!("Name;Preis;MwSt{}\na;1,00;7{}\n", ";".repeat(997), ";".repeat(997));
    assert_eq!(Fake::new().analyse(thousand).unwrap().counts.new, 1);
}

#[test]
fn a_record_without_end_is_refused() {
    let quote = endless(b"Name;Preis;MwSt\na;1,00;7\n\"b", b'\n');
    assert_eq!(quote, ImportFailure::RecordTooLong { line: 3, limit: 65_536 });
    assert_eq!(endless(b"", b'a'), ImportFailure::RecordTooLong { line: 1, limit: 65_536 });
}

/// A file beside the project, in a directory `shared` above it.
fn shared(path: &str) -> Option<PathBuf> {
    let above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let found = above.map(|a| a.join("shared/data").join(path)).find(|p| p.exists());
    if found.is_none() {
        eprintln!("skipped: there is no shared/data/{path}");
    }
    found
}

#[test]
fn a_catalogue_of_seventy_thousand_items_has_no_errors() {
    let Some(path) = shared("catalogue/dach.csv") else { return };
    let file = std::fs::read(path).unwrap();
    let preview = Fake::new().analyse(&file).unwrap();
    assert_eq!(preview.errors, Vec::new());
    assert_eq!((preview.counts.rows, preview.counts.new), (72_307, 72_307));
    assert_eq!((preview.charset, preview.decimal), (Charset::Utf8, DecimalSign::Comma));
    assert_eq!(preview.deposits.iter().map(|d| d.amount.minor()).collect::<Vec<_>>(), [25]);
    assert_eq!(
        preview.groups.iter().map(|g| (g.name.as_str(), g.tax.0)).collect::<Vec<_>>(),
        [("Alkohol", 1)]
    );
}
