SELECT count(*)
FROM item AS m
JOIN item_now AS n ON n.version = m.version
LEFT JOIN stock AS s ON s.item = n.item
WHERE m.minimum >= 0 AND coalesce(s.quantity, 0) < m.minimum
