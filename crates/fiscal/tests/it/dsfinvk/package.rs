//! A package in memory, as files and as tables that can be changed.

use std::collections::BTreeMap;
use std::io::{self, Cursor};

use fiscal::de::dsfinvk::check::{Finding, Options, Package, Summary, check};
use fiscal::de::dsfinvk::model::{Closing, Receipt};
use fiscal::de::dsfinvk::schema::certificate_columns;
use fiscal::de::dsfinvk::{DTD, DTD_FILE, Exporter, INDEX_FILE, Supplier};

/// Files by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Files(pub(crate) BTreeMap<String, Vec<u8>>);

impl Package for Files {
    type File = Cursor<Vec<u8>>;

    fn files(&mut self) -> io::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&mut self, file: &str) -> io::Result<Self::File> {
        Ok(Cursor::new(self.0.get(file).cloned().unwrap_or_default()))
    }
}

/// A file as rows of values; the first holds the names.
#[derive(Debug, Clone)]
pub(crate) struct Grid(pub(crate) Vec<Vec<String>>);

impl Grid {
    pub(crate) fn column(&self, name: &str) -> usize {
        let found = self.0[0].iter().position(|column| column == name);
        found.unwrap_or_else(|| panic!("no column {name}"))
    }
}

impl Files {
    /// What the exporter makes of a shop.
    pub(crate) fn export(shop: &[(Closing, Vec<Receipt>)]) -> Files {
        let units = shop.iter().flat_map(|(closing, _)| &closing.units);
        let longest = units.map(|unit| unit.certificate.len()).max().unwrap_or_default();
        let mut exporter =
            Exporter::new(certificate_columns(longest), |_| Ok(Some(Vec::new()))).unwrap();
        for (closing, receipts) in shop {
            exporter.closing(closing).unwrap();
            for receipt in receipts {
                exporter.receipt(receipt).unwrap();
            }
        }
        let written = exporter.finish().unwrap();
        let supplier = Supplier {
            name: "Müller & Söhne OHG".to_owned(),
            location: "Münster".to_owned(),
            comment: "Kassendaten 23.–25.11.2026".to_owned(),
        };
        let mut files = BTreeMap::new();
        files.insert(INDEX_FILE.to_owned(), written.index_xml(&supplier).into_bytes());
        files.insert(DTD_FILE.to_owned(), DTD.as_bytes().to_vec());
        for file in written.files {
            files.insert(file.table.file.to_owned(), file.sink);
        }
        Files(files)
    }

    /// What the checker finds.
    pub(crate) fn findings(&mut self) -> (Vec<Finding>, Summary) {
        let mut findings = Vec::new();
        let options = Options { verify: Some(&super::signing::verify), most: 0 };
        let summary = check(self, &options, &mut |finding| findings.push(finding)).unwrap();
        (findings, summary)
    }

    pub(crate) fn text(&self, file: &str) -> String {
        String::from_utf8(self.0[file].clone()).unwrap()
    }

    /// Reads a file by a reader of its own, not the checker's.
    pub(crate) fn grid(&self, file: &str) -> Grid {
        let text = self.text(file);
        let (mut rows, mut row, mut value) = (Vec::new(), Vec::new(), String::new());
        let mut quoted = false;
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            match (c, quoted) {
                ('"', true) if characters.peek() == Some(&'"') => {
                    characters.next();
                    value.push('"');
                }
                ('"', _) => quoted = !quoted,
                (';', false) => row.push(std::mem::take(&mut value)),
                ('\r', false) => {
                    assert_eq!(characters.next(), Some('\n'), "{file}");
                    row.push(std::mem::take(&mut value));
                    rows.push(std::mem::take(&mut row));
                }
                (c, _) => value.push(c),
            }
        }
        assert!(row.is_empty() && value.is_empty(), "{file} ends in the middle of a row");
        Grid(rows)
    }

    pub(crate) fn put(&mut self, file: &str, grid: &Grid) {
        let mut text = String::new();
        for row in &grid.0 {
            let quoted = row.iter().map(|value| {
                if value.contains(['"', ';', '\r', '\n']) {
                    format!("\"{}\"", value.replace('"', "\"\""))
                } else {
                    value.clone()
                }
            });
            text.push_str(&quoted.collect::<Vec<_>>().join(";"));
            text.push_str("\r\n");
        }
        self.0.insert(file.to_owned(), text.into_bytes());
    }
}
