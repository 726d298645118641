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
