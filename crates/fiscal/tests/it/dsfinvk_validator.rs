//! The package before another's eyes: the validator of the Python package `dsfinvk`, where it is installed.
//!
//! Nothing is fetched here. `python3 -m venv target/dsfinvk-venv` and `target/dsfinvk-venv/bin/pip install
//! dsfinvk==2.4.0 lxml`, once, put it where this test looks; a `python3` that has it serves as well. Where lxml is there
//! too, index.xml is held against its DTD.

use std::path::PathBuf;
use std::process::Command;

use super::dsfinvk::package::Files;
use super::dsfinvk::shop::shop;

/// Validates a folder; says how many files it read, so that silence is not taken for consent.
const PROGRAM: &str = r#"
import os, sys
import xml.etree.ElementTree as ET
from dsfinvk.validate import validate_dir
errors = validate_dir(sys.argv[1])
for error in errors:
    print("complaint:", error)
tables = ET.parse(os.path.join(sys.argv[1], "index.xml")).findall("./Media/Table")
print("tables:", len(tables))
try:
    from lxml import etree
except ImportError:
    sys.exit()
dtd = etree.DTD(os.path.join(sys.argv[1], "gdpdu-01-09-2004.dtd"))
if not dtd.validate(etree.parse(os.path.join(sys.argv[1], "index.xml"))):
    print("complaint:", dtd.error_log)
"#;

fn pythons() -> Vec<PathBuf> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let venvs = target.ancestors().map(|folder| folder.join("dsfinvk-venv/bin/python"));
    venvs.chain([PathBuf::from("python3")]).collect()
}

fn with_validator() -> Option<PathBuf> {
    let knows = |python: &PathBuf| {
        let asked = Command::new(python).args(["-c", "import dsfinvk.validate"]).output();
        asked.is_ok_and(|output| output.status.success())
    };
    pythons().into_iter().find(knows)
}

#[test]
fn the_public_validator_has_no_complaint() {
    let Some(python) = with_validator() else {
        println!("skipped: no Python with the package dsfinvk (see the top of this file)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let write = |files: &Files| {
        for (name, bytes) in &files.0 {
            std::fs::write(folder.path().join(name), bytes).unwrap();
        }
    };
    let validate = || {
        let run = Command::new(&python).args(["-c", PROGRAM]).arg(folder.path()).output().unwrap();
        String::from_utf8(run.stdout).unwrap() + &String::from_utf8(run.stderr).unwrap()
    };
    let mut files = Files::export(&shop());
    write(&files);
    assert_eq!(validate(), "tables: 20\n");
    let index = files.text("index.xml").replacen("<UTF8 />", "<UTF9 />", 1);
    let well = files.0.insert("index.xml".to_owned(), index.into_bytes()).unwrap();
    write(&files);
    assert!(validate().contains("complaint"));
    files.0.insert("index.xml".to_owned(), well);
    // It does look: a point for a comma is told.
    let vat = files.text("vat.csv").replacen("19,00", "19.00", 1);
    files.0.insert("vat.csv".to_owned(), vat.into_bytes());
    write(&files);
    assert!(validate().contains("19.00"));
}
