-- Items on sale, after one, of which a price of the base list begins or ends from a day on.
SELECT n.item, n.body
FROM item_now AS n
WHERE n.item > ?1 AND n.retired = 0
  -- Most items have one price for ever: their documents are not read.
  AND (instr(n.body, '"from":') > 0 OR instr(n.body, '"until":') > 0)
  AND EXISTS (
      SELECT 1 FROM json_each(n.body, '$.prices') AS p
      WHERE coalesce(p.value ->> 'list', 0) = 0
        AND (p.value ->> 'from' >= ?2 OR p.value ->> 'until' >= ?2))
ORDER BY n.item
LIMIT ?3
