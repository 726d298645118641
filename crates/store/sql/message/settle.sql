UPDATE message SET
    state = CASE WHEN ?2 THEN 'done' ELSE 'waiting' END,
    receiver = CASE WHEN ?2 AND keep = 0 THEN NULL ELSE receiver END,
    attempts = CASE WHEN ?2 THEN attempts ELSE 0 END,
    note = 'settled', next = ?3, changed = ?3
WHERE id = ?1 AND state IN ('unknown', 'failed') AND (?2 OR receiver IS NOT NULL OR kind = 'upload')
