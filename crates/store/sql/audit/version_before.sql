-- What an item was before a version of it became valid.
SELECT p.body FROM item AS p LEFT JOIN import AS i ON i.id = p.import
WHERE p.item = ?1 AND p.version < ?2 AND (p.import = 0 OR i.state = 'finished')
ORDER BY p.version DESC LIMIT 1
