-- Orders of a basket, and the entries by which tills handed it over; the till is the one whose record it is. Files of
-- before have none.
CREATE TABLE basket_record (
    basket INTEGER NOT NULL,
    seq    INTEGER NOT NULL,
    till   INTEGER NOT NULL,
    PRIMARY KEY (basket, seq)
) STRICT, WITHOUT ROWID;
