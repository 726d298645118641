//! Vouchers: the ledger of what was posted to each, and what is left on it.

use domain::event::{Event, VoucherCredited, VoucherRedeemed, VoucherSold};
use domain::voucher::{Voucher, VoucherHash, VoucherKind};
use domain::{PersonId, ReceiptNo, ReceiptRef, TaxKey, TillId, VoucherId};
use jiff::Timestamp;
use jiff::civil::Date;
use journal::EntryMeta;
use money::Money;
use rusqlite::{Connection, Row, params};

use crate::project::at;
use crate::reader::{count, int, text_as};
use crate::{Reader, Store, StoreError, open};

/// A voucher, and how it was sold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VoucherRow {
    /// As the rules know it.
    pub voucher: Voucher,
    /// The receipt that it was sold with.
    pub receipt: ReceiptRef,
    /// When.
    pub sold: Timestamp,
}

/// One posting to a voucher, or that it was blocked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostingRow {
    /// The entry.
    pub seq: u64,
    /// `sold`, `topped_up`, `redeemed`, `taken_back`, `credited`, `blocked` or `unblocked`.
    pub kind: String,
    /// Added to the voucher, signed.
    pub amount: Money,
    /// The other side.
    pub receipt: Option<ReceiptRef>,
    /// For money that went back: the receipt that it had paid.
    pub paid: Option<ReceiptRef>,
    /// Why it was blocked, or is not any more.
    pub reason: String,
    /// By.
    pub person: Option<PersonId>,
    /// When.
    pub at: Timestamp,
}

/// Which vouchers.
#[derive(Debug, Clone, Default)]
pub struct VoucherFilter {
    /// Only those before this one.
    pub before: Option<VoucherId>,
    /// Only those with something left.
    pub open: bool,
    /// A number, or the last four characters of a code.
    pub find: Option<String>,
}

fn voucher_row(row: &Row<'_>) -> rusqlite::Result<VoucherRow> {
    let tax = TaxKey(row.get(3)?);
    let kind = match row.get::<_, String>(2)?.as_str() {
        "single_purpose" => VoucherKind::SinglePurpose { tax },
        _ => VoucherKind::MultiPurpose,
    };
    let voucher = Voucher {
        id: VoucherId(row.get(0)?),
        last4: row.get(1)?,
        kind,
        balance: Money::new(row.get(4)?),
        expires: text_as::<Date>(row, 5)?,
        blocked: row.get(6)?,
    };
    let receipt = ReceiptRef { till: TillId(row.get(7)?), number: ReceiptNo(count(row, 8)?) };
    Ok(VoucherRow { voucher, receipt, sold: text_as(row, 9)? })
}

fn receipt_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<ReceiptRef>> {
    let till: Option<u16> = row.get(column)?;
    let Some(till) = till else { return Ok(None) };
    let number = ReceiptNo(count(row, column.saturating_add(1))?);
    Ok(Some(ReceiptRef { till: TillId(till), number }))
}

impl Reader {
    /// The voucher whose code has this hash.
    pub fn voucher_of(&self, hash: &VoucherHash) -> Result<Option<Voucher>, StoreError> {
        let row = self.row(sql!("voucher/with_hash"), [hash.0.as_slice()], voucher_row)?;
        Ok(row.map(|row| row.voucher))
    }

    /// A voucher.
    pub fn voucher(&self, id: VoucherId) -> Result<Option<VoucherRow>, StoreError> {
        self.row(sql!("voucher/get"), [id.0], voucher_row)
    }

    /// Vouchers, newest first.
    pub fn vouchers(&self, of: &VoucherFilter, limit: u32) -> Result<Vec<VoucherRow>, StoreError> {
        let before = of.before.map_or(i64::MAX, |id| i64::from(id.0));
        let find = of.find.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let number = find.map(|text| text.parse::<u32>().map_or(0, |number| number));
        let last4 = find.map(str::to_uppercase);
        let page = params![before, of.open, number, last4, limit];
        self.rows(sql!("voucher/page"), page, voucher_row)
    }

    /// What was posted to a voucher, newest first.
    pub fn voucher_postings(
        &self,
        id: VoucherId,
        limit: u32,
    ) -> Result<Vec<PostingRow>, StoreError> {
        self.rows(sql!("voucher/postings"), params![id.0, limit], |row| {
            Ok(PostingRow {
                seq: count(row, 0)?,
                kind: row.get(1)?,
                amount: Money::new(row.get(2)?),
                receipt: receipt_at(row, 3)?,
                paid: receipt_at(row, 5)?,
                reason: row.get(7)?,
                person: row.get::<_, Option<u32>>(8)?.map(PersonId),
                at: text_as(row, 9)?,
            })
        })
    }

    /// What went back to a voucher of what it had paid of a receipt.
    pub fn voucher_credited(&self, id: VoucherId, paid: ReceiptRef) -> Result<Money, StoreError> {
        let of = params![id.0, paid.till.0, int(paid.number.0)];
        let sum = self.row(sql!("voucher/credited"), of, |row| row.get::<_, i64>(0))?;
        Ok(Money::new(sum.unwrap_or(0)))
    }

    /// What the shop owes to whoever holds its vouchers, and on how many of them.
    pub fn voucher_liability(&self) -> Result<(Money, u64), StoreError> {
        let sums = self.row(sql!("voucher/liability"), [], |row| {
            Ok((Money::new(row.get(0)?), count(row, 1)?))
        })?;
        Ok(sums.unwrap_or_default())
    }

    /// The key of the vouchers' codes; none before the first voucher. Errs when vouchers were sold under
    /// a key that is gone.
    pub fn voucher_key(&self) -> Result<Option<[u8; 32]>, StoreError> {
        if let Some(key) = open::secret(self.path(), open::Secret::Vouchers)? {
            return Ok(Some(key));
        }
        if self.voucher(VoucherId(1))?.is_some() {
            return Err(StoreError::Damaged(
                "the key of the vouchers is missing beside the shop's file".to_owned(),
            ));
        }
        Ok(None)
    }
}

impl Store {
    /// The key of the vouchers' codes, made of `fresh` when there is none yet.
    pub fn own_voucher_key(
        &self,
        fresh: impl FnOnce() -> [u8; 32],
    ) -> Result<[u8; 32], StoreError> {
        if let Some(key) = self.voucher_key()? {
            return Ok(key);
        }
        let key = fresh();
        open::put_secret(&self.path(), open::Secret::Vouchers, &key)?;
        Ok(key)
    }
}

/// Brings the ledger up to date with an entry of a voucher.
pub(crate) fn project(
    conn: &Connection,
    meta: &EntryMeta,
    event: &Event,
) -> Result<(), StoreError> {
    match event {
        Event::VoucherSold(VoucherSold { voucher, hash, last4, of, amount, expires, receipt }) => {
            let kind = match of {
                VoucherKind::MultiPurpose => "multi_purpose",
                VoucherKind::SinglePurpose { .. } => "single_purpose",
            };
            conn.prepare_cached(sql!("voucher/sell"))?.execute(params![
                voucher.0,
                hash.0.as_slice(),
                last4,
                kind,
                of.tax().0,
                expires.to_string(),
                receipt.till.0,
                int(receipt.number.0),
                at(meta),
            ])?;
            post(conn, meta, *voucher, "sold", *amount, (Some(*receipt), None, ""))
        }
        Event::VoucherToppedUp { voucher, amount, receipt } => {
            post(conn, meta, *voucher, "topped_up", *amount, (Some(*receipt), None, ""))
        }
        Event::VoucherRedeemed(VoucherRedeemed { voucher, amount, receipt, taken_back }) => {
            let kind = if *taken_back { "taken_back" } else { "redeemed" };
            post(conn, meta, *voucher, kind, amount.negated(), (Some(*receipt), None, ""))
        }
        Event::VoucherCredited(VoucherCredited { voucher, amount, receipt, paid }) => {
            post(conn, meta, *voucher, "credited", *amount, (Some(*receipt), Some(*paid), ""))
        }
        Event::VoucherBlocked { voucher, reason } => {
            conn.prepare_cached(sql!("voucher/block"))?.execute(params![voucher.0, true])?;
            post(conn, meta, *voucher, "blocked", Money::ZERO, (None, None, reason))
        }
        Event::VoucherUnblocked { voucher, reason } => {
            conn.prepare_cached(sql!("voucher/block"))?.execute(params![voucher.0, false])?;
            post(conn, meta, *voucher, "unblocked", Money::ZERO, (None, None, reason))
        }
        _ => Ok(()),
    }
}

fn post(
    conn: &Connection,
    meta: &EntryMeta,
    voucher: VoucherId,
    kind: &str,
    amount: Money,
    (receipt, paid, reason): (Option<ReceiptRef>, Option<ReceiptRef>, &str),
) -> Result<(), StoreError> {
    conn.prepare_cached(sql!("voucher/post"))?.execute(params![
        int(meta.seq),
        voucher.0,
        kind,
        amount.minor(),
        receipt.map(|r| r.till.0),
        receipt.map(|r| int(r.number.0)),
        paid.map(|r| r.till.0),
        paid.map(|r| int(r.number.0)),
        reason,
        meta.person.map(|p| p.0),
        at(meta),
    ])?;
    conn.prepare_cached(sql!("voucher/add"))?.execute(params![voucher.0, amount.minor()])?;
    Ok(())
}
