-- The whole schema of a shop's file as it is today. steps/*.sql lead here; a test proves them equal.
-- Amounts are minor units, quantities thousandths, times RFC 3339 in UTC, dates local.

-- The record ---------------------------------------------------------------------------------------

CREATE TABLE journal (
    seq   INTEGER PRIMARY KEY,
    hash  BLOB NOT NULL,
    bytes TEXT NOT NULL
) STRICT;

CREATE TRIGGER journal_gapless BEFORE INSERT ON journal
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
BEGIN
    SELECT RAISE(ABORT, 'the journal is numbered without gaps');
END;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is never changed');
END;

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'nothing is deleted from the journal');
END;

-- Folds of the journal: kept in the same transaction, rebuildable at any time ------------------------

-- Which entries a command made. The fingerprint is not in the journal: NULL after a rebuild.
CREATE TABLE command (
    id          BLOB PRIMARY KEY,
    first       INTEGER NOT NULL,
    last        INTEGER NOT NULL,
    fingerprint INTEGER
) STRICT, WITHOUT ROWID;

-- The engine's state in memory, saved as JSON documents.
-- With a rowid: a document of two kilobytes stays on one page.
CREATE TABLE part (
    kind TEXT NOT NULL,
    key  INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, key)
) STRICT;

-- Entries of baskets that are not finished, to fold them again at start; of those that were given up, under the number
-- below nothing, as no receipt says what was in them.
CREATE TABLE basket_entry (
    basket INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (basket, seq)
) STRICT, WITHOUT ROWID;

-- Which entries set the settings: a receipt is shown with the shop's head of its time.
CREATE TABLE configured (
    seq INTEGER PRIMARY KEY
) STRICT;

-- From which entry on the shop is a later incarnation: restored from a backup.
CREATE TABLE incarnation (
    number INTEGER PRIMARY KEY,
    first  INTEGER NOT NULL
) STRICT;

-- Columns to find a receipt by; its body is the journal's entry.
CREATE TABLE receipt (
    seq      INTEGER PRIMARY KEY,
    till     INTEGER NOT NULL,
    training INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    at       TEXT NOT NULL,
    date     TEXT NOT NULL,
    day      INTEGER NOT NULL,
    person   INTEGER NOT NULL,
    basket   INTEGER NOT NULL,
    total    INTEGER NOT NULL,
    lines    INTEGER NOT NULL,
    copies   INTEGER NOT NULL DEFAULT 0,
    UNIQUE (till, training, number)
) STRICT;
CREATE INDEX receipt_by_date ON receipt (date);

-- What has been returned of a receipt's line.
CREATE TABLE returned (
    till     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    line     INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (till, number, line)
) STRICT, WITHOUT ROWID;

-- What has gone back to each tender of a receipt.
CREATE TABLE refunded (
    till   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    tender INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (till, number, tender)
) STRICT, WITHOUT ROWID;

-- Receipts that became an invoice with a name on it; of several of one receipt the last one holds.
CREATE TABLE invoice (
    seq      INTEGER PRIMARY KEY,
    till     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    version  INTEGER NOT NULL
) STRICT;
CREATE INDEX invoice_receipt ON invoice (till, number);

-- Deposit slips with a number of their own, and the receipt that paid each out; and papers of coupons that are taken once, by code and
-- serial number, with the receipt that they were taken for.
CREATE TABLE slip (
    number  TEXT PRIMARY KEY,
    till    INTEGER NOT NULL,
    receipt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Payment attempts, closed ones too: to find them by. What a terminal said stands in the journal.
CREATE TABLE attempt (
    id          INTEGER PRIMARY KEY,
    till        INTEGER NOT NULL,
    terminal    INTEGER NOT NULL,
    basket      INTEGER NOT NULL,
    purpose     TEXT NOT NULL,
    reverses    INTEGER,
    amount      INTEGER NOT NULL,
    booked      INTEGER,
    state       TEXT NOT NULL,
    code        TEXT NOT NULL DEFAULT '',
    asked       TEXT NOT NULL,
    changed     TEXT NOT NULL,
    person      INTEGER,
    terminal_id TEXT,
    receipt     TEXT,
    trace       TEXT,
    scheme      TEXT,
    last4       TEXT
) STRICT;
CREATE INDEX attempt_open ON attempt (state)
WHERE state IN ('intended', 'sent', 'recorded', 'in_doubt');

-- What an attempt is in its terminal's day: which one, what it counts there, the receipt it became a part
-- of, and the entry with the slip that the terminal wanted for the shop.
CREATE TABLE attempt_line (
    attempt  INTEGER PRIMARY KEY,
    terminal INTEGER NOT NULL,
    -- The how-many-th day of the terminal.
    period   INTEGER NOT NULL,
    counts   INTEGER NOT NULL,
    currency TEXT,
    tip      INTEGER NOT NULL,
    signs    INTEGER NOT NULL,
    till     INTEGER,
    receipt  INTEGER,
    slip     INTEGER
) STRICT;
CREATE INDEX attempt_line_of ON attempt_line (terminal, period);
CREATE INDEX attempt_taken_back ON attempt (reverses) WHERE reverses IS NOT NULL;

-- The entries of each attempt.
CREATE TABLE attempt_step (
    seq     INTEGER PRIMARY KEY,
    attempt INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_step_of ON attempt_step (attempt, seq);

-- Which entry says how a basket that ended was signed, or why not; and which says what a signing unit is.
CREATE TABLE signature (
    basket INTEGER PRIMARY KEY,
    seq    INTEGER NOT NULL
) STRICT;

-- The same of entries that belong to no sale: cash that moved, a drawer that was opened.
CREATE TABLE entry_signature (
    entry INTEGER PRIMARY KEY,
    seq   INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_unit (
    serial TEXT PRIMARY KEY,
    seq    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which entry holds which code of an Austrian till's chain, and which says what a signature device is.
CREATE TABLE rksv_code (
    seq      INTEGER PRIMARY KEY,
    register TEXT NOT NULL,
    position INTEGER NOT NULL,
    till     INTEGER NOT NULL,
    basket   INTEGER
) STRICT;
CREATE UNIQUE INDEX rksv_code_of ON rksv_code (register, position);
CREATE UNIQUE INDEX rksv_code_basket ON rksv_code (basket) WHERE basket IS NOT NULL;

CREATE TABLE signer (
    name TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Closings of terminals' days, as the rules know them.
CREATE TABLE terminal_day (
    id       INTEGER PRIMARY KEY,
    terminal INTEGER NOT NULL,
    period   INTEGER NOT NULL,
    state    TEXT NOT NULL,
    body     TEXT NOT NULL
) STRICT;
CREATE INDEX terminal_day_of ON terminal_day (terminal, period);

-- Records of a till (Vorgänge) that are no receipts: the opening and the closing of a day, with its number,
-- baskets that were given up, cash, the drawer, orders, baskets that were handed over, goods that people who work
-- here took. A day's records lie between its opening and its closing.
CREATE TABLE till_record (
    seq  INTEGER PRIMARY KEY,
    till INTEGER NOT NULL,
    day  INTEGER
) STRICT;
CREATE INDEX till_record_of_day ON till_record (till, day) WHERE day IS NOT NULL;

-- Orders of a basket, and the entries by which tills handed it over; the till is the one whose record it is.
CREATE TABLE basket_record (
    basket INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    till   INTEGER NOT NULL,
    PRIMARY KEY (basket, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
    id     INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    state  TEXT NOT NULL CHECK (state IN ('running', 'finished', 'cancelled')),
    began  TEXT NOT NULL,
    items  INTEGER NOT NULL,
    -- The versions written while it ran: first and last of its own.
    first  INTEGER,
    last   INTEGER
) STRICT;

-- One row per version of an item. A version is valid when it came by hand (import 0) or its import
-- is finished; the item is its highest valid version. So an import of any size becomes valid in one
-- row of `import`.
CREATE TABLE item (
    version INTEGER PRIMARY KEY,
    item    INTEGER NOT NULL,
    import  INTEGER NOT NULL DEFAULT 0,
    number  TEXT NOT NULL,
    name    TEXT NOT NULL,
    grp     INTEGER NOT NULL,
    retired INTEGER NOT NULL,
    -- Only of items that keep stock and are on sale.
    minimum INTEGER,
    body    TEXT NOT NULL
) STRICT;
CREATE INDEX item_by_item ON item (item, version, import);
CREATE INDEX item_by_number ON item (number);
CREATE INDEX item_by_group ON item (grp);
CREATE INDEX item_by_minimum ON item (item) WHERE minimum >= 0;

CREATE VIEW item_now AS
SELECT v.version, v.item, v.number, v.name, v.grp, v.retired, v.minimum, v.body
FROM item AS v
WHERE (v.import = 0
       OR EXISTS (SELECT 1 FROM import AS i WHERE i.id = v.import AND i.state = 'finished'))
  AND NOT EXISTS (
      SELECT 1 FROM item AS w
      WHERE w.item = v.item AND w.version > v.version
        AND (w.import = 0
             OR EXISTS (SELECT 1 FROM import AS i WHERE i.id = w.import AND i.state = 'finished')));

-- Every code that any version of an item ever had; a hit counts when the present version has it.
CREATE TABLE item_code (
    code TEXT NOT NULL,
    item INTEGER NOT NULL,
    PRIMARY KEY (code, item)
) STRICT, WITHOUT ROWID;

-- Words of folded names and numbers; the row is the version. Only the index is kept, not the text.
-- The text is cut into words before it gets here: 'ascii' takes every other letter as it is, where
-- 'unicode61' knows only the letters of Unicode 6.1.
CREATE VIRTUAL TABLE item_search USING fts5 (
    text,
    content = '',
    columnsize = 0,
    detail = 'none',
    prefix = '1 2 3 4',
    tokenize = 'ascii'
);

CREATE TABLE stock (
    item     INTEGER PRIMARY KEY,
    quantity INTEGER NOT NULL
) STRICT;
CREATE INDEX stock_below_nothing ON stock (item) WHERE quantity < 0;

-- Movements that are no sales.
CREATE TABLE stock_movement (
    seq      INTEGER PRIMARY KEY,
    item     INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    counted  INTEGER,
    reason   TEXT NOT NULL,
    person   INTEGER,
    at       TEXT NOT NULL
) STRICT;
CREATE INDEX stock_movement_by_item ON stock_movement (item);

CREATE TABLE item_day (
    date     TEXT NOT NULL,
    item     INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    amount   INTEGER NOT NULL,
    PRIMARY KEY (date, item)
) STRICT, WITHOUT ROWID;

CREATE TABLE hour_sales (
    date     TEXT NOT NULL,
    hour     INTEGER NOT NULL,
    till     INTEGER NOT NULL,
    receipts INTEGER NOT NULL,
    amount   INTEGER NOT NULL,
    PRIMARY KEY (date, hour, till)
) STRICT, WITHOUT ROWID;

CREATE TABLE tender_day (
    date   TEXT NOT NULL,
    kind   TEXT NOT NULL,
    count  INTEGER NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (date, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE closed_day (
    till   INTEGER NOT NULL,
    number INTEGER NOT NULL,
    closed TEXT NOT NULL,
    body   TEXT NOT NULL,
    PRIMARY KEY (till, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX closed_day_by_time ON closed_day (closed);

CREATE TABLE unknown_code (
    code     TEXT PRIMARY KEY,
    grp      INTEGER NOT NULL,
    name     TEXT NOT NULL,
    price    INTEGER NOT NULL,
    times    INTEGER NOT NULL,
    first_at TEXT NOT NULL,
    last_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Vouchers and what is left on them: the sum of their postings. Of a code only a keyed hash is kept.
CREATE TABLE voucher (
    id      INTEGER PRIMARY KEY,
    hash    BLOB NOT NULL UNIQUE,
    last4   TEXT NOT NULL,
    kind    TEXT NOT NULL,
    tax     INTEGER NOT NULL,
    balance INTEGER NOT NULL CHECK (balance >= 0),
    expires TEXT NOT NULL,
    blocked INTEGER NOT NULL,
    till    INTEGER NOT NULL,
    receipt INTEGER NOT NULL,
    sold    TEXT NOT NULL
) STRICT;

-- The vouchers' ledger: what was posted to which voucher (signed), and the receipt that is its other
-- side. Blocking posts nothing.
CREATE TABLE voucher_posting (
    seq          INTEGER PRIMARY KEY,
    voucher      INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    amount       INTEGER NOT NULL,
    till         INTEGER,
    receipt      INTEGER,
    paid_till    INTEGER,
    paid_receipt INTEGER,
    reason       TEXT NOT NULL,
    person       INTEGER,
    at           TEXT NOT NULL
) STRICT;
CREATE INDEX voucher_posting_of ON voucher_posting (voucher, seq);

-- Requests for transfers, closed ones too. `confirmed` is the person who says that the money is there.
CREATE TABLE transfer (
    id        INTEGER PRIMARY KEY,
    reference TEXT NOT NULL UNIQUE,
    till      INTEGER NOT NULL,
    basket    INTEGER NOT NULL,
    amount    INTEGER NOT NULL,
    state     TEXT NOT NULL,
    paid      INTEGER,
    message   INTEGER,
    confirmed INTEGER,
    reason    TEXT NOT NULL,
    asked     TEXT NOT NULL,
    changed   TEXT NOT NULL,
    person    INTEGER,
    receipt_till INTEGER,
    receipt   INTEGER
) STRICT;

-- Messages of the bank that name a request, or were meant to. `entry` is the bank's own reference: the same
-- one changes nothing twice. Of whoever paid nothing is kept.
CREATE TABLE bank_message (
    id        INTEGER PRIMARY KEY,
    entry     TEXT NOT NULL UNIQUE,
    booked    TEXT,
    amount    INTEGER NOT NULL,
    currency  TEXT NOT NULL,
    back      INTEGER NOT NULL,
    reference TEXT NOT NULL,
    finding   TEXT NOT NULL,
    transfer  INTEGER,
    waits     INTEGER NOT NULL,
    reason    TEXT NOT NULL,
    settled   INTEGER,
    person    INTEGER NOT NULL,
    taken     TEXT NOT NULL
) STRICT;
CREATE INDEX bank_message_waiting ON bank_message (id) WHERE waits <> 0;
-- The entries of each card terminal as a device: register, reports, inspections, the stop.
CREATE TABLE device_entry (
    terminal INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (terminal, seq)
) STRICT, WITHOUT ROWID;

-- Customers who buy on account, by number: their names and addresses lie apart. `balance` is the sum of
-- their postings: what they owe; below nothing it is their credit.
CREATE TABLE customer (
    id        INTEGER PRIMARY KEY,
    version   INTEGER NOT NULL,
    details   TEXT NOT NULL,
    term_days INTEGER NOT NULL,
    max_owed  INTEGER,
    blocked   INTEGER NOT NULL,
    forgotten INTEGER NOT NULL,
    balance   INTEGER NOT NULL
) STRICT;

-- The customers' ledger: what was posted to which account (signed: owed more, owed less), and its other
-- side, the receipt or the bank's reference.
CREATE TABLE account_posting (
    seq          INTEGER PRIMARY KEY,
    customer     INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    amount       INTEGER NOT NULL,
    due          TEXT,
    till         INTEGER,
    receipt      INTEGER,
    paid_till    INTEGER,
    paid_receipt INTEGER,
    reference    TEXT NOT NULL,
    person       INTEGER,
    at           TEXT NOT NULL
) STRICT;
CREATE INDEX account_posting_of ON account_posting (customer, seq);

-- Receipts that were bought on account, and what is left of them. Of all that are open the rest is what is
-- owed.
CREATE TABLE account_item (
    customer INTEGER NOT NULL,
    till     INTEGER NOT NULL,
    receipt  INTEGER NOT NULL,
    date     TEXT NOT NULL,
    due      TEXT NOT NULL,
    amount   INTEGER NOT NULL,
    left     INTEGER NOT NULL CHECK (left >= 0),
    PRIMARY KEY (customer, till, receipt)
) STRICT, WITHOUT ROWID;
CREATE INDEX account_item_open ON account_item (due, customer, till, receipt) WHERE left > 0;

-- Which entries tell an auditor what: changes of prices, items, tax rates, settings and people, signing units and their
-- outages, audits, the clock, the program's version, backups. `subject` is the item's version, the import, the person,
-- the unit or the audit. An entry that changes two things stands here twice. How receipts were handed over without paper stands
-- here as well (handed_…), under the entry of the receipt; then `subject` is the entry that says so.
CREATE TABLE audit_entry (
    kind    TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    at      TEXT NOT NULL,
    subject INTEGER,
    PRIMARY KEY (kind, seq)
) STRICT, WITHOUT ROWID;

-- Apart from the journal: secrets, names, sessions, work to be done. Not rebuilt ----------------------

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries known for certain at some moment: a journal that is shorter, or leads to another hash, was
-- cut off or written anew.
CREATE TABLE anchor (
    why  TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE credential (
    person INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    hash   TEXT NOT NULL,
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;

-- One random key a person and a customer. What is sealed under it cannot be read any more once the key is
-- gone. Subjects: people by their number, customers by theirs below nothing.
CREATE TABLE personal_key (
    subject INTEGER PRIMARY KEY,
    key    BLOB NOT NULL
) STRICT;

-- What is known of them beside their number, sealed: a person's name, each version of a customer's details.
CREATE TABLE personal (
    subject INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (subject, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
    token_hash BLOB PRIMARY KEY,
    person     INTEGER,
    till       INTEGER,
    kind       TEXT NOT NULL,
    created    TEXT NOT NULL,
    seen       TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,
    till     INTEGER,
    seq      INTEGER,
    body     TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'unknown', 'failed')),
    attempts INTEGER NOT NULL,
    note     TEXT NOT NULL,
    created  TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_open ON outbox (state) WHERE state <> 'done';

-- Receipts without paper, apart from the journal. A receipt's page: under which id it is found, and where a host outside keeps it,
-- the key that it is sealed with.
CREATE TABLE receipt_link (
    seq   INTEGER PRIMARY KEY,
    id    BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
    key   BLOB CHECK (key IS NULL OR length(key) = 32),
    made  TEXT NOT NULL,
    until TEXT NOT NULL
) STRICT;

-- What goes to customers by mail, by text or to the host of the pages. `receiver` is sealed, and gone once it is not needed any more;
-- `seq` is the receipt's entry, none for a test.
CREATE TABLE message (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL CHECK (kind IN ('mail', 'sms', 'upload')),
    till     INTEGER,
    seq      INTEGER,
    receiver TEXT,
    keep     INTEGER NOT NULL CHECK (keep IN (0, 1)),
    state    TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'unknown', 'failed')),
    attempts INTEGER NOT NULL,
    note     TEXT NOT NULL,
    created  TEXT NOT NULL,
    next     TEXT NOT NULL,
    changed  TEXT NOT NULL
) STRICT;
CREATE INDEX message_open ON message (state, next) WHERE state <> 'done';
CREATE INDEX message_of ON message (seq, kind);

-- Photos of card terminals, by the SHA-256 that the entries name.
CREATE TABLE photo (
    digest BLOB PRIMARY KEY,
    kind   TEXT NOT NULL,
    bytes  BLOB NOT NULL
) STRICT;

-- What was found in a closed till day when it was checked last: whether it contradicts itself as it would be
-- handed to an auditor, and how many statements of its proof hold, differ, and cannot be proved.
CREATE TABLE day_check (
    till     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    checked  TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('right', 'wrong', 'failed')),
    records  INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    finding  TEXT NOT NULL,
    proved   INTEGER NOT NULL,
    differs  INTEGER NOT NULL,
    unproved INTEGER NOT NULL,
    PRIMARY KEY (till, number)
) STRICT, WITHOUT ROWID;
