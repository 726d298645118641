-- Closed days that were never checked, oldest first.
SELECT d.till, d.number FROM closed_day d
LEFT JOIN day_check c ON c.till = d.till AND c.number = d.number
WHERE c.till IS NULL
ORDER BY d.closed, d.till
LIMIT ?1
