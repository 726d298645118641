SELECT id, version, details, term_days, max_owed, blocked, balance
FROM customer
WHERE forgotten = 0 AND id > ?1 AND (?2 = 0 OR balance <> 0)
ORDER BY id LIMIT ?3
