-- Which entry says how a basket that ended was signed, or why not; and which says what a signing unit is.
CREATE TABLE signature (
    basket INTEGER PRIMARY KEY,
    seq    INTEGER NOT NULL
) STRICT;

CREATE TABLE signing_unit (
    serial TEXT PRIMARY KEY,
    seq    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
