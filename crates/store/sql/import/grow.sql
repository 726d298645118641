UPDATE import
SET items = items + ?2, first = coalesce(first, ?3), last = ?4
WHERE id = ?1
