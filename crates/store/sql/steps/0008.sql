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

-- Keys and seals are of customers too.
ALTER TABLE personal_key RENAME COLUMN person TO subject;
ALTER TABLE personal RENAME COLUMN person TO subject;
