//! Receipts without paper, apart from the journal: under which id a receipt's page is found, and what goes to customers by mail, by text,
//! or to the host of the pages. Receivers lie here sealed; sealing and opening are the caller's.

use domain::TillId;
use jiff::Timestamp;
use rusqlite::{Row, params};

use crate::apart::OutboxState;
use crate::project::{unword, word};
use crate::reader::{int, text_as};
use crate::{Reader, Store, StoreError};

/// Where the page of a receipt is found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLink {
    /// The entry of the receipt.
    pub seq: u64,
    /// Random; nobody guesses it, and it says nothing of the receipt.
    pub id: [u8; 16],
    /// What a host outside gets is sealed with it; none where the shop serves the page itself.
    pub key: Option<[u8; 32]>,
    /// Since.
    pub made: Timestamp,
    /// Until when it leads anywhere.
    pub until: Timestamp,
}

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Mail.
    Mail,
    /// A text.
    Sms,
    /// A receipt's page on its way to the host.
    Upload,
}

/// Something that is to reach a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// Identity.
    pub id: i64,
    /// What.
    pub kind: MessageKind,
    /// The till that asked for it.
    pub till: Option<TillId>,
    /// The entry of the receipt; none for a test.
    pub seq: Option<u64>,
    /// Who gets it, sealed; none once that is not needed any more.
    pub receiver: Option<String>,
    /// The customer consented to the address being kept.
    pub keep: bool,
    /// State.
    pub state: OutboxState,
    /// How often it was tried.
    pub attempts: u32,
    /// What was said last.
    pub note: String,
    /// Since.
    pub created: Timestamp,
    /// When it is tried next, while it waits.
    pub next: Timestamp,
    /// When something became of it last.
    pub changed: Timestamp,
}

/// How much there is that was not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageCounts {
    /// Tried, and to be tried again.
    pub late: u32,
    /// Of unknown fate, or failed: a person settles these.
    pub unsettled: u32,
    /// What was said of what waits, last: its kind, `_`, and the code (`mail_unreachable`).
    pub note: Option<String>,
}

fn bytes<const N: usize>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<[u8; N]>> {
    Ok(row.get::<_, Option<Vec<u8>>>(column)?.and_then(|bytes| bytes.try_into().ok()))
}

fn link(row: &Row<'_>) -> rusqlite::Result<ReceiptLink> {
    let seq: i64 = row.get(0)?;
    Ok(ReceiptLink {
        seq: u64::try_from(seq).unwrap_or_default(),
        id: bytes(row, 1)?.unwrap_or_default(),
        key: bytes(row, 2)?,
        made: text_as(row, 3)?,
        until: text_as(row, 4)?,
    })
}

fn message(row: &Row<'_>) -> rusqlite::Result<(String, String, MessageRow)> {
    let seq: Option<i64> = row.get(3)?;
    let found = MessageRow {
        id: row.get(0)?,
        kind: MessageKind::Mail,
        till: row.get::<_, Option<u16>>(2)?.map(TillId),
        seq: seq.and_then(|seq| u64::try_from(seq).ok()),
        receiver: row.get(4)?,
        keep: row.get(5)?,
        state: OutboxState::Unknown,
        attempts: row.get(7)?,
        note: row.get(8)?,
        created: text_as(row, 9)?,
        next: text_as(row, 10)?,
        changed: text_as(row, 11)?,
    };
    Ok((row.get(1)?, row.get(6)?, found))
}

fn whole((kind, state, row): (String, String, MessageRow)) -> Result<MessageRow, StoreError> {
    Ok(MessageRow { kind: unword(&kind)?, state: unword(&state)?, ..row })
}

fn at(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

impl Reader {
    /// Where the page of a receipt is found.
    pub fn receipt_link(&self, seq: u64) -> Result<Option<ReceiptLink>, StoreError> {
        self.row(sql!("message/link_of"), [int(seq)], link)
    }

    /// The receipt whose page is found under an id.
    pub fn receipt_linked(&self, id: &[u8; 16]) -> Result<Option<ReceiptLink>, StoreError> {
        self.row(sql!("message/link_with"), [id.as_slice()], link)
    }

    /// A message.
    pub fn message(&self, id: i64) -> Result<Option<MessageRow>, StoreError> {
        self.row(sql!("message/get"), [id], message)?.map(whole).transpose()
    }

    /// The last message of a kind about a receipt.
    pub fn message_of(
        &self,
        seq: u64,
        kind: MessageKind,
    ) -> Result<Option<MessageRow>, StoreError> {
        let found = self.row(sql!("message/last_of"), params![int(seq), word(&kind)?], message)?;
        found.map(whole).transpose()
    }

    /// What of a kind is to be sent by now, what waits for longest first.
    pub fn messages_due(
        &self,
        kind: MessageKind,
        now: Timestamp,
        limit: u32,
    ) -> Result<Vec<MessageRow>, StoreError> {
        let rows =
            self.rows(sql!("message/due"), params![at(now), word(&kind)?, limit], message)?;
        rows.into_iter().map(whole).collect()
    }

    /// How many messages there were about a receipt, mail and texts.
    pub fn messages_about(&self, seq: u64) -> Result<u32, StoreError> {
        Ok(self.row(sql!("message/count_of"), [int(seq)], |row| row.get(0))?.unwrap_or_default())
    }

    /// When something is to be sent next.
    pub fn messages_next(&self) -> Result<Option<Timestamp>, StoreError> {
        let next: Option<Option<String>> = self.row(sql!("message/next"), [], |row| row.get(0))?;
        Ok(next.flatten().and_then(|text| text.parse().ok()))
    }

    /// What is not done, then what was done, each newest first.
    pub fn messages(&self, limit: u32) -> Result<Vec<MessageRow>, StoreError> {
        let rows = self.rows(sql!("message/page"), [limit], message)?;
        rows.into_iter().map(whole).collect()
    }

    /// How much there is that was not sent.
    pub fn message_counts(&self) -> Result<MessageCounts, StoreError> {
        let counts = self.row(sql!("message/counts"), [], |row| {
            Ok(MessageCounts { late: row.get(0)?, unsettled: row.get(1)?, note: row.get(2)? })
        })?;
        Ok(counts.unwrap_or_default())
    }
}

/// These may stand outside of a transaction and commit at once then.
impl Store {
    /// Notes where the page of a receipt is found.
    pub fn put_receipt_link(&mut self, link: &ReceiptLink) -> Result<(), StoreError> {
        let key = link.key.as_ref().map(|key| key.as_slice());
        let row = params![int(link.seq), link.id.as_slice(), key, at(link.made), at(link.until)];
        self.change(sql!("message/link_put"), row).map(|_| ())
    }

    /// Takes a message in, to be sent at once.
    pub fn add_message(
        &mut self,
        kind: MessageKind,
        (till, seq): (Option<TillId>, Option<u64>),
        (receiver, keep): (Option<&str>, bool),
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let row = params![word(&kind)?, till.map(|t| t.0), seq.map(int), receiver, keep, at(now)];
        self.change(sql!("message/add"), row)?;
        Ok(self.conn().last_insert_rowid())
    }

    /// Says what became of a message; its receiver is overwritten once it is done, unless it is to be kept. `attempted`: it was
    /// tried once more.
    pub fn set_message(
        &mut self,
        id: i64,
        (state, note, attempted): (OutboxState, &str, bool),
        next: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let row = params![id, word(&state)?, note, attempted, at(next), at(now)];
        self.leaving_no_trace(|store| store.change(sql!("message/set"), row).map(|_| ()))
    }

    /// A person says what became of a message of unknown fate, or that failed: it arrived, or it is to be sent again; what waits is
    /// tried at once. False when it is done, waits and shall have arrived, or nobody knows any more to whom it was to go.
    pub fn settle_message(
        &mut self,
        id: i64,
        done: bool,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        self.leaving_no_trace(|store| {
            store.change(sql!("message/settle"), params![id, done, at(now)]).map(|rows| rows > 0)
        })
    }

    /// What was being handed over when the program ended is of unknown fate. Once, before anything is sent.
    pub fn doubt_interrupted(&mut self) -> Result<(), StoreError> {
        self.change(sql!("message/interrupted"), []).map(|_| ())
    }

    /// Forgets to whom a message went. False while it still waits to be sent, or when there is none.
    pub fn forget_receiver(&mut self, id: i64) -> Result<bool, StoreError> {
        self.leaving_no_trace(|store| {
            store.change(sql!("message/forget"), [id]).map(|rows| rows > 0)
        })
    }

    /// Takes away what nobody needs any more: pages that lead nowhere since `now`, receivers of what was not settled since
    /// `receivers`, messages of before `messages`.
    pub fn tidy_messages(
        &mut self,
        now: Timestamp,
        receivers: Timestamp,
        messages: Timestamp,
    ) -> Result<(), StoreError> {
        self.leaving_no_trace(|store| {
            store.change(sql!("message/link_expire"), [at(now)])?;
            store.change(sql!("message/drop_receivers"), [at(receivers)])?;
            store.change(sql!("message/purge"), [at(messages)]).map(|_| ())
        })
    }

    fn leaving_no_trace<T>(
        &mut self,
        work: impl FnOnce(&mut Store) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.overwrite_what_is_deleted(true)?;
        let done = work(self);
        self.overwrite_what_is_deleted(false)?;
        done
    }
}
