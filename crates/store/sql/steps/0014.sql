-- Which entry holds which code of an Austrian till's chain, and which says what a signature device is.
CREATE TABLE rksv_code (
    seq      INTEGER PRIMARY KEY,
    register TEXT NOT NULL,
    position INTEGER NOT NULL,
    till     INTEGER NOT NULL,
    basket   INTEGER
) STRICT;
CREATE UNIQUE INDEX rksv_code_of ON rksv_code (register, position);
CREATE UNIQUE INDEX rksv_code_basket ON rksv_code (basket) WHERE basket IS NOT NULL;

CREATE TABLE signer (
    name TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
