UPDATE outbox SET
    state = CASE WHEN ?2 THEN 'done' ELSE 'waiting' END,
    body = CASE WHEN ?2 THEN body ELSE 'copy' END,
    note = 'settled'
WHERE id = ?1 AND state IN ('unknown', 'failed')
