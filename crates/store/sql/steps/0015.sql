-- Receipts that became an invoice with a name on it; of several of one receipt the last one holds.
CREATE TABLE invoice (
    seq      INTEGER PRIMARY KEY,
    till     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    customer INTEGER NOT NULL,
    version  INTEGER NOT NULL
) STRICT;
CREATE INDEX invoice_receipt ON invoice (till, number);
