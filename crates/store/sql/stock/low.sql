SELECT n.item, n.body, coalesce(s.quantity, 0)
FROM item AS m
JOIN item_now AS n ON n.version = m.version
LEFT JOIN stock AS s ON s.item = n.item
WHERE m.minimum >= 0 AND m.item > ?1 AND coalesce(s.quantity, 0) < m.minimum
ORDER BY m.item
LIMIT ?2
