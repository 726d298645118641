SELECT id, kind, till, seq, body, state, attempts, note, created FROM outbox
WHERE state <> 'done' AND state = 'waiting'
ORDER BY id
LIMIT ?1
