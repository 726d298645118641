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
