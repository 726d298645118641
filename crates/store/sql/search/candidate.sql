SELECT item, number, name, grp, body
FROM item_now
WHERE version = ?1 AND retired <= ?2 AND (?3 IS NULL OR grp = ?3)
