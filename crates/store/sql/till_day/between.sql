-- Closed days of local dates between two, both within, in the order in which the journal closed them: clocks step back.
SELECT d.till, d.number, d.closed FROM closed_day d
WHERE json_extract(d.body, '$.day.date') BETWEEN ?1 AND ?2
ORDER BY (SELECT max(r.seq) FROM till_record r WHERE r.till = d.till AND r.day = d.number), d.till
