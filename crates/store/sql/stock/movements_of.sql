SELECT seq, kind, quantity, counted, reason, person, at
FROM stock_movement
WHERE item = ?1 AND seq < ?2
ORDER BY seq DESC
LIMIT ?3
