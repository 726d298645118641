-- Closed days of local dates between two, both within, in the order in which they were closed.
SELECT till, number, closed FROM closed_day
WHERE json_extract(body, '$.day.date') BETWEEN ?1 AND ?2 ORDER BY closed, till
