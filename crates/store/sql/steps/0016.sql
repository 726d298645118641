-- Which entries tell an auditor what: changes of prices, items, tax rates, settings and people, signing units and their
-- outages, audits, the clock, the program's version, backups. `subject` is the item's version, the import, the person,
-- the unit or the audit. An entry that changes two things stands here twice.
CREATE TABLE audit_entry (
    kind    TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    at      TEXT NOT NULL,
    subject INTEGER,
    PRIMARY KEY (kind, seq)
) STRICT, WITHOUT ROWID;

-- Files of before have all of it in their journal.
CREATE TEMP TABLE told AS
SELECT seq, bytes, json_extract(bytes, '$.kind') AS kind, coalesce(json_extract(bytes, '$.at'), '') AS at FROM journal
WHERE CASE WHEN json_valid(bytes) THEN json_extract(bytes, '$.kind') END IN (
    'shop_configured', 'person_added', 'person_changed', 'person_forgotten', 'credential_set', 'item_put',
    'item_retired', 'import_finished', 'signing_unit_reported', 'signing_outage', 'signing_restored', 'backup_made',
    'shop_restored', 'clock_jumped');

INSERT INTO audit_entry
SELECT CASE kind WHEN 'import_finished' THEN 'import' WHEN 'signing_unit_reported' THEN 'unit'
                 WHEN 'signing_outage' THEN 'outage' WHEN 'signing_restored' THEN 'outage'
                 WHEN 'backup_made' THEN 'record' WHEN 'shop_restored' THEN 'record'
                 WHEN 'clock_jumped' THEN 'clock' ELSE 'person' END,
       seq, at,
       coalesce(json_extract(bytes, '$.body.import'), json_extract(bytes, '$.body.unit'),
                json_extract(bytes, '$.body.person'),
                CASE WHEN kind LIKE 'person%' THEN json_extract(bytes, '$.body.id') END)
FROM told
WHERE kind NOT IN ('shop_configured', 'item_put', 'item_retired');

INSERT INTO audit_entry
SELECT 'rate', seq, at, NULL FROM (
    SELECT seq, at, json_extract(bytes, '$.body.rates') AS now,
           lag(json_extract(bytes, '$.body.rates')) OVER (ORDER BY seq) AS before
    FROM told WHERE kind = 'shop_configured')
WHERE now IS NOT before;

INSERT INTO audit_entry
SELECT 'setting', seq, at, NULL FROM (
    SELECT seq, at, json_remove(json_extract(bytes, '$.body'), '$.rates') AS now,
           lag(json_remove(json_extract(bytes, '$.body'), '$.rates')) OVER (ORDER BY seq) AS before
    FROM told WHERE kind = 'shop_configured')
WHERE now IS NOT before;

-- Each entry about an item by hand made one version, in the same order.
CREATE TEMP TABLE hand AS
SELECT t.seq, t.at, v.version, v.body,
       (SELECT p.body FROM item AS p LEFT JOIN import AS i ON i.id = p.import
        WHERE p.item = v.item AND p.version < v.version AND (p.import = 0 OR i.state = 'finished')
        ORDER BY p.version DESC LIMIT 1) AS before
FROM (SELECT seq, at, row_number() OVER (ORDER BY seq) AS n FROM told WHERE kind IN ('item_put', 'item_retired')) AS t
JOIN (SELECT version, item, body, row_number() OVER (ORDER BY version) AS n FROM item WHERE import = 0) AS v
  ON v.n = t.n;

INSERT INTO audit_entry
SELECT 'price', seq, at, version FROM hand
WHERE before IS NULL OR json_extract(body, '$.prices') IS NOT json_extract(before, '$.prices');

INSERT INTO audit_entry
SELECT 'item', seq, at, version FROM hand
WHERE before IS NULL OR json_remove(body, '$.prices') IS NOT json_remove(before, '$.prices');

DROP TABLE hand;
DROP TABLE told;
