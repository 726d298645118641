-- The same of entries that belong to no sale: cash that moved, a drawer that was opened.
CREATE TABLE entry_signature (
    entry INTEGER PRIMARY KEY,
    seq   INTEGER NOT NULL
) STRICT;
