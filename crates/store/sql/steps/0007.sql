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
