-- Newest first; several tills may close in the same moment.
SELECT body FROM closed_day
WHERE (?1 IS NULL OR till = ?1) AND closed <= ?2 AND (closed < ?2 OR till > ?3)
ORDER BY closed DESC, till
LIMIT ?4
