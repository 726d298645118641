//! Receipts, printed and without paper: what their bytes take, beside selling and never on its way.

use anyhow::{Context as _, Result};
use devices::job_bytes;
use escpos::Profile;
use messages::mail::formatted;
use shop::digital::{Sheet, mail_to, paperless, pdf, receipt_json};
use shop::print::receipt_data;
use sim::build::{Built, Plan};
use store::{Reader, ReceiptFilter};

use crate::Scale;
use crate::baseline::now;
use crate::report::{Bound, Report, percentile};
use crate::selling::ITEMS;

/// Lines of a receipt.
const LINES: u64 = 12;

/// A receipt to the bytes that a printer gets; from the entry to the bytes that a mail server gets, and the PDF alone.
pub fn measure(scale: &Scale, report: &mut Report) -> Result<()> {
    let receipts: u64 = if scale.quick { 50 } else { 500 };
    let file = scale.folder.path().join("paperless.sqlite");
    let mut built = Built::create(&file, Plan { seed: 5, tills: 1, items: ITEMS })?;
    built.open_till(1)?;
    built.sell(receipts, LINES, 1, ITEMS)?;
    built.close();
    let reader = Reader::open(&file)?;
    let rows = reader.receipts(&ReceiptFilter::default(), u32::try_from(receipts)?)?;
    let (mut prints, mut printed) = (Vec::new(), 0);
    let (mut mails, mut papers, mut largest) = (Vec::new(), Vec::new(), 0);
    let profile = Profile::generic_80mm();
    for row in &rows {
        let began = now();
        let of = paperless(&reader, &|id| id.to_string(), row.seq)?.context("a receipt")?;
        let read = began.elapsed();
        let began = now();
        let data = receipt_data(&of.then, "Ada", &of.issued, &of.beside, None);
        let bytes = job_bytes(&receipt::receipt_document(&data), &profile);
        prints.push(began.elapsed());
        printed = printed.max(bytes.len());
        let began = now();
        let letter = mail_to(&of, "bon@laden.example", "ada@example.org").context("a mail")?;
        let (_, bytes) = formatted(&letter)?;
        mails.push(read + began.elapsed());
        largest = largest.max(bytes.len());
        let began = now();
        pdf(&of, &receipt_json(&of), Sheet::Roll)?;
        papers.push(began.elapsed());
    }
    report.row(
        "a receipt to the printer's bytes, p99",
        percentile(&mut prints, 99),
        "ms",
        Bound::AtMost(1.0),
        &format!("{} receipts of {LINES} lines, largest {printed} bytes", rows.len()),
    );
    let beside =
        format!("{} receipts of {LINES} lines, largest {} KiB", rows.len(), largest / 1_024);
    report.row(
        "a mail with its PDF, p95",
        percentile(&mut mails, 95),
        "ms",
        Bound::AtMost(100.0),
        &beside,
    );
    report.row("its PDF alone, p95", percentile(&mut papers, 95), "ms", Bound::None, "");
    Ok(())
}
