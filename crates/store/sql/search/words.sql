-- The newest versions first: what an import has replaced comes last.
SELECT rowid FROM item_search
WHERE item_search MATCH ?1 AND rowid BETWEEN ?2 AND ?3
ORDER BY rowid DESC
LIMIT ?4
