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
