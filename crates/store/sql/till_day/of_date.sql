-- Closed days of a local date, in the order in which the journal closed them.
SELECT d.till, d.number FROM closed_day d
WHERE json_extract(d.body, '$.day.date') = ?1
ORDER BY (SELECT max(r.seq) FROM till_record r WHERE r.till = d.till AND r.day = d.number), d.till
