SELECT v.version, v.body
FROM item AS v
WHERE v.item = ?1
  AND (v.import = 0
       OR EXISTS (SELECT 1 FROM import AS i WHERE i.id = v.import AND i.state = 'finished'))
ORDER BY v.version DESC
LIMIT 1
