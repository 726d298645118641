//! The exporter: closings and receipts in, rows of 20 files out, in bounded memory.
//!
//! It writes all tables in one pass over the receipts, each to a sink of the caller's (a ZIP takes one file at a time:
//! spool to temporary files and pack them). Or, for a caller without room to spool, one table a pass: where `open`
//! gives no sink, nothing is written. A closing or a receipt is written whole or, on a fault, not at all.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::csv::{self, Fault, Row, Why};
use super::index::{NOT_CERTIFIED, Supplier, index_xml};
use super::model::{
    Closing, Line, Receipt, Reference, ReferenceKind, Signature, SigningUnit, Stamp, Taxed,
};
use super::schema::{
    CERTIFICATE_COLUMNS, CERTIFICATE_PART, MOST_CERTIFICATE_COLUMNS, TABLES, Table,
    allocation_groups, businesscases, cash_per_currency, cashpointclosing, cashregister,
    certificate_columns, datapayment, itemamounts, lines, lines_vat, location, pa, payment,
    references, slaves, subitems, transactions, transactions_tse, transactions_vat, tse, vat,
};

/// Bytes that wait before they go to a sink.
const BATCH: usize = 64 * 1_024;

/// Why an export stops.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// A sink failed.
    #[error("writing failed")]
    Io(#[from] io::Error),
    /// A value that the form cannot hold. Nothing of its closing or receipt was written.
    #[error("{}/{}: {:?}", fault.file, fault.column, fault.why)]
    Value {
        /// Which value, and why.
        fault: Fault,
        /// The till.
        till: String,
        /// The closing's number.
        closing: u64,
        /// The receipt, unless it is a value of the closing.
        receipt: Option<String>,
    },
    /// A receipt came before any closing.
    #[error("a receipt came before any closing")]
    NoClosing,
    /// So many columns for certificates there are not.
    #[error("more than {MOST_CERTIFICATE_COLUMNS} columns for certificates")]
    CertificateColumns,
}

/// A file that was written.
#[derive(Debug)]
pub struct WrittenFile<W> {
    /// Its table.
    pub table: &'static Table,
    /// Rows below the first line.
    pub rows: u64,
    /// Where it went, flushed.
    pub sink: W,
}

/// What was written.
#[derive(Debug)]
pub struct Written<W> {
    /// The files, in the form's order.
    pub files: Vec<WrittenFile<W>>,
    certificate_columns: usize,
    /// Serial numbers of units that signed and are not certified.
    uncertified: BTreeSet<String>,
}

impl<W> Written<W> {
    /// index.xml for the files that are here. Leave out of `files` what is not handed over.
    pub fn index_xml(&self, supplier: &Supplier) -> String {
        let tables = self.files.iter().map(|file| file.table);
        if self.uncertified.is_empty() {
            return index_xml(supplier, tables, self.certificate_columns);
        }
        let serials: Vec<&str> = self.uncertified.iter().map(String::as_str).collect();
        let comment = format!("{}; {NOT_CERTIFIED}: {}", supplier.comment, serials.join(", "));
        let comment = comment.trim_start_matches("; ").to_owned();
        let supplier = Supplier { comment, ..supplier.clone() };
        index_xml(&supplier, tables, self.certificate_columns)
    }
}

#[derive(Debug)]
struct Output<W> {
    sink: Option<W>,
    waiting: Vec<u8>,
    rows: u64,
    /// Where the closing or receipt that is being written began.
    begun: (usize, u64),
}

/// Writes a package's tables.
#[derive(Debug)]
pub struct Exporter<W> {
    outputs: Vec<Output<W>>,
    certificate_columns: usize,
    uncertified: BTreeSet<String>,
    /// Till and number of the closing whose receipts come.
    closing: Option<(String, u64)>,
    /// Its till's own currency.
    currency: String,
    /// The first three values of all its rows.
    prefix: Vec<u8>,
    /// The same with the receipt's id.
    receipt_prefix: Vec<u8>,
}

/// Columns that each row of a closing begins with.
const CLOSING_KEY: usize = 3;
/// Columns that each row of a receipt begins with.
const RECEIPT_KEY: usize = 4;

impl<W: Write> Exporter<W> {
    /// An exporter into the sinks that `open` gives for each table, in the form's order; the first lines are written.
    /// `certificate_columns` as [`certificate_columns`] says of the longest certificate, at least 2.
    /// Errs when a sink cannot be opened or when there are more than 20 such columns.
    pub fn new(
        certificate_columns: usize,
        mut open: impl FnMut(&'static Table) -> io::Result<Option<W>>,
    ) -> Result<Self, ExportError> {
        if certificate_columns > MOST_CERTIFICATE_COLUMNS {
            return Err(ExportError::CertificateColumns);
        }
        let certificate_columns = certificate_columns.max(CERTIFICATE_COLUMNS);
        let mut outputs = Vec::with_capacity(TABLES.len());
        for table in TABLES {
            let mut waiting = Vec::new();
            csv::header(&mut waiting, table, certificate_columns);
            outputs.push(Output { sink: open(table)?, waiting, rows: 0, begun: (0, 0) });
        }
        let (prefix, receipt_prefix) = (Vec::new(), Vec::new());
        let (closing, currency) = (None, String::new());
        let uncertified = BTreeSet::new();
        Ok(Exporter {
            outputs,
            certificate_columns,
            uncertified,
            closing,
            currency,
            prefix,
            receipt_prefix,
        })
    }

    /// Writes a closing's rows. Its receipts follow, in the order of their numbers; closings of a till in the order
    /// of theirs. Errs when a sink fails or a value does not fit.
    pub fn closing(&mut self, closing: &Closing) -> Result<(), ExportError> {
        let key = self.key(&closing.till, closing.created, closing.number)?;
        self.currency.clone_from(&closing.register.currency);
        let uncertified = closing.units.iter().filter(|unit| !unit.certified);
        self.uncertified.extend(uncertified.map(|unit| unit.serial.clone()));
        let written = key.and_then(|()| self.closing_rows(closing));
        self.ended(written, None)
    }

    /// Begins a closing whose sums are known only after its receipts: they come now, and then the closing itself
    /// ([`Exporter::closing`], of the same till, time and number), so that a caller makes each receipt once.
    /// `currency` is the till's own. Errs when a sink fails or a value does not fit.
    pub fn begin_closing(
        &mut self,
        till: &str,
        created: Stamp,
        number: u64,
        currency: &str,
    ) -> Result<(), ExportError> {
        let key = self.key(till, created, number)?;
        currency.clone_into(&mut self.currency);
        self.ended(key, None)
    }

    /// What each row of the closing begins with.
    fn key(&mut self, till: &str, created: Stamp, number: u64) -> io::Result<Result<(), Fault>> {
        self.begin()?;
        self.closing = Some((till.to_owned(), number));
        let mut prefix = Vec::new();
        let key = Row::new(&mut prefix, &cashpointclosing::TABLE)
            .id(till)
            .moment(created)
            .count(Some(number))
            .prefix();
        self.prefix = prefix;
        Ok(key)
    }

    /// Writes a receipt's rows into the closing that came last. Errs when there was none, when a sink fails or when
    /// a value does not fit.
    pub fn receipt(&mut self, receipt: &Receipt) -> Result<(), ExportError> {
        if self.closing.is_none() {
            return Err(ExportError::NoClosing);
        }
        self.begin()?;
        let mut prefix = std::mem::take(&mut self.receipt_prefix);
        prefix.clear();
        let key = Row::with_prefix(&mut prefix, &transactions::TABLE, &self.prefix, CLOSING_KEY)
            .id(&receipt.id)
            .prefix();
        self.receipt_prefix = prefix;
        let written = key.and_then(|()| self.receipt_rows(receipt));
        self.ended(written, Some(&receipt.id))
    }

    /// Writes what still waits and gives the sinks back.
    pub fn finish(mut self) -> Result<Written<W>, ExportError> {
        let mut files = Vec::new();
        for (output, table) in self.outputs.drain(..).zip(TABLES) {
            if let Some(mut sink) = output.sink {
                sink.write_all(&output.waiting)?;
                sink.flush()?;
                files.push(WrittenFile { table, rows: output.rows, sink });
            }
        }
        let (certificate_columns, uncertified) = (self.certificate_columns, self.uncertified);
        Ok(Written { files, certificate_columns, uncertified })
    }

    /// Gives full batches to the sinks and notes where each file stands.
    fn begin(&mut self) -> io::Result<()> {
        for output in &mut self.outputs {
            if output.waiting.len() >= BATCH {
                if let Some(sink) = &mut output.sink {
                    sink.write_all(&output.waiting)?;
                }
                output.waiting.clear();
            }
            output.begun = (output.waiting.len(), output.rows);
        }
        Ok(())
    }

    fn ended(
        &mut self,
        result: Result<(), Fault>,
        receipt: Option<&str>,
    ) -> Result<(), ExportError> {
        let Err(fault) = result else { return Ok(()) };
        for output in &mut self.outputs {
            output.waiting.truncate(output.begun.0);
            output.rows = output.begun.1;
        }
        let (till, closing) = self.closing.clone().unwrap_or_default();
        Err(ExportError::Value { fault, till, closing, receipt: receipt.map(str::to_owned) })
    }

    fn row(
        &mut self,
        table: &'static Table,
        columns: usize,
        fill: impl FnOnce(Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let prefix = if columns == CLOSING_KEY { &self.prefix } else { &self.receipt_prefix };
        match self.outputs.get_mut(table.number) {
            Some(output) if output.sink.is_some() => {
                output.rows = output.rows.saturating_add(1);
                fill(Row::with_prefix(&mut output.waiting, table, prefix, columns))
            }
            _ => Ok(()),
        }
    }

    /// A row of the closing.
    fn of_closing(
        &mut self,
        table: &'static Table,
        fill: impl FnOnce(Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.row(table, CLOSING_KEY, fill)
    }

    /// A row of the receipt.
    fn of_receipt(
        &mut self,
        table: &'static Table,
        fill: impl FnOnce(Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.row(table, RECEIPT_KEY, fill)
    }

    fn closing_rows(&mut self, closing: &Closing) -> Result<(), Fault> {
        let (company, site, register) = (&closing.company, &closing.location, &closing.register);
        self.of_closing(&cashpointclosing::TABLE, |row| {
            row.day(closing.booking_day)
                .text(super::schema::VERSION)
                .text(&closing.first_receipt)
                .text(&closing.last_receipt)
                .text(&company.name)
                .text(&company.street)
                .text(&company.postcode)
                .text(&company.town)
                .text(&company.country)
                .text(&company.tax_number)
                .text(&company.vat_id)
                .amount(closing.paid)
                .amount(closing.paid_in_cash)
                .end()
        })?;
        self.of_closing(&location::TABLE, |row| {
            row.text(&site.name)
                .text(&site.street)
                .text(&site.postcode)
                .text(&site.town)
                .text(&site.country)
                .text(&site.vat_id)
                .end()
        })?;
        self.of_closing(&cashregister::TABLE, |row| {
            row.text(&register.brand)
                .text(&register.model)
                .text(&register.serial)
                .text(&register.software)
                .text(&register.software_version)
                .text(&register.currency)
                .flag(Some(register.without_vat))
                .end()
        })?;
        for terminal in &closing.terminals {
            self.of_closing(&slaves::TABLE, |row| {
                row.text(&terminal.id)
                    .text(&terminal.brand)
                    .text(&terminal.model)
                    .text(&terminal.serial)
                    .text(&terminal.software)
                    .text(&terminal.software_version)
                    .end()
            })?;
        }
        for agency in &closing.agencies {
            let party = &agency.party;
            self.of_closing(&pa::TABLE, |row| {
                row.count(Some(agency.id))
                    .text(&party.name)
                    .text(&party.street)
                    .text(&party.postcode)
                    .text(&party.town)
                    .text(&party.country)
                    .text(&party.tax_number)
                    .text(&party.vat_id)
                    .end()
            })?;
        }
        for unit in &closing.units {
            self.unit(unit)?;
        }
        for rate in &closing.rates {
            self.of_closing(&vat::TABLE, |row| {
                row.count(Some(u64::from(rate.key))).rate(rate.rate).text(&rate.description).end()
            })?;
        }
        self.sums(closing)
    }

    fn unit(&mut self, unit: &SigningUnit) -> Result<(), Fault> {
        let columns = self.certificate_columns;
        let needed = certificate_columns(unit.certificate.len());
        if needed > columns || !unit.certificate.is_ascii() {
            let why = Why::CertificateColumns { needed };
            return Err(Fault { file: tse::TABLE.file, column: "TSE_ZERTIFIKAT_I", why });
        }
        let part = |number: usize| {
            let start = number.saturating_mul(CERTIFICATE_PART).min(unit.certificate.len());
            let end = start.saturating_add(CERTIFICATE_PART).min(unit.certificate.len());
            unit.certificate.get(start..end).unwrap_or_default()
        };
        self.of_closing(&tse::TABLE, |row| {
            row.count(Some(unit.id))
                .text(&unit.serial)
                .text(&unit.algorithm)
                .text(unit.time_format.code())
                .text(unit.encoding.code())
                .text(&unit.public_key)
                .text(part(0))
                .text(part(1))
                .further((CERTIFICATE_COLUMNS..columns).map(part))
                .end()
        })
    }

    fn sums(&mut self, closing: &Closing) -> Result<(), Fault> {
        for total in &closing.cases {
            self.of_closing(&businesscases::TABLE, |row| {
                let row = row.text(total.case.code()).text(&total.name).count(total.agency);
                taxed(row, &total.sum).end()
            })?;
        }
        for total in &closing.payments {
            self.of_closing(&payment::TABLE, |row| {
                row.text(total.kind.code()).text(&total.name).amount(total.sum).end()
            })?;
        }
        for total in &closing.cash {
            self.of_closing(&cash_per_currency::TABLE, |row| {
                row.text(&total.currency).amount(total.sum).end()
            })?;
        }
        Ok(())
    }

    fn receipt_rows(&mut self, receipt: &Receipt) -> Result<(), Fault> {
        self.of_receipt(&transactions::TABLE, |row| head(row, receipt))?;
        for sum in &receipt.vat {
            self.of_receipt(&transactions_vat::TABLE, |row| taxed(row, sum).end())?;
        }
        for group in &receipt.groups {
            self.of_receipt(&allocation_groups::TABLE, |row| row.text(group).end())?;
        }
        for paid in &receipt.payments {
            // Filled in the till's own currency as well: sums by currency then need no special case.
            let own = std::mem::take(&mut self.currency);
            let (currency, amount) = match &paid.foreign {
                Some((currency, amount)) => (currency.as_str(), *amount),
                None => (own.as_str(), paid.amount),
            };
            let written = self.of_receipt(&datapayment::TABLE, |row| {
                let row = row.text(paid.kind.code()).text(&paid.name).text(currency);
                row.amount(amount).amount(paid.amount).end()
            });
            self.currency = own;
            written?;
        }
        for line in &receipt.lines {
            self.line(line)?;
        }
        for reference in &receipt.references {
            self.reference("", reference)?;
        }
        for signature in &receipt.signatures {
            self.of_receipt(&transactions_tse::TABLE, |row| signed(row, signature))?;
        }
        Ok(())
    }

    fn line(&mut self, line: &Line) -> Result<(), Fault> {
        self.of_receipt(&lines::TABLE, |row| {
            row.id(&line.number)
                .text(&line.voucher)
                .text(&line.text)
                .text(&line.terminal)
                .text(line.case.code())
                .text(&line.case_name)
                .flag(line.in_house)
                .flag(Some(line.void))
                .count(line.agency)
                .text(&line.item)
                .text(&line.gtin)
                .text(&line.group)
                .text(&line.group_name)
                .quantity(Some(line.quantity))
                .quantity(line.factor)
                .text(&line.unit)
                .some_amount(line.unit_price)
                .end()
        })?;
        for sum in &line.vat {
            self.of_receipt(&lines_vat::TABLE, |row| taxed(row.text(&line.number), sum).end())?;
        }
        for (kind, sum) in &line.amounts {
            self.of_receipt(&itemamounts::TABLE, |row| {
                taxed(row.text(&line.number).text(kind.code()), sum).end()
            })?;
        }
        for part in &line.parts {
            let price = part.price.as_ref();
            self.of_receipt(&subitems::TABLE, |row| {
                row.text(&line.number)
                    .text(&part.item)
                    .text(&part.gtin)
                    .text(&part.name)
                    .text(&part.group)
                    .text(&part.group_name)
                    .quantity(Some(part.quantity))
                    .quantity(part.factor)
                    .text(&part.unit)
                    .count(price.map(|price| u64::from(price.key)))
                    .some_amount(price.map(|price| price.gross))
                    .some_amount(price.map(|price| price.net))
                    .some_amount(price.map(|price| price.tax))
                    .end()
            })?;
        }
        for reference in &line.references {
            self.reference(&line.number, reference)?;
        }
        Ok(())
    }

    fn reference(&mut self, line: &str, reference: &Reference) -> Result<(), Fault> {
        self.of_receipt(&references::TABLE, |row| {
            let row = row.text(line);
            match reference {
                Reference::Receipt { till, created, closing, receipt } => row
                    .text(ReferenceKind::Receipt.code())
                    .text("")
                    .moment(*created)
                    .text(till)
                    .count(Some(*closing))
                    .text(receipt)
                    .end(),
                Reference::External { kind: ReferenceKind::Receipt, .. } => {
                    let (file, column) = (references::TABLE.file, "REF_TYP");
                    Err(Fault { file, column, why: Why::NotExternal })
                }
                Reference::External { kind, name, day, number } => {
                    let row = row.text(kind.code()).text(name).day(*day);
                    row.text("").count(None).text(number).end()
                }
            }
        })
    }
}

fn taxed<'a>(row: Row<'a>, sum: &Taxed) -> Row<'a> {
    row.count(Some(u64::from(sum.key))).amount(sum.gross).amount(sum.net).amount(sum.tax)
}

fn head(row: Row<'_>, receipt: &Receipt) -> Result<(), Fault> {
    let customer = receipt.customer.clone().unwrap_or_default();
    row.count(Some(receipt.number))
        .text(receipt.kind.code())
        .text(&receipt.name)
        .text(&receipt.terminal)
        .flag(Some(receipt.cancelled))
        .moment(receipt.start)
        .moment(receipt.end)
        .text(&receipt.operator)
        .text(&receipt.operator_name)
        .amount(receipt.gross)
        .text(&customer.party.name)
        .text(&customer.id)
        .text(&customer.kind)
        .text(&customer.party.street)
        .text(&customer.party.postcode)
        .text(&customer.party.town)
        .text(&customer.party.country)
        .text(&customer.party.vat_id)
        .text(&receipt.note)
        .end()
}

fn signed(row: Row<'_>, signature: &Signature) -> Result<(), Fault> {
    row.count(signature.unit)
        .count(signature.transaction)
        .utc(signature.start)
        .utc(signature.end)
        .text(signature.process_type.code())
        .count(signature.counter)
        .text(&signature.signature)
        .text(&signature.fault)
        .whole_or_nothing(&signature.process_data)
        .end()
}
