SELECT (SELECT count(*)
        FROM item AS m
        JOIN item_now AS n ON n.version = m.version
        LEFT JOIN stock AS s ON s.item = n.item
        WHERE m.minimum >= 0 AND coalesce(s.quantity, 0) < m.minimum)
     + (SELECT count(*)
        FROM stock AS s
        JOIN item_now AS n ON n.item = s.item
        WHERE s.quantity < 0 AND n.minimum IS NULL AND n.retired = 0
          AND coalesce(json_extract(n.body, '$.stocked'), 1))
