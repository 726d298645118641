//! index.xml read again: what it declares against the form, and against the files that are there.

use std::io::{self, Read};

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use quick_xml::{Reader, XmlVersion};

use super::super::index::{DTD_FILE, INDEX_FILE, NOT_CERTIFIED};
use super::super::schema::{Column, Kind, Table};
use super::report::Report;
use super::rules::Rule;
use super::stream::certificates;

/// The longest index.xml that is read. The form's own has 70 KiB.
const LONGEST: u64 = 4 << 20;

/// An element with its text and what is in it.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    inside: Vec<Element>,
}

impl Element {
    fn all<'e>(&'e self, name: &str) -> impl Iterator<Item = &'e Element> {
        let name = name.to_owned();
        self.inside.iter().filter(move |one| one.name == name)
    }

    /// The text at the end of a path; nothing when it leads nowhere.
    fn at(&self, path: &[&str]) -> Option<&str> {
        match path {
            [] => Some(&self.text),
            [first, rest @ ..] => self.all(first).next()?.at(rest),
        }
    }
}

/// Reads an XML document; nothing when it is none. No entities but characters and XML's own five.
fn parse(text: &str) -> Option<Element> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    // 32 levels are more than the form has: an endless nesting is no index.
    let mut open: Vec<Element> = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => {
                let name = start.local_name().as_ref().to_owned();
                if open.len() > 32 {
                    return None;
                }
                open.push(Element { name, ..Element::default() });
            }
            Event::End(_) => {
                let mut element = open.pop()?;
                if !element.inside.is_empty() {
                    element.text.clear();
                }
                open.last_mut()?.inside.push(element);
            }
            Event::Text(text) => {
                open.last_mut()?.text.push_str(&text.xml_content(XmlVersion::Implicit1_0));
            }
            Event::CData(data) => {
                open.last_mut()?.text.push_str(&data.xml_content(XmlVersion::Implicit1_0));
            }
            Event::GeneralRef(reference) => {
                let text = &mut open.last_mut()?.text;
                match reference.resolve_char_ref().ok()? {
                    Some(c) => text.push(c),
                    None => {
                        let name = reference.xml_content(XmlVersion::Implicit1_0);
                        text.push_str(resolve_predefined_entity(&name)?);
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let mut root = open.pop()?;
    let dataset = root.inside.pop()?;
    (open.is_empty() && root.inside.is_empty() && dataset.name == "DataSet").then_some(dataset)
}

/// Checks index.xml against the files of the package.
pub(super) fn index(
    source: impl Read,
    files: &[String],
    report: &mut Report<'_>,
) -> io::Result<()> {
    let mut bytes = Vec::new();
    source.take(LONGEST).read_to_end(&mut bytes)?;
    let text = String::from_utf8(bytes).ok();
    let Some(dataset) = text.as_deref().and_then(parse) else {
        report.file(Rule::IndexBroken, INDEX_FILE, "", "", "");
        return Ok(());
    };
    if !text.is_some_and(|text| text.contains(DTD_FILE)) {
        report.file(Rule::IndexFormat, INDEX_FILE, "DOCTYPE", "", DTD_FILE);
    }
    expect(&dataset, &["Version"], "1.0", "", report);
    let comment = dataset.at(&["DataSupplier", "Comment"]);
    report.summary.not_certified = comment.is_some_and(|text| text.contains(NOT_CERTIFIED));
    let mut declared: Vec<&str> = Vec::new();
    for table in dataset.all("Media").flat_map(|media| media.all("Table")) {
        let url = table.at(&["URL"]).unwrap_or_default();
        if declared.contains(&url) {
            report.file(Rule::IndexFiles, INDEX_FILE, url, url, "");
        }
        declared.push(url);
        if !files.iter().any(|file| file == url) {
            report.file(Rule::IndexFiles, INDEX_FILE, url, "", url);
        }
        match Table::of_file(url) {
            Some(known) => declares(table, known, report),
            None => report.file(Rule::FileUnknown, INDEX_FILE, url, "", ""),
        }
    }
    for file in files.iter().filter(|file| Table::of_file(file).is_some()) {
        if !declared.contains(&file.as_str()) {
            report.file(Rule::IndexFiles, INDEX_FILE, file, file, "");
        }
    }
    Ok(())
}

fn expect(element: &Element, path: &[&str], expected: &str, of: &str, report: &mut Report<'_>) {
    let found = element.at(path).unwrap_or_default();
    if found != expected {
        let field = format!("{of} {}", path.join("/"));
        let readable = |text: &str| text.escape_default().to_string();
        report.file(
            Rule::IndexFormat,
            INDEX_FILE,
            field.trim(),
            &readable(found),
            &readable(expected),
        );
    }
}

fn declares(element: &Element, table: &'static Table, report: &mut Report<'_>) {
    let file = table.file;
    if element.all("UTF8").next().is_none() {
        report.file(Rule::IndexFormat, INDEX_FILE, file, "", "UTF8");
    }
    for (path, expected) in [
        (&["Name"][..], table.name),
        (&["DecimalSymbol"], ","),
        (&["DigitGroupingSymbol"], "."),
        (&["Range", "From"], "2"),
        (&["VariableLength", "ColumnDelimiter"], ";"),
        (&["VariableLength", "RecordDelimiter"], "\r\n"),
        (&["VariableLength", "TextEncapsulator"], "\""),
    ] {
        expect(element, path, expected, file, report);
    }
    let lengths: Vec<&Element> = element.all("VariableLength").collect();
    let declared: Vec<&Element> =
        lengths.iter().flat_map(|lengths| lengths.all("VariableColumn")).collect();
    let columns: Vec<Column> = table.columns_with(certificates(table, declared.len())).collect();
    if declared.len() != columns.len() {
        let (found, expected) = (declared.len().to_string(), columns.len().to_string());
        report.file(Rule::IndexColumns, INDEX_FILE, file, &found, &expected);
    }
    for (declared, column) in declared.iter().zip(&columns) {
        let (found, expected) = (shape(declared), wanted(column));
        if found != expected {
            let field = format!("{file} {}", column.name);
            report.file(Rule::IndexColumns, INDEX_FILE, &field, &found, &expected);
        }
    }
}

/// A declared column in a line: name, type, size.
fn shape(element: &Element) -> String {
    let name = element.at(&["Name"]).unwrap_or_default();
    if let Some(numeric) = element.all("Numeric").next() {
        let decimals = numeric.at(&["Accuracy"]).unwrap_or("0");
        return format!("{name} Numeric {decimals}");
    }
    let kind = if element.all("AlphaNumeric").next().is_some() { "AlphaNumeric" } else { "" };
    format!("{name} {kind} {}", element.at(&["MaxLength"]).unwrap_or_default())
}

fn wanted(column: &Column) -> String {
    match column.kind {
        Kind::Number(decimals) => format!("{} Numeric {decimals}", column.name),
        Kind::Text(most) | Kind::Key(most) => format!("{} AlphaNumeric {most}", column.name),
    }
}
