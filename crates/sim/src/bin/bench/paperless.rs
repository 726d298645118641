//! Receipts without paper: what a mail with its PDF takes, beside selling and never on its way.

use anyhow::{Context as _, Result};
use messages::mail::formatted;
use shop::digital::{Sheet, mail_to, paperless, pdf, receipt_json};
use sim::build::{Built, Plan};
use store::{Reader, ReceiptFilter};

use crate::Scale;
use crate::baseline::now;
use crate::report::{Bound, Report, percentile};
use crate::selling::ITEMS;

/// Lines of a receipt.
const LINES: u64 = 12;

/// From the entry to the bytes that go to the server, and the PDF alone.
pub fn measure(scale: &Scale, report: &mut Report) -> Result<()> {
    let receipts: u64 = if scale.quick { 50 } else { 500 };
    let file = scale.folder.path().join("paperless.sqlite");
    let mut built = Built::create(&file, Plan { seed: 5, tills: 1, items: ITEMS })?;
    built.open_till(1)?;
    built.sell(receipts, LINES, 1, ITEMS)?;
    built.close();
    let reader = Reader::open(&file)?;
    let rows = reader.receipts(&ReceiptFilter::default(), u32::try_from(receipts)?)?;
    let (mut mails, mut papers, mut largest) = (Vec::new(), Vec::new(), 0);
    for row in &rows {
        let began = now();
        let of = paperless(&reader, &|id| id.to_string(), row.seq)?.context("a receipt")?;
        let letter = mail_to(&of, "bon@laden.example", "ada@example.org").context("a mail")?;
        let (_, bytes) = formatted(&letter)?;
        mails.push(began.elapsed());
        largest = largest.max(bytes.len());
        let began = now();
        pdf(&of, &receipt_json(&of), Sheet::Roll)?;
        papers.push(began.elapsed());
    }
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
