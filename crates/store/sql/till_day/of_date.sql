-- Closed days of a local date, in the order in which they were closed.
SELECT till, number FROM closed_day WHERE json_extract(body, '$.day.date') = ?1 ORDER BY closed, till
