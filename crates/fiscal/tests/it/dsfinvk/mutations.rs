//! A package that passes, changed in one place at a time: the checker names the rule and the place.

use std::collections::BTreeSet;

use fiscal::de::dsfinvk::check::{Finding, Language, Rule};
use fiscal::de::dsfinvk::schema::Table;

use super::package::{Files, Grid};
use super::shop::shop;

const LIST: &str = include_str!("mutations.txt");

/// A change, and where it must be told.
struct Mutation<'a> {
    file: &'a str,
    row: String,
    columns: &'a str,
    change: &'a str,
    rule: &'a str,
    told_elsewhere: bool,
    told_in: &'a str,
}

fn listed() -> Vec<Mutation<'static>> {
    let lines = LIST.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let mut all: Vec<Mutation<'_>> = lines
        .map(|line| {
            let parts: Vec<&str> = line.split('|').map(|part| part.trim_matches(' ')).collect();
            let [file, row, columns, change, rule, more @ ..] = parts.as_slice() else {
                panic!("{line}")
            };
            Mutation {
                file,
                row: (*row).to_owned(),
                columns,
                change,
                rule: rule.trim_start_matches('~'),
                told_elsewhere: rule.starts_with('~'),
                told_in: more.first().unwrap_or(file),
            }
        })
        .collect();
    // Each sum of a closing by itself.
    for (file, column, amount, rule) in [
        ("businesscases.csv", "GV_TYP", "Z_UMS_BRUTTO", "case-sum"),
        ("payment.csv", "ZAHLART_TYP", "Z_ZAHLART_BETRAG", "payment-sum"),
    ] {
        let grid = Files::export(&shop()).grid(file);
        let place = grid.column(column);
        let kinds: BTreeSet<&String> = grid.0[1..].iter().map(|row| &row[place]).collect();
        all.extend(kinds.into_iter().map(|kind| Mutation {
            file,
            row: format!("{column}={kind}"),
            columns: amount,
            change: "+1",
            rule,
            told_elsewhere: false,
            told_in: file,
        }));
    }
    all
}

fn find(grid: &Grid, row: &str) -> usize {
    if let Some(number) = row.strip_prefix('#') {
        return number.parse().unwrap();
    }
    let (column, value) = row.split_once('=').unwrap();
    let column = grid.column(column);
    let found = grid.0.iter().skip(1).position(|row| row[column] == value);
    1 + found.unwrap_or_else(|| panic!("no row with {row}"))
}

fn changed(value: &str, change: &str) -> String {
    let change = change.replace("\\t", "\t");
    if let Some(text) = change.strip_prefix('=') {
        return text.to_owned();
    }
    if let Some(text) = change.strip_prefix(">>") {
        return format!("{value}{text}");
    }
    if let Some(text) = change.strip_prefix("<<") {
        return format!("{text}{value}");
    }
    if let Some((times, text)) = change.split_once('*') {
        return text.repeat(times.parse().unwrap());
    }
    if let Some((from, to)) = change.split_once('>') {
        assert!(value.contains(from), "{value} has no {from}");
        return value.replacen(from, to.trim(), 1);
    }
    let decimals = value.split_once(',').map_or(0, |(_, part)| part.len());
    let number: i64 = value.replace(',', "").parse().unwrap();
    let number = number + change.parse::<i64>().unwrap();
    let digits = format!("{:0>width$}", number.abs(), width = decimals + 1);
    let (whole, part) = digits.split_at(digits.len() - decimals);
    let sign = if number < 0 { "-" } else { "" };
    if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole},{part}") }
}

impl Mutation<'_> {
    /// Changes the files; says which row it was, before and after, and its place.
    fn apply(&self, files: &mut Files) -> (Vec<String>, Vec<String>, usize) {
        let mut grid = files.grid(self.file);
        let at = find(&grid, &self.row);
        let before = grid.0[at].clone();
        match self.change {
            "del" => drop(grid.0.remove(at)),
            "dup" => grid.0.insert(at, before.clone()),
            "next" => grid.0.swap(at, at + 1),
            _ => {
                for (column, change) in self.columns.split(',').zip(self.change.split(',')) {
                    // A comma in a value is no second change.
                    let change = if self.columns.contains(',') { change } else { self.change };
                    let place = grid.column(column);
                    grid.0[at][place] = changed(&grid.0[at][place], change);
                }
                assert_ne!(grid.0[at], before, "nothing changes");
            }
        }
        files.put(self.file, &grid);
        let after = grid.0.get(at).cloned().unwrap_or_default();
        (before, after, at)
    }

    fn is_told_by(
        &self,
        finding: &Finding,
        (before, after, at): &(Vec<String>, Vec<String>, usize),
    ) -> bool {
        if finding.rule.code() != self.rule || finding.file != self.told_in {
            return false;
        }
        let row = if self.file == self.told_in { after } else { before };
        let gone = matches!(self.change, "del" | "dup" | "next");
        // Names before are those of the closing that others still belong to.
        let of_row = |row: &[String]| finding.till == row[0] && finding.closing == row[2];
        let closing = of_row(row) || of_row(before);
        if self.told_elsewhere {
            return closing || gone;
        }
        let both =
            [self.file, self.told_in].map(|file| Table::of_file(file).unwrap().is_of_receipts());
        let receipt =
            both != [true, true] || finding.receipt == row[3] || finding.receipt == before[3];
        let same_row = self.file != self.told_in || finding.row == u64::try_from(*at + 1).unwrap();
        closing && receipt && same_row
    }
}

#[test]
fn every_single_change_is_named_by_its_rule_at_its_place() {
    let whole = Files::export(&shop());
    let mutations = listed();
    let mut missed = Vec::new();
    let mut most = 0;
    for mutation in &mutations {
        let mut files = whole.clone();
        let place = mutation.apply(&mut files);
        let (findings, _) = files.findings();
        most = most.max(findings.len());
        if !findings.iter().any(|finding| mutation.is_told_by(finding, &place)) {
            let told: Vec<String> =
                findings.iter().take(6).map(|one| one.words(Language::English)).collect();
            let Mutation { file, row, columns, change, rule, .. } = mutation;
            missed.push(format!("{file} {row} {columns} {change} {rule}: {told:#?}"));
        }
    }
    println!(
        "{} changes, {} missed, at most {most} findings for one",
        mutations.len(),
        missed.len()
    );
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(mutations.len() >= 200);
}

/// A file by name, a text in it, another text for it, the rule.
const IN_TEXT: &[(&str, &str, &str, &str)] = &[
    ("index.xml", "<Version>1.0</Version>", "<Version>1.1</Version>", "index-format"),
    ("index.xml", "&#13;&#10;", "\r\n", "index-format"),
    (
        "index.xml",
        "<DecimalSymbol>,</DecimalSymbol>",
        "<DecimalSymbol>.</DecimalSymbol>",
        "index-format",
    ),
    (
        "index.xml",
        "<DigitGroupingSymbol>.</DigitGroupingSymbol>",
        "<DigitGroupingSymbol></DigitGroupingSymbol>",
        "index-format",
    ),
    ("index.xml", "<From>2</From>", "<From>1</From>", "index-format"),
    ("index.xml", "<UTF8 />", "<ANSI />", "index-format"),
    (
        "index.xml",
        "<ColumnDelimiter>;</ColumnDelimiter>",
        "<ColumnDelimiter>,</ColumnDelimiter>",
        "index-format",
    ),
    ("index.xml", "<TextEncapsulator>\"", "<TextEncapsulator>'", "index-format"),
    ("index.xml", "<Name>Bonkopf</Name>", "<Name>Bon</Name>", "index-format"),
    ("index.xml", "gdpdu-01-09-2004.dtd", "gdpdu-01-08-2002.dtd", "index-format"),
    ("index.xml", "<MaxLength>50</MaxLength>", "<MaxLength>51</MaxLength>", "index-columns"),
    ("index.xml", "<Accuracy>2</Accuracy>", "<Accuracy>3</Accuracy>", "index-columns"),
    ("index.xml", "<Name>Z_NR</Name>", "<Name>Z_NUMMER</Name>", "index-columns"),
    ("index.xml", "<Numeric />", "<AlphaNumeric />", "index-columns"),
    ("index.xml", "<URL>lines.csv</URL>", "<URL>zeilen.csv</URL>", "index-files"),
    ("index.xml", "<URL>lines.csv</URL>", "<URL>vat.csv</URL>", "index-files"),
    ("index.xml", "<URL>lines.csv</URL>", "<URL>zeilen.csv</URL>", "file-unknown"),
    ("index.xml", "</DataSet>", "</DataSe>", "index-broken"),
    ("index.xml", "Münster", "&auml;", "index-broken"),
    ("lines.csv", "Z_KASSE_ID", "\u{feff}Z_KASSE_ID", "csv-bom"),
    ("lines.csv", "POS_ZEILE", "ZEILE", "csv-header"),
    ("lines.csv", "ART_NR;GTIN", "GTIN;ART_NR", "csv-header"),
    ("lines.csv", ";STK_BR", "", "csv-header"),
    ("vat.csv", "\r\n", "\n", "csv-line-end"),
    ("vat.csv", "Schlüssel 1\r\n", "Schlüssel 1\n", "csv-line-end"),
    ("vat.csv", "Schlüssel 1\r\n", "Schlüssel \"1\r\n", "csv-quote"),
    ("vat.csv", "Schlüssel 1\r\n", "\"Schlüssel\" 1\r\n", "csv-quote"),
    ("vat.csv", "Schlüssel 1\r\n", "\"Schlüssel 1\r\n", "csv-quote"),
    ("vat.csv", "Schlüssel 1\r\n", "Schlüssel 1;\r\n", "csv-width"),
    ("vat.csv", "Schlüssel 1\r\n", "Schlüssel 1\r\n\r\n", "csv-width"),
    ("lines.csv", "Filtertüten;", "", "csv-width"),
];

#[test]
fn damage_to_index_and_files_is_named() {
    let whole = Files::export(&shop());
    for (file, from, to, rule) in IN_TEXT {
        let mut files = whole.clone();
        let text = files.text(file);
        assert!(text.contains(from), "{file} has no {from}");
        files.0.insert((*file).to_owned(), text.replacen(from, to, 1).into_bytes());
        let (findings, _) = files.findings();
        let told = findings.iter().any(|one| one.rule.code() == *rule && one.file == *file);
        assert!(told, "{file} {from} {to} {rule}: {findings:#?}");
    }
    let told = |change: &dyn Fn(&mut Files), rule: Rule, file: &str| {
        let mut files = whole.clone();
        change(&mut files);
        let (findings, _) = files.findings();
        let told = findings.iter().any(|one| one.rule == rule && one.file == file);
        assert!(told, "{rule} {file}: {findings:#?}");
    };
    told(&|files| drop(files.0.remove("index.xml")), Rule::FileMissing, "index.xml");
    told(
        &|files| drop(files.0.remove("gdpdu-01-09-2004.dtd")),
        Rule::FileMissing,
        "gdpdu-01-09-2004.dtd",
    );
    told(&|files| drop(files.0.remove("lines.csv")), Rule::FileMissing, "lines.csv");
    told(&|files| drop(files.0.remove("pa.csv")), Rule::IndexFiles, "index.xml");
    told(
        &|files| drop(files.0.insert("notes.csv".to_owned(), vec![])),
        Rule::FileUnknown,
        "notes.csv",
    );
    told(&|files| drop(files.0.insert("vat.csv".to_owned(), vec![])), Rule::CsvHeader, "vat.csv");
    let break_utf8 = |files: &mut Files| {
        let bytes = files.0.get_mut("vat.csv").unwrap();
        let at = bytes.iter().position(|byte| *byte == 0xc3).unwrap();
        bytes[at] = 0xff;
    };
    told(&break_utf8, Rule::CsvUtf8, "vat.csv");
    let endless = |files: &mut Files| {
        let bytes = files.0.get_mut("vat.csv").unwrap();
        bytes.extend(b"\"");
        bytes.extend(vec![b'x'; 2 << 20]);
    };
    told(&endless, Rule::CsvTooLong, "vat.csv");
    // A receipt that is in a second closing as well, with all its rows.
    let twice = |files: &mut Files| {
        let mut grid = files.grid("transactions.csv");
        let target = find(&grid, "Z_NR=42");
        let mut row = grid.0[1].clone();
        row[..3].clone_from_slice(&grid.0[target].clone()[..3]);
        grid.0.insert(target + 1, row);
        files.put("transactions.csv", &grid);
    };
    told(&twice, Rule::ReceiptTwice, "transactions.csv");
}

#[test]
fn every_rule_is_tried() {
    let tried: BTreeSet<&str> = listed()
        .iter()
        .map(|mutation| mutation.rule)
        .chain(IN_TEXT.iter().map(|(.., rule)| *rule))
        .chain(["file-missing", "csv-utf8", "csv-too-long", "receipt-twice"])
        .collect();
    let codes: BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.code()).collect();
    assert_eq!(codes.len(), Rule::ALL.len());
    assert_eq!(tried, codes);
    for rule in Rule::ALL {
        for language in [Language::German, Language::English] {
            assert!(rule.words(language).ends_with('.'), "{rule}");
        }
    }
}

#[test]
fn a_finding_says_its_place_in_words() {
    let mut files = Files::export(&shop());
    let text = files.text("transactions.csv").replacen(";24,42;", ";24,43;", 1);
    files.0.insert("transactions.csv".to_owned(), text.into_bytes());
    let (findings, _) = files.findings();
    let german: Vec<String> = findings.iter().map(|one| one.words(Language::German)).collect();
    assert_eq!(
        german,
        [
            "transactions.csv, Zeile 3, Kasse Kasse 1, Abschluss 41, Vorgang Kasse 1-4713, UMS_BRUTTO: Der Gesamtbetrag \
         stimmt nicht mit der Umsatzsteuer des Vorgangs überein. Da steht: 24,43 Erwartet: 24,42",
            "transactions.csv, Zeile 3, Kasse Kasse 1, Abschluss 41, Vorgang Kasse 1-4713, UMS_BRUTTO: Bezahlt wurde ein \
         anderer Betrag. Da steht: 24,43 Erwartet: 24,42",
        ]
    );
    let english = findings[1].words(Language::English);
    assert!(english.ends_with("UMS_BRUTTO: Another amount was paid. Found: 24,43 Expected: 24,42"));
}
