SELECT n.item, n.body, coalesce(s.quantity, 0)
FROM item_now AS n LEFT JOIN stock AS s ON s.item = n.item
WHERE n.grp = ?4 AND n.item > ?1 AND n.retired <= ?2
ORDER BY n.item
LIMIT ?3
