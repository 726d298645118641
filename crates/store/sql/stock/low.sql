-- Below their minimum; without one, below nothing. Each half is cut off in the order of its index.
SELECT item, body, quantity
FROM (SELECT * FROM (
          SELECT n.item AS item, n.body AS body, coalesce(s.quantity, 0) AS quantity
          FROM item AS m
          JOIN item_now AS n ON n.version = m.version
          LEFT JOIN stock AS s ON s.item = n.item
          WHERE m.minimum >= 0 AND m.item > ?1 AND coalesce(s.quantity, 0) < m.minimum
          ORDER BY m.item
          LIMIT ?2)
      UNION ALL
      SELECT * FROM (
          SELECT n.item, n.body, s.quantity
          FROM stock AS s
          JOIN item_now AS n ON n.item = s.item
          WHERE s.quantity < 0 AND s.item > ?1 AND n.minimum IS NULL AND n.retired = 0
            AND coalesce(json_extract(n.body, '$.stocked'), 1)
          ORDER BY s.item
          LIMIT ?2))
ORDER BY item
LIMIT ?2
