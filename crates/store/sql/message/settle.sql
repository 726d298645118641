-- What waits can be tried at once; only what does not wait is said to have arrived.
UPDATE message SET
    state = CASE WHEN ?2 THEN 'done' ELSE 'waiting' END,
    receiver = CASE WHEN ?2 AND keep = 0 THEN NULL ELSE receiver END,
    attempts = CASE WHEN ?2 THEN attempts ELSE 0 END,
    note = CASE WHEN state = 'waiting' THEN note ELSE 'settled' END,
    next = ?3, changed = ?3
WHERE id = ?1 AND state <> 'done' AND note <> 'sending' AND (NOT ?2 OR state <> 'waiting')
  AND (?2 OR receiver IS NOT NULL OR kind = 'upload')
