-- Closed days of local dates between two, both within, in the order in which the journal closed them: clocks step back.
-- Between the first and the last of a till none is left out, whatever date a wrong clock gave it: closings have no gaps.
WITH chosen AS (
  SELECT till, min(number) AS first, max(number) AS last FROM closed_day
  WHERE json_extract(body, '$.day.date') BETWEEN ?1 AND ?2 GROUP BY till
)
SELECT d.till, d.number, d.closed FROM closed_day d JOIN chosen c ON c.till = d.till
WHERE d.number BETWEEN c.first AND c.last
ORDER BY (SELECT max(r.seq) FROM till_record r WHERE r.till = d.till AND r.day = d.number), d.till
