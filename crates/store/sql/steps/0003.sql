-- Which entries set the settings: a receipt is shown with the shop's head of its time.
CREATE TABLE configured (
    seq INTEGER PRIMARY KEY
) STRICT;

INSERT INTO configured
SELECT seq FROM journal
WHERE bytes LIKE '%"kind":"shop_configured"%'
  AND CASE WHEN json_valid(bytes) THEN json_extract(bytes, '$.kind') END = 'shop_configured';

-- From which entry on the shop is a later incarnation: restored from a backup.
CREATE TABLE incarnation (
    number INTEGER PRIMARY KEY,
    first  INTEGER NOT NULL
) STRICT;

INSERT INTO incarnation
SELECT number, min(seq)
FROM (SELECT seq, CASE WHEN json_valid(bytes) THEN json_extract(bytes, '$.incarnation') END AS number
      FROM journal
      WHERE (SELECT value FROM meta WHERE key = 'incarnation') <> '1')
WHERE number > 1
GROUP BY number;

CREATE INDEX stock_below_nothing ON stock (item) WHERE quantity < 0;

-- Deposit slips with a number of their own, and the receipt that paid each out.
CREATE TABLE slip (
    number  TEXT PRIMARY KEY,
    till    INTEGER NOT NULL,
    receipt INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
