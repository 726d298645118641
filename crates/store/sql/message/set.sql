UPDATE message SET
    state = ?2, note = ?3, attempts = attempts + ?4, next = ?5, changed = ?6,
    receiver = CASE WHEN ?2 = 'done' AND keep = 0 THEN NULL ELSE receiver END
WHERE id = ?1
