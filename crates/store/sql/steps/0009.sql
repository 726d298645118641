-- The entries of each card terminal as a device: register, reports, inspections, the stop.
CREATE TABLE device_entry (
    terminal INTEGER NOT NULL,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (terminal, seq)
) STRICT, WITHOUT ROWID;

-- Photos of card terminals, by the SHA-256 that the entries name.
CREATE TABLE photo (
    digest BLOB PRIMARY KEY,
    kind   TEXT NOT NULL,
    bytes  BLOB NOT NULL
) STRICT;
