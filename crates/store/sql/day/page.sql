-- Newest first.
SELECT body FROM closed_day
WHERE (?1 IS NULL OR till = ?1) AND closed < ?2
ORDER BY closed DESC, till
LIMIT ?3
