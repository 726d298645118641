SELECT period, body FROM terminal_day
WHERE id < ?1 AND (?2 IS NULL OR terminal = ?2)
ORDER BY id DESC LIMIT ?3
