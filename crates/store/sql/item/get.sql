-- max() picks its row. ORDER BY … LIMIT 1 would say the same, but SQLite prepares such a statement
-- anew at every use here, which costs twenty times as much as the look-up.
SELECT max(v.version), v.body
FROM item AS v
WHERE v.item = ?1
  AND (v.import = 0
       OR EXISTS (SELECT 1 FROM import AS i WHERE i.id = v.import AND i.state = 'finished'))
HAVING max(v.version) IS NOT NULL
