-- Names lie apart from the journal, sealed under a key per person.

-- One random key a person. What is sealed under it cannot be read any more once the key is gone.
CREATE TABLE personal_key (
    person INTEGER PRIMARY KEY,
    key    BLOB NOT NULL
) STRICT;

-- What is known of a person beside their number, sealed; today their name.
CREATE TABLE personal (
    person INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (person, kind)
) STRICT, WITHOUT ROWID;
