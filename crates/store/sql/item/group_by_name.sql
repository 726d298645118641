-- The first by name among the first 2,000 on sale: a group of more is searched, not leafed through.
SELECT version FROM (
    SELECT version, name FROM item_now WHERE grp = ?1 AND retired = 0 LIMIT 2000)
ORDER BY name COLLATE NOCASE, version
LIMIT ?2
