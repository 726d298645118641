SELECT v.version, v.body FROM item AS v JOIN import AS i ON i.id = v.import
WHERE v.import = ?1 AND v.version BETWEEN max(i.first, ?2) AND i.last
ORDER BY v.version LIMIT ?3
