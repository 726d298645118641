-- Records of a till (Vorgänge) that are no receipts: the opening and the closing of a day, with its number,
-- baskets that were given up, cash, the drawer. A day's records lie between its opening and its closing.
CREATE TABLE till_record (
    seq  INTEGER PRIMARY KEY,
    till INTEGER NOT NULL,
    day  INTEGER
) STRICT;
CREATE INDEX till_record_of_day ON till_record (till, day) WHERE day IS NOT NULL;

-- What was found in a closed till day when it was checked last: whether it contradicts itself as it would be
-- handed to an auditor, and how many statements of its proof hold, differ, and cannot be proved.
CREATE TABLE day_check (
    till     INTEGER NOT NULL,
    number   INTEGER NOT NULL,
    checked  TEXT NOT NULL,
    state    TEXT NOT NULL CHECK (state IN ('right', 'wrong', 'failed')),
    records  INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    finding  TEXT NOT NULL,
    proved   INTEGER NOT NULL,
    differs  INTEGER NOT NULL,
    unproved INTEGER NOT NULL,
    PRIMARY KEY (till, number)
) STRICT, WITHOUT ROWID;

-- Files of before have their records in the journal. What is no JSON any more is none of them.
INSERT INTO till_record
SELECT seq, till, CASE WHEN kind IN ('day_opened', 'day_closed') THEN day END FROM (
    SELECT seq, json_extract(bytes, '$.kind') AS kind, json_extract(bytes, '$.till') AS till,
        json_extract(bytes, '$.body.day') AS day
    FROM journal
    WHERE (bytes LIKE '%"kind":"day\_%' ESCAPE '\' OR bytes LIKE '%"kind":"cash\_%' ESCAPE '\'
           OR bytes LIKE '%"kind":"basket\_aborted"%' ESCAPE '\' OR bytes LIKE '%"kind":"drawer\_opened"%' ESCAPE '\')
      AND json_valid(bytes)
)
WHERE till IS NOT NULL AND kind IN ('day_opened', 'day_closed', 'basket_aborted', 'cash_paid_in', 'cash_paid_out',
    'cash_dropped', 'drawer_opened');
