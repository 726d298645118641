-- What an attempt is in its terminal's day: which one, what it counts there, the receipt it became a part
-- of, and the entry with the slip that the terminal wanted for the shop.
CREATE TABLE attempt_line (
    attempt  INTEGER PRIMARY KEY,
    terminal INTEGER NOT NULL,
    -- The how-many-th day of the terminal.
    period   INTEGER NOT NULL,
    counts   INTEGER NOT NULL,
    currency TEXT,
    tip      INTEGER NOT NULL,
    signs    INTEGER NOT NULL,
    till     INTEGER,
    receipt  INTEGER,
    slip     INTEGER
) STRICT;
CREATE INDEX attempt_line_of ON attempt_line (terminal, period);
CREATE INDEX attempt_taken_back ON attempt (reverses) WHERE reverses IS NOT NULL;

-- The entries of each attempt.
CREATE TABLE attempt_step (
    seq     INTEGER PRIMARY KEY,
    attempt INTEGER NOT NULL
) STRICT;
CREATE INDEX attempt_step_of ON attempt_step (attempt, seq);

-- Closings of terminals' days, as the rules know them.
CREATE TABLE terminal_day (
    id       INTEGER PRIMARY KEY,
    terminal INTEGER NOT NULL,
    period   INTEGER NOT NULL,
    state    TEXT NOT NULL,
    body     TEXT NOT NULL
) STRICT;
CREATE INDEX terminal_day_of ON terminal_day (terminal, period);

-- Files of before know their attempts already; no terminal's day was closed in them.
INSERT INTO attempt_step
SELECT seq, json_extract(bytes, '$.body.attempt') FROM journal
WHERE bytes LIKE '%"attempt":%'
  AND CASE WHEN json_valid(bytes) THEN json_extract(bytes, '$.kind') END IN (
      'tender_intended', 'tender_sent', 'tender_cancel_asked', 'attempt_recorded',
      'attempt_acknowledged', 'tender_in_doubt', 'tender_resolved', 'reversal_failed')
  AND json_extract(bytes, '$.body.attempt') IS NOT NULL;

INSERT INTO attempt_line
SELECT id, terminal, 1, coalesce(booked, amount),
    (SELECT json_extract(j.bytes, '$.body.outcome.currency')
     FROM attempt_step s JOIN journal j ON j.seq = s.seq
     WHERE s.attempt = attempt.id AND json_extract(j.bytes, '$.body.outcome.currency') IS NOT NULL
     ORDER BY s.seq DESC LIMIT 1),
    0, 0, NULL, NULL,
    (SELECT s.seq FROM attempt_step s JOIN journal j ON j.seq = s.seq
     WHERE s.attempt = attempt.id AND json_extract(j.bytes, '$.kind') = 'attempt_acknowledged'
       AND json_array_length(j.bytes, '$.body.merchant') > 0)
FROM attempt;

UPDATE attempt_line
SET (till, receipt) = (
    SELECT json_extract(j.bytes, '$.till'), json_extract(j.bytes, '$.body.number')
    FROM receipt r JOIN journal j ON j.seq = r.seq, json_each(j.bytes, '$.body.tenders') t
    WHERE json_extract(t.value, '$.card.attempt') = attempt_line.attempt
    LIMIT 1);
