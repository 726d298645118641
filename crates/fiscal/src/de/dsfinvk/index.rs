//! index.xml, which tells the auditor's program what the files hold, and the DTD that it names.
//!
//! Beschreibungsstandard of the tax administration, version 1.0 of 2004-09-01.

use super::schema::{Kind, Table};

/// The name of the DTD's file, which lies beside index.xml.
pub const DTD_FILE: &str = "gdpdu-01-09-2004.dtd";

/// The DTD: the grammar of index.xml in own words, element by element that of the Beschreibungsstandard.
pub const DTD: &str = include_str!("gdpdu-01-09-2004.dtd");

/// The name of index.xml.
pub const INDEX_FILE: &str = "index.xml";

/// What the comment of index.xml says where units signed that are not certified, before their serial numbers.
pub const NOT_CERTIFIED: &str = "TEST – NICHT von einer zertifizierten TSE signiert (NOT signed by a certified TSE), Seriennummer";

/// Who hands the files over.
#[derive(Debug, Clone, Default)]
pub struct Supplier {
    /// Name of the taxpayer.
    pub name: String,
    /// Where.
    pub location: String,
    /// What was handed over and why; free text.
    pub comment: String,
}

/// index.xml for these tables, in this order. `certificate_columns` as the exporter was given them.
pub fn index_xml<'t>(
    supplier: &Supplier,
    tables: impl IntoIterator<Item = &'t Table>,
    certificate_columns: usize,
) -> String {
    let mut out = Xml(String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"));
    out.line(0, &format!("<!DOCTYPE DataSet SYSTEM \"{DTD_FILE}\">"));
    out.line(0, "<DataSet>");
    out.element(1, "Version", "1.0");
    out.line(1, "<DataSupplier>");
    out.element(2, "Name", &supplier.name);
    out.element(2, "Location", &supplier.location);
    out.element(2, "Comment", &supplier.comment);
    out.line(1, "</DataSupplier>");
    out.line(1, "<Media>");
    out.element(2, "Name", "DSFinV-K");
    for table in tables {
        out.table(table, certificate_columns);
    }
    out.line(1, "</Media>");
    out.line(0, "</DataSet>");
    out.0
}

struct Xml(String);

impl Xml {
    fn line(&mut self, depth: usize, text: &str) {
        self.0.push_str(&"  ".repeat(depth));
        self.0.push_str(text);
        self.0.push_str("\r\n");
    }

    fn element(&mut self, depth: usize, name: &str, text: &str) {
        self.line(depth, &format!("<{name}>{}</{name}>", escaped(text)));
    }

    fn table(&mut self, table: &Table, certificate_columns: usize) {
        self.line(2, "<Table>");
        self.element(3, "URL", table.file);
        self.element(3, "Name", table.name);
        self.element(3, "Description", table.description);
        self.line(3, "<UTF8 />");
        self.element(3, "DecimalSymbol", ",");
        self.element(3, "DigitGroupingSymbol", ".");
        // The first line holds the names.
        self.line(3, "<Range>");
        self.element(4, "From", "2");
        self.line(3, "</Range>");
        self.line(3, "<VariableLength>");
        self.element(4, "ColumnDelimiter", ";");
        // As references: a parser would make one line feed of the two characters.
        self.line(4, "<RecordDelimiter>&#13;&#10;</RecordDelimiter>");
        self.element(4, "TextEncapsulator", "\"");
        for column in table.columns_with(certificate_columns) {
            self.line(4, "<VariableColumn>");
            self.element(5, "Name", column.name);
            self.element(5, "Description", column.description);
            match column.kind {
                Kind::Number(0) => self.line(5, "<Numeric />"),
                Kind::Number(decimals) => {
                    self.line(5, "<Numeric>");
                    self.element(6, "Accuracy", &decimals.to_string());
                    self.line(5, "</Numeric>");
                }
                Kind::Text(most) | Kind::Key(most) => {
                    self.line(5, "<AlphaNumeric />");
                    self.element(5, "MaxLength", &most.to_string());
                }
            }
            self.line(4, "</VariableColumn>");
        }
        self.line(3, "</VariableLength>");
        self.line(2, "</Table>");
    }
}

/// Text as XML wants it; characters that XML cannot hold become blanks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push(' '),
            c => out.push(c),
        }
    }
    out
}
