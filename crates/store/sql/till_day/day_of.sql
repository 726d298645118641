-- The day that was opened last before an entry.
SELECT day FROM till_record WHERE till = ?1 AND day IS NOT NULL AND seq <= ?2 ORDER BY seq DESC LIMIT 1
